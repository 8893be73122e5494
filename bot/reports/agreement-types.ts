/** What a form of the agreement report offers: pure functions, called as the items come. */

import type { AgreementCounts, HumanObjection, JudgedFinding } from '../scan/agreement.ts';
import type { AgreementRow } from '../scan/agreement-tally.ts';

export interface AgreementReporter {
  begin(): string;
  item(item: JudgedFinding | HumanObjection): string;
  end(counts: AgreementCounts, rows: readonly AgreementRow[]): string;
}
