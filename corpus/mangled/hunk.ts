/**
 * Mends one hunk that does not keep its promise. In go the lines of the text and the place of the `@@` line, out come
 * the hunk's lines as they must have been, or the reason why that cannot be told. `readHunk` judges the result; a hunk
 * that it takes as it stands never comes here.
 *
 * Three kinds of damage are known, and a hunk is read with one of them at a time:
 * - **blanks**: the first column of context lines is a no-break space, as web pages write it;
 * - **wrapped**: a line that begins with none of a hunk's columns is the rest of the line in front of it;
 * - **eaten**: such a line is context whose leading blank was lost.
 *
 * The proof is the pair of counts in the `@@` line. For a fixed number of lines they fix how many are context, added
 * and removed, so "wrapped" and "eaten" can never both fit. Two more things have to hold, because a reviewer's words
 * between the lines, or a line that was lost, could make the counts fit by chance: what follows the hunk must be its
 * natural end, and the damage must look like one program's work (all breaks at one width; all blanks eaten, or else not
 * a single line over). What cannot be known is not made up: indentation that was eaten stays away.
 */

import type { HunkHeader } from '../../analyzers/diff/hunk.ts';
import { hunkHeader, readHunk } from '../../analyzers/diff/hunk.ts';
import { isEnded, isNoRest } from './line-end.ts';
import { hunkReach, type Reach } from './reach.ts';
import type { Repair } from './types.ts';
import { type Break, type LongestLines, oneWidthExplains } from './width.ts';

/** A line as it must have been, and the line of the text (from 0) at which it begins. */
export interface MendedLine {
  readonly text: string;
  readonly at: number;
}

export type MendedHunk =
  | {
      readonly ok: true;
      /** The `@@` line and the hunk's lines. */
      readonly lines: readonly MendedLine[];
      /** Index of the first line of the text behind the hunk. */
      readonly end: number;
      readonly repairs: readonly Repair[];
    }
  | {
      readonly ok: false;
      /** Null when there is no more to say than what the counts say. */
      readonly why: string | null;
      /** The counts would allow it; something else speaks against it. */
      readonly fits?: true;
    };

const COLUMNS = ' +-\\';
/** U+00A0, which web pages put where a blank has to be seen. */
const NO_BREAK_SPACE = /\u00a0/g;

const isColumn = (line: string): boolean => line === '' || line === '\r' || COLUMNS.includes(line.charAt(0));
const isRemark = (line: string): boolean => line.startsWith('\\ ');

/**
 * Mends the hunk whose `@@` line is `lines[at]`; the caller has found that `readHunk` refuses it. `longest` is the whole
 * text's.
 */
export function mendHunk(lines: readonly string[], at: number, longest: LongestLines): MendedHunk {
  const start = readHeader(lines, at);
  if (start === null) return { ok: false, why: null };
  const reach = hunkReach(lines, start.next, start.header);
  if (reach.stop === start.next) return { ok: false, why: 'no line of it is there' };
  const body = lines.slice(start.next, reach.stop);
  if (body.some((line) => line.startsWith('\u00a0'))) return mendBlanks(lines, start, reach);
  const strange = body.findIndex((line) => !isColumn(line));
  if (strange < 0 && start.breaks.length === 0) return { ok: false, why: null };
  const joined = mendWrapped(lines, start, reach, longest);
  const filled = start.breaks.length > 0 ? joined : mendEaten(lines, start, reach);
  if (joined.ok) return filled === joined || !filled.ok ? joined : { ok: false, why: BOTH };
  if (filled.ok) return filled;
  const best = joined.fits === true ? joined.why : (filled.why ?? joined.why);
  const place = strange < 0 ? at : start.next + strange;
  const words = `line ${place + 1} begins with none of a hunk's columns`;
  return { ok: false, why: `${words}; ${best ?? 'no reading keeps the promise'}` };
}

const BOTH = 'it may be the rest of a wrapped line or context that lost its blank';

/** The `@@` line, which may itself be wrapped. */
interface Start {
  readonly at: number;
  readonly text: string;
  readonly header: HunkHeader;
  /** Index of the first line behind it. */
  readonly next: number;
  readonly breaks: readonly number[];
}

function readHeader(lines: readonly string[], at: number): Start | null {
  const text = lines[at] ?? '';
  const header = hunkHeader(text);
  if (header !== null) return { at, text, header, next: at + 1, breaks: [] };
  // The counts themselves may stand on two lines.
  const rest = lines[at + 1] ?? '';
  if (!/^@@ -\d/.test(text) || !/^(?:\+\d|@@)/.test(rest)) return null;
  const joined = join(text, rest);
  const whole = hunkHeader(joined);
  return whole === null ? null : { at, text: joined, header: whole, next: at + 2, breaks: [at + 1] };
}

/** The two halves of a line; the blank at which it was broken stands at the end of the first or is put back. */
function join(before: string, after: string): string {
  return /\s$/.test(before) ? before + after : `${before} ${after}`;
}

/** Lets the strict reader judge what a way of reading made of the hunk. */
function judged(lines: readonly MendedLine[], end: number, repairs: readonly Repair[]): MendedHunk {
  const texts = lines.map(({ text }) => text);
  const header = hunkHeader(texts[0] ?? '');
  if (header === null) return { ok: false, why: null };
  // The empty string stands for the end of the text.
  const result = readHunk([...texts, ''], 0, header);
  if (!result.ok) return { ok: false, why: result.reason };
  if (result.end !== texts.length) return { ok: false, why: 'the promise is kept before its lines end' };
  return { ok: true, lines, end, repairs };
}

function mendBlanks(lines: readonly string[], start: Start, reach: Reach): MendedHunk {
  const changed: number[] = [];
  const body: MendedLine[] = [];
  for (let at = start.next; at < reach.stop; at++) {
    const line = lines[at] ?? '';
    const text = line.replace(NO_BREAK_SPACE, ' ');
    if (text !== line) changed.push(at + 1);
    body.push({ text, at });
  }
  const what = 'no-break spaces read as blanks';
  const head = { text: start.text, at: start.at };
  const texts = [start.text, ...body.map(({ text }) => text), ''];
  const result = readHunk(texts, 0, start.header);
  if (!result.ok) return { ok: false, why: result.reason };
  const kept = body.slice(0, result.end - 1);
  const end = start.next + kept.length;
  const repaired = changed.filter((line) => line <= end);
  return { ok: true, lines: [head, ...kept], end, repairs: [{ lines: repaired, what }] };
}

/** How many old and new lines a line counts for when its first column is believed. */
function weight(line: string): readonly [number, number] {
  const column = line.charAt(0);
  if (column === '+') return [0, 1];
  if (column === '-') return [1, 0];
  return column === '\\' ? [0, 0] : [1, 1];
}

function mendWrapped(
  lines: readonly string[],
  start: Start,
  reach: Reach,
  longest: LongestLines,
): MendedHunk {
  const out: { text: string; at: number }[] = [{ text: start.text, at: start.at }];
  const breaks: { readonly at: number; readonly into: number }[] = [];
  let pieces = 1;
  let oldLeft = start.header.oldCount;
  let newLeft = start.header.newCount;
  let at = start.next;
  for (; at < reach.stop; at++) {
    const line = lines[at] ?? '';
    if (!isColumn(line)) {
      const last = out.at(-1);
      if (last === undefined) break;
      breaks.push({ at, into: out.length - 1 });
      pieces = breaks.at(-2)?.at === at - 1 ? pieces + 1 : 2;
      if (pieces > MAX_PIECES) return { ok: false, why: 'too many such lines follow each other' };
      last.text = join(last.text, line);
      continue;
    }
    if (oldLeft <= 0 && newLeft <= 0 && !isRemark(line)) break;
    const [old, now] = weight(line);
    oldLeft -= old;
    newLeft -= now;
    out.push({ text: line, at });
  }
  if (oldLeft !== 0 || newLeft !== 0) {
    return { ok: false, why: shortfall('as the rest of a wrapped line', start.header, oldLeft, newLeft) };
  }
  if (breaks.length === 0 && start.breaks.length === 0) return { ok: false, why: null };
  // With no break but that of the heading, an empty line at the end is one line too many to be sure of.
  const isSure = breaks.some(({ into }) => into > 0) || (lines[at - 1] ?? '').trim() !== '';
  if (!endsHere(lines, at, reach) || !(isSure || reach.isTight)) {
    return { ok: false, why: 'as the rest of a wrapped line it would leave more lines behind the hunk' };
  }
  const halves = breaks.map(
    ({ at: after, into }): Break => ({
      before: lines[after - 1] ?? '',
      after: lines[after] ?? '',
      whole: out[into]?.text ?? '',
    }),
  );
  const heading = lines[start.next - 1] ?? '';
  const ended = halves.findIndex(({ before }) => before !== heading && isEnded(before));
  if (ended >= 0) {
    const line = breaks[ended]?.at ?? at;
    const why = `line ${line} in front of it ends like a whole line, not like a wrapped one`;
    return { ok: false, fits: true, why };
  }
  if (halves.some(({ before, after }) => before !== heading && isNoRest(before, after))) {
    return { ok: false, fits: true, why: 'as the rest of a wrapped line it would make no sense in C' };
  }
  // A heading is only a hint: joining it to what was none of it would not touch the hunk's lines.
  const agreeing = breaks.every(({ into }) => into === 0) ? 1 : 2;
  if (!oneWidthExplains(halves, longest, agreeing)) {
    const why = 'as the rest of a wrapped line it does not fit the width of the other lines';
    return { ok: false, fits: true, why };
  }
  const places = [...start.breaks, ...breaks.map((one) => one.at)];
  const isKnown = halves.every(({ before }) => /\s$/.test(before)) && start.breaks.length === 0;
  const what = isKnown
    ? 'rest of a wrapped line joined to the line before it'
    : 'rest of a wrapped line joined to the line before it, with one blank in between';
  return judged(out, at, [{ lines: places.map((place) => place + 1), what }]);
}

/** No mail is so narrow that one line of a patch becomes more pieces. */
const MAX_PIECES = 8;

/** Whether a hunk may end in front of `lines[at]`: at its neighbour, the end of the text, or an empty line. */
function endsHere(lines: readonly string[], at: number, reach: Reach): boolean {
  return at >= reach.stop || (lines[at] ?? '').trim() === '';
}

function shortfall(
  how: string,
  { oldCount, newCount }: HunkHeader,
  oldLeft: number,
  newLeft: number,
): string {
  return `${how} it makes ${oldCount - oldLeft} old and ${newCount - newLeft} new lines`;
}

/** One way of reading a hunk whose blanks were eaten: which lines are in it, and which signs are not signs. */
interface EatenReading {
  readonly end: number;
  readonly plusIsContext: boolean;
  readonly minusIsContext: boolean;
}

function mendEaten(lines: readonly string[], start: Start, reach: Reach): MendedHunk {
  const body = lines.slice(start.next, reach.stop);
  // A page that eats blanks eats them all; only the star of a comment may then still have one in front of it.
  const kept = body.findIndex((line) => line.startsWith(' ') && !line.startsWith(' *') && line.trim() !== '');
  const isWhole = kept < 0;
  const found = eatenReadings(body, start, reach, isWhole);
  if (found.readings.length > 1) {
    return { ok: false, why: 'the counts allow several readings of it as context that lost its blank' };
  }
  const reading = found.readings[0];
  if (reading === undefined) {
    const also = isWhole || found.why !== null ? '' : `, while line ${start.next + kept + 1} kept its blank`;
    return { ok: false, why: `${found.why ?? 'context that lost its blank does not fit the counts'}${also}` };
  }
  const out: MendedLine[] = [{ text: start.text, at: start.at }];
  const filled: number[] = [];
  for (let index = 0; index < reading.end; index++) {
    const line = body[index] ?? '';
    const at = start.next + index;
    const lost =
      !isColumn(line) ||
      (line.startsWith('+') && reading.plusIsContext) ||
      (line.startsWith('-') && reading.minusIsContext);
    if (lost) filled.push(at + 1);
    out.push({ text: lost ? ` ${line}` : line, at });
  }
  const bare = out.slice(1).filter(({ text }) => text.startsWith(' ') && text.trim() !== '');
  const isFlat = bare.length > 1 && bare.every(({ text }) => !/^ \s/.test(text));
  const what = `context whose leading blank was lost${isFlat ? '; its indentation is lost too' : ''}`;
  return judged(out, start.next + reading.end, [{ lines: filled, what }]);
}

interface Found {
  readonly readings: readonly EatenReading[];
  readonly why: string | null;
}

/**
 * All readings of the body that the counts allow. The number of lines says how many of them are context, added and
 * removed: what is over among the lines that begin with a sign must be context that only looks like a change. Which
 * lines those are is known only if it is all lines with that sign, or none.
 */
function eatenReadings(body: readonly string[], start: Start, reach: Reach, isWhole: boolean): Found {
  const { oldCount, newCount } = start.header;
  const readings: EatenReading[] = [];
  let why: string | null = null;
  for (const end of possibleEnds(body, reach, isWhole)) {
    const lines = body.slice(0, end).filter((line) => !isRemark(line));
    const plus = lines.filter((line) => line.startsWith('+')).length;
    const minus = lines.filter((line) => line.startsWith('-')).length;
    const plusOver = plus - (lines.length - oldCount);
    const minusOver = minus - (lines.length - newCount);
    if (plusOver < 0 || minusOver < 0 || plusOver > plus || minusOver > minus) {
      const context = lines.length - plus - minus;
      why ??= shortfall(
        'as context that lost its blank',
        start.header,
        oldCount - context - minus,
        newCount - context - plus,
      );
      continue;
    }
    const isCertain = areContext(lines, '+', plus, plusOver) && areContext(lines, '-', minus, minusOver);
    if (!isCertain || (!isWhole && plusOver + minusOver > 0)) {
      return { readings: [], why: signWords(body, start.next, plusOver, minusOver) };
    }
    readings.push({ end, plusIsContext: plusOver > 0, minusIsContext: minusOver > 0 });
    // A reading that leaves nothing over needs no comparison with one that would leave lines to nobody.
    if (plusOver + minusOver === 0) break;
  }
  if (readings.length > 0 || !isWhole || reach.isTight) return { readings, why };
  return looseReading(body, start, why);
}

/**
 * Whether `over` of the lines with this sign are context for certain: none, or all of them, and each is code that
 * can begin so.
 */
function areContext(lines: readonly string[], sign: string, count: number, over: number): boolean {
  if (over === 0) return true;
  return over === count && lines.every((line) => !line.startsWith(sign) || SIGNED_CODE.test(line));
}

/** How a line of C can begin with a plus or minus once nothing is in front of it: `-EINVAL`, `-1`, `--i`, `->next`. */
const SIGNED_CODE = /^(?:-E[A-Z0-9]{2,}\b|[-+]\d|--\w|\+\+\w|->\w)/;

/**
 * Where the hunk may end if it reaches to its neighbour. Empty lines in front of another hunk or file are the hunk's; in
 * front of the end of a message or a signature they are more often not, so a hunk that ends there ends in ink.
 */
function possibleEnds(body: readonly string[], reach: Reach, isWhole: boolean): readonly number[] {
  let ink = body.length;
  while (ink > 0 && (body[ink - 1] ?? '').trim() === '') ink--;
  if (ink === body.length || !reach.isTight) return ink === body.length || isWhole ? [ink] : [];
  return [body.length];
}

/** With words behind the hunk: the first place where the counts are met, if an empty line follows there. */
function looseReading(body: readonly string[], start: Start, why: string | null): Found {
  let oldLeft = start.header.oldCount;
  let newLeft = start.header.newCount;
  let end = 0;
  for (; end < body.length && (oldLeft > 0 || newLeft > 0); end++) {
    const [old, now] = weight(body[end] ?? '');
    oldLeft -= old;
    newLeft -= now;
  }
  if (isRemark(body[end] ?? '')) end++;
  const isMet = oldLeft === 0 && newLeft === 0;
  const isEnd = end < body.length && (body[end] ?? '').trim() === '' && (body[end - 1] ?? '').trim() !== '';
  return isMet && isEnd
    ? { readings: [{ end, plusIsContext: false, minusIsContext: false }], why: null }
    : { readings: [], why };
}

/** More lines than these are not listed one by one. */
const MAX_LISTED = 12;

function signWords(body: readonly string[], first: number, plusOver: number, minusOver: number): string {
  const over = [
    ...(plusOver > 0 ? [`${plusOver} of those that begin with +`] : []),
    ...(minusOver > 0 ? [`${minusOver} of those that begin with -`] : []),
  ].join(' and ');
  const lines = body.flatMap((line, index) =>
    (plusOver > 0 && line.startsWith('+')) || (minusOver > 0 && line.startsWith('-'))
      ? [first + index + 1]
      : [],
  );
  const listed = lines.slice(0, MAX_LISTED).join(', ');
  const more = lines.length > MAX_LISTED ? ' …' : '';
  return `${over} must be context that lost its blank, and which cannot be told (lines ${listed}${more})`;
}
