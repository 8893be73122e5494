/**
 * The anatomy of a patch mail: who wrote it, what it is called, the commit message, what stands between `---` and
 * the diff, the diff, and the message's trailers. A decoded mail in, these out. `git mailinfo` is the judge for
 * all of them but the notes, `git interpret-trailers` for the trailers; `npm run eval -- mailinfo` compares.
 *
 * Headers in the body (`From:`, `Subject:`, `Date:` in front of the message) win over the mail's own, since a mail
 * that carries them was sent for somebody else. As with git they do so only in a mail that has a patch.
 *
 * A scissors line (`-- >8 --`) is, as for `git mailinfo` and `git am` without options, a line like any other: what
 * a reviewer must see is the commit that the maintainer will get. Where the maintainer cuts at scissors, so does
 * the option; and `scissors` says that there is such a line, since one that nobody cuts at is worth a remark.
 */
import { flat } from './header.ts';
import { cleanTitle, collapseSpace, type Identity, readIdentity, trimSpace } from './identity.ts';
import { countLines, PATCH_BREAK } from './patch.ts';
import { isScissorsLine } from './scissors.ts';
import { parseTrailers, type Trailer } from './trailers.ts';
import type { MailMessage } from './types.ts';
import { decodeWords } from './words.ts';

export interface PatchMail {
  /** Null when neither header nor body names an author with an address. */
  readonly author: Identity | null;
  /** The commit's title: no tags in brackets, no reply marks. */
  readonly title: string;
  /** The Date header's own words, white space put right; null when missing. */
  readonly date: string | null;
  /** The commit message without its title, each line as it was sent. */
  readonly message: string;
  /** What stands between the `---` line and the diff: the diffstat, what changed since the last version. */
  readonly notes: string;
  /** From the line that ended the message on: `---`, or the diff's first line; empty when there is no patch. */
  readonly patch: string;
  /** Line of the mail's text where `patch` begins, from 1; null when there is none. */
  readonly patchLine: number | null;
  readonly trailers: readonly Trailer[];
  /** Some line of the message is a scissors line at which nobody cut. */
  readonly scissors: boolean;
}

export interface AnatomyOptions {
  /** Everything in front of a scissors line is dropped, as `git am --scissors` does. */
  readonly scissors?: boolean;
}

/** Takes a patch mail apart. The message and patch are parts of the mail's text; all else shares no memory with it. */
export async function readPatchMail(
  mail: Pick<MailMessage, 'text' | 'subject' | 'fromHeader' | 'dateHeader'>,
  options: AnatomyOptions = {},
): Promise<PatchMail> {
  const { text } = mail;
  const body = splitBody(text, options.scissors === true);
  const message = text.slice(body.messageStart, body.patchStart);
  const patch = text.slice(body.patchStart);
  const inBody = async (name: HeaderName): Promise<string | null> => {
    const lines = patch === '' ? undefined : body.headers.get(name);
    return lines === undefined ? null : decodeWords(collapseSpace(lines.join('')));
  };
  const from = (await inBody('from')) ?? mail.fromHeader;
  const author = from === null ? null : readIdentity(from);
  const date = (await inBody('date')) ?? mail.dateHeader;
  return {
    author: author === null ? null : { name: flat(author.name), email: flat(author.email) },
    title: flat(cleanTitle((await inBody('subject')) ?? mail.subject)),
    date: date === null ? null : flat(trimSpace(collapseSpace(date))),
    message,
    notes: readNotes(patch),
    patch,
    patchLine: patch === '' ? null : countLines(text, body.patchStart) + 1,
    trailers: parseTrailers(message),
    scissors: body.scissors,
  };
}

interface SplitBody {
  /** Values of the headers in the body, undecoded, as the pieces that their lines hold. */
  readonly headers: ReadonlyMap<HeaderName, readonly string[]>;
  readonly messageStart: number;
  readonly patchStart: number;
  readonly scissors: boolean;
}

/** Longer ones open no patch and no header. */
const LOOK_AHEAD = 200;
const HEADER_NAMES = ['from', 'subject', 'date'] as const;
type HeaderName = (typeof HEADER_NAMES)[number];
const IN_BODY_HEADER = /^(from|subject|date):[\t-\r ]*/i;
/** What `git format-patch` writes in front of a mail, quoted by a mailbox. */
const QUOTED_SEPARATOR = /^>From [0-9a-f]{40} Mon Sep 17 00:00:00 2001\n?$/;

/** Finds headers, message and patch in the lines of a mail's text, by the rules of `git mailinfo`. */
function splitBody(text: string, cut: boolean): SplitBody {
  const headers = new Map<HeaderName, string[]>();
  let inHeaders = true;
  let open: HeaderName | null = null;
  let messageStart = text.length;
  let scissors = false;
  let next = 0;
  for (let at = 0; at < text.length; at = next) {
    const lf = text.indexOf('\n', at);
    next = lf < 0 ? text.length : lf + 1;
    const line = text.slice(at, next);
    if (inHeaders) {
      if (line === '\n') {
        // Blank lines in front are dropped, and so is the one that ends the headers.
        if (open !== null) {
          inHeaders = false;
          messageStart = next;
        }
        continue;
      }
      const header = readInBodyHeader(line, open, headers, cut);
      if (header.isHeader) {
        open = header.open;
        continue;
      }
      inHeaders = false;
      messageStart = at;
    }
    if (isScissorsLine(line)) {
      scissors = !cut;
      if (cut) {
        headers.clear();
        open = null;
        inHeaders = true;
        messageStart = text.length;
        continue;
      }
    }
    if (PATCH_BREAK.test(line.slice(0, LOOK_AHEAD)))
      return { headers, messageStart, patchStart: at, scissors };
  }
  return { headers, messageStart: Math.min(messageStart, text.length), patchStart: text.length, scissors };
}

/** A line of the header stage: whether it is part of the headers, and which one the next line may continue. */
interface HeaderLine {
  readonly isHeader: boolean;
  readonly open: HeaderName | null;
}

const NO_HEADER: HeaderLine = { isHeader: false, open: null };
const COMPLETE: HeaderLine = { isHeader: true, open: null };

/** Takes a line of the header stage in. */
function readInBodyHeader(
  line: string,
  open: HeaderName | null,
  headers: Map<HeaderName, string[]>,
  cut: boolean,
): HeaderLine {
  if (open !== null && /^[\t ]/.test(line)) {
    if (cut && isScissorsLine(line)) return NO_HEADER;
    headers.get(open)?.push(withoutLf(line));
    return { isHeader: true, open };
  }
  if (QUOTED_SEPARATOR.test(line.slice(0, LOOK_AHEAD))) return COMPLETE;
  if (/^\[PATCH\][\t-\r ]/.test(line)) {
    headers.set('subject', [line]);
    return COMPLETE;
  }
  const match = IN_BODY_HEADER.exec(line);
  const name = HEADER_NAMES.find((one) => one === match?.[1]?.toLowerCase());
  if (match === null || name === undefined || headers.has(name)) return NO_HEADER;
  headers.set(name, [withoutLf(line.slice(match[0].length))]);
  return { isHeader: true, open: name };
}

function withoutLf(line: string): string {
  return line.endsWith('\n') ? line.slice(0, -1) : line;
}

const FIRST_DIFF_LINE = /^(?:diff -|Index: |--- [^\t-\r ])/m;

/** What stands between the ruler and the diff. */
function readNotes(patch: string): string {
  const ruler = /^---[\t-\r ]*\n/.exec(patch);
  if (ruler === null) return '';
  const rest = patch.slice(ruler[0].length);
  return rest.slice(0, FIRST_DIFF_LINE.exec(rest)?.index ?? rest.length);
}
