/**
 * Reads commits straight from a repository. A repository and revisions as git writes them in; one message for each
 * commit out, oldest first, as if its author had mailed it. `a..b` stands for the commits of the range, a single
 * revision for that one commit, as in `git show`. Merges are left out, and a note says how many.
 *
 * `git rev-list` lists and `git diff-tree` shows, both plumbing: what they print depends on no user's settings, and
 * the options below say the rest. Arguments reach `git rev-parse` alone; all other commands get the ids that it
 * gave, so that no argument can become an option.
 */
import { isUtf8 } from 'node:buffer';
import { ByteWindow } from '../../analyzers/source/byte-window.ts';
import {
  GitError,
  gitDirOf,
  gitText,
  inRepository,
  linesOf,
  runGit,
} from '../../analyzers/source/git-process.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { type CommitRecord, commitMail } from './commit-mail.ts';
import { Collector, MAX_MESSAGE_BYTES } from './mbox-splitter.ts';
import { counted, note, problem, tooLong } from './problem.ts';
import type { ArchiveItem } from './types.ts';

/** Everything about the form of a diff that configuration could change. */
const DIFF_FORM = [
  '-p',
  '--root',
  '--always',
  '--full-index',
  '--find-renames',
  '-l1000',
  '--unified=3',
  '--inter-hunk-context=0',
  '--diff-algorithm=myers',
  '--indent-heuristic',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
  '--ignore-submodules=none',
  '--no-relative',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-notes',
  '--encoding=UTF-8',
];

/** Fields end in NUL: commits cannot hold one, and no line of a diff begins with one. */
const FIELDS = ['%H', '%an', '%ae', '%aD', '%s', '%b'];
const FORMAT = `--format=${['', ...FIELDS, ''].join('%x00')}`;

/** A record's first bytes, at a line's start: NUL, an id of SHA-1 or SHA-256, NUL. */
const MAX_START_BYTES = 66;
const LF_NUL = Buffer.from('\n\0');

/** Commits to show: ids, and whether what they reach counts too. */
interface Selection {
  readonly ids: readonly string[];
  readonly isWalk: boolean;
}

export async function* readCommits(
  repository: string,
  revisions: readonly string[],
): AsyncGenerator<ArchiveItem> {
  let gitDir: string;
  try {
    gitDir = await gitDirOf(repository);
  } catch (error) {
    yield problem(repository, null, gitReason(error));
    return;
  }
  let index = 0;
  let merges = 0;
  for (const revision of revisions) {
    const before = index + merges;
    async function* ids(selection: Selection): AsyncGenerator<string> {
      for await (const line of listCommits(gitDir, selection)) {
        const [id = '', ...parents] = line.split(' ');
        if (parents.length > 1) merges++;
        else yield `${id}\n`;
      }
    }
    try {
      const selection = await resolve(gitDir, revision);
      for await (const record of records(showCommits(gitDir, ids(selection)))) {
        index++;
        yield record.bytes === null
          ? tooLong(repository, index, `commit ${record.id.slice(0, 12)}`)
          : commitMessage(repository, index, record.bytes);
      }
      if (index + merges === before) yield problem(repository, null, `${revision} holds no commits`);
    } catch (error) {
      yield problem(repository, null, `${revision}: ${gitReason(error)}`);
    }
  }
  if (merges > 0) yield note(repository, `${counted(merges, 'merge')} left out`);
}

function gitReason(error: unknown): string {
  return error instanceof GitError ? error.message : systemReason(error);
}

/** What a revision argument means, in ids. Throws GitError when it means nothing. */
async function resolve(gitDir: string, revision: string): Promise<Selection> {
  if (revision.startsWith('-')) throw new GitError('a revision cannot begin with a dash');
  const text = await gitText([...inRepository(gitDir), 'rev-parse', revision, '--']);
  const ids = text.split('\n').filter((line) => /^\^?[0-9a-f]+$/.test(line));
  const isWalk = ids.some((id) => id.startsWith('^'));
  if (ids.every((id) => id.startsWith('^')))
    throw new GitError('selects nothing; write a range as main..topic');
  if (isWalk) return { ids, isWalk };
  const commits: string[] = [];
  for (const id of ids) {
    commits.push(await gitText([...inRepository(gitDir), 'rev-parse', '--verify', `${id}^{commit}`]));
  }
  return { ids: commits, isWalk };
}

/** The diff between two commits, in the form of those of commits; chunks of its text. Throws GitError. */
export async function* readDiff(repository: string, from: string, to: string): AsyncGenerator<Buffer> {
  const gitDir = await gitDirOf(repository);
  const ends = ['--verify', '--end-of-options'];
  const [before, after] = await Promise.all(
    [from, to].map((name) => gitText([...inRepository(gitDir), 'rev-parse', ...ends, `${name}^{commit}`])),
  );
  yield* runGit([...inRepository(gitDir), 'diff-tree', ...DIFF_FORM, '-r', before ?? '', after ?? '']);
}

function listCommits(gitDir: string, { ids, isWalk }: Selection): AsyncGenerator<string> {
  const order = isWalk ? ['--reverse', '--topo-order'] : ['--no-walk=unsorted'];
  return linesOf(runGit([...inRepository(gitDir), 'rev-list', ...order, '--parents', ...ids]));
}

function showCommits(gitDir: string, ids: AsyncIterable<string>): AsyncGenerator<Buffer> {
  return runGit([...inRepository(gitDir), 'diff-tree', '--stdin', ...DIFF_FORM, FORMAT], { input: ids });
}

interface Shown {
  readonly id: string;
  /** Fields and diff; null when they are over the bound. */
  readonly bytes: Buffer | null;
}

/** Cuts the output into commits; one is held at a time. */
async function* records(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Shown> {
  const window = new ByteWindow(chunks);
  const record = new Collector(MAX_MESSAGE_BYTES);
  let id: string | null = null;
  /** Where a record may begin in the window. */
  let at = 0;
  try {
    for (;;) {
      await window.fill(at + MAX_START_BYTES);
      const start = /^\0([0-9a-f]{40}|[0-9a-f]{64})\0/.exec(
        window.data.toString('latin1', at, at + MAX_START_BYTES),
      )?.[1];
      if (start !== undefined) {
        record.add(window.data.subarray(0, at));
        if (id !== null) yield { id, bytes: record.take() };
        id = start;
        window.drop(at);
        at = 0;
      }
      const found = window.data.indexOf(LF_NUL, at);
      if (found >= 0) {
        at = found + 1;
        continue;
      }
      // All but the last byte, which may be the line feed in front of the next record.
      const judged = window.ended ? window.data.length : Math.max(0, window.data.length - 1);
      record.add(window.data.subarray(0, judged));
      window.drop(judged);
      at = 0;
      if (window.ended) break;
      await window.fill(window.data.length + 1);
      at = window.data.indexOf(LF_NUL) + 1;
    }
    if (id !== null) yield { id, bytes: record.take() };
  } finally {
    await chunks.return(undefined);
  }
}

function commitMessage(source: string, index: number, bytes: Buffer): ArchiveItem {
  const fields: Buffer[] = [];
  let from = 1;
  while (fields.length < FIELDS.length) {
    const end = bytes.indexOf(0, from);
    if (end < 0) return problem(source, index, 'git shows a commit that cannot be read');
    fields.push(bytes.subarray(from, end));
    from = end + 1;
  }
  const [id = '', name = '', email = '', date = '', subject = '', body = ''] = fields.map((field) =>
    field.toString(isUtf8(field) ? 'utf8' : 'latin1'),
  );
  // Behind the fields stand a line feed and, in front of a diff, a blank line.
  const diff = bytes.subarray(from).indexOf('diff ');
  const patch = diff < 0 ? Buffer.alloc(0) : bytes.subarray(from + diff);
  const commit: CommitRecord = { id, name, email, date, subject, body, patch };
  return { type: 'message', source, index, form: 'mail', bytes: commitMail(commit), commit: id };
}
