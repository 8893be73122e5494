/**
 * Header blocks as they were sent: where one ends, what fields it has, and message ids. Used where the mail
 * library's own reading loses something (bad dates, ids with text behind them).
 */

export interface HeaderField {
  /** Lower case. */
  readonly name: string;
  /** Continuation lines joined by one space; nothing decoded. */
  readonly value: string;
  /** Where the field stands in the block, its last line feed included. */
  readonly start: number;
  readonly end: number;
}

/** The fields of a header block; lines that are no field are passed over. */
export function headerFields(block: string): readonly HeaderField[] {
  const fields: HeaderField[] = [];
  let at = 0;
  while (at < block.length) {
    const start = at;
    do {
      const lineEnd = block.indexOf('\n', at);
      at = lineEnd < 0 ? block.length : lineEnd + 1;
    } while (at < block.length && (block.charAt(at) === ' ' || block.charAt(at) === '\t'));
    const colon = block.indexOf(':', start);
    if (colon < 0) break;
    if (colon >= at) continue;
    const name = block.slice(start, colon).trimEnd().toLowerCase();
    fields.push({ name, value: unfold(block.slice(colon + 1, at)), start, end: at });
  }
  return fields;
}

function unfold(value: string): string {
  return value.replace(/[\r\n]+/g, ' ').trim();
}

/** The value of the first field of that name. */
export function fieldValue(fields: readonly HeaderField[], name: string): string | null {
  return fields.find((field) => field.name === name)?.value ?? null;
}

/**
 * Threads have a few hundred mails; a References header with more ids than this is junk, and the last ids are
 * the ones that threading needs.
 */
const MAX_REFERENCES = 1000;

/** Every `<id>` in a header, brackets removed. */
export function messageIds(value: string): readonly string[] {
  const ids = [...value.matchAll(/<([^<>\s]{1,1000})>/g)].map((match) => match[1] ?? '');
  return ids.slice(-MAX_REFERENCES);
}

/** The id of a header that should hold one; an id that lost its brackets is taken when it stands alone. */
export function messageId(value: string): string | null {
  const bracketed = messageIds(value)[0];
  if (bracketed !== undefined) return bracketed;
  return /^[^\s<>@]{1,500}@[^\s<>@]{1,500}$/.test(value) ? value : null;
}
