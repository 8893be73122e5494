/** The process that lints: tasks come in as messages, one at a time, and for each an answer goes out. */

import { z } from 'zod';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { lintFile } from './lint-file.ts';
import type { LintTask } from './lint-files.ts';

const ruleIds = z.array(z.string()).parse(JSON.parse(process.argv[2] ?? ''));
const knowledge = loadKnowledge();
const rules = RULES.filter(({ meta }) => ruleIds.includes(meta.id));

process.on('message', (task: LintTask) => {
  void lintFile(task, knowledge, rules).then((answer) => process.send?.(answer));
});
