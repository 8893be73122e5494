/**
 * Makes a mail's bytes safe for the MIME parser: what would make it lose or mangle a patch is changed in the
 * headers, before parsing, and said in `notes` and `problems`. Bodies are never touched, but for line ends of the transport.
 *
 * - `format=flowed` is taken off, because undoing the flow joins lines and no patch survives that;
 * - a text part with bytes that its charset cannot mean gets one that reads every byte;
 * - a multipart mail that names no boundary becomes plain text, so that its body is seen at all;
 * - raw 8-bit header bytes that are no UTF-8 are read as Latin-1;
 * - header fields that nobody asks the parser for are left out.
 */
import { isUtf8 } from 'node:buffer';
import { betterCharset } from './charset.ts';
import type { Flow } from './flowed.ts';
import { fieldValue, type HeaderField, headerFields } from './header.ts';

export interface RepairedMail {
  readonly bytes: Buffer;
  /** The fields of the mail's own header. */
  readonly fields: readonly HeaderField[];
  /** What some text part declared; the parser no longer sees it. */
  readonly flow: Flow;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Mails nest a handful of parts; the parser stops at a thousand, and so does this. */
const MAX_PARTS = 1000;

const NEEDED_FIELDS: ReadonlySet<string> = new Set([
  'from',
  'subject',
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

export function repairMail(raw: Buffer): RepairedMail {
  const bytes = withoutTransportCr(raw);
  const problems: string[] = [];
  const notes: string[] = [];
  const { parts, fields, unbounded } = findParts(bytes);
  const out: Buffer[] = [];
  let copied = 0;
  let flow: Flow = 'fixed';
  for (const part of parts) {
    const whole = bytes.toString('latin1', part.headerStart, part.headerEnd);
    const block = part.headerStart === 0 ? neededFields(whole, fields, unbounded) : whole;
    const repaired = repairHeader(block, bytes.subarray(part.bodyStart, part.bodyEnd));
    if (repaired.flow !== 'fixed') flow = repaired.flow;
    if (repaired.note !== null && !notes.includes(repaired.note)) notes.push(repaired.note);
    const header = Buffer.from(repaired.block, 'latin1');
    out.push(bytes.subarray(copied, part.headerStart), isUtf8(header) ? header : Buffer.from(repaired.block));
    copied = part.headerEnd;
  }
  out.push(bytes.subarray(copied));
  if (flow !== 'fixed') notes.push('format=flowed: only wrapped patch lines were joined');
  if (unbounded) problems.push('multipart mail names no boundary');
  return { bytes: Buffer.concat(out), fields, flow, problems, notes };
}

/**
 * The header that the parser is to see: the first field of each name that it reads for us. Trace, signature and
 * recipient fields are most of a mail, and parsing them takes two thirds of the time.
 */
function neededFields(block: string, fields: readonly HeaderField[], hideType: boolean): string {
  const seen = new Set<string>();
  let needed = '';
  for (const { name, start, end } of fields) {
    if (!NEEDED_FIELDS.has(name) || seen.has(name) || (hideType && name === 'content-type')) continue;
    seen.add(name);
    needed += endLine(block.slice(start, end));
  }
  return needed;
}

/** When every line ends in CR LF, the CRs belong to the transport. */
function withoutTransportCr(bytes: Buffer): Buffer {
  const first = bytes.indexOf('\n');
  if (first < 1 || bytes[first - 1] !== 0x0d) return bytes;
  const lines: Buffer[] = [];
  let from = 0;
  for (let lf = first; lf >= 0; lf = bytes.indexOf('\n', from)) {
    if (bytes[lf - 1] !== 0x0d) return bytes;
    lines.push(bytes.subarray(from, lf - 1), LINE_FEED);
    from = lf + 1;
  }
  lines.push(bytes.subarray(from));
  return Buffer.concat(lines);
}

const LINE_FEED = Buffer.from('\n');

interface Skeleton {
  readonly parts: readonly Part[];
  readonly fields: readonly HeaderField[];
  readonly unbounded: boolean;
}

/** Finds the header blocks: the mail's own, and one behind each line that is a boundary named so far. */
function findParts(bytes: Buffer): Skeleton {
  const boundaries = new Set<string>();
  const parts: Part[] = [];
  const addPart = (start: number): Part => {
    const headerEnd = endOfHeader(bytes, start);
    const bodyStart = headerEnd + (bytes[headerEnd] === 0x0d ? 2 : 1);
    const part = { headerStart: start, headerEnd, bodyStart, bodyEnd: bytes.length };
    parts.push(part);
    return part;
  };
  let current = addPart(0);
  const fields = headerFields(bytes.toString('latin1', 0, current.headerEnd));
  const type = fieldValue(fields, 'content-type') ?? '';
  const isMultipart = /^multipart\//i.test(type);
  const boundary = parameter(type, 'boundary');
  const unbounded = isMultipart && boundary === '';
  if (!isMultipart || unbounded) return { parts, fields, unbounded };
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
  return { parts, fields, unbounded };
}

/** Index of the blank line behind the header that begins at `start`. */
function endOfHeader(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length) {
    if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] === 0x0a)) return at;
    const lf = bytes.indexOf('\n', at);
    if (lf < 0) break;
    at = lf + 1;
  }
  return bytes.length;
}

/** A parameter of a Content-Type value, quotes removed; empty when it is not there. */
function parameter(value: string, name: string): string {
  for (const match of value.matchAll(/;\s*([\w*-]{1,40})\s*=\s*(?:"([^"]{0,300})"|([^\s;"]{0,300}))/g)) {
    if ((match[1] ?? '').toLowerCase() === name) return match[2] ?? match[3] ?? '';
  }
  return '';
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
  const declared = charset === '' ? 'mail declares no charset' : `mail is not in its charset ${charset}`;
  const note = better === null || better === 'utf-8' ? null : `${declared}: read as Latin-1`;
  return { block: repaired, flow, note };
}

function declaredFlow(type: string): Flow {
  if (parameter(type, 'format').toLowerCase() !== 'flowed') return 'fixed';
  return parameter(type, 'delsp').toLowerCase() === 'yes' ? 'flowed-delsp' : 'flowed';
}

function endLine(block: string): string {
  return block === '' || block.endsWith('\n') ? block : `${block}\n`;
}
