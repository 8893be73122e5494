/**
 * The findings of a series, followed from patch to patch. The reviews of its patches go in, in the order in which they
 * apply; the same findings come out, each with what becomes of it: which patch introduced it, after which it is gone,
 * which introduces it again. A finding that the series brought in, or that was told of an earlier patch, is not told
 * again as pre-existing.
 *
 * A finding is known again by its fingerprint, through whatever a patch rewrites or moves. Where a file was renamed, or
 * where only hunks are in sight so that another part of the same path shows, it is known by rule, file, function and
 * the text of the line where it happens, as long as only one has these.
 */

import type { Finding, FindingInSeries, SeriesPlace } from '../vocabulary/finding.ts';
import type { FindingTrail } from './review-diff.ts';
import { areAlike } from './same-finding.ts';

/** One patch of a series, reviewed. */
export interface ReviewedPart {
  readonly place: SeriesPlace;
  readonly findings: readonly Finding[];
  readonly trail: FindingTrail;
  /** Files that the patch renames: new paths by old ones. */
  readonly renamed: ReadonlyMap<string, string>;
}

export interface FollowOptions {
  /** Patches behind the last one are not there, so that nobody knows what is left in the end. */
  readonly isCutShort: boolean;
}

/** A finding that the series left behind, or took away, up to some patch. */
interface Followed {
  /** Null for what was there before the series. */
  readonly introducedBy: SeriesPlace | null;
  /** As it was first told. */
  readonly told: Finding;
  /** By now. */
  fingerprint: string;
  path: string;
  goneAfter: SeriesPlace | null;
  /** A later patch changed its file, and its hunks did not show whether the finding is still there. */
  isOutOfSight: boolean;
}

/** The findings of each part, in the order of the parts. */
export function followSeries(
  parts: readonly ReviewedPart[],
  { isCutShort }: FollowOptions,
): readonly (readonly Finding[])[] {
  const chain = new Chain();
  const told = parts.map((part) => chain.take(part));
  return told.map((findings) =>
    findings.map(({ finding, inSeries, followed }) => ({
      ...finding,
      inSeries: followed === null ? inSeries : { ...inSeries, ...endOf(followed, isCutShort) },
    })),
  );
}

function endOf(
  { goneAfter, isOutOfSight }: Followed,
  isCutShort: boolean,
): Pick<FindingInSeries, 'atEnd' | 'goneAfter'> {
  if (goneAfter !== null) return { atEnd: 'gone', goneAfter };
  return { atEnd: isCutShort || isOutOfSight ? 'unknown' : 'there', goneAfter: null };
}

interface Told {
  readonly finding: Finding;
  readonly inSeries: FindingInSeries;
  /** Of an introduced finding. */
  readonly followed: Followed | null;
}

/** What is known between two patches. */
class Chain {
  /** There by now: what the series introduced, and what was there before and has been told. */
  private open: Followed[] = [];
  private readonly gone: Followed[] = [];

  take(part: ReviewedPart): readonly Told[] {
    const { place, findings, trail, renamed } = part;
    for (const one of this.open) one.fingerprint = trail.rewritten.get(one.fingerprint) ?? one.fingerprint;
    for (const one of [...this.open, ...this.gone]) one.path = renamed.get(one.path) ?? one.path;
    for (const fingerprint of trail.removed) {
      this.close(fingerprint, place);
    }
    for (const one of this.open) one.isOutOfSight ||= trail.inHunks.has(one.path);
    // What goes comes first, so that a finding that goes here and comes there is not taken for one that stays.
    const fixed = new Map<Finding, Followed | null>();
    for (const finding of findings) {
      if (finding.status === 'fixed') fixed.set(finding, this.fix(finding, place));
    }
    return findings.flatMap((finding): Told[] => {
      const none = {
        patch: place,
        atEnd: null,
        goneAfter: null,
        introducedBy: null,
        wasGoneAfter: null,
        saidOfVersion: null,
        goneInVersion: null,
      };
      switch (finding.status) {
        case 'fixed': {
          const introducedBy = fixed.get(finding)?.introducedBy ?? null;
          return [{ finding, inSeries: { ...none, introducedBy }, followed: null }];
        }
        case 'pre-existing':
          return this.isKnown(finding) ? [] : [{ finding, inSeries: none, followed: null }];
        case 'introduced': {
          const earlier = this.gone.filter(({ goneAfter }) => goneAfter !== place);
          const before = earlier[find(earlier, finding)];
          const followed = followedOf(finding, place);
          this.open.push(followed);
          const { introducedBy = null, goneAfter: wasGoneAfter = null } = before ?? {};
          return [{ finding, inSeries: { ...none, introducedBy, wasGoneAfter }, followed }];
        }
      }
    });
  }

  /** What the finding was until now; null where the series has not met it. */
  private fix(finding: Finding, place: SeriesPlace): Followed | null {
    const known = this.open[find(this.open, finding)];
    if (known !== undefined) {
      this.close(known.fingerprint, place);
      return known;
    }
    // It was there before the series; a later patch may introduce it again.
    this.gone.push({ ...followedOf(finding, null), goneAfter: place });
    return null;
  }

  private close(fingerprint: string, place: SeriesPlace): void {
    for (const one of this.open) {
      if (one.fingerprint !== fingerprint) continue;
      one.goneAfter = place;
      this.gone.push(one);
    }
    this.open = this.open.filter((one) => one.goneAfter === null);
  }

  /** Whether a pre-existing finding was told before; it counts as told from now on. */
  private isKnown(finding: Finding): boolean {
    const known = this.open[find(this.open, finding)];
    if (known === undefined) {
      this.open.push(followedOf(finding, null));
      return false;
    }
    known.isOutOfSight = false;
    return true;
  }
}

function followedOf(finding: Finding, introducedBy: SeriesPlace | null): Followed {
  const { fingerprint, path } = finding;
  return { introducedBy, told: finding, fingerprint, path, goneAfter: null, isOutOfSight: false };
}

/** The last of them that is this finding; -1 for none. */
function find(known: readonly Followed[], finding: Finding): number {
  const exact = known.findLastIndex(({ fingerprint }) => fingerprint === finding.fingerprint);
  if (exact >= 0) return exact;
  const like = known.flatMap((one, index) => (isLike(one, finding) ? [index] : []));
  return like.length === 1 ? (like[0] ?? -1) : -1;
}

function isLike({ told, path }: Followed, finding: Finding): boolean {
  const isElsewhere = path !== told.path;
  const isInPart = told.sight === 'hunk' || finding.sight === 'hunk';
  return (
    (isElsewhere || isInPart) && areAlike(told, { ...finding, path: told.path }) && finding.path === path
  );
}
