/**
 * Tells whether a directory is a public-inbox, and which. A path in; the repositories to read out, oldest first.
 *
 * - v2 (https://public-inbox.org/public-inbox-v2-format.html): `git/0.git`, `git/1.git` … are the epochs; every
 *   commit holds one file, `m` for a message that came and `d` for one that was deleted. `all.git` beside them only
 *   borrows their objects. A single epoch may stand alone, bare or cloned with a work tree.
 * - v1 (https://public-inbox.org/public-inbox-v1-format.html): one repository with a file for each message, named
 *   by the hash of its Message-ID.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { GitError, gitText, inRepository } from '../../analyzers/source/git-process.ts';

/** How a repository keeps its messages. */
export type InboxLayout = 'v1' | 'v2';

export interface InboxRepository {
  /** As it is called in messages and problems: the user's path, and the epoch in it. */
  readonly name: string;
  readonly gitDir: string;
  readonly layout: InboxLayout;
}

export type Recognised =
  | { readonly type: 'inbox'; readonly repositories: readonly InboxRepository[] }
  /** A bare repository of something else: there are no files in it to read. */
  | { readonly type: 'repository' };

const EPOCH = /^(\d{1,6})\.git$/;

/** Null for a directory like any other. `names` is what it holds. */
export async function recogniseInbox(path: string, names: readonly string[]): Promise<Recognised | null> {
  const inner = names.includes('git') ? await epochsIn(join(path, 'git')) : [];
  if (inner.length > 0) return { type: 'inbox', repositories: inner };
  if (names.some((name) => EPOCH.test(name))) {
    const epochs = await epochsIn(path);
    if (epochs.length > 0) return { type: 'inbox', repositories: epochs };
  }
  if (['HEAD', 'objects', 'refs'].every((name) => names.includes(name)) && (await isGitDir(path))) {
    if (basename(resolve(path)) === 'all.git') {
      const siblings = await epochsIn(join(dirname(resolve(path)), 'git'));
      if (siblings.length > 0) return { type: 'inbox', repositories: siblings };
    }
    const layout = await layoutOf(path);
    if (layout === null) return { type: 'repository' };
    return { type: 'inbox', repositories: [{ name: path, gitDir: resolve(path), layout }] };
  }
  if (!names.includes('.git')) return null;
  const gitDir = await gitDirOf(path);
  // Without git a clone is a directory like any other.
  const layout = gitDir === null ? null : await layoutOf(gitDir).catch(() => null);
  if (gitDir === null || layout === null) return null;
  return { type: 'inbox', repositories: [{ name: path, gitDir: resolve(gitDir), layout }] };
}

/** The epochs in a folder, by number: `10.git` comes after `9.git`. */
async function epochsIn(folder: string): Promise<InboxRepository[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  const epochs: InboxRepository[] = [];
  const numbered = names
    .flatMap((name) => {
      const number = EPOCH.exec(name)?.[1];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    })
    .toSorted((a, b) => a.number - b.number);
  for (const { name } of numbered) {
    const path = join(folder, name);
    if (await isGitDir(path)) epochs.push({ name: path, gitDir: resolve(path), layout: 'v2' });
  }
  return epochs;
}

async function isGitDir(path: string): Promise<boolean> {
  try {
    const [head, objects, refs] = await Promise.all(
      ['HEAD', 'objects', 'refs'].map((name) => stat(join(path, name))),
    );
    return head?.isFile() === true && objects?.isDirectory() === true && refs?.isDirectory() === true;
  } catch {
    return false;
  }
}

/** A clone's repository: the folder `.git`, or where a file of that name points to. */
async function gitDirOf(path: string): Promise<string | null> {
  const inner = join(path, '.git');
  if (await isGitDir(inner)) return inner;
  try {
    const target = /^gitdir: (.{1,4096})$/m.exec(await readFile(inner, 'utf8'))?.[1];
    if (target === undefined) return null;
    const gitDir = resolve(path, target);
    return (await isGitDir(gitDir)) ? gitDir : null;
  } catch {
    return null;
  }
}

/** Judged by the newest commit's tree; null when that is no inbox's, or when there is none. */
async function layoutOf(gitDir: string): Promise<InboxLayout | null> {
  const list = async (tree: string): Promise<string[]> => {
    const text = await gitText([...inRepository(resolve(gitDir)), 'ls-tree', tree]);
    return text === '' ? [] : text.split('\n');
  };
  try {
    const head = await headOf(gitDir);
    if (head === null) return null;
    const entries = await list(head);
    if (entries.length === 1 && /^\d{6} blob [0-9a-f]+\t[md]$/.test(entries[0] ?? '')) return 'v2';
    const folder = /\t([0-9a-f]{2})$/.exec(entries[0] ?? '')?.[1];
    const isV1 =
      folder !== undefined &&
      entries.every((entry) => /^\d{6} tree [0-9a-f]+\t[0-9a-f]{2}$/.test(entry)) &&
      (await list(`${head}:${folder}`)).every((entry) => /\t[0-9a-f]{38}$/.test(entry));
    return isV1 ? 'v1' : null;
  } catch (error) {
    // Too long a list is no inbox; and what is broken cannot be told for one.
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** The newest commit: of HEAD, or of the branch that public-inbox writes; null when there is none. */
export async function headOf(gitDir: string): Promise<string | null> {
  for (const name of ['HEAD', 'refs/heads/master']) {
    try {
      return await gitText([
        ...inRepository(resolve(gitDir)),
        'rev-parse',
        '--verify',
        '--quiet',
        `${name}^{commit}`,
      ]);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return null;
}

/** Git ran and said no; where it cannot be run at all, that is what must be said. */
function isRefusal(error: unknown): boolean {
  return error instanceof GitError && error.cause === undefined;
}
