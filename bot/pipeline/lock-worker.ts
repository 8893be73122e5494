/** The process that looks at what is done under locks: functions of an indexed tree come in as numbers, their uses go out. */

import { z } from 'zod';
import { LockNames } from '../../analyzers/index/lock-names.ts';
import { lockUsesOf } from '../../analyzers/index/lock-uses.ts';
import { openTreeFile, summariesOf } from '../../analyzers/index/tree-file.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { classesOf } from '../../analyzers/vocabulary/lock.ts';
import { LOCK_RULES } from './lock-rules.ts';
import type { LockAnswer, LockTask } from './lock-tables.ts';

const handle = z.object({ directory: z.string(), name: z.string() }).parse(JSON.parse(process.argv[2] ?? ''));
const knowledge = loadKnowledge();
const indexed = openTreeFile(handle);
const names = new LockNames(indexed.files);
const summaries = summariesOf(indexed, knowledge, LOCK_RULES);
const { graph } = summaries;
const lockClasses = classesOf(knowledge.lockClasses, indexed.era);

function answer({ from, to }: LockTask): LockAnswer {
  const holders: LockAnswer['holders'][number][] = [];
  for (let id = from; id < to; id++) {
    const exploration = summaries.explore(id);
    if (exploration === null) continue;
    const { file, head } = graph.at(id);
    for (const use of lockUsesOf(exploration, { path: file.path, names, lockClasses })) {
      holders.push({ ...use, function: head.name, path: file.path });
    }
  }
  return { holders };
}

process.on('message', (task: LockTask) => {
  process.send?.(answer(task));
});
