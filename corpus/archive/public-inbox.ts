/**
 * Reads a public-inbox. Its repositories in (`inbox-layout.ts` finds them), messages in their order of arrival out:
 * epochs ascending, commits oldest first. One `git log` lists, one `git cat-file` reads, and nothing but the names
 * of deleted messages is kept.
 *
 * Messages that were deleted later are left out, and so are those that were purged, whose commits remain with an
 * empty file; one note at the end counts both. A message that was deleted and came again is there.
 */

import { commitNamed } from '../../analyzers/source/git-commit.ts';
import { readObjects } from '../../analyzers/source/git-objects.ts';
import { GitError, inRepository, linesOf, runGit } from '../../analyzers/source/git-process.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { headOf, type InboxLayout, type InboxRepository } from './inbox-layout.ts';
import { MAX_MESSAGE_BYTES } from './mbox-splitter.ts';
import { counted, note, problem, tooLong } from './problem.ts';
import { withoutFromLine } from './separator.ts';
import type { ArchiveItem, ReadBefore } from './types.ts';

const LIST = [
  'log',
  // A line for each commit, in front of what it changes.
  '--format=%H',
  '--raw',
  '-r',
  '--no-abbrev',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
];
const LIST_STYLE = ['--no-color', '--no-notes', '--no-mailmap', '--no-show-signature'];

/** A line of git's raw diff: what happened to a file, and the object that it is now. */
interface Change {
  readonly commit: string;
  readonly status: string;
  readonly object: string;
  readonly path: string;
}

/** How many deletions of a message lie ahead, by its object (v2) or its path (v1). */
type Deletions = Map<string, number>;

/** What `before` knows of a repository is passed over; messages that were deleted since then are not told of. */
export async function* readInbox(
  path: string,
  repositories: readonly InboxRepository[],
  before: (source: string) => ReadBefore | null = () => null,
): AsyncGenerator<ArchiveItem> {
  const deletions: Deletions = new Map();
  const left = { deleted: 0, purged: 0 };
  let items = 0;
  const ranges = new Map<InboxRepository, Range>();
  for (const repository of repositories) {
    try {
      const head = await headOf(repository.gitDir);
      if (head === null) continue;
      const range = await rangeOf(repository, head, before(repository.name));
      if (range.passed > 0) items++;
      await findDeletions(repository, range, deletions);
      ranges.set(repository, range);
    } catch (error) {
      items++;
      yield problem(repository.name, null, gitReason(error));
    }
  }
  for (const [repository, range] of ranges) {
    for await (const item of readRepository(repository, range, deletions, left)) {
      items++;
      yield item;
    }
  }
  if (left.deleted + left.purged > 0) {
    const parts = [
      ...(left.deleted > 0 ? [`${left.deleted} deleted`] : []),
      ...(left.purged > 0 ? [`${left.purged} purged`] : []),
    ];
    const last = left.purged > 0 ? left.purged : left.deleted;
    yield note(path, `${parts.join(' and ')} ${last === 1 ? 'message is' : 'messages are'} left out`);
  } else if (items === 0) yield problem(path, null, 'public-inbox holds no messages');
}

/** Commits to read. */
interface Range {
  /** As git names them. */
  readonly commits: string;
  /** Messages in front of them. */
  readonly passed: number;
}

/** Behind what was read before; all of it where that commit is gone, as after a purge, which writes history anew. */
async function rangeOf({ gitDir }: InboxRepository, head: string, before: ReadBefore | null): Promise<Range> {
  const all = { commits: head, passed: 0 };
  if (before?.cursor === undefined || before.cursor === null) return all;
  const last = await commitNamed(gitDir, before.cursor);
  return last === null ? all : { commits: `${last}..${head}`, passed: before.messages };
}

async function* readRepository(
  { name, gitDir, layout }: InboxRepository,
  { commits, passed }: Range,
  deletions: Deletions,
  left: { deleted: number; purged: number },
): AsyncGenerator<ArchiveItem> {
  async function* wanted(): AsyncGenerator<string> {
    const order = ['--reverse', '--topo-order'];
    for await (const change of changes(gitDir, [...order, commits])) {
      const key = deletionKey(layout, change);
      if (takesBack(layout, change)) forget(deletions, key);
      if (!isArrival(layout, change)) continue;
      if (deletions.has(key)) left.deleted++;
      else {
        cursors.push(change.commit);
        yield change.object;
      }
    }
  }
  /** Of the messages that are asked for. */
  const cursors: string[] = [];
  let index = passed;
  try {
    for await (const object of readObjects(gitDir, wanted(), MAX_MESSAGE_BYTES)) {
      const cursor = cursors.shift() ?? '';
      if (object.state === 'read' && object.bytes.length === 0) {
        left.purged++;
        continue;
      }
      index++;
      switch (object.state) {
        case 'read':
          yield {
            type: 'message',
            source: name,
            index,
            form: 'mail',
            bytes: withoutFromLine(object.bytes),
            cursor,
          };
          break;
        case 'too-long':
          yield { ...tooLong(name, index), cursor };
          break;
        case 'missing':
          yield {
            ...problem(name, index, 'the repository lacks this message (a shallow or partial clone?)'),
            cursor,
          };
          break;
      }
    }
  } catch (error) {
    const after = `after ${counted(index - passed, 'message')}; the rest is not read`;
    yield problem(name, null, `${gitReason(error)} ${after}`);
  }
}

function gitReason(error: unknown): string {
  return error instanceof GitError ? error.message : systemReason(error);
}

async function findDeletions(
  { gitDir, layout }: InboxRepository,
  { commits }: Range,
  deletions: Deletions,
): Promise<void> {
  const selected = layout === 'v2' ? ['--diff-filter=AM', commits, '--', 'd'] : ['--diff-filter=DM', commits];
  for await (const change of changes(gitDir, selected)) {
    if (!takesBack(layout, change)) continue;
    const key = deletionKey(layout, change);
    deletions.set(key, (deletions.get(key) ?? 0) + 1);
  }
}

async function* changes(gitDir: string, what: readonly string[]): AsyncGenerator<Change> {
  const output = runGit([...inRepository(gitDir), ...LIST, ...LIST_STYLE, ...what]);
  let commit = '';
  for await (const line of linesOf(output)) {
    if (/^[0-9a-f]{40,64}$/.test(line)) commit = line;
    const match = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) (\w)\t(.+)$/.exec(line);
    if (match === null) continue;
    const [, object = '', status = '', path = ''] = match;
    yield { commit, object, status, path };
  }
}

/** In v2 a deletion names the message's object; in v1 it takes the file away. */
function deletionKey(layout: InboxLayout, { object, path }: Change): string {
  return layout === 'v2' ? object : path;
}

/** A message that came before is deleted, or in v1 replaced. */
function takesBack(layout: InboxLayout, { status, path }: Change): boolean {
  if (layout === 'v2') return path === 'd' && status !== 'D';
  return isMessagePath(path) && status !== 'A';
}

function isArrival(layout: InboxLayout, { status, path }: Change): boolean {
  return status !== 'D' && (layout === 'v2' ? path === 'm' : isMessagePath(path));
}

function isMessagePath(path: string): boolean {
  return /^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(path);
}

function forget(deletions: Deletions, key: string): void {
  const ahead = (deletions.get(key) ?? 0) - 1;
  if (ahead > 0) deletions.set(key, ahead);
  else deletions.delete(key);
}
