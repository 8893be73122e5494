/** The process that reviews series: tasks come in as messages, one at a time, and for each an answer goes out. */

import { Command } from 'commander';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import type { RawMessage } from '../../corpus/archive/types.ts';
import { type ReviewMeans, withReviewMeans } from '../commands/review-inputs.ts';
import { defectText } from '../defect.ts';
import type { PatchJob } from '../pipeline/patch-job.ts';
import type { ReviewOptions } from '../pipeline/review-run.ts';
import { reviewSeries } from '../pipeline/review-series.ts';
import { readMail } from './read-mail.ts';
import type { ReviewAnswer, ReviewSetting, ReviewTask, TaskMail } from './review-task.ts';

// Whoever stops the scan by its terminal stops all of its processes: what is under way is ended by the one that asked for it.
process.on('SIGTERM', () => undefined).on('SIGINT', () => undefined);

const { rules: ids, inputs }: ReviewSetting = JSON.parse(process.argv[2] ?? '{}');
const rules = RULES.filter(({ meta }) => ids.includes(meta.id));

await withReviewMeans(
  { ...inputs, reverse: false, minConfidence: 'advice' },
  rules,
  new Command('scan'),
  async (means) => {
    const options = optionsOf(means);
    process.on('message', (task: ReviewTask) => {
      void review(task, options).then((answer) => process.send?.(answer));
    });
    await new Promise((gone) => {
      process.once('disconnect', gone);
    });
  },
);
process.exit();

function optionsOf({ bases, functions }: ReviewMeans): ReviewOptions {
  return {
    knowledge: loadKnowledge(),
    rules,
    reverse: false,
    ...(bases === undefined ? {} : { bases }),
    ...(functions === null ? {} : { functions }),
  };
}

async function review(task: ReviewTask, options: ReviewOptions): Promise<ReviewAnswer> {
  const { title, baseCommit } = task;
  const steps = [];
  for (const { mail, part, total } of task.steps) {
    const patch = await jobOf(mail);
    if (patch !== null) steps.push({ patch, place: { part, total, commit: null }, isCarried: false });
  }
  const earlier = [];
  for (const mail of task.earlier) {
    const job = await jobOf(mail);
    if (job !== null) earlier.push(job);
  }
  const { patches, unread, defects } = await reviewSeries({ title, baseCommit, steps, earlier }, options);
  return {
    patches: patches.map(({ part, report }) => {
      const { cFiles, headerFiles, functions, userspaceTree, base, repairs } = report;
      return { part, cFiles, headerFiles, functions, userspaceTree, base, repairs };
    }),
    findings: patches.flatMap(({ part, report }) => report.findings.map((finding) => ({ part, finding }))),
    unread: unread.map(({ part, unread: { path, line, reason } }) => ({ part, path, line, reason })),
    defects: defects.map(defectText),
  };
}

async function jobOf({ source, index, bytes }: TaskMail): Promise<PatchJob | null> {
  const raw: RawMessage = { type: 'message', source, index, form: 'mail', bytes: Buffer.from(bytes) };
  return (await readMail(raw)).mail?.job ?? null;
}
