/**
 * `npm run eval -- front-end …`: how much of real C is read without an error node.
 *
 *     --tree DIR…                            C files below a directory; may be repeated
 *     --repository GIT --rev REV… --under D… files of revisions instead
 *     --draw N --seed S                      only N files of them, drawn with a seed
 *     --list                                 the first line of each bad function, of each error outside of functions
 *     --ctags                                the set of functions beside universal-ctags'
 *
 * Prints a table and ends with status 1 when less than `--floor` (default 99.8) per cent of the functions are clean.
 */

import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { compareWithTags, functionTags } from './front-end/ctags.ts';
import { draw } from './front-end/draw.ts';
import { type ErrorNode, findErrors } from './front-end/error-nodes.ts';
import { filesBelow, filesOfRevision, type Source } from './front-end/sources.ts';

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tree: { type: 'string', multiple: true, default: [] },
      repository: { type: 'string' },
      rev: { type: 'string', multiple: true, default: [] },
      under: { type: 'string', multiple: true, default: [] },
      draw: { type: 'string' },
      seed: { type: 'string', default: '1' },
      floor: { type: 'string', default: '99.8' },
      list: { type: 'boolean', default: false },
      ctags: { type: 'boolean', default: false },
    },
  });
  const { repository } = values;
  const all =
    repository === undefined
      ? values.tree.flatMap(filesBelow)
      : values.rev.flatMap((revision) => filesOfRevision(repository, revision, values.under));
  const sources = values.draw === undefined ? all : draw(all, Number(values.draw), Number(values.seed));
  if (sources.length === 0) {
    process.stderr.write('front-end: nothing to do; see the head of scripts/eval/front-end.ts\n');
    return 2;
  }
  if (values.ctags) await compareSets(sources);
  else return (await countErrors(sources, values.list)) >= Number(values.floor) ? 0 : 1;
  return 0;
}

/** Prints the counts; returns the share of functions without an error node, in per cent. */
async function countErrors(sources: readonly Source[], isListed: boolean): Promise<number> {
  let functions = 0;
  let badFiles = 0;
  const bad = { body: 0, header: 0, outside: 0 };
  const list = (kind: keyof typeof bad, source: Source, errors: readonly ErrorNode[]): void => {
    bad[kind] += errors.length;
    if (!isListed) return;
    for (const { line, text } of errors) say(`${kind}\t${source.name}:${line}\t${text}`);
  };
  for (const [index, source] of sources.entries()) {
    const found = findErrors(source.read());
    functions += found.functions;
    list('body', source, found.inBodies);
    list('header', source, found.inHeaders);
    list('outside', source, found.outside);
    if (found.inBodies.length + found.inHeaders.length + found.outside.length > 0) badFiles++;
    await freeTrees(index);
  }
  const share = (100 * (functions - bad.body)) / functions;
  say(`files                                  ${sources.length}`);
  say(`  with any error node                  ${badFiles}`);
  say(`functions                              ${functions}`);
  say(`  with an error node in the body       ${bad.body}`);
  say(`  with one in the header only          ${bad.header}`);
  say(`error nodes outside of functions       ${bad.outside}`);
  say(`functions with no error in their body  ${share.toFixed(3)} %`);
  return share;
}

async function compareSets(sources: readonly Source[]): Promise<void> {
  const tags = functionTags(sources.flatMap(({ path }) => path ?? []));
  const count = { both: 0, ours: 0, ctags: 0 };
  for (const [index, source] of sources.entries()) {
    const { both, onlyOurs, onlyCtags } = compareWithTags(source.read(), tags.get(source.path ?? '') ?? []);
    for (const { name, line } of onlyOurs) say(`ours\t${source.name}:${line}\t${name}`);
    for (const { name, line } of onlyCtags) say(`ctags\t${source.name}:${line}\t${name}`);
    count.both += both;
    count.ours += onlyOurs.length;
    count.ctags += onlyCtags.length;
    await freeTrees(index);
  }
  say(`functions of both        ${count.both}`);
  say(`only ours                ${count.ours}`);
  say(`only universal-ctags'    ${count.ctags}`);
}

/** Parsed trees wait for the collector and for a turn of the event loop. */
async function freeTrees(index: number): Promise<void> {
  if (index % FILES_PER_TURN === 0) await setImmediate();
}

const FILES_PER_TURN = 25;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
