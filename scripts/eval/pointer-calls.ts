/**
 * `npm run eval -- pointer-calls LINUX [--index PATH]… [--under PATH]… [--count N] [--seed N]`: draws calls through members
 * (`ops->begin(x)`) from the C files at and below the paths of `--under`, and prints of each, one line of JSON: where it
 * stands, its code, whom the call graph takes it for, and the functions that the indexed files put into members of that
 * name, for a reader to judge. The calls are found as text, comments left out: what this program sees as a call decides nothing.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CallGraph, type FunctionId, type GraphFile } from '../../analyzers/index/call-graph.ts';
import { indexDirectory, Store, storeDirectory } from '../../analyzers/index/store.ts';
import { openTree } from '../../analyzers/source/open-tree.ts';
import { sourceText } from '../../analyzers/source/text.ts';
import { indexTree } from '../../bot/pipeline/index-tree.ts';
import { draw } from './front-end/draw.ts';
import { Source } from './mutants/source.ts';

interface MemberCall {
  readonly path: string;
  readonly line: number;
  readonly slot: string;
  readonly code: string;
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      index: { type: 'string', multiple: true, default: ['fs', 'mm', 'block'] },
      under: { type: 'string', multiple: true, default: ['fs/ext4', 'fs/btrfs', 'mm'] },
      count: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [linux] = positionals;
  if (linux === undefined) {
    process.stderr.write('pointer-calls: no tree; see the head of scripts/eval/pointer-calls.ts\n');
    return 2;
  }
  const files = await indexed(linux, values.index);
  const graph = new CallGraph(files);
  const drawn = draw(
    files
      .filter(({ path }) => path.endsWith('.c') && isUnder(path, values.under))
      .flatMap((file) => callsOf(linux, file)),
    Number(values.count),
    Number(values.seed),
  );
  for (const call of drawn)
    process.stdout.write(`${JSON.stringify({ ...call, ...answer(call, graph, files) })}\n`);
  return 0;
}

async function indexed(linux: string, paths: readonly string[]): Promise<readonly GraphFile[]> {
  const tree = await openTree(linux);
  try {
    const store = new Store(storeDirectory(indexDirectory()));
    const signal = new AbortController().signal;
    const { files } = await indexTree(tree, store, {
      name: linux,
      paths,
      jobs: 2,
      signal,
      onProgress: () => undefined,
    });
    return files;
  } finally {
    await tree.close();
  }
}

function isUnder(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`)) && !path.includes('/tests/');
}

const MEMBER_CALL = /(?:->|\.)\s*([a-z_]\w*)\s*\(/g;

function callsOf(linux: string, { path }: GraphFile): MemberCall[] {
  const source = sourceText(readFileSync(join(linux, path))) ?? '';
  const lines = source.split('\n');
  const code = new Source(source).bare;
  return [...code.matchAll(MEMBER_CALL)].map(({ index, 1: slot = '' }): MemberCall => {
    const line = code.slice(0, index).split('\n').length;
    return { path, line, slot, code: (lines[line - 1] ?? '').trim() };
  });
}

/** `known` says what the knowledge does of such calls, which the graph is then not asked about. */
function answer(
  { path, line, slot }: MemberCall,
  graph: CallGraph,
  files: readonly GraphFile[],
): {
  readonly function: string | null;
  readonly answers: readonly string[] | 'known';
  readonly standing: readonly string[];
} {
  const caller = graph.functionsOf(path).findLast((one) => one.line <= line);
  const methods = caller?.methods.filter((method) => method.slot === slot) ?? [];
  const found = methods.map((method) => graph.resolveMethod(path, method));
  const standing = files.flatMap((file) =>
    file.head.slots
      .filter((one) => one.slot === slot)
      .map((one) => `${file.path}: ${one.function} of ${one.structType ?? '?'}`),
  );
  return {
    function: caller?.name ?? null,
    answers: methods.length === 0 ? 'known' : found.map((id) => (id === null ? 'nobody' : named(graph, id))),
    standing,
  };
}

function named(graph: CallGraph, id: FunctionId): string {
  return `${graph.pathOf(id)}: ${graph.at(id).head.name}`;
}
