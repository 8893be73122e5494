/**
 * Who wrote a patch and what it is called, as `git am` records it: the cleaning that `git mailinfo` does to a From
 * and a Subject header. Decoded header words in, name and address or title out. Where that cleaning loses
 * something (a name over sixty bytes) it is kept all the same, since the commit will say so too.
 */

export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** git takes the address for the name when there is no name, or one of more bytes than this. */
const MAX_NAME_BYTES = 60;

/** C's isspace; JavaScript's `\s` knows more. */
const SPACE = /[\t-\r ]/;
const SPACES = /[\t-\r ]+/g;

/** Every run of white space as one blank. */
export function collapseSpace(value: string): string {
  return value.replace(SPACES, ' ');
}

export function trimSpace(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && SPACE.test(value.charAt(start))) start++;
  while (end > start && SPACE.test(value.charAt(end - 1))) end--;
  return value.slice(start, end);
}

/** Null when there is no address to be found. */
export function readIdentity(from: string): Identity | null {
  const line = collapseSpace(from);
  const plain = withoutQuotes(line);
  const at = plain.indexOf('@');
  if (at < 0) return bracketed(line);
  let start = at;
  while (start > 0 && !SPACE.test(plain.charAt(start - 1)) && plain.charAt(start - 1) !== '<') start--;
  const stop = plain.slice(at).search(/[\t-\r >]/);
  const end = stop < 0 ? plain.length : at + stop;
  const email = plain.slice(start, end);
  const before = plain.charAt(start - 1) === '<' ? `${plain.slice(0, start - 1)} ` : plain.slice(0, start);
  let name = trimSpace(collapseSpace(before + plain.slice(end + 1)));
  if (name.startsWith('(') && name.endsWith(')') && name.length > 1) name = name.slice(1, -1);
  return { name: saneName(name, email), email };
}

/** `A Name <something>` without an `@`. */
function bracketed(line: string): Identity | null {
  const open = line.indexOf('<');
  const close = open < 0 ? -1 : line.indexOf('>', open);
  if (close < 0) return null;
  const email = line.slice(open + 1, close);
  return { name: saneName(trimSpace(line.slice(0, open)), email), email };
}

function saneName(name: string, email: string): string {
  return name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES || /[@<>]/.test(name) ? email : name;
}

/** Quotation marks taken off, and the backslashes that shield a character in quotes or comments. */
function withoutQuotes(line: string): string {
  if (!/["(]/.test(line)) return line;
  let out = '';
  let quoted = false;
  let comments = 0;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\' && (quoted || comments > 0)) out += line.charAt(++at);
    else if (quoted && char === '"') quoted = false;
    else if (quoted) out += char;
    else if (char === '"' && comments === 0) quoted = true;
    else {
      if (char === '(') comments++;
      if (char === ')' && comments > 0) comments--;
      out += char;
    }
  }
  return out;
}

/** The title of the commit: reply marks and everything in leading brackets are taken off. */
export function cleanTitle(subject: string): string {
  let at = 0;
  while (at < subject.length) {
    const char = subject.charAt(at);
    if (char === ' ' || char === '\t' || char === ':') {
      at++;
    } else if (subject.length - at > 3 && /^re:$/i.test(subject.slice(at, at + 3))) {
      at += 3;
    } else {
      const close = char === '[' ? subject.indexOf(']', at) : -1;
      if (close < 0) break;
      at = close + 1;
    }
  }
  return collapseSpace(trimSpace(subject.slice(at)));
}
