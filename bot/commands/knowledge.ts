/**
 * `patchwitness knowledge list [NAME…]`: what the program knows of kernel functions. `patchwitness knowledge check
 * --tree DIR`: whether a kernel tree agrees.
 */

import { Command, Option } from 'commander';
import { checkTree, type TreeCheck } from '../../analyzers/knowledge/check-tree.ts';
import { NoKernelTree } from '../../analyzers/knowledge/kernel-tree.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { ApiEntry, Knowledge } from '../../analyzers/knowledge/types.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { print } from '../print.ts';

interface Options {
  readonly format: 'text' | 'json';
}

interface CheckOptions extends Options {
  readonly tree: string;
  readonly knowledge?: string;
}

const formatOption = (): Option =>
  new Option('--format <format>', 'form of the output').choices(['text', 'json']).default('text');
const knowledgeOption = (): Option =>
  new Option('--knowledge <directory>', 'YAML files to use in place of those that come with the program');

export function knowledgeCommand(): Command {
  return new Command('knowledge')
    .description('what is known of kernel functions, and whether a kernel tree agrees')
    .addCommand(
      new Command('check')
        .description(
          'compare the knowledge with a kernel tree: names, arguments, masks, methods, source files',
        )
        .addOption(new Option('--tree <directory>', 'a kernel source tree').makeOptionMandatory())
        .addOption(knowledgeOption())
        .addOption(formatOption())
        .addHelpText(
          'after',
          '\nExit status: 0 the tree agrees, 1 it does not, 2 bad usage or no kernel tree, 3 internal error',
        )
        .action(async (options: CheckOptions) => {
          process.exitCode = await check(options);
        }),
    )
    .addCommand(
      new Command('list')
        .description('list what is known, or what is known of some names')
        .argument('[name...]', 'functions; all without one')
        .addOption(knowledgeOption())
        .addOption(formatOption())
        .addHelpText(
          'after',
          '\nExit status: 0 listed, 2 bad usage or a name that is not known, 3 internal error',
        )
        .action(async (names: string[], options: Options & { knowledge?: string }) => {
          process.exitCode = await list(names, options);
        }),
    );
}

async function check({ tree, format, knowledge }: CheckOptions): Promise<ExitStatus> {
  let result: TreeCheck;
  try {
    result = checkTree(loadKnowledge(knowledge), tree);
  } catch (error) {
    if (!(error instanceof NoKernelTree)) throw error;
    process.stderr.write(`patchwitness: ${error.message}\n`);
    return EXIT.unreadable;
  }
  await print(format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : checkText(result));
  return result.problems.length > 0 ? EXIT.findings : EXIT.clean;
}

function checkText({ version, checked, skipped, problems }: TreeCheck): string {
  const lines = problems.map(({ place, name, reason, tree }) => {
    const where = tree === null ? '' : ` (${tree.file}:${tree.line})`;
    return `${place.file}:${place.line}: ${name} ${reason}${where}\n`;
  });
  const verdict = problems.length === 0 ? 'all agree' : `${problems.length} do not agree`;
  return `${lines.join('')}Linux ${version}: ${checked} names checked, ${verdict}; ${skipped} are of other versions\n`;
}

async function list(
  names: readonly string[],
  { format, knowledge: directory }: Options & { knowledge?: string },
): Promise<ExitStatus> {
  const knowledge = loadKnowledge(directory);
  const wanted = names.length === 0 ? [...knowledge.apis.keys()].toSorted() : names;
  const entries = wanted.flatMap((name) => knowledge.apis.get(name) ?? []);
  const unknown = names.filter((name) => !knowledge.apis.has(name));
  if (format === 'json') await print(`${JSON.stringify({ entries, unknown }, null, 2)}\n`);
  else
    await print([...entries.map(entryText), ...unknown.map((name) => unknownText(name, knowledge))].join(''));
  return unknown.length > 0 ? EXIT.unreadable : EXIT.clean;
}

function entryText({ name, effects, arity, since, until, source, note, place }: ApiEntry): string {
  const era = since === null && until === null ? '' : ` [${since ?? ''}..${until ?? ''})`;
  const size = arity === null ? '' : ` with ${arity} arguments`;
  const what = effects.length === 0 ? ['leaves locks and page state alone'] : effects.map(effectText);
  const lines = [
    `${name}${size}${era}`,
    ...what.map((line) => `  ${line}`),
    `  ${place.file}:${place.line}, from ${source}`,
  ];
  if (note !== null) lines.push(`  ${note.trim()}`);
  return `${lines.join('\n')}\n`;
}

/** `acquire page-lock, object 1`: the effect's values with their names, the defaults left out. */
function effectText({ verb, ...values }: ApiEntry['effects'][number]): string {
  const parts = Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    if (value === null || value === false || value === 'always') return [];
    return `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return [verb, ...parts].join(', ');
}

function unknownText(name: string, { harmlessPrefixes, gfpFlags }: Knowledge): string {
  const prefix = harmlessPrefixes.find((one) => name.startsWith(one));
  if (prefix !== undefined) return `${name}: no entry; harmless as all that begins with ${prefix}\n`;
  const mask = gfpFlags.get(name);
  if (mask !== undefined)
    return `${name}: a gfp mask; reclaim ${mask.reclaim}, io ${mask.io}, fs ${mask.fs}\n`;
  return `${name}: not known, so it may do anything to what it is handed\n`;
}
