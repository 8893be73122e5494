/** Reviews one series whose patches are known: no archive to find them in, no other versions, nobody who calls findings wrong. */

import { BeyondMails } from './beyond-hunks.ts';
import { followPatches } from './follow-patches.ts';
import { ClaimJudge } from './judge-claims.ts';
import type { PatchJob } from './patch-job.ts';
import type { HeldPatch } from './review-batch.ts';
import { baseOf, type ReviewOptions, reviewRun } from './review-run.ts';
import type { SeriesStep } from './series-order.ts';
import type { PatchReport, ReviewItem, Unread } from './types.ts';

export interface SeriesPatches {
  readonly title: string;
  /** The commit that the series names. */
  readonly baseCommit: string | null;
  readonly steps: readonly SeriesStep<PatchJob>[];
  /** Patches of the same thread that were posted before. */
  readonly earlier: readonly PatchJob[];
}

export interface SeriesReview {
  readonly patches: readonly { readonly part: number; readonly report: PatchReport }[];
  /** `part` is that of the patch; 0 for what is not read of the base. */
  readonly unread: readonly { readonly part: number; readonly unread: Unread }[];
  /** What the program itself failed on. */
  readonly defects: readonly unknown[];
}

/** Never throws for what the mails hold. */
export async function reviewSeries(series: SeriesPatches, options: ReviewOptions): Promise<SeriesReview> {
  const mails = new BeyondMails(options.functions ?? null);
  // What these touch need not do any more what it did in a kernel of that time.
  for (const job of series.earlier) mails.of(job, job.patch.diff);
  const { steps, title, baseCommit } = series;
  const base = await done(baseOf({ series: { title, baseCommit }, steps }, options));
  const run = await done(reviewRun({ steps }, base.value, options, mails));
  const nobody = new ClaimJudge([], [], new Set());
  const { reports } = followPatches([{ series: null, steps: run.value.steps }], {
    judge: nobody,
    minConfidence: 'advice',
  });
  const held = run.value.held.map((patch, index) => ({ part: steps[index]?.place.part ?? 0, patch }));
  return {
    patches: held.flatMap(({ part, patch: { patch } }) =>
      patch === null ? [] : [{ part, report: reports.get(patch) ?? patch.report }],
    ),
    unread: [...unreadOf(0, base.items), ...held.flatMap(({ part, patch }) => unreadOf(part, patch.items))],
    defects: held.flatMap(({ patch }) => defectsOf(patch)),
  };
}

/** All that a generator gives, and what it ends with. */
async function done<Item, Result>(
  generator: AsyncGenerator<Item, Result>,
): Promise<{ readonly items: readonly Item[]; readonly value: Result }> {
  const items: Item[] = [];
  for (;;) {
    const next = await generator.next();
    if (next.done === true) return { items, value: next.value };
    items.push(next.value);
  }
}

function unreadOf(part: number, items: readonly ReviewItem[]): readonly { part: number; unread: Unread }[] {
  return items.flatMap((item) =>
    item.kind === 'unread' || item.kind === 'defect' ? [{ part, unread: item.unread }] : [],
  );
}

function defectsOf({ items }: HeldPatch): readonly unknown[] {
  return items.flatMap((item) => (item.kind === 'defect' ? [item.error] : []));
}
