/** What the page of a posting shows, read from the database: as much of it as a page can hold. */

import type { FileDiff } from '../../analyzers/diff/types.ts';
import type { Reply } from '../../corpus/series/types.ts';
import type { PatchReport } from '../pipeline/types.ts';
import { type VersionRow, versionsOf } from '../scan/queries.ts';
import { mailsOf } from '../scan/stored-mails.ts';
import { storedSeries, type ToldPatch, type ToldSeries } from '../scan/stored-series.ts';
import { patchIn, type ToldMail, textOf, toldMails } from '../scan/told-mails.ts';
import type { Executor } from '../store/database.ts';
import { diffExcerpt } from './diff-excerpt.ts';

/** Lines of diff on the page of a series, and on that of one patch. */
const MAX_LINES = 2_000;
const MAX_LINES_ALONE = 4_000;

/** Patches that are shown on the page of a series, and bytes of their packed mails: reading them takes the most time. */
const MAX_PATCHES = 10;
const MAX_BYTES = 100_000;

/** Of a cover letter. */
const MAX_TEXT = 20_000;

/** Of a series; its thread has them all. */
const MAX_REPLIES = 200;

export interface PatchView {
  readonly told: ToldPatch;
  readonly report: PatchReport;
  /** Null where the page has no room for it. */
  readonly diff: { readonly files: readonly FileDiff[]; readonly left: number } | null;
}

export interface ReplyView {
  readonly part: number;
  readonly reply: Reply;
  readonly mail: ToldMail;
}

export interface SeriesView {
  readonly told: ToldSeries;
  /** The only patch that is shown; null for all of them. */
  readonly part: number | null;
  readonly versions: readonly VersionRow[];
  /** Text of the cover letter. */
  readonly cover: string | null;
  readonly patches: readonly PatchView[];
  readonly replies: readonly ReplyView[];
  readonly moreReplies: number;
}

/** Null where there is no such posting, or no such patch in it. */
export async function seriesView(
  executor: Executor,
  id: string,
  part: number | null,
): Promise<SeriesView | null> {
  const told = await storedSeries(executor, id);
  if (told === null) return null;
  const wanted = told.patches.filter(({ patch }) => part === null || patch.part === part);
  if (part !== null && wanted.length === 0) return null;
  return {
    told,
    part,
    versions: await versionsOf(executor, id),
    cover: part === null ? await coverText(executor, told) : null,
    patches: await patchViews(executor, told, wanted, part !== null),
    ...(await repliesOf(executor, told, part)),
  };
}

async function coverText(executor: Executor, { series }: ToldSeries): Promise<string | null> {
  const number = series.cover?.message ?? -1;
  const stored = (await mailsOf(executor, [number])).get(number);
  const text = stored === undefined ? null : await textOf(stored);
  return text !== null && text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** Those with findings get their room first; `isAlone` is read whatever its size. */
async function patchViews(
  executor: Executor,
  { series }: ToldSeries,
  patches: readonly ToldPatch[],
  isAlone: boolean,
): Promise<readonly PatchView[]> {
  const sizes = await packedSizes(executor, patches);
  const views = new Map<ToldPatch, PatchView>();
  let [lines, bytes, count] = [isAlone ? MAX_LINES_ALONE : MAX_LINES, MAX_BYTES, 0];
  for (const told of patches.toSorted((a, b) => Number(hasFindings(b)) - Number(hasFindings(a)))) {
    const report = told.report ?? unreviewed(told.mail);
    bytes -= sizes.get(told.mail.id) ?? 0;
    count++;
    if (!isAlone && (bytes < 0 || lines <= 0 || count > MAX_PATCHES)) {
      views.set(told, { told, report, diff: null });
      continue;
    }
    const files = await filesIn(executor, told.mail.id);
    const diff = diffExcerpt(files, report.findings, lines);
    for (const { hunks } of diff.files) for (const hunk of hunks) lines -= hunk.lines.length;
    const { id, title, version } = series;
    const context = { series: { id, title, version }, files: diff.files };
    views.set(told, { told, report: { ...report, context }, diff });
  }
  return patches.flatMap((told) => views.get(told) ?? []);
}

function hasFindings({ report }: ToldPatch): boolean {
  return (report?.findings.length ?? 0) > 0;
}

async function packedSizes(
  executor: Executor,
  patches: readonly ToldPatch[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await executor.query<{ id: number; size: number }>(
    'SELECT id, octet_length(bytes) AS size FROM patchwitness.mail WHERE id = ANY($1::int[])',
    [patches.map(({ mail }) => mail.id)],
  );
  return new Map(rows.map(({ id, size }) => [id, size]));
}

async function filesIn(executor: Executor, mail: number): Promise<readonly FileDiff[]> {
  const stored = (await mailsOf(executor, [mail])).get(mail);
  return stored === undefined ? [] : ((await patchIn(stored))?.files ?? []);
}

/** What is known of a patch that nobody has looked at. */
function unreviewed({
  messageId,
  source,
  position,
  subject,
  from,
  author,
  date,
  ...counts
}: ToldMail): PatchReport {
  const mail = { source, message: position, isMail: true, messageId, commit: null, subject };
  const { cFiles, headerFiles } = counts;
  const nothing = { functions: 0, userspaceTree: null, base: null, repairs: [], findings: [] };
  return { ...mail, from, author, date, cFiles, headerFiles, ...nothing };
}

async function repliesOf(
  executor: Executor,
  { series: { cover, patches } }: ToldSeries,
  part: number | null,
): Promise<Pick<SeriesView, 'replies' | 'moreReplies'>> {
  const parts = (cover === null ? patches : [cover, ...patches]).filter(
    (one) => part === null || one.part === part,
  );
  const all = parts.flatMap((one) => one.replies.map((reply) => ({ part: one.part, reply })));
  const shown = all.slice(0, MAX_REPLIES);
  const mails = await toldMails(
    executor,
    shown.map(({ reply }) => reply.message),
  );
  const replies = shown.flatMap((one): ReplyView[] => {
    const mail = mails.get(one.reply.message);
    return mail === undefined ? [] : [{ ...one, mail }];
  });
  return { replies, moreReplies: all.length - shown.length };
}
