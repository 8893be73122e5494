/**
 * File names as diff headers spell them: C-quoted with octal bytes (`"a/caf\303\251.c"`), followed by a tab
 * and a timestamp, with one leading folder (`a/`, `b/`, `linux-2.6.orig/`) to take off. In go the words of a
 * header line, out come paths relative to the tree. What counts as a name is measured against `git apply -p1`.
 */

/** `--- /dev/null`: this side does not exist. */
const DEV_NULL = '/dev/null';

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['"', 34],
  ['\\', 92],
]);

/** A quoted name and where the text goes on behind its closing quote. */
export interface Unquoted {
  readonly name: string;
  readonly end: number;
}

/** Reads the C-quoted string that opens at `start`; null when it never closes or holds an unknown escape. */
export function unquote(text: string, start: number): Unquoted | null {
  const bytes: Buffer[] = [];
  let plainFrom = start + 1;
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') {
      bytes.push(Buffer.from(text.slice(plainFrom, at)));
      return { name: decodePath(Buffer.concat(bytes)), end: at + 1 };
    }
    if (char !== '\\') continue;
    bytes.push(Buffer.from(text.slice(plainFrom, at)));
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4))?.[0];
    const escape = ESCAPES.get(text.charAt(at + 1));
    if (octal === undefined && escape === undefined) return null;
    bytes.push(Buffer.from([octal === undefined ? (escape ?? 0) : Number.parseInt(octal, 8)]));
    at += octal === undefined ? 1 : 3;
    plainFrom = at + 1;
  }
  return null;
}

/** Names are bytes; those that are not UTF-8 stay readable as Latin-1. */
function decodePath(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? bytes.toString('latin1') : text;
}

/** Takes the first folder off (`-p1`); null when there is none to take. */
export function stripFirstFolder(name: string): string | null {
  const slash = name.indexOf('/');
  return slash < 0 ? null : squash(name.slice(slash + 1));
}

/** `fs//inode.c` is `fs/inode.c`. */
export function squash(path: string): string {
  return path.replace(/\/+/g, '/');
}

/**
 * Whether a path stays inside the tree. Patches are written by strangers, and what reads files by these
 * paths must never be led to `../../etc`; `git apply` refuses such paths too.
 */
export function staysInTree(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\0') && !path.split('/').includes('..');
}

/**
 * A timestamp in any of the forms that diff programs append, up to the end of the line: ISO, and the C library's
 * `Thu Jan  1 00:00:00 2004` with or without a zone, which git takes for a part of the name when a mail program has
 * made a blank of the tab. Anchored at both ends of a short tail: see TIMESTAMP_TAIL.
 */
const TIMESTAMP =
  /[ \t](?:(?:\d{4}-\d\d-\d\d|\d\d-\d\d-\d\d)[ \t]\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,9})?(?:[ \t][+-]\d\d:?\d\d)?|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: [A-Z]{3,4})? \d{4}(?: [+-]\d{4})?)[ \t]*$/;
/** The longest timestamp (nanoseconds and zone) has 36 characters; only that much of a line's end is searched. */
const TIMESTAMP_TAIL = 40;
const EPOCH = /^(?:1969-12-31|1970-01-01)[ \t](\d\d):(\d\d)(?::00)?(?:\.0{1,9})?[ \t]([+-])(\d\d):?(\d\d)$/;

/** Stands in the place of the revision on the side of a file that svn does not have. */
const SVN_ABSENT = '(nonexistent)';

/** A `---` or `+++` line taken apart. */
export interface SideName {
  /** The name as it stands, nothing stripped. */
  readonly name: string;
  /** The timestamp is the epoch, the way `diff -N` says that this side does not exist; or svn's word for the same. */
  readonly epoch: boolean;
}

/** Takes apart what follows `--- ` or `+++ `. */
export function sideName(words: string): SideName {
  if (words.startsWith('"')) {
    const quoted = unquote(words, 0);
    if (quoted !== null) return { name: quoted.name, epoch: isEpoch(words.slice(quoted.end).trim()) };
  }
  const line = words.endsWith('\r') ? words.slice(0, -1) : words;
  const tab = line.indexOf('\t');
  if (tab >= 0) return { name: line.slice(0, tab), epoch: isEpoch(line.slice(tab).trim()) };
  const tailStart = Math.max(0, line.length - TIMESTAMP_TAIL);
  const stamp = TIMESTAMP.exec(line.slice(tailStart));
  if (stamp === null) return { name: line, epoch: false };
  return { name: line.slice(0, tailStart + stamp.index).trimEnd(), epoch: isEpoch(stamp[0].trim()) };
}

/** Midnight 1970-01-01 in UTC, whatever zone the timestamp is written in. */
function isEpoch(stamp: string): boolean {
  if (stamp === SVN_ABSENT) return true;
  const match = EPOCH.exec(stamp);
  if (match === null) return false;
  const [, hour, minute, sign, zoneHour, zoneMinute] = match;
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1);
  const day = stamp.startsWith('1969') ? -1440 : 0;
  return day + Number(hour) * 60 + Number(minute) - zone === 0;
}

/** Whether a side's name is /dev/null, with or without something behind it. */
export function isDevNull(words: string): boolean {
  return (
    words.startsWith(DEV_NULL) &&
    (words.length === DEV_NULL.length || /\s/.test(words.charAt(DEV_NULL.length)))
  );
}

/**
 * The one path of `diff --git a/X b/X`, when both names agree once their first folder is off. Needed where no
 * other header names the file (mode-only changes, empty and binary files). Null when they differ: then rename
 * or copy headers or the `---`/`+++` lines say.
 */
export function gitHeaderPath(words: string): string | null {
  const line = words.endsWith('\r') ? words.slice(0, -1) : words;
  const quoteAt = line.indexOf('"');
  if (quoteAt >= 0) return quotedPair(line);
  const start = line.indexOf('/') + 1;
  if (start === 0) return null;
  // Where the first name ends is unknown, as names may hold spaces. The first name grows with each blank tried
  // and the second only shrinks, so at most one blank gives names of one length: one comparison in all.
  let slash = -1;
  for (let blank = nextBlank(line, start); blank >= 0; blank = nextBlank(line, blank + 1)) {
    if (slash < blank) slash = line.indexOf('/', blank);
    if (slash < 0) return null;
    if (blank - start === line.length - slash - 1) {
      const second = line.slice(slash + 1);
      return line.startsWith(second, start) ? squash(second) : null;
    }
  }
  return null;
}

function nextBlank(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === ' ' || char === '\t') return at;
  }
  return -1;
}

function quotedPair(line: string): string | null {
  let first: string;
  let rest: string;
  if (line.startsWith('"')) {
    const quoted = unquote(line, 0);
    if (quoted === null) return null;
    first = quoted.name;
    rest = line.slice(quoted.end).trimStart();
  } else {
    const open = line.indexOf(' "');
    if (open < 0) return null;
    first = line.slice(0, open);
    rest = line.slice(open + 1);
  }
  const second = rest.startsWith('"') ? unquote(rest, 0)?.name : rest;
  if (second === undefined) return null;
  const path = stripFirstFolder(first);
  return path !== null && path === stripFirstFolder(second) ? path : null;
}
