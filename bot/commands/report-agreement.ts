/** `patchwitness report --agreement`: where the answers to the stored patches say what the findings say. */

import { packageVersion } from '../package.ts';
import { print } from '../print.ts';
import { Progress } from '../progress.ts';
import { agreementJsonReporter } from '../reports/agreement-json.ts';
import { agreementTextReporter } from '../reports/agreement-text.ts';
import { type AgreementCounts, agreement } from '../scan/agreement.ts';
import { AgreementTally } from '../scan/agreement-tally.ts';
import type { ReportFilter } from '../scan/stored-items.ts';
import type { Database } from '../store/database.ts';
import { detailOf, type ReportOptions } from './report-options.ts';

/** Forms in which agreement is told. */
export const AGREEMENT_FORMATS: readonly string[] = ['text', 'json'];

/** Gives back how many series wait for their review. */
export async function reportAgreement(
  database: Database,
  filter: ReportFilter,
  options: Pick<ReportOptions, 'format' | 'quiet' | 'verbose'>,
): Promise<number> {
  const reporter =
    options.format === 'json'
      ? agreementJsonReporter(packageVersion())
      : agreementTextReporter(detailOf(options));
  const progress = new Progress(process.stderr, options.quiet !== true);
  const counts: AgreementCounts = { series: 0, patches: 0, answers: 0, own: 0, robots: 0, waiting: 0 };
  const tally = new AgreementTally();
  await print(reporter.begin());
  for await (const item of agreement(database, filter, counts)) {
    tally.add(item);
    await print(reporter.item(item), progress);
    progress.show(`${counts.series} series, ${counts.answers} answers`);
  }
  progress.clear();
  await print(reporter.end(counts, tally.rows));
  return counts.waiting;
}
