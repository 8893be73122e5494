/** The reporter that a form's name stands for, for commands that review patches. */

import type { Rule } from '../../analyzers/rules/types.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { outputColors } from '../colors.ts';
import { packageVersion } from '../package.ts';
import { reviewReporter } from '../reports/form.ts';
import { jsonReporter } from '../reports/json.ts';
import { textReporter } from '../reports/text.ts';
import type { Reporter } from '../reports/types.ts';
import { detailOf, openForm, type ReportOptions } from './report-options.ts';

export function makeReporter(
  format: ReportOptions['format'],
  options: Pick<ReportOptions, 'quiet' | 'verbose'>,
  rules: readonly Rule[],
): Reporter {
  if (format === 'json') return jsonReporter(packageVersion());
  if (format === 'text')
    return textReporter({ colors: outputColors(), threads: loadThreadCards(), detail: detailOf(options) });
  return reviewReporter(openForm(format, 'review', rules));
}
