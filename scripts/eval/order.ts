/**
 * `npm run eval -- order --tree LINUX …`: our control-flow graphs beside clang's.
 *
 *     --tree DIR      a kernel tree with a configuration, after `make prepare modules_prepare`
 *     --functions N   how many functions (300), at most five of a file
 *     --seed S        which ones (1)
 *     --clang PATH    the compiler (clang)
 *     --list          each function that differs, with the pairs that only one side has
 *
 * Files of fs, mm and block are drawn until so many functions are compared. A function is taken if clang's
 * configuration compiles it, if no preprocessor line stands in it, and if both see at least two calls.
 * Compared is the relation "call A can be directly followed by call B" over the calls that both see.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calleeName } from '../../analyzers/c/callee.ts';
import type { Block, Graph } from '../../analyzers/c/graph.ts';
import type { CallExpr } from '../../analyzers/c/syntax.ts';
import { type CodeUnit, unitsOfFile } from '../../analyzers/c/units.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { knownEffects } from '../../analyzers/knowledge/lookup.ts';
import { draw } from './front-end/draw.ts';
import { filesBelow } from './front-end/sources.ts';
import { clangGraphs } from './order/clang-graph.ts';
import { type CallBlock, type CallGraphOfFunction, followPairs } from './order/follow.ts';

const FUNCTIONS_PER_FILE = 5;

const knowledge = loadKnowledge();

interface Compared {
  readonly name: string;
  readonly onlyOurs: readonly string[];
  readonly onlyClang: readonly string[];
  readonly pairs: number;
}

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tree: { type: 'string' },
      functions: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      clang: { type: 'string', default: 'clang' },
      list: { type: 'boolean', default: false },
    },
  });
  const { tree, clang } = values;
  if (tree === undefined) {
    process.stderr.write('order: --tree is missing; see the head of scripts/eval/order.ts\n');
    return 2;
  }
  const seed = Number(values.seed);
  const wanted = Number(values.functions);
  const all = ['fs', 'mm', 'block'].flatMap((folder) =>
    filesBelow(join(tree, folder)).map(({ name }) => name),
  );
  const compared: Compared[] = [];
  let refused = 0;
  let files = 0;
  for (const file of shuffled(all, seed)) {
    if (compared.length >= wanted) break;
    const units = unitsOfFile(readFileSync(join(tree, file), 'utf8')).filter(isPlain);
    if (units.length === 0) continue;
    const theirs = clangGraphs(clang, tree, file);
    if (theirs === null) {
      refused++;
      continue;
    }
    files++;
    const found = units.flatMap((unit) => compareUnit(unit, theirs.get(unit.name ?? ''), file));
    compared.push(...draw(found, FUNCTIONS_PER_FILE, seed).slice(0, wanted - compared.length));
  }
  const different = compared.filter(({ onlyOurs, onlyClang }) => onlyOurs.length + onlyClang.length > 0);
  if (values.list) {
    for (const { name, onlyOurs, onlyClang } of different) {
      say(name);
      for (const pair of onlyOurs) say(`    ours   ${pair}`);
      for (const pair of onlyClang) say(`    clang  ${pair}`);
    }
  }
  const pairs = compared.reduce((sum, one) => sum + one.pairs, 0);
  const ours = compared.reduce((sum, one) => sum + one.onlyOurs.length, 0);
  const theirs = compared.reduce((sum, one) => sum + one.onlyClang.length, 0);
  say(`files                            ${files}, and ${refused} that the configuration does not compile`);
  say(`functions                        ${compared.length}`);
  say(`  with the same relation         ${compared.length - different.length}`);
  say(`pairs of calls that both have    ${pairs}`);
  say(`  that only we have              ${ours}`);
  say(`  that only clang has            ${theirs}`);
  return compared.length < wanted ? 1 : 0;
}

/** All items in an order that the seed decides. */
function shuffled(items: readonly string[], seed: number): string[] {
  const rank = new Map<string, number>();
  const MODULUS = 2_147_483_647;
  let state = (seed % MODULUS) + 1;
  for (const item of items) {
    // Park and Miller's generator.
    state = (state * 48_271) % MODULUS;
    rank.set(item, state);
  }
  return items.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

/** A function that is the same in every configuration. */
function isPlain(unit: CodeUnit): boolean {
  const lines = unit.text.split('\n').slice(unit.startLine - 1, unit.endLine);
  return unit.unreadable === 0 && !lines.some((line) => /^\s*#/.test(line));
}

function namesIn(graph: CallGraphOfFunction): Set<string> {
  return new Set(graph.blocks.flatMap(({ calls }) => calls));
}

function compareUnit(unit: CodeUnit, theirs: CallGraphOfFunction | undefined, file: string): Compared[] {
  if (theirs === undefined) return [];
  const ours = ourGraph(unit.graph);
  const inClang = namesIn(theirs);
  const both = [...namesIn(ours)].filter((name) => inClang.has(name));
  if (both.length < 2) return [];
  const isSeen = (name: string): boolean => both.includes(name);
  const ourPairs = followPairs(ours, isSeen);
  const clangPairs = followPairs(theirs, isSeen);
  return [
    {
      name: `${file}:${unit.startLine}: ${unit.name ?? ''}`,
      onlyOurs: [...ourPairs].filter((pair) => !clangPairs.has(pair)).toSorted(),
      onlyClang: [...clangPairs].filter((pair) => !ourPairs.has(pair)).toSorted(),
      pairs: [...ourPairs].filter((pair) => clangPairs.has(pair)).length,
    },
  ];
}

/** Our graph, ended where the knowledge says that a call does not come back. */
function ourGraph(graph: Graph): CallGraphOfFunction {
  return { blocks: graph.blocks.map(ourBlock), entry: graph.entry };
}

function ourBlock({ operations, jump }: Block): CallBlock {
  const calls: string[] = [];
  for (const operation of operations) {
    if (operation.kind !== 'call') continue;
    const name = calleeName(operation.call);
    if (name !== null) calls.push(name);
    if (stops(operation.call)) return { calls, next: [], returns: false };
  }
  switch (jump.kind) {
    case 'goto':
      return { calls, next: [jump.to], returns: false };
    case 'branch':
      return { calls, next: [jump.whenTrue, jump.whenFalse], returns: false };
    case 'choose':
      return { calls, next: jump.to, returns: false };
    case 'return':
    case 'leave':
      return { calls, next: [], returns: true };
  }
}

function stops(call: CallExpr): boolean {
  const name = calleeName(call);
  const effects = name === null ? null : knownEffects(knowledge, name, call.args.length);
  return effects?.some(({ verb }) => verb === 'stop') === true;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
