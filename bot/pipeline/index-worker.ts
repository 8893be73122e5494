/**
 * The process that extracts: batches of files come in as messages, their records go into the store, and an answer goes
 * out that says how it went with each file.
 */

import { z } from 'zod';
import { blobId } from '../../analyzers/index/blob-id.ts';
import type { KeyedRecord } from '../../analyzers/index/pack-file.ts';
import { extractRecord } from '../../analyzers/index/record.ts';
import { Store } from '../../analyzers/index/store.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { openTree } from '../../analyzers/source/open-tree.ts';
import type { SourceTree } from '../../analyzers/source/types.ts';
import type { ExtractAnswer, Extracted, ExtractTask } from './index-tree.ts';

const { tree: name, directory } = z
  .object({ tree: z.string(), directory: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''));
const knowledge = loadKnowledge();
const store = new Store(directory);
const opened = openTree(name);

async function extract(tree: SourceTree, path: string, records: KeyedRecord[]): Promise<Extracted> {
  const file = await tree.read(path);
  switch (file.state) {
    case 'absent':
      return { path, key: null, reason: 'no such file or directory', isDefect: false };
    case 'refused':
      return { path, key: null, reason: file.reason, isDefect: false };
    case 'read':
  }
  // What is read now counts, even if it was something else when the list was made.
  const key = blobId(file.bytes);
  try {
    records.push({ key, ...extractRecord(file.bytes, knowledge, RULES) });
    return { path, key, reason: null, isDefect: false };
  } catch (error) {
    return {
      path,
      key: null,
      reason: error instanceof Error ? error.message : String(error),
      isDefect: true,
    };
  }
}

async function work({ paths }: ExtractTask): Promise<ExtractAnswer> {
  const tree = await opened;
  const records: KeyedRecord[] = [];
  const files: Extracted[] = [];
  for (const path of paths) files.push(await extract(tree, path, records));
  store.write(records);
  return { files };
}

process.on('message', (task: ExtractTask) => {
  void work(task).then((answer) => process.send?.(answer));
});
