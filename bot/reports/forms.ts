/** Forms of a report by the names that `--format` knows them by. */

import type { RuleMeta } from '../../analyzers/rules/types.ts';
import type { ThreadCard } from '../../corpus/threads/load.ts';
import { emacsForm } from './emacs.ts';
import type { FindingForm, FormOf } from './form.ts';
import { htmlForm } from './html/form.ts';
import { junitForm } from './junit.ts';
import { markdownForm } from './markdown.ts';
import { sarifForm } from './sarif.ts';
import { terseForm } from './terse.ts';
import { workflowForm } from './workflow-commands.ts';

/** What text and JSON are not among: these are of one kind each for patches and for files. */
export const FORMS = ['html', 'sarif', 'markdown', 'junit', 'github', 'terse', 'emacs'] as const;

export type FormName = (typeof FORMS)[number];

export interface FormContext {
  readonly command: FormOf;
  readonly version: string;
  /** The rules of the run. */
  readonly rules: readonly RuleMeta[];
  readonly threads: ReadonlyMap<string, ThreadCard>;
  /** Pages of rules by id, in Markdown; read where a form asks for them. */
  readonly pages: () => ReadonlyMap<string, string>;
}

export function makeForm(name: FormName, { pages, ...context }: FormContext): FindingForm {
  switch (name) {
    case 'html':
      return htmlForm(context);
    case 'sarif':
      return sarifForm({ ...context, pages: pages() });
    case 'markdown':
      return markdownForm(context.command, context.threads);
    case 'junit':
      return junitForm(context.threads);
    case 'github':
      return workflowForm(context.threads);
    case 'terse':
      return terseForm();
    case 'emacs':
      return emacsForm();
  }
}
