/**
 * Commits of a real history: each diff on its true pre-image, where the committed file is the third witness, and each
 * file's hunks on pre-images of other times, where offsets and refusals are really exercised.
 */
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { FileDiff } from '../../../analyzers/diff/types.ts';
import {
  type ApplyCase,
  compare,
  fileOf,
  gitApply,
  runGit,
} from '../../../test/analyzers/diff/apply-oracle.ts';
import { cFiles, judge, type PatchText, section } from './judge.ts';
import type { Tally } from './tally.ts';

/** Not every commit touches C; so many more are looked at than are asked for. */
const CANDIDATES_FACTOR = 1.5;
/** How far away in the list of commits the wrong pre-images are, before and after. */
const DISTANCES = [50, 500, 5000, 20_000, 80_000];
/** Commits whose blobs are held in memory at once. */
const COMMITS_AT_ONCE = 50;
/** Files that one git process is given at once. */
const CASES_AT_ONCE = 200;

interface Commit {
  readonly id: string;
  /** Position in the list of all commits. */
  readonly at: number;
  readonly patch: PatchText;
}

function git(repository: string, args: readonly string[], input?: string): Buffer {
  const { status, stdout, stderr } = runGit(
    repository,
    args,
    input === undefined ? undefined : Buffer.from(input, 'latin1'),
  );
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
  return stdout;
}

/** `wanted` commits with C, evenly spread over the history. */
function sample(repository: string, all: readonly string[], wanted: number): Commit[] {
  const candidates = Math.min(all.length, Math.ceil(wanted * CANDIDATES_FACTOR));
  const positions = Array.from({ length: candidates }, (_, index) =>
    Math.floor((index * all.length) / candidates),
  );
  const ids = positions.map((position) => all[position] ?? '');
  const flags = [
    '--full-index',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '-U3',
    '--diff-algorithm=myers',
  ];
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  const args = ['diff-tree', '--stdin', '-r', '-p', '-M', ...flags, ...prefixes];
  const text = git(repository, args, ids.map((id) => `${id}\n`).join('')).toString('latin1');
  const parts = text.split(/^([0-9a-f]{40})\n/m);
  const commits: Commit[] = [];
  for (const [index, position] of positions.entries()) {
    const part = parts.indexOf(ids[index] ?? '');
    const diff = part < 0 ? '' : (parts[part + 1] ?? '').replace(/^\n/, '');
    const { files, problems } = parseDiff(diff);
    if (problems.length > 0) throw new Error(`${ids[index]}: ${JSON.stringify(problems)}`);
    if (cFiles(files).length === 0) continue;
    commits.push({
      id: ids[index] ?? '',
      at: position,
      patch: { lines: diff.split('\n'), files, encoding: 'latin1' },
    });
  }
  const every = Math.max(1, commits.length / wanted);
  return Array.from(
    { length: Math.min(wanted, commits.length) },
    (_, index) => commits[Math.floor(index * every)],
  ).filter((commit) => commit !== undefined);
}

/** Many blobs by `revision:path` in one process; what is missing is not in the answer. */
function blobs(repository: string, names: readonly string[]): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  const output = git(repository, ['cat-file', '--batch'], names.map((name) => `${name}\n`).join(''));
  let at = 0;
  for (const name of names) {
    const end = output.indexOf('\n', at);
    const header = output.toString('latin1', at, end);
    at = end + 1;
    const match = /^[0-9a-f]{40} (\w+) (\d+)$/.exec(header);
    if (match === null) continue;
    const size = Number(match[2]);
    if (match[1] === 'blob') found.set(name, output.subarray(at, at + size));
    at += size + 1;
  }
  return found;
}

export function judgeHistory(repository: string, revision: string, wanted: number, tally: Tally): string {
  const all = git(repository, ['rev-list', '--no-merges', revision]).toString().trimEnd().split('\n');
  const commits = sample(repository, all, wanted);
  let files = 0;
  let hunks = 0;
  for (let from = 0; from < commits.length; from += COMMITS_AT_ONCE) {
    const some = commits.slice(from, from + COMMITS_AT_ONCE);
    const names = some.flatMap((commit) =>
      cFiles(commit.patch.files).flatMap((file) => namesOf(commit, file, all)),
    );
    const contents = blobs(repository, [...new Set(names)]);
    for (const commit of some) judgeCommit(commit, contents, tally);
    judgeElsewhere(some, contents, all, tally);
    files += some.reduce((sum, { patch }) => sum + cFiles(patch.files).length, 0);
    hunks += some.reduce(
      (sum, { patch }) => sum + cFiles(patch.files).flatMap((file) => file.hunks).length,
      0,
    );
  }
  return `${commits.length} of ${all.length} commits: ${files} C files, ${hunks} hunks`;
}

const before = (commit: Commit, { oldPath }: FileDiff): string => `${commit.id}^:${oldPath}`;
const after = (commit: Commit, { newPath }: FileDiff): string => `${commit.id}:${newPath}`;

/** The file at other times, under the name it has before or after the commit. */
function elsewhere(commit: Commit, { oldPath, newPath }: FileDiff, all: readonly string[]): string[] {
  return DISTANCES.flatMap((distance) => [
    [all[commit.at + distance], oldPath] as const,
    [all[commit.at - distance], newPath] as const,
  ]).flatMap(([id, path]) => (id === undefined || path === null ? [] : [`${id}:${path}`]));
}

function namesOf(commit: Commit, file: FileDiff, all: readonly string[]): string[] {
  return [before(commit, file), after(commit, file), ...elsewhere(commit, file, all)];
}

type Contents = ReadonlyMap<string, Buffer>;

function judgeCommit(commit: Commit, contents: Contents, tally: Tally): void {
  const files = cFiles(commit.patch.files);
  const pre = new Map(files.map((file) => [file.oldPath ?? '', contents.get(before(commit, file)) ?? null]));
  const post = new Map(files.map((file) => [file.newPath ?? '', contents.get(after(commit, file)) ?? null]));
  pre.delete('');
  post.delete('');
  for (const [kind, reverse] of [
    ['true pre-image', false],
    ['true post-image, reversed', true],
  ] as const) {
    const [from, to] = reverse ? [post, pre] : [pre, post];
    for (const result of judge(commit.patch, from, { encoding: 'latin1', reverse })) {
      const committed = to.get(result.path) ?? null;
      const isCommitted =
        result.post === null
          ? committed === null
          : result.post !== undefined && committed?.equals(result.post);
      const verdict =
        result.verdict === 'same' && isCommitted !== true
          ? 'different: not what was committed'
          : result.verdict;
      tally.add(kind, verdict, `${commit.id} ${result.path}`);
    }
  }
}

interface WrongCase extends ApplyCase {
  readonly name: string;
}

/** Each file's hunks on the file as it was at other times, and on the result itself, both ways round. */
function judgeElsewhere(
  commits: readonly Commit[],
  contents: Contents,
  all: readonly string[],
  tally: Tally,
): void {
  const cases: WrongCase[] = [];
  for (const commit of commits) {
    for (const file of cFiles(commit.patch.files)) {
      if (file.hunks.length === 0 || file.change === 'add' || file.change === 'delete') continue;
      const text = section(commit.patch, file);
      const hunks = text.slice(text.startsWith('@@') ? 0 : text.indexOf('\n@@') + 1);
      const seen = new Set<string>();
      for (const name of [after(commit, file), before(commit, file), ...elsewhere(commit, file, all)]) {
        const pre = contents.get(name);
        const key = pre?.toString('latin1');
        if (pre === undefined || key === undefined || seen.has(key)) continue;
        seen.add(key);
        cases.push({ pre, hunks, name: `${commit.id} on ${name}` });
      }
    }
  }
  for (let from = 0; from < cases.length; from += CASES_AT_ONCE) {
    const some = cases.slice(from, from + CASES_AT_ONCE);
    for (const [kind, reverse] of [
      ['images of other times', false],
      ['images of other times, reversed', true],
    ] as const) {
      for (const [index, theirs] of gitApply(some, reverse).entries()) {
        const { pre, hunks, name } = some[index] ?? { pre: Buffer.alloc(0), hunks: '', name: '' };
        tally.add(kind, compare(pre, fileOf(hunks), reverse, theirs), name);
      }
    }
  }
}
