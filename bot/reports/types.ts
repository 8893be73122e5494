/** What every report format offers: pure functions from review items to text, called as the items come. */

import type { PatchReport, ReviewSummary, Unread } from '../pipeline/types.ts';

export interface Reporter {
  /** Text in front of everything. */
  begin(): string;
  /** Text for one patch; empty where there is nothing to say. */
  patch(report: PatchReport): string;
  unread(unread: Unread): string;
  /** Text behind everything. */
  end(summary: ReviewSummary): string;
}
