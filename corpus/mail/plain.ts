/**
 * The text of a mail that is one part of plain text, which nearly every patch is, straight from its bytes: no MIME
 * tree, no streams. Null for every mail in whose header there is anything to ponder; those go to the mail library.
 * Where both can read a mail they give the same text, but for one thing: a CR in front of a line feed, where not
 * all lines have one, belongs to the text (a patch for a file with such lines) and stays; the library drops it.
 */
import { decodeCharset } from './charset.ts';
import { declaredFlow, parameter } from './content-type.ts';
import { FLOWED_NOTE, readFlowed } from './flowed.ts';
import { fieldValue, type MailHeader } from './header.ts';
import { decodeTransfer, withoutTransportCr } from './transfer.ts';

export interface BodyText {
  readonly text: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Nothing but a type and parameters that have a say in how text is read, with plain values. */
const PLAIN_TYPE =
  /^text\/plain(?: ?; ?(?:charset|format|delsp) ?= ?(?:"[\w.:+-]{1,40}"|[\w.:+-]{1,40}))* ?;?$/i;
const MAX_PLAIN_TYPE = 300;

export function readPlainBody(bytes: Buffer, { fields, bodyStart }: MailHeader): BodyText | null {
  const disposition = fieldValue(fields, 'content-disposition');
  if (disposition !== null && disposition.toLowerCase() !== 'inline') return null;
  const type = fieldValue(fields, 'content-type') ?? 'text/plain';
  if (type.length > MAX_PLAIN_TYPE || !PLAIN_TYPE.test(type)) return null;
  const encoding = fieldValue(fields, 'content-transfer-encoding') ?? '';
  const sent = decodeTransfer(bytes.subarray(bodyStart), encoding);
  if (sent === null) return null;
  const decoded = decodeCharset(parameter(type, 'charset'), withoutTransportCr(sent));
  if (decoded === null) return null;
  const flow = declaredFlow(type);
  const notes = decoded.note === null ? [] : [decoded.note];
  if (flow !== 'fixed') notes.push(FLOWED_NOTE);
  return { text: readFlowed(decoded.text, flow), problems: [], notes };
}
