/** Summaries that are kept are those that would be made, whatever has happened to their file. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blobId } from '../../../analyzers/index/blob-id.ts';
import type { GraphFile } from '../../../analyzers/index/call-graph.ts';
import { extractRecord } from '../../../analyzers/index/record.ts';
import { Store } from '../../../analyzers/index/store.ts';
import {
  openTreeFile,
  summariesOf,
  type TreeHandle,
  writeSummaries,
  writeTreeFile,
} from '../../../analyzers/index/tree-file.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { removeTempDirs, tempDir } from '../../corpus/archive/git-oracle.ts';

afterAll(removeTempDirs);

const KNOWLEDGE = loadKnowledge();
const ERA = { from: '3.5', below: '3.6' };

type Texts = Readonly<Record<string, string>>;

function calling(name: string, body: string): string {
  return `int ${name}(struct page *page)\n{\n${body}\treturn 0;\n}\n`;
}

const TEXTS = {
  'fs/demofs/top.c': calling('demofs_top', '\tdemofs_even(page);\n\tdemofs_take(page);\n'),
  'fs/demofs/even.c': calling('demofs_even', '\tif (page->index)\n\t\tdemofs_odd(page);\n'),
  'fs/demofs/odd.c': calling('demofs_odd', '\tkmalloc(64, GFP_KERNEL);\n\tdemofs_even(page);\n'),
  'fs/demofs/take.c': calling('demofs_take', '\tlock_page(page);\n'),
  'fs/demofs/other.c': calling('demofs_other', '\tmsleep(1);\n'),
};

const NAMES = ['demofs_top', 'demofs_even', 'demofs_odd', 'demofs_take', 'demofs_other'];

function indexed(texts: Texts, directory: string): TreeHandle {
  const store = new Store(directory);
  const files = Object.entries(texts).map(([path, text]) => {
    const bytes = Buffer.from(text);
    const key = blobId(bytes);
    store.write([{ key, ...extractRecord(bytes, KNOWLEDGE, RULES) }]);
    return { path, key };
  });
  store.refresh();
  const graph = files.flatMap(({ path, key }): GraphFile[] => {
    const head = store.head(key);
    return head?.state === 'read' ? [{ path, key, head }] : [];
  });
  return writeTreeFile(store, graph, ERA).handle;
}

/** What each function does to its callers. */
function effects(tree: TreeHandle): string[] {
  const summaries = summariesOf(openTreeFile(tree), KNOWLEDGE, RULES);
  return Object.keys(TEXTS).flatMap((path) => NAMES.map((name) => summaries.effect(path, name)));
}

function writeAll(tree: TreeHandle): { made: number; taken: number } {
  const files = openTreeFile(tree);
  let [made, taken] = [0, 0];
  for (const lens of ['io', 'locks', 'data'] as const) {
    const count = writeSummaries(files, lens, KNOWLEDGE, RULES);
    made += count.made;
    taken += count.taken;
  }
  return { made, taken };
}

describe('kept summaries', () => {
  it('are those that are made without them', () => {
    const tree = indexed(TEXTS, tempDir());
    const made = effects(tree);
    expect(made.join()).toContain('alloc');
    // Two of the five functions are one circle.
    expect(writeAll(tree)).toEqual({ made: 12, taken: 0 });
    expect(effects(tree)).toEqual(made);
  });

  it('of another state of the tree serve as far as nothing below has changed', () => {
    const directory = tempDir();
    writeAll(indexed(TEXTS, directory));
    const texts = { ...TEXTS, 'fs/demofs/take.c': calling('demofs_take', '\tunlock_page(page);\n') };
    const tree = indexed(texts, directory);
    const made = effects(tree);
    // Who takes the lock is made anew for each group of rules; its caller where the group looks at locks.
    const { made: anew, taken } = writeAll(tree);
    expect(anew + taken).toBe(12);
    expect(anew).toBeLessThanOrEqual(6);
    expect(taken).toBeGreaterThanOrEqual(6);
    expect(effects(tree)).toEqual(made);
  });

  it('that are damaged are made again', () => {
    const directory = tempDir();
    const tree = indexed(TEXTS, directory);
    const made = effects(tree);
    writeAll(tree);
    for (const name of readdirSync(directory).filter((one) => one.endsWith('.table'))) {
      const bytes = readFileSync(join(directory, name));
      for (const at of [30, bytes.length >> 1, bytes.length - 40]) {
        const damaged = Buffer.from(bytes);
        damaged.fill(0xff, at, at + 8);
        writeFileSync(join(directory, name), damaged);
        expect(effects(tree)).toEqual(made);
      }
      writeFileSync(join(directory, name), bytes.subarray(0, bytes.length - 9));
      expect(effects(tree)).toEqual(made);
    }
  });
});
