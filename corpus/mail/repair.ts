/**
 * Makes a mail's bytes safe for the MIME parser: what would make it lose or mangle a patch is changed in the
 * headers, before parsing, and said in `notes` and `problems`. Bodies are never touched.
 *
 * - `format=flowed` is taken off, because undoing the flow joins lines and no patch survives that;
 * - a text part with bytes that its charset cannot mean gets one that reads every byte;
 * - a multipart mail that names no boundary becomes plain text, so that its body is seen at all;
 * - header fields that the parser needs not for MIME are left out.
 */
import { betterCharset, latin1Note } from './charset.ts';
import { declaredFlow, parameter } from './content-type.ts';
import { FLOWED_NOTE, type Flow } from './flowed.ts';
import { endOfHeader, fieldValue, headerFields, type MailHeader } from './header.ts';

export interface RepairedMail {
  readonly bytes: Buffer;
  /** What some text part declared; the parser no longer sees it. */
  readonly flow: Flow;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Mails nest a handful of parts; the parser stops at a thousand, and so does this. */
const MAX_PARTS = 1000;

/** A part's header has a handful of lines; the bound keeps a thousand parts without a blank line from being slow. */
const MAX_PART_HEADER = 64 * 1024;

const MIME_FIELDS: ReadonlySet<string> = new Set([
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
]);

/** A stretch of the mail that is a header block, and the body that belongs to it. */
interface Part {
  readonly headerStart: number;
  /** Behind the header's last line feed: at the blank line, or at the end. */
  readonly headerEnd: number;
  readonly bodyStart: number;
  bodyEnd: number;
}

/** Repairs a mail whose header was read already. */
export function repairMail(bytes: Buffer, mailHeader: MailHeader): RepairedMail {
  const problems: string[] = [];
  const notes: string[] = [];
  const { parts, unbounded } = findParts(bytes, mailHeader);
  const out: Buffer[] = [];
  let copied = 0;
  let flow: Flow = 'fixed';
  for (const [index, part] of parts.entries()) {
    const block = index === 0 ? mimeFields(bytes, mailHeader, unbounded) : blockOf(bytes, part);
    const repaired = repairHeader(block, bytes.subarray(part.bodyStart, part.bodyEnd));
    if (repaired.flow !== 'fixed') flow = repaired.flow;
    if (repaired.note !== null && !notes.includes(repaired.note)) notes.push(repaired.note);
    out.push(bytes.subarray(copied, part.headerStart), Buffer.from(repaired.block, 'latin1'));
    // The mail's own header may have no blank line behind it.
    if (index === 0) out.push(LINE_FEED);
    copied = index === 0 ? part.bodyStart : part.headerEnd;
  }
  out.push(bytes.subarray(copied));
  if (flow !== 'fixed') notes.push(FLOWED_NOTE);
  if (unbounded) problems.push('multipart mail names no boundary');
  return { bytes: Buffer.concat(out), flow, problems, notes };
}

/**
 * The header that the parser is to see: the first field of each name that says how the body is to be read. Parsing
 * the rest takes two thirds of the time, and is done elsewhere.
 */
function mimeFields(bytes: Buffer, { fields, start, end }: MailHeader, hideType: boolean): string {
  const block = bytes.toString('latin1', start, end);
  const seen = new Set<string>();
  let needed = '';
  for (const field of fields) {
    if (!MIME_FIELDS.has(field.name) || seen.has(field.name)) continue;
    seen.add(field.name);
    if (!(hideType && field.name === 'content-type')) needed += endLine(block.slice(field.start, field.end));
  }
  return needed;
}

function blockOf(bytes: Buffer, part: Part): string {
  return bytes.toString('latin1', part.headerStart, part.headerEnd);
}

const LINE_FEED = Buffer.from('\n');

interface Skeleton {
  readonly parts: readonly Part[];
  readonly unbounded: boolean;
}

/** Finds the header blocks: the mail's own, and one behind each line that is a boundary named so far. */
function findParts(
  bytes: Buffer,
  { fields, start: first, end: last, bodyStart: body }: MailHeader,
): Skeleton {
  const boundaries = new Set<string>();
  let current: Part = { headerStart: first, headerEnd: last, bodyStart: body, bodyEnd: bytes.length };
  const parts: Part[] = [current];
  const addPart = (start: number): Part => {
    const headerEnd = endOfHeader(bytes.subarray(0, start + MAX_PART_HEADER), start);
    const bodyStart = Math.min(bytes.length, headerEnd + (bytes[headerEnd] === 0x0d ? 2 : 1));
    const part = { headerStart: start, headerEnd, bodyStart, bodyEnd: bytes.length };
    parts.push(part);
    return part;
  };
  const type = fieldValue(fields, 'content-type') ?? '';
  const isMultipart = /^multipart\//i.test(type);
  const boundary = parameter(type, 'boundary');
  const unbounded = isMultipart && boundary === '';
  if (!isMultipart || unbounded) return { parts, unbounded };
  boundaries.add(boundary);

  let at = Math.max(0, current.bodyStart - 1);
  for (let dashes = bytes.indexOf('\n--', at); dashes >= 0; dashes = bytes.indexOf('\n--', at)) {
    const lf = bytes.indexOf('\n', dashes + 1);
    const lineEnd = lf < 0 ? bytes.length : lf;
    at = lineEnd;
    // RFC 2046 allows boundaries of at most 70 characters; twice that is generous.
    if (lineEnd - dashes > 150) continue;
    const line = bytes.toString('latin1', dashes + 3, lineEnd).trimEnd();
    const closes = !boundaries.has(line) && line.endsWith('--') && boundaries.has(line.slice(0, -2));
    if (!closes && !boundaries.has(line)) continue;
    current.bodyEnd = Math.min(current.bodyEnd, dashes);
    if (closes || lf < 0 || parts.length >= MAX_PARTS) continue;
    current = addPart(lf + 1);
    const inner =
      fieldValue(headerFields(bytes.toString('latin1', lf + 1, current.headerEnd)), 'content-type') ?? '';
    const innerBoundary = parameter(inner, 'boundary');
    if (innerBoundary !== '') boundaries.add(innerBoundary);
    at = Math.max(lf, current.bodyStart - 1);
  }
  return { parts, unbounded };
}

interface RepairedHeader {
  readonly block: string;
  readonly flow: Flow;
  readonly note: string | null;
}

function repairHeader(block: string, body: Buffer): RepairedHeader {
  const fields = headerFields(block);
  const field = fields.find(({ name }) => name === 'content-type');
  const type = field?.value ?? 'text/plain';
  if (!/^text\//i.test(type)) return { block, flow: 'fixed', note: null };
  const flow = declaredFlow(type);
  const charset = parameter(type, 'charset');
  const better = betterCharset(charset, fieldValue(fields, 'content-transfer-encoding') ?? '', body);
  if (flow === 'fixed' && better === null) return { block, flow, note: null };

  let value = type;
  if (flow !== 'fixed')
    value = value.replace(/;\s*format\s*=\s*"?flowed"?/i, '').replace(/;\s*delsp\s*=\s*"?\w{1,5}"?/i, '');
  if (better !== null) {
    value = value.replace(/;\s*charset\s*=\s*(?:"[^"]{0,300}"|[^\s;"]{0,300})/i, '');
    value = `${value}; charset=${better}`;
  }
  const line = `Content-Type: ${value}\n`;
  const repaired =
    field === undefined
      ? `${endLine(block)}${line}`
      : block.slice(0, field.start) + line + block.slice(field.end);
  return { block: repaired, flow, note: better === 'iso-8859-1' ? latin1Note(charset) : null };
}

function endLine(block: string): string {
  return block === '' || block.endsWith('\n') ? block : `${block}\n`;
}
