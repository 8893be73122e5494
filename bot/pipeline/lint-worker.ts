/** The thread that lints: tasks come in as messages, one at a time, and for each an answer goes out. */

import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { lintFile } from './lint-file.ts';
import type { LintTask } from './lint-files.ts';

const { ruleIds } = z.object({ ruleIds: z.array(z.string()) }).parse(workerData);
const knowledge = loadKnowledge();
const rules = RULES.filter(({ meta }) => ruleIds.includes(meta.id));

parentPort?.on('message', (task: LintTask) => {
  void lintFile(task, knowledge, rules).then((answer) => parentPort?.postMessage(answer));
});
