/**
 * Subject lines of patch mails: `Re: [PATCH RFC v2 3/9 net-next] ext4: …`. Tags in brackets are read word by word, so
 * their order does not matter; each character is looked at a bounded number of times. The forms are those that
 * b4 and git read, and what older mail has besides: `[PATCH 1 of 2]` (Mercurial's patchbomb), `v2PATCH1/4`,
 * `[PATCH take 3]`, `(v2)` behind the title.
 */

export interface ParsedSubject {
  /** Some tag says PATCH, or RFC with a part number. A reply to a patch says so too: see `isReply`. */
  readonly isPatch: boolean;
  readonly isReply: boolean;
  /** `[GIT PULL] …`. */
  readonly isPull: boolean;
  readonly isRfc: boolean;
  readonly isResend: boolean;
  /** 1 when nothing says otherwise. */
  readonly version: number;
  /** Where the version was read: `title` is a bare `… v2` at the end, which may as well be part of a name. */
  readonly versionFrom: 'tag' | 'title' | null;
  /** `3/9`: 3 of 9; part 0 is the cover letter. Null when the patch stands alone. */
  readonly part: number | null;
  readonly total: number | null;
  /** The tags' other words in order, lower case: trees, lists, kernel versions (`net-next`, `xfsprogs`, `5.10`). */
  readonly tags: readonly string[];
  /** The subject without reply marks, tags and version. */
  readonly title: string;
}

const REPLY = /^(?:re|aw|sv|antw|res)(?:\[\d{1,3}\]|\^\d{1,3})?:/i;
const FORWARD = /^(?:fwd|fw):/i;
/** `resend: [PATCH v2] …`, as people type who forward their own mail. */
const RESEND_MARK = /^re-?(?:send|sent|post):(?= ?\[)/i;
/** ` (resend)` behind a title. */
const RESEND_TAIL = / ?[([]re-?(?:send|sent|post)[)\]]$/i;
/** No tag that means something is longer; a bracket that closes later is part of the title. */
const MAX_TAG = 200;
/** Mail gateways stack a few marks and list names; more than this is junk. */
const MAX_MARKS = 30;
/** `3/5: ` or `3/5 ` in front of a title. */
const LEADING_COUNT = /^[([]?(\d{1,3})\/(\d{1,3})[)\]]?(?:: ?| )(?=\S)/;
/** ` (3/5)` or ` [3/5]` behind it. */
const TRAILING_COUNT = / [([](\d{1,3})\/(\d{1,3})[)\]]$/;
/** Longer than any ` (003/005)`. */
const MAX_TRAILING_COUNT = 12;
/** Longer than any ` (re-posted)`: only the title's end is searched. */
const MAX_RESEND_TAIL = 20;
/** RFC 5322 limits lines, not headers; a subject over this is no subject, and its end does not matter. */
const MAX_SUBJECT = 10_000;

/** A word made of nothing but parts that mean something: `PATCHv4`, `v2PATCH1/4`, `RFC-v3`, `-v5`. */
const MEANINGFUL =
  /^(?:rfc|patch(?:es|set)?|resend|repost|v\d{1,3}(?!\d)(?:\.\d{1,3}(?!\d)|[a-z]\b)?|\d{1,4}\/\d{1,4}(?!\d)|[-_:;,.])+$/i;
const PIECES = /rfc|patch|resend|repost|v\d{1,3}|\d{1,4}\/\d{1,4}/gi;

/** ` (v2)`, ` [v2]` or `, v2` behind a title; nobody names a thing so. */
const SURE_VERSION =
  /(?: ?[([](?:v|ver\.? ?|version |take |try )#?(\d{1,3})[)\]]|[,;:] ?(?:v|take |try )(\d{1,3}))$/i;
/** ` v2` behind a title: a version, or the name of a thing that has versions. */
const MAYBE_VERSION = / v(\d{1,2})$/i;
/** `(v2) ` or `v2: ` between tags and title. */
const LEADING_VERSION = /^(?:\((?:v|take )(\d{1,3})\)|v(\d{1,3}):) ?/i;

interface Reading {
  saysPatch: boolean;
  isRfc: boolean;
  isResend: boolean;
  isPull: boolean;
  version: number | null;
  part: number | null;
  total: number | null;
  readonly tags: string[];
}

export function parseSubject(subject: string): ParsedSubject {
  const {
    isReply,
    words,
    rest: behindTags,
  } = takeTags(subject.slice(0, MAX_SUBJECT).replace(/\s+/g, ' ').trim());
  const reading = readWords(words);
  const rest = reading.saysPatch && reading.part === null ? takeCount(behindTags, reading) : behindTags;
  const tail = RESEND_TAIL.exec(rest.slice(-MAX_RESEND_TAIL))?.[0] ?? '';
  const { title, version: titleVersion, isSure } = takeTitleVersion(rest.slice(0, rest.length - tail.length));
  // `[PATCH 3/9] title (v2)` is the second version of one patch; what the series is at, its others say.
  const isOfSeries = isSure && (reading.part ?? 0) === 0;
  const isPull = reading.isPull || /^(?:git )?pull(?: request)?:/i.test(rest);
  const tagVersion = reading.version ?? (isOfSeries ? titleVersion : null);
  return {
    isPatch: reading.saysPatch || (reading.isRfc && reading.part !== null),
    isReply,
    isPull,
    isRfc: reading.isRfc,
    isResend: reading.isResend || tail !== '',
    version: tagVersion ?? titleVersion ?? 1,
    versionFrom: tagVersion !== null ? 'tag' : titleVersion === null ? null : 'title',
    part: reading.part,
    total: reading.total,
    tags: reading.tags,
    title,
  };
}

/** Takes reply marks and bracketed tags off the front. */
function takeTags(subject: string): { isReply: boolean; words: readonly string[]; rest: string } {
  let rest = subject;
  let isReply = false;
  const words: string[] = [];
  for (let mark = 0; mark < MAX_MARKS; mark++) {
    const head = rest.slice(0, MAX_TAG);
    const resend = RESEND_MARK.exec(head);
    const prefix = resend ?? REPLY.exec(head) ?? FORWARD.exec(head);
    const close = head.startsWith('[') ? closingBracket(head) : -1;
    if (prefix !== null) {
      if (resend !== null) words.push('resend');
      else isReply ||= REPLY.test(head);
      rest = rest.slice(prefix[0].length).trimStart();
    } else if (close > 0) {
      words.push(...tagWords(head.slice(1, close)));
      rest = rest.slice(close + 1).trimStart();
    } else {
      break;
    }
  }
  const glued = words.length === 0 ? /^\S{1,40}(?= )/.exec(rest)?.[0] : undefined;
  // `v2PATCH1/4 title`: the brackets went missing.
  if (glued !== undefined && /patch/i.test(glued) && /\d\/\d/.test(glued) && MEANINGFUL.test(glued)) {
    words.push(glued);
    rest = rest.slice(glued.length).trimStart();
  }
  // `[PATCH]: title`
  return { isReply, words, rest: words.length > 0 ? rest.replace(/^[:-] ?/, '') : rest };
}

/** `2/ 5` is one word, and `(v2)` is `v2`. */
function tagWords(tag: string): string[] {
  const words = tag.replace(/(?<=\d) ?\/ ?(?=\d)/g, '/').split(/[\s,[\]]+/);
  return words.map((word) => /^\(([^()]+)\)$/.exec(word)?.[1] ?? word);
}

/** Index of the bracket that closes the one at 0; brackets inside brackets are allowed. */
function closingBracket(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return at;
  }
  return text.indexOf(']');
}

function readWords(words: readonly string[]): Reading {
  const reading: Reading = {
    saysPatch: false,
    isRfc: false,
    isResend: false,
    isPull: false,
    version: null,
    part: null,
    total: null,
    tags: [],
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const next = words[at + 1] ?? '';
    const afterNext = words[at + 2] ?? '';
    if (word === '') continue;
    if (isCount(word) && /^of$/i.test(next) && isCount(afterNext)) {
      reading.part = Number(word);
      reading.total = Number(afterNext);
      at += 2;
    } else if (/^(?:take|try|ver|version)$/i.test(word) && /^#?\d{1,3}$/.test(next)) {
      reading.version = Number(next.replace('#', ''));
      at++;
    } else {
      readWord(word, reading);
    }
  }
  return reading;
}

const isCount = (word: string): boolean => /^\d{1,4}$/.test(word);

function readWord(word: string, reading: Reading): void {
  if (/^(?:git-?)?pull$/i.test(word)) {
    reading.isPull = true;
    return;
  }
  if (!MEANINGFUL.test(word)) {
    if (/patch/i.test(word)) reading.saysPatch = true;
    if (/^rfc/i.test(word)) reading.isRfc = true;
    if (/^re-?(?:send|sent|post)/i.test(word)) reading.isResend = true;
    else if (!/^git$/i.test(word)) reading.tags.push(word.toLowerCase());
    return;
  }
  for (const [piece] of word.matchAll(PIECES)) {
    const slash = piece.indexOf('/');
    if (slash >= 0) {
      reading.part = Number(piece.slice(0, slash));
      reading.total = Number(piece.slice(slash + 1));
    } else if (/^v/i.test(piece)) {
      reading.version = Number(piece.slice(1));
    } else if (/^rfc/i.test(piece)) {
      reading.isRfc = true;
    } else if (/^patch/i.test(piece)) {
      reading.saysPatch = true;
    } else {
      reading.isResend = true;
    }
  }
}

/** Takes `3/5: title` or `title (3/5)`, as was usual before tools wrote subjects. */
function takeCount(title: string, reading: Reading): string {
  const count = LEADING_COUNT.exec(title) ?? TRAILING_COUNT.exec(title.slice(-MAX_TRAILING_COUNT));
  const [part, total] = [Number(count?.[1]), Number(count?.[2])];
  if (count === null || part > total || total < 2) return title;
  [reading.part, reading.total] = [part, total];
  return count[0].startsWith(' ') ? title.slice(0, -count[0].length) : title.slice(count[0].length);
}

function takeTitleVersion(rest: string): { title: string; version: number | null; isSure: boolean } {
  const leading = LEADING_VERSION.exec(rest.slice(0, MAX_TAG));
  if (leading !== null) {
    const version = Number(leading[1] ?? leading[2]);
    return { title: rest.slice(leading[0].length), version, isSure: true };
  }
  // Only a short tail is searched: the patterns are anchored at its end, and begin anywhere.
  const tailStart = Math.max(0, rest.length - 20);
  const tail = rest.slice(tailStart);
  const sure = SURE_VERSION.exec(tail);
  if (sure !== null) {
    const title = rest.slice(0, tailStart + sure.index).trimEnd();
    return { title, version: Number(sure[1] ?? sure[2]), isSure: true };
  }
  const maybe = MAYBE_VERSION.exec(tail);
  return { title: rest, version: maybe === null ? null : Number(maybe[1]), isSure: false };
}
