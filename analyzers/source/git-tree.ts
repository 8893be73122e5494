/**
 * The files of one revision of a repository, bare or not, read through one `git cat-file --batch` that is kept for
 * all of them. git is asked for objects by their ids alone: folders are read as tree objects, which say what is a
 * file, a symbolic link or another repository, and no path of a patch ever reaches git.
 */

import { type GitObject, readObjects } from './git-objects.ts';
import { GitError, gitDirOf, gitText, inRepository } from './git-process.ts';
import { type Collected, listNamed, NEITHER } from './listing.ts';
import {
  ABSENT,
  isHidden,
  isListed,
  isSource,
  MAX_FILE_BYTES,
  MAX_TREE_DEPTH,
  pathRefusal,
  refused,
  type SourceFile,
  type SourceTree,
  TOO_LONG,
  TreeError,
  type TreeListing,
} from './types.ts';

/** Modes of tree entries: https://git-scm.com/docs/gitformat-pack does not list them, git's `object.h` does. */
const MODE = { tree: 0o040_000, link: 0o120_000, repository: 0o160_000 };

interface Entry {
  readonly mode: number;
  readonly id: string;
}

type Folder = ReadonlyMap<string, Entry>;

/** A file and neither a symbolic link nor another repository. */
function isPlain({ mode }: Entry): boolean {
  return mode !== MODE.tree && mode !== MODE.link && mode !== MODE.repository;
}

/** More folders are not kept: a review touches dozens. */
const MAX_FOLDERS = 1000;

const MISSING = 'git lacks the object (a shallow or partial clone?)';

export class GitTree implements SourceTree {
  private readonly objects: ObjectReader;
  private readonly root: string;
  private readonly folders = new Map<string, Folder>();

  private constructor(gitDir: string, root: string) {
    this.objects = new ObjectReader(gitDir);
    this.root = root;
  }

  /** The revision may be anything that git takes for a commit, a tag or a tree. */
  static async open(repository: string, revision: string): Promise<GitTree> {
    if (revision === '' || revision.startsWith('-')) {
      throw new TreeError(`${repository}@${revision} names no revision`);
    }
    let gitDir: string;
    try {
      gitDir = await gitDirOf(repository);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      throw new TreeError(`${repository}: ${error.message}`, { cause: error });
    }
    try {
      const args = ['rev-parse', '--verify', '--end-of-options', `${revision}^{tree}`];
      return new GitTree(gitDir, await gitText([...inRepository(gitDir), ...args]));
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      throw new TreeError(`${repository} has no revision ${revision}`, { cause: error });
    }
  }

  async read(path: string): Promise<SourceFile> {
    const reason = pathRefusal(path);
    if (reason !== null) return refused(reason);
    try {
      return await this.find(path);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      return refused(error.message);
    }
  }

  list(paths: readonly string[]): Promise<TreeListing> {
    return listNamed(
      paths,
      async (path, found) => {
        const entry = path === '' ? { mode: MODE.tree, id: this.root } : await this.entryAt(path);
        if (entry?.mode === MODE.tree) await this.walk(path, entry.id, 0, found);
        else if (entry === null) found.fail(path, 'no such file or directory');
        else if (isPlain(entry) && isSource(path)) found.add(path, entry.id);
        else found.fail(path, NEITHER);
      },
      (error) => {
        if (!(error instanceof GitError)) throw error;
        return error.message;
      },
    );
  }

  /** Null where nothing is, or behind what is no folder. */
  private async entryAt(path: string): Promise<Entry | null> {
    let entry: Entry = { mode: MODE.tree, id: this.root };
    for (const part of Buffer.from(path, 'utf8').toString('latin1').split('/')) {
      const next = entry.mode === MODE.tree ? (await this.folder(entry.id))?.get(part) : undefined;
      if (next === undefined) return null;
      entry = next;
    }
    return entry;
  }

  private async walk(path: string, id: string, depth: number, found: Collected): Promise<void> {
    const folder = depth > MAX_TREE_DEPTH ? null : await this.folder(id);
    if (folder === null) {
      found.fail(path, depth > MAX_TREE_DEPTH ? `more than ${MAX_TREE_DEPTH} folders deep` : MISSING);
      return;
    }
    for (const [bytes, entry] of folder) {
      const name = Buffer.from(bytes, 'latin1').toString('utf8');
      const child = path === '' ? name : `${path}/${name}`;
      if (entry.mode === MODE.tree && !isHidden(name)) await this.walk(child, entry.id, depth + 1, found);
      else if (isPlain(entry) && isListed(name)) found.add(child, entry.id);
    }
  }

  private async find(path: string): Promise<SourceFile> {
    // Names are bytes to git; tree entries are kept as strings of bytes.
    const parts = Buffer.from(path, 'utf8').toString('latin1').split('/');
    let id = this.root;
    for (const [index, part] of parts.entries()) {
      const folder = await this.folder(id);
      if (folder === null) return refused(MISSING);
      const entry = folder.get(part);
      if (entry === undefined) return ABSENT;
      const isLast = index === parts.length - 1;
      switch (entry.mode) {
        case MODE.tree:
          if (isLast) return refused('it is a directory');
          break;
        case MODE.link: {
          const place = path.split('/').slice(0, index + 1);
          return refused(isLast ? 'it is a symbolic link' : `${place.join('/')} is a symbolic link`);
        }
        case MODE.repository:
          return isLast ? refused('it is a repository of its own') : ABSENT;
        default:
          if (!isLast) return ABSENT;
      }
      ({ id } = entry);
    }
    const object = await this.objects.read(id);
    switch (object.state) {
      case 'read':
        return object;
      case 'too-long':
        return refused(TOO_LONG);
      case 'missing':
        return refused(MISSING);
    }
  }

  close(): Promise<void> {
    return this.objects.close();
  }

  private async folder(id: string): Promise<Folder | null> {
    const known = this.folders.get(id);
    if (known !== undefined) return known;
    const object = await this.objects.read(id);
    if (object.state !== 'read') return null;
    const folder = entriesOf(object.bytes, id.length / 2);
    if (this.folders.size >= MAX_FOLDERS) this.folders.clear();
    this.folders.set(id, folder);
    return folder;
  }
}

/** Entries follow each other without a gap: mode in octal, space, name, NUL, the id's bytes. */
function entriesOf(bytes: Buffer, idBytes: number): Folder {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space);
    if (space < 0 || nul < 0) break;
    const mode = Number.parseInt(bytes.toString('latin1', at, space), 8);
    const name = bytes.toString('latin1', space + 1, nul);
    at = nul + 1 + idBytes;
    entries.set(name, { mode, id: bytes.toString('hex', nul + 1, at) });
  }
  return entries;
}

/** Questions and answers, one after the other, to one git. */
class ObjectReader {
  private readonly names = new NameQueue();
  private readonly answers: ReturnType<typeof readObjects>;
  private last: Promise<unknown> = Promise.resolve();

  constructor(gitDir: string) {
    this.answers = readObjects(gitDir, this.names, MAX_FILE_BYTES, 'one-by-one');
  }

  read(id: string): Promise<GitObject> {
    const answer = this.last.then(async () => {
      this.names.push(id);
      const next = await this.answers.next();
      if (next.done === true) throw new GitError('git cat-file: it ended early');
      return next.value;
    });
    this.last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.names.end();
    await this.last;
    await this.answers.return(undefined);
  }
}

/** Names that somebody reads while they are being asked for. */
class NameQueue implements AsyncIterable<string> {
  private readonly waiting: string[] = [];
  private isEnded = false;
  private wake: () => void = () => undefined;

  push(name: string): void {
    this.waiting.push(name);
    this.wake();
  }

  end(): void {
    this.isEnded = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const name = this.waiting.shift();
      if (name !== undefined) yield name;
      else if (this.isEnded) return;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}
