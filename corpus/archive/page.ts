/**
 * The messages on an archived web page of a thread. In go the lines of the page as a browser copies or saves them as
 * text, out come the messages with what the page says of each. Only the page's own furniture splits it; a text without
 * any is one message of which nothing is known. What the page does not tell is null: a time without its zone is no date,
 * and a comment without a subject line has none.
 *
 * Furniture that is known, one reader each: header blocks (`From:`, `Date:`, `Subject:`, as the mail itself or marc.info
 * shows them), public-inbox threads (`From: NAME @ TIME UTC`), dated `by NAME` blocks, Patchwork's numbered comments,
 * and the single pages of lkml.org.
 */
import { parseMailDate } from '../mail/date.ts';

export interface PageMessage {
  readonly subject: string | null;
  readonly from: string | null;
  /** ISO 8601 in UTC. */
  readonly date: string | null;
  /** Stretches of the page that hold its text: first line and the line behind the last, from 0. */
  readonly parts: readonly (readonly [number, number])[];
}

export interface Page {
  /** False for a text on which nothing looks like the furniture of a page. */
  readonly isPage: boolean;
  /** The subject that the page as a whole shows. */
  readonly title: string | null;
  /** At least one. */
  readonly messages: readonly PageMessage[];
}

/** What a piece of furniture says of the message behind it. */
interface Head {
  readonly subject: string | null;
  readonly from: string | null;
  readonly date: string | null;
  /** First line of the furniture, and of the text behind it. */
  readonly at: number;
  readonly end: number;
}

type HeadReader = (lines: readonly string[], at: number) => Head | null;

export function splitPage(lines: readonly string[]): Page {
  const heads: Head[] = [];
  for (let at = 0; at < lines.length; ) {
    const head = firstHead(lines, at);
    if (head !== null) heads.push(head);
    at = head?.end ?? at + 1;
  }
  const title = pageTitle(lines, heads[0]?.at ?? 0);
  if (heads.length === 0) {
    const message = { subject: null, from: null, date: null, parts: [[0, lines.length] as const] };
    return { isPage: false, title: null, messages: [message] };
  }
  const patchAt = patchSection(lines, heads);
  const messages = heads.map((head, index): PageMessage => {
    const next = heads[index + 1]?.at ?? patchAt ?? lines.length;
    const own = [head.end, next] as const;
    // Patchwork shows the patch behind all comments; it belongs to the mail that they comment on.
    const parts = index === 0 && patchAt !== null ? [own, [patchAt, lines.length] as const] : [own];
    const subject = head.subject ?? (index === 0 ? title : null);
    return { subject, from: head.from, date: head.date, parts };
  });
  const lead = leadingMessage(lines, heads[0]?.at ?? 0);
  return { isPage: true, title: messages[0]?.subject ?? title, messages: [...lead, ...messages] };
}

/** What stands above the first furniture is navigation, unless a patch is in it. */
function leadingMessage(lines: readonly string[], end: number): readonly PageMessage[] {
  const holdsPatch = lines.slice(0, end).some((line) => /^[>| ]*(?:diff -|Index: |--- \S|@@ -)/.test(line));
  return holdsPatch ? [{ subject: null, from: null, date: null, parts: [[0, end]] }] : [];
}

function firstHead(lines: readonly string[], at: number): Head | null {
  for (const read of READERS) {
    const head = read(lines, at);
    if (head !== null) return head;
  }
  return null;
}

/** Header fields that a page shows above a mail. */
const FIELD =
  /^(From|Date|Sent|Subject|To|Cc|Message-ID|In-Reply-To|References|List|Newsgroups|Also in): {0,4}(.*)$/i;
/** Blocks with long recipient lists have dozens of lines; more is no header. */
const MAX_HEADER_LINES = 60;

/** `From:`, `Date:`, `Subject:` and the like on lines of their own, in any order, behind an empty line. */
function headerBlock(lines: readonly string[], at: number): Head | null {
  if (!FIELD.test(lines[at] ?? '') || FIELD.test(lines[at - 1] ?? '')) return null;
  const fields = new Map<string, string>();
  let end = at;
  for (; end < Math.min(lines.length, at + MAX_HEADER_LINES); end++) {
    const line = lines[end] ?? '';
    const field = FIELD.exec(line);
    if (field !== null) fields.set((field[1] ?? '').toLowerCase(), (field[2] ?? '').trim());
    else if (!/^[ \t]+\S/.test(line)) break;
  }
  // One line that says `From:` is the author inside a body; a mail has a date or recipients beside it.
  const names = ['from', 'subject', 'to'].filter((name) => fields.has(name));
  const isDated = fields.has('date') || fields.has('sent');
  if (names.length === 0 || (names.length === 1 && !isDated)) return null;
  const date = fields.get('date') ?? fields.get('sent') ?? null;
  return {
    subject: fields.get('subject') ?? null,
    from: fields.get('from') ?? null,
    date: date === null ? null : zonedDate(date),
    at,
    end,
  };
}

/** A date that says which zone it is in. */
function zonedDate(text: string): string | null {
  return /(?:[+-]\d{4}|\b(?:UTC|GMT|[ECMP][SD]T))\b/.test(text) ? parseMailDate(text) : null;
}

/** `From: NAME @ 2018-11-27 11:42 UTC (permalink / raw)` of public-inbox, with its fields behind it. */
function publicInbox(lines: readonly string[], at: number): Head | null {
  const match = /^ ?From: (.{1,200}) @ (\d{4}-\d\d-\d\d) {1,2}(\d{1,2}:\d\d) UTC/.exec(lines[at] ?? '');
  if (match === null) return null;
  let end = at + 1;
  while (/^ {0,4}(?:To|Cc): /.test(lines[end] ?? '')) end++;
  const above = (lines[at - 1] ?? '').replace(/^\* /, '').trim();
  const time = (match[3] ?? '').padStart(5, '0');
  return {
    subject: SUBJECT_LIKE.test(above) ? above : null,
    from: match[1] ?? null,
    date: `${match[2] ?? ''}T${time}:00Z`,
    at: SUBJECT_LIKE.test(above) ? at - 1 : at,
    end,
  };
}

/** A time, `by NAME` and `Subject:`, with links in between. The time says nothing of its zone. */
function datedBy(lines: readonly string[], at: number): Head | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test((lines[at] ?? '').trim())) return null;
  const name = inkBehind(lines, at + 1);
  const by = /^by (\S.*)$/.exec(lines[name] ?? '');
  if (by === null) return null;
  let next = inkBehind(lines, name + 1);
  while (/^\[\w+\]/.test(lines[next] ?? '')) next = inkBehind(lines, next + 1);
  const subject = /^Subject: (.*)$/.exec(lines[next] ?? '');
  if (subject === null) return null;
  return { subject: subject[1] ?? '', from: by[1] ?? '', date: null, at, end: next + 1 };
}

/** `NAME Oct. 31, 2018, 6:49 p.m. | #1`, or the submission's own line under "Commit Message". */
function patchwork(lines: readonly string[], at: number): Head | null {
  const line = lines[at] ?? '';
  const match = /^(\S.{0,100}?) (?:[A-Z][a-z]{2,8})\.? \d{1,2}, \d{4}, [^|]{4,12}(\| #\d+)?\s*$/.exec(line);
  if (match === null) return null;
  const isSubmission = match[2] === undefined && /^Commit Message$/.test(lines[inkBefore(lines, at)] ?? '');
  if (match[2] === undefined && !isSubmission) return null;
  return { subject: null, from: match[1] ?? null, date: null, at, end: at + 1 };
}

/** Patchwork's last heading; null on other pages. */
function patchSection(lines: readonly string[], heads: readonly Head[]): number | null {
  const first = heads[0];
  if (first === undefined || lines[inkBefore(lines, first.at)] !== 'Commit Message') return null;
  const last = lines.lastIndexOf('Patch');
  return last > (heads.at(-1)?.at ?? 0) && (lines[last + 1] ?? '') === '' ? last + 1 : null;
}

/** lkml.org: a table of names and values whose cells are glued together when it is copied. */
function lkmlOrg(lines: readonly string[], at: number): Head | null {
  if ((lines[at] ?? '') !== 'Messages in this thread') return null;
  const cells = new Map<string, string>();
  let end = at + 1;
  for (let cell = CELL.exec(lines[end] ?? ''); cell !== null; cell = CELL.exec(lines[end] ?? '')) {
    cells.set(cell[1] ?? '', (cell[2] ?? '').trim());
    end++;
  }
  if (cells.size === 0) return null;
  const date = cells.get('Date');
  return {
    subject: cells.get('Subject') ?? null,
    from: cells.get('From') ?? null,
    date: date === undefined ? null : zonedDate(date),
    at,
    end,
  };
}

const CELL = /^(From|Date|Subject)[\t ]?(\S.*)$/;

const READERS: readonly HeadReader[] = [publicInbox, headerBlock, datedBy, patchwork, lkmlOrg];

/** A reply or a tag in brackets: that a line in such a place is the subject is then no guess. */
const SUBJECT_LIKE = /^(?:re: ?\S|\[[^\]]{1,60}\] ?\S)/i;
/** The subject stands above the first message, among a few lines of navigation. */
const MAX_TITLE_LINES = 30;

function pageTitle(lines: readonly string[], firstHeadAt: number): string | null {
  const above = lines.slice(0, Math.min(firstHeadAt, MAX_TITLE_LINES));
  // `[thread] [date]` and `[lkml] [2007]` are links.
  const found = above.findLast((line) => SUBJECT_LIKE.test(line) && !/^\[[^\]]*\]\s*\[/.test(line));
  return found === undefined ? null : found.trim();
}

/** Furniture has at most a few empty lines inside. */
const MAX_GAP = 4;

function inkBehind(lines: readonly string[], at: number): number {
  let next = at;
  while (next < at + MAX_GAP && (lines[next] ?? '').trim() === '') next++;
  return next;
}

function inkBefore(lines: readonly string[], at: number): number {
  let before = at - 1;
  while (before > at - MAX_GAP && (lines[before] ?? '').trim() === '') before--;
  return before;
}
