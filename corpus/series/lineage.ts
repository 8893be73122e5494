/**
 * Which postings are versions of one series. What states it comes first: a change id, `Supersedes:`, a link to an
 * earlier version, a higher version in the same thread; then the same sender and title. A posting that states no version
 * but has the title of an earlier one is an unlabelled reroll, or the same sent again if its changes are the same.
 */

import { NONE, noneColumn } from './columns.ts';
import type { MessageTable } from './messages.ts';
import { leadRow, missingParts, type Posting, rowsOf, timeOf } from './postings.ts';
import { assignVersions, normalTitle, postingTitle, rerolledPosting, type Versioned } from './versions.ts';

/** Later than this, the same title is more likely another patch of that kind than a reroll. */
const SAME_TITLE_MS = 365 * 24 * 60 * 60 * 1000;

/** Thread walks end here; version 40 answering version 39 and so on is all that is looked for. */
const MAX_STEPS_UP = 100;

/** Titles of one sender that are compared for a share of common patches. */
const MAX_COMPARED = 50;

/** Of the version right before, two patches that are the same will do: rerolls of long series change most titles. */
const ENOUGH_COMMON = 2;

/** Tags that say that a patch was taken into an older kernel: not a reroll of the original. */
const BACKPORT_TAG = /^(?:autosel|stable|backport|\d{1,2}\.\d{1,3}(?:\.[\dy]{1,4})?(?:-.*)?|linux-\d.*)$/;

/** All postings with their versions, in the order given. */
export function findLineages(table: MessageTable, postings: readonly Posting[]): readonly Versioned[] {
  const evidence = new Evidence(table, postings);
  const lineages = new Map<number, Posting[]>();
  for (const [index, posting] of postings.entries()) {
    const leader = evidence.leader(index);
    const lineage = lineages.get(leader);
    if (lineage === undefined) lineages.set(leader, [posting]);
    else lineage.push(posting);
  }
  const versioned = new Map<Posting, Versioned>();
  for (const lineage of lineages.values()) {
    for (const one of assignVersions(table, lineage, evidence.postingAt)) versioned.set(one.posting, one);
  }
  return postings.flatMap((posting) => versioned.get(posting) ?? []);
}

function siblingKey({ root, address, total, kind }: Posting): string {
  return `${root} ${total} ${kind} ${address}`;
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

  /** The posting that a row is part or cover letter of. */
  readonly postingAt = (row: number): Posting | null => this.postings[this.postingOfRow[row] ?? NONE] ?? null;

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

  /** What replaces single patches of the posting that it answers; and a higher stated version below a lower one. */
  private threads(): void {
    for (const [index, posting] of this.postings.entries()) {
      const rerolled = rerolledPosting(this.table, posting, this.postingAt);
      if (rerolled !== null) this.unite(this.postingOfRow[leadRow(rerolled)] ?? index, index);
      if (!posting.versionStated || posting.version < 2) continue;
      let row = posting.aboveRow;
      for (let step = 0; row !== null && step < MAX_STEPS_UP; step++) {
        const above = this.postingAt(row);
        if (above !== null && above !== posting) {
          const isLater = above.address === posting.address && above.version < posting.version;
          if (isLater) this.unite(this.postingOfRow[row] ?? index, index);
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
      if (this.isWithinYear(posting, other) && this.isReroll(posting, other)) this.unite(earlier, index);
    }
  }

  /**
   * Whether a posting under a known title is a version of it. A higher number says so; without one, two whole series
   * that have no patch in common are two series with one title (`misc fixes`).
   */
  private isReroll(posting: Posting, earlier: Posting): boolean {
    if (posting.versionStated && posting.version > earlier.version) return true;
    if (missingParts(posting) > 0 || missingParts(earlier) > 0) return true;
    const titles = new Set([...earlier.parts.values()].map((row) => normalTitle(this.table.title(row))));
    return [...posting.parts.values()].some((row) => titles.has(normalTitle(this.table.title(row))));
  }

  /** A stated version over 1 without an earlier one under its title: half of its patches have to be in one. */
  private commonPatches(): void {
    const sizes = new Map<number, number>();
    for (const index of this.postings.keys()) {
      const leader = this.leader(index);
      sizes.set(leader, (sizes.get(leader) ?? 0) + 1);
    }
    const alone = new Set<Posting>();
    for (const [index, posting] of this.postings.entries()) {
      const isAlone = sizes.get(this.leader(index)) === 1;
      if (posting.version > 1 && posting.address !== '' && isAlone) alone.add(posting);
    }
    // Only titles that are asked for are kept: those of a whole archive would be its largest index.
    const byTitle = new Map<string, number[]>();
    for (const posting of alone) {
      for (const title of this.patchKeys(posting)) byTitle.set(title, []);
    }
    /** The last posting of a sender and total in a thread, which one that is alone may replace. */
    const siblings = new Map<string, number>();
    for (const [index, posting] of this.postings.entries()) {
      const titles = this.patchKeys(posting);
      if (alone.has(posting)) {
        this.uniteMostCommon(index, titles, byTitle);
        this.uniteSibling(index, siblings);
      }
      siblings.set(siblingKey(posting), index);
      for (const title of titles) {
        const known = byTitle.get(title);
        if (known !== undefined && known.length < MAX_COMPARED) known.push(index);
      }
    }
  }

  private patchKeys(posting: Posting): string[] {
    const prefix = `${posting.address}\n${backportTags(posting)}\n`;
    return [...posting.parts.values()].map((row) => prefix + normalTitle(this.table.title(row)));
  }

  /** `[PATCH v2] new title` answers the same report as the sender's first patch did. */
  private uniteSibling(index: number, siblings: ReadonlyMap<string, number>): void {
    const posting = this.postings[index];
    const other = posting === undefined ? undefined : siblings.get(siblingKey(posting));
    const earlier = other === undefined ? undefined : this.postings[other];
    if (posting === undefined || other === undefined || earlier === undefined) return;
    const isSameRequest = posting.aboveNode !== null && posting.aboveNode === earlier.aboveNode;
    if (isSameRequest && earlier.version < posting.version) this.unite(other, index);
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
      const isNext = candidate.version + 1 === posting.version;
      const enough = Math.min(titles.length, candidate.parts.size) / 2;
      if (count < (isNext ? Math.min(enough, ENOUGH_COMMON) : enough)) continue;
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
