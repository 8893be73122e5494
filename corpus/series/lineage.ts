/**
 * Which postings are versions of one series. What states it comes first: a change id, `Supersedes:`, a link to an
 * earlier version, a higher version in the same thread; then the same sender and title. A posting that states no version
 * but has the title of an earlier one is an unlabelled reroll, or the same sent again if its changes are the same.
 */

import { NONE, noneColumn } from './columns.ts';
import type { MessageTable } from './messages.ts';
import type { Posting } from './postings.ts';

/** What lineage adds to a posting. */
export interface Versioned {
  readonly posting: Posting;
  readonly version: number;
  readonly versionStated: boolean;
  readonly isResend: boolean;
  readonly isRfc: boolean;
  readonly title: string;
  /** For a partial reroll: the posting whose other parts still stand. */
  readonly rerolled: Versioned | null;
  previous: Versioned | null;
  supersededBy: Versioned | null;
}

/** Later than this, the same title is more likely another patch of that kind than a reroll. */
const SAME_TITLE_MS = 365 * 24 * 60 * 60 * 1000;

/** Thread walks end here; version 40 answering version 39 and so on is all that is looked for. */
const MAX_STEPS_UP = 100;

/** Titles of one sender that are compared for a share of common patches. */
const MAX_COMPARED = 50;

/** Tags that say that a patch was taken into an older kernel: not a reroll of the original. */
const BACKPORT_TAG = /^(?:autosel|stable|backport|\d{1,2}\.\d{1,3}(?:\.[\dy]{1,4})?(?:-.*)?|linux-\d.*)$/;

/** All postings with their versions, in the order given. */
export function findLineages(table: MessageTable, postings: readonly Posting[]): readonly Versioned[] {
  const evidence = new Evidence(table, postings);
  const groups = new Map<number, number[]>();
  for (const index of postings.keys()) {
    const leader = evidence.leader(index);
    const group = groups.get(leader);
    if (group === undefined) groups.set(leader, [index]);
    else group.push(index);
  }
  const versioned: Versioned[] = [];
  for (const group of groups.values()) {
    for (const one of assignVersions(table, group, postings)) {
      versioned[one.index] = one.result;
    }
  }
  return versioned;
}

/** The head that names a posting: its cover letter's, or that of its first part. */
export function leadRow(posting: Posting): number {
  return posting.coverRow ?? posting.parts.get(Math.min(...posting.parts.keys())) ?? posting.firstRow;
}

/** A title as it is compared: versions of a series differ in case, blanks and full stops. */
function normalTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/[\s.]+/g, ' ')
    .trim();
}

function postingTitle(table: MessageTable, posting: Posting): string {
  const lead = leadRow(posting);
  const head = table.head(lead);
  const title = normalTitle(table.title(lead));
  // Of a cover letter without tags, the version is still part of the title.
  return head?.versionFrom === 'title' && head.kind === 'note' ? title.replace(/ v\d{1,2}$/, '') : title;
}

function backportTags(posting: Posting): string {
  return posting.tags
    .split(' ')
    .filter((tag) => BACKPORT_TAG.test(tag))
    .join(' ');
}

/** Union of postings that belong to one lineage, by everything that speaks for it. */
class Evidence {
  private readonly table: MessageTable;
  private readonly postings: readonly Posting[];
  private readonly leaders: Int32Array;
  private readonly postingOfRow: Int32Array;

  constructor(table: MessageTable, postings: readonly Posting[]) {
    this.table = table;
    this.postings = postings;
    this.leaders = Int32Array.from(postings.keys());
    this.postingOfRow = noneColumn(table.length);
    for (const [index, { coverRow, parts }] of postings.entries()) {
      if (coverRow !== null) this.postingOfRow[coverRow] = index;
      for (const row of parts.values()) this.postingOfRow[row] = index;
    }
    this.statedLinks();
    this.threads();
    this.titles();
    this.commonPatches();
  }

  leader(index: number): number {
    let at = index;
    for (let up = this.leaders[at]; up !== undefined && up !== at; up = this.leaders[at]) {
      this.leaders[at] = this.leaders[up] ?? up;
      at = up;
    }
    return at;
  }

  private unite(a: number, b: number): void {
    const [low, high] = [this.leader(a), this.leader(b)].toSorted((x, y) => x - y);
    if (low !== undefined && high !== undefined) this.leaders[high] = low;
  }

  private statedLinks(): void {
    const byChangeId = new Map<string, number>();
    for (const [index, posting] of this.postings.entries()) {
      for (const row of rowsOf(posting)) {
        const facts = this.table.facts(row);
        if (facts === null) continue;
        if (facts.changeId !== null) {
          const known = byChangeId.get(facts.changeId);
          if (known === undefined) byChangeId.set(facts.changeId, index);
          else this.unite(known, index);
        }
        for (const id of facts.supersedes) {
          const node = this.table.threads.find(id);
          const named = node === null ? null : this.table.rowOf(node);
          const other = named === null ? NONE : (this.postingOfRow[named] ?? NONE);
          if (other >= 0) this.unite(other, index);
        }
      }
    }
  }

  /** A higher stated version below an earlier one of the same sender and total, or of the same title. */
  private threads(): void {
    for (const [index, posting] of this.postings.entries()) {
      if (!posting.versionStated || posting.version < 2) continue;
      let row = posting.aboveRow;
      for (let step = 0; row !== null && step < MAX_STEPS_UP; step++) {
        const other = this.postingOfRow[row] ?? NONE;
        const above = other < 0 ? undefined : this.postings[other];
        if (above !== undefined && above !== posting) {
          const isLater = above.version < posting.version || answersSameParts(this.table, posting, above);
          if (above.address === posting.address && isLater) this.unite(other, index);
          break;
        }
        row = this.table.parentRow(row);
      }
    }
  }

  private titles(): void {
    const latest = new Map<string, number>();
    for (const [index, posting] of this.postings.entries()) {
      // Nobody's patches are not one person's.
      if (posting.address === '') continue;
      const key = `${posting.address}\n${backportTags(posting)}\n${posting.kind}\n${postingTitle(this.table, posting)}`;
      const earlier = latest.get(key);
      latest.set(key, index);
      const other = earlier === undefined ? undefined : this.postings[earlier];
      if (earlier === undefined || other === undefined) continue;
      if (this.isWithinYear(posting, other)) this.unite(earlier, index);
    }
  }

  /** A stated version over 1 without an earlier one under its title: half of its patches have to be in one. */
  private commonPatches(): void {
    const byTitle = new Map<string, number[]>();
    const sizes = new Map<number, number>();
    for (const index of this.postings.keys()) {
      const leader = this.leader(index);
      sizes.set(leader, (sizes.get(leader) ?? 0) + 1);
    }
    for (const [index, posting] of this.postings.entries()) {
      const titles = [...posting.parts.values()].map((row) => this.patchKey(posting, row));
      if (posting.version > 1 && posting.address !== '' && sizes.get(this.leader(index)) === 1)
        this.uniteMostCommon(index, titles, byTitle);
      for (const title of titles) {
        const known = byTitle.get(title);
        if (known === undefined) byTitle.set(title, [index]);
        else if (known.length < MAX_COMPARED) known.push(index);
      }
    }
  }

  private patchKey(posting: Posting, row: number): string {
    const title = normalTitle(this.table.title(row));
    return `${posting.address}\n${backportTags(posting)}\n${title}`;
  }

  private uniteMostCommon(
    index: number,
    titles: readonly string[],
    byTitle: ReadonlyMap<string, number[]>,
  ): void {
    const posting = this.postings[index];
    const common = new Map<number, number>();
    for (const title of titles) {
      for (const other of byTitle.get(title) ?? []) common.set(other, (common.get(other) ?? 0) + 1);
    }
    let best: number | null = null;
    for (const [other, count] of common) {
      const candidate = this.postings[other];
      if (candidate === undefined || posting === undefined) continue;
      if (candidate.version >= posting.version || !this.isWithinYear(posting, candidate)) continue;
      if (count * 2 < Math.min(titles.length, candidate.parts.size)) continue;
      // The latest of them: postings come in the archive's order.
      if (best === null || other > best) best = other;
    }
    if (best !== null) this.unite(best, index);
  }

  private isWithinYear(a: Posting, b: Posting): boolean {
    const apart = Math.abs(timeOf(this.table, a) - timeOf(this.table, b));
    return Number.isNaN(apart) || apart <= SAME_TITLE_MS;
  }
}

function rowsOf({ coverRow, parts }: Posting): number[] {
  return coverRow === null ? [...parts.values()] : [coverRow, ...parts.values()];
}

function timeOf(table: MessageTable, posting: Posting): number {
  return table.time(leadRow(posting));
}

/** In the order of sending: versions, what precedes and what supersedes what. */
function assignVersions(
  table: MessageTable,
  group: readonly number[],
  postings: readonly Posting[],
): { index: number; result: Versioned }[] {
  const ordered = group
    .flatMap((index) => {
      const posting = postings[index];
      return posting === undefined ? [] : [{ index, posting, time: timeOf(table, posting) }];
    })
    .toSorted((a, b) => a.time - b.time || 0 || a.posting.firstRow - b.posting.firstRow);
  const results: { index: number; result: Versioned }[] = [];
  let newest: Versioned | null = null;
  for (const { index, posting } of ordered) {
    const result = version(
      table,
      posting,
      results.map((one) => one.result),
    );
    results.push({ index, result });
    if (newest === null || result.version >= newest.version) newest = result;
  }
  for (const { result } of results) if (result !== newest) result.supersededBy = newest;
  return results;
}

function version(table: MessageTable, posting: Posting, earlier: readonly Versioned[]): Versioned {
  const title = postingTitle(table, posting);
  const heads = rowsOf(posting).map((row) => table.head(row));
  const sameTitle = earlier.findLast((other) => other.title === title);
  const isSame = sameTitle !== undefined && haveSameChanges(table, posting, sameTitle.posting);
  const saysResend = heads.some((head) => head?.isResend === true);
  const rerolled = earlier.findLast((other) => answersSameParts(table, posting, other.posting)) ?? null;
  let number = posting.version;
  let isResend = saysResend;
  if (rerolled !== null && number <= rerolled.version) {
    // `[PATCH v2 4/4]` below part 4 of a series that is at v6: the second version of the patch, not of the series.
    number = rerolled.version;
  } else if (!posting.versionStated && sameTitle !== undefined) {
    isResend ||= isSame;
    number = isResend ? sameTitle.version : Math.max(...earlier.map((other) => other.version)) + 1;
  }
  const before = earlier.filter(
    (other) => other === rerolled || other.version < number || (isResend && other.version === number),
  );
  return {
    posting,
    version: number,
    versionStated: posting.versionStated && number === posting.version,
    isResend,
    isRfc: heads.some((head) => head?.isRfc === true),
    title,
    rerolled,
    previous: before.reduce<Versioned | null>(
      (best, one) => (best === null || one.version >= best.version ? one : best),
      null,
    ),
    supersededBy: null,
  };
}

function haveSameChanges(table: MessageTable, a: Posting, b: Posting): boolean {
  if (a.parts.size !== b.parts.size) return false;
  return [...a.parts].every(([part, row]) => {
    const other = b.parts.get(part);
    const hash = table.changeHash(row);
    return other !== undefined && hash !== 0 && table.changeHash(other) === hash;
  });
}

/**
 * A partial reroll answers single patches of the posting before: `[PATCH v2 2/5]` below `[PATCH 2/5]`. What it leaves
 * out still stands; the same rule as b4's.
 */
function answersSameParts(table: MessageTable, posting: Posting, before: Posting): boolean {
  if (before.total !== posting.total || !posting.isNumbered || posting.parts.size === 0) return false;
  return [...posting.parts].every(([part, row]) => {
    const answered = before.parts.get(part);
    return answered !== undefined && table.parentRow(row) === answered;
  });
}
