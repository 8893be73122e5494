/**
 * `npm run eval -- cases-make --repo KEY=DIR… --out DIR [--list FILE]`: makes folders of the labelled commits of a
 * list (`cases/cases.yml` unless told otherwise), for `npm run eval -- cases DIR`:
 *
 *     DIR/<id>/case.json    id, kind, rules, amended, path, function, visible, disputed
 *     DIR/<id>/fix.patch    the commit as git format-patch prints it
 *     DIR/<id>/pre/<path>   the touched files before the commit, DIR/<id>/post/<path> behind it
 *
 * Each is checked: the file and the function are there before the commit, and the commit touches the function. What
 * cannot be made or does not hold is said, and the exit status is then 1.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { unitsOfFile } from '../../analyzers/c/units.ts';
import { hunkImage } from '../../analyzers/diff/image.ts';
import { parseDiff } from '../../analyzers/diff/parse.ts';
import type { FileDiff } from '../../analyzers/diff/types.ts';
import { isTouched } from '../../analyzers/review/pair-units.ts';
import { type LabelledCase, type ListedCase, readList } from './cases/case.ts';

const LIST = join(import.meta.dirname, 'cases', 'cases.yml');

/** The greatest file of a kernel has some 20 MB. */
const MAX_FILE = 64 * 1024 * 1024;

/** What somebody's git configuration could change. */
const PLAIN = ['--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/', '-U3'];

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      list: { type: 'string', default: LIST },
      repo: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
    },
  });
  const { out } = values;
  const repositories = new Map(
    values.repo.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  );
  if (out === undefined || repositories.size === 0) {
    process.stderr.write('cases-make: nothing to do; see the head of scripts/eval/cases-make.ts\n');
    return 2;
  }
  const made = { positive: 0, negative: 0 };
  const cases = readList(values.list);
  for (const one of cases) {
    const problem = make(one, repositories, out);
    if (problem === null) made[one.kind]++;
    else say(`${one.id} ${problem}`);
  }
  for (const kind of ['positive', 'negative'] as const) {
    say(`${kind} cases made  ${made[kind]} of ${cases.filter((one) => one.kind === kind).length}`);
  }
  return made.positive + made.negative === cases.length ? 0 : 1;
}

/** Writes the folder, or says why there is none. */
function make(one: ListedCase, repositories: ReadonlyMap<string, string>, out: string): string | null {
  const repository = repositories.get(one.repository);
  if (repository === undefined) return `needs --repo ${one.repository}=DIR`;
  const commit = one.found ?? one.commit;
  const patch = git(repository, ['format-patch', '-1', '--stdout', ...PLAIN, commit]);
  if (patch === null) return `${repository} has no commit ${commit}`;
  const { files, problems } = parseDiff(patch.toString('utf8'));
  const [problem] = problems;
  if (problem !== undefined) return `fix.patch:${problem.line}: ${problem.reason}`;
  const contents = files.flatMap((file) => [
    ...imageOf(repository, 'pre', `${commit}^`, file.oldPath),
    ...imageOf(repository, 'post', commit, file.newPath),
  ]);
  const reason = disagreement(one, files, contents);
  if (reason !== null) return reason;
  const folder = join(out, one.id);
  rmSync(folder, { recursive: true, force: true });
  write(join(folder, 'fix.patch'), patch);
  for (const { side, path, bytes } of contents) write(join(folder, side, path), bytes);
  const { id, kind, rules, amended, path, function: functionName, visible, disputed } = one;
  const label: LabelledCase = { id, kind, rules, amended, path, function: functionName, visible, disputed };
  write(join(folder, 'case.json'), Buffer.from(`${JSON.stringify(label, null, 2)}\n`));
  return null;
}

interface Content {
  readonly side: 'pre' | 'post';
  readonly path: string;
  readonly bytes: Buffer;
}

function imageOf(
  repository: string,
  side: Content['side'],
  revision: string,
  path: string | null,
): Content[] {
  if (path === null) return [];
  const bytes = git(repository, ['cat-file', 'blob', `${revision}:${path}`]);
  if (bytes === null) throw new Error(`${repository} has no ${revision}:${path}`);
  return [{ side, path, bytes }];
}

/** Where the list says something of the commit that is not so. */
function disagreement(
  { path, function: name }: ListedCase,
  files: readonly FileDiff[],
  contents: readonly Content[],
): string | null {
  const file = files.find(({ oldPath, newPath }) => oldPath === path || newPath === path);
  if (file === undefined) return `the commit does not touch ${path}`;
  if (name === null) return null;
  const units = (side: Content['side']): ReturnType<typeof unitsOfFile> =>
    contents
      .filter((content) => content.side === side && content.path === path)
      .flatMap(({ bytes }) => unitsOfFile(bytes.toString('utf8')))
      .filter((unit) => unit.name === name);
  const before = units('pre');
  if (before.length === 0) return `${path} has no function ${name} before the commit`;
  const changed = (side: Content['side']): number[] =>
    file.hunks.flatMap((hunk) =>
      hunkImage(hunk, side).lines.flatMap((line) => (line.changed ? [line.line] : [])),
    );
  const isIn =
    before.some((unit) => isTouched(unit, changed('pre'))) ||
    units('post').some((unit) => isTouched(unit, changed('post')));
  return isIn ? null : `the commit does not touch ${name}()`;
}

/** Null when git refuses: the commit or the file is not there. */
function git(repository: string, args: readonly string[]): Buffer | null {
  try {
    return execFileSync('git', ['-C', repository, ...args], {
      maxBuffer: MAX_FILE,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return null;
  }
}

function write(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
