/**
 * The versions of one lineage: postings that replace each other go in, in any order; each comes out with its number,
 * with what it replaces and with what replaced it. Stated numbers stand, except where the mails prove them to
 * be a patch's own (`[PATCH v2 4/4]` in a series that is at v6); the others are counted in the order of sending.
 */

import type { MessageTable } from './messages.ts';
import { leadRow, missingParts, type Posting, rowsOf, timeOf } from './postings.ts';

/** A posting with what its lineage adds to it. */
export interface Versioned {
  readonly posting: Posting;
  readonly version: number;
  readonly versionStated: boolean;
  readonly isResend: boolean;
  readonly isRfc: boolean;
  /** For a partial reroll: the version before, whose other parts still stand; that may be a partial reroll itself. */
  readonly rerolled: Versioned | null;
  readonly previous: Versioned | null;
  supersededBy: Versioned | null;
}

/** A title as it is compared: versions differ in case, blanks and punctuation (`md-cluster`, `md/cluster`). */
export function normalTitle(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return words === '' ? title : words;
}

export function postingTitle(table: MessageTable, posting: Posting): string {
  const lead = leadRow(posting);
  const head = table.head(lead);
  const title = normalTitle(table.title(lead));
  // Of a cover letter without tags, the version is still part of the title.
  return head?.versionFrom === 'title' && head.kind === 'note' ? title.replace(/ v\d{1,2}$/, '') : title;
}

/**
 * The posting of which this one replaces single patches, or null. `[PATCH v2 2/5]` below `[PATCH 2/5]` does, as b4
 * has it; and `[PATCH 2/5]` once more, anywhere right below the posting that has one already.
 */
export function rerolledPosting(
  table: MessageTable,
  posting: Posting,
  postingAt: (row: number) => Posting | null,
): Posting | null {
  if (!posting.isNumbered || posting.coverRow !== null) return null;
  let before: Posting | null = null;
  for (const [part, row] of posting.parts) {
    const parent = table.parentRow(row);
    const above = parent === null ? null : postingAt(parent);
    if (above === null || above === posting || (before !== null && above !== before)) return null;
    const answered = above.parts.get(part);
    if (answered === undefined || (answered !== parent && above.version !== posting.version)) return null;
    before = above;
  }
  return before?.total === posting.total && before.address === posting.address ? before : null;
}

/** Versions out of order are days apart, when a mail was held back; a month later the author counts anew. */
const ANEW_MS = 30 * 24 * 60 * 60 * 1000;

/** Rerolls of single patches of one posting; each lists all of its patches, so many of them are junk that costs. */
const MAX_REROLLS = 50;

/** Counts up as the postings of a lineage go by, in the order of sending. */
class Count {
  highest: Versioned | null = null;
  private readonly lastOfVersion = new Map<number, Versioned>();
  private readonly lastOfTitle = new Map<string, Versioned>();
  /** For a posting and for its partial rerolls, the state that they are in. */
  private readonly states = new Map<Posting, { last: Versioned; rerolls: number }>();

  take(one: Versioned, answered: Posting | null, title: string): void {
    if (this.highest === null || isNewer(one, this.highest)) this.highest = one;
    this.lastOfVersion.set(one.version, one);
    this.lastOfTitle.set(title, one);
    const state = answered === null ? undefined : this.states.get(answered);
    if (one.rerolled === null || state === undefined) {
      this.states.set(one.posting, { last: one, rerolls: 0 });
    } else {
      state.last = one;
      state.rerolls++;
      this.states.set(one.posting, state);
    }
  }

  withTitle(title: string): Versioned | null {
    return this.lastOfTitle.get(title) ?? null;
  }

  /** A posting as it stands after all rerolls of its patches. */
  rerolled(posting: Posting | null): Versioned | null {
    const state = posting === null ? undefined : this.states.get(posting);
    return state === undefined || state.rerolls >= MAX_REROLLS ? null : state.last;
  }

  /** The last one of the highest version up to a number; stated numbers have three digits, so few are tried. */
  upTo(number: number): Versioned | null {
    if (this.highest !== null && this.highest.version <= number) return this.highest;
    for (let lower = number; lower >= 0; lower--) {
      const found = this.lastOfVersion.get(lower);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** Numbers begin anew; what was there before stays known. The highest until then. */
  restart(): Versioned | null {
    const before = this.highest;
    this.highest = null;
    this.lastOfVersion.clear();
    return before;
  }
}

/** Of one version counts what was sent last, but what is complete is not replaced by what is not. */
function isNewer(one: Versioned, highest: Versioned): boolean {
  if (one.version !== highest.version) return one.version > highest.version;
  return one.rerolled !== null || missingParts(one.posting) === 0 || missingParts(highest.posting) > 0;
}

/** Versions of the postings of one lineage, in the order of sending. */
export function assignVersions(
  table: MessageTable,
  lineage: readonly Posting[],
  postingAt: (row: number) => Posting | null,
): readonly Versioned[] {
  const ordered = lineage
    .map((posting) => ({ posting, time: timeOf(table, posting) }))
    .toSorted((a, b) => a.time - b.time || 0 || a.posting.firstRow - b.posting.firstRow)
    .map(({ posting }) => posting);
  const following = nextStated(table, ordered);
  const count = new Count();
  const versioned: Versioned[] = [];
  for (const [at, posting] of ordered.entries()) {
    const answered = rerolledPosting(table, posting, postingAt);
    const one = version(table, posting, count, count.rerolled(answered), following[at] ?? null);
    count.take(one, answered, postingTitle(table, posting));
    versioned.push(one);
  }
  for (const one of versioned) if (one !== count.highest) one.supersededBy = count.highest;
  return versioned;
}

/** For each posting, the version that the next one states which states any; resends only repeat one. */
function nextStated(table: MessageTable, ordered: readonly Posting[]): readonly (number | null)[] {
  const stated: (number | null)[] = [];
  let next: number | null = null;
  for (const posting of ordered.toReversed()) {
    stated.push(next);
    if (posting.versionStated && !saysResend(table, posting)) next = posting.version;
  }
  return stated.toReversed();
}

function version(
  table: MessageTable,
  posting: Posting,
  count: Count,
  rerolled: Versioned | null,
  following: number | null,
): Versioned {
  const known = count.withTitle(postingTitle(table, posting));
  let number = posting.version;
  let isResend = saysResend(table, posting);
  let previous: Versioned | null = null;
  if (rerolled !== null && number <= rerolled.version) {
    number = rerolled.version;
    previous = rerolled;
  } else if (!posting.versionStated && known !== null) {
    isResend ||= haveSameChanges(table, posting, known.posting);
    const highest = count.highest?.version ?? 0;
    if (isResend) {
      number = known.version;
    } else if (following === 2 && highest >= 2) {
      // v6, then one without a number, then v2: the author began to count anew.
      previous = count.restart();
    } else {
      number = highest + 1;
    }
  } else if (!isResend && isCountedAnew(table, posting, count.highest)) {
    previous = count.restart();
  }
  return {
    posting,
    version: number,
    versionStated: posting.versionStated && number === posting.version,
    isResend,
    isRfc: isRfc(table, posting),
    rerolled,
    previous: previous ?? count.upTo(isResend ? number : number - 1),
    supersededBy: null,
  };
}

/** v9 in January, v2 in June, or v2 after an RFC that was at v3: none of the versions before. */
function isCountedAnew(table: MessageTable, posting: Posting, highest: Versioned | null): boolean {
  if (highest === null || posting.version >= highest.version) return false;
  const later = timeOf(table, posting) - timeOf(table, highest.posting);
  return later > ANEW_MS || (later > 0 && highest.isRfc && !isRfc(table, posting));
}

function isRfc(table: MessageTable, posting: Posting): boolean {
  return rowsOf(posting).some((row) => table.head(row)?.isRfc === true);
}

function saysResend(table: MessageTable, posting: Posting): boolean {
  return rowsOf(posting).some((row) => table.head(row)?.isResend === true);
}

function haveSameChanges(table: MessageTable, a: Posting, b: Posting): boolean {
  if (a.parts.size !== b.parts.size) return false;
  const [only] = b.parts.values();
  return [...a.parts].every(([part, row]) => {
    // One patch is the same whatever its number: `[PATCH 7/9]` is sent again on its own.
    const other = b.parts.size === 1 ? only : b.parts.get(part);
    const hash = table.changeHash(row);
    return other !== undefined && hash !== 0 && table.changeHash(other) === hash;
  });
}
