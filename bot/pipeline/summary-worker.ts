/** The process that summarises: groups of rules come in as messages, the table of each goes into the store, an answer out. */

import { z } from 'zod';
import { openTreeFile, writeSummaries } from '../../analyzers/index/tree-file.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import type { SummariseTask } from './summarise-tree.ts';

const { tree, rules: ids } = z
  .object({ tree: z.object({ directory: z.string(), name: z.string() }), rules: z.array(z.string()) })
  .parse(JSON.parse(process.argv[2] ?? ''));
const rules = RULES.filter(({ meta }) => ids.includes(meta.id));
const files = openTreeFile(tree);

process.on('message', ({ lens }: SummariseTask) => {
  process.send?.(writeSummaries(files, lens, loadKnowledge(), rules));
});
