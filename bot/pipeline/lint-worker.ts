/** The process that lints: tasks come in as messages, one at a time, and for each an answer goes out. */

import { z } from 'zod';
import { openTreeFile, summariesOf } from '../../analyzers/index/tree-file.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { lintFile } from './lint-file.ts';
import type { LintTask } from './lint-files.ts';

const { rules: ids, index } = z
  .object({
    rules: z.array(z.string()),
    index: z.object({ directory: z.string(), name: z.string() }).nullable(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const knowledge = loadKnowledge();
const rules = RULES.filter(({ meta }) => ids.includes(meta.id));
const tree = index === null ? null : summariesOf(openTreeFile(index), knowledge, rules);

process.on('message', (task: LintTask) => {
  void lintFile(task, knowledge, rules, tree).then((answer) => process.send?.(answer));
});
