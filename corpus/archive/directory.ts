/**
 * Lists the files below a directory that may hold mail or patches, in an order that depends on nothing but their
 * names. Hidden files, unlikely extensions and everything that is no plain file are passed over in silence;
 * symbolic links to directories are not followed, so that a link to a parent cannot make a ring. A directory that
 * is a public-inbox is one entry.
 */
import { readdir, stat } from 'node:fs/promises';
import { systemReason } from '../../analyzers/source/reason.ts';
import { type InboxRepository, recogniseInbox } from './inbox-layout.ts';

/** What mail programs, git and quilt name such files; no extension is common too (`git mailsplit`, maildir). */
const EXTENSIONS: ReadonlySet<string> = new Set(['mbox', 'mbx', 'patch', 'diff', 'eml', 'txt', 'gz', '']);

/** Deeper trees than this are no mail folders; it also bounds a file system that contains itself by bind mounts. */
const MAX_DEPTH = 32;

export type DirectoryEntry =
  | {
      readonly type: 'file';
      readonly path: string;
      /** Its name promises mail or a patch. */
      readonly named: boolean;
    }
  | {
      readonly type: 'inbox';
      readonly path: string;
      readonly repositories: readonly InboxRepository[];
    }
  | { readonly type: 'unreadable'; readonly path: string; readonly reason: string };

/** Every candidate below `directory`, folders and files mixed in code-unit order of their names. */
export async function* listDirectory(directory: string, depth = 0): AsyncGenerator<DirectoryEntry> {
  let entries;
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    yield { type: 'unreadable', path: directory, reason: systemReason(error) };
    return;
  }
  const recognised = await recognise(
    directory,
    entries.map(({ name }) => name),
  );
  if (recognised !== null) {
    // Repositories of other things are passed over, as other files are, unless somebody named one.
    if (recognised.type !== 'foreign' || depth === 0) yield recognised.entry;
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = `${directory.replace(/\/$/, '')}/${entry.name}`;
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) yield* listDirectory(path, depth + 1);
      else yield { type: 'unreadable', path, reason: `more than ${MAX_DEPTH} folders deep` };
      continue;
    }
    if (!isCandidate(directory, entry.name)) continue;
    if (entry.isFile() || (entry.isSymbolicLink() && (await isPlainFile(path)))) {
      yield { type: 'file', path, named: !['', 'txt', 'gz'].includes(extension(entry.name)) };
    }
  }
}

interface RecognisedEntry {
  readonly type: 'inbox' | 'foreign';
  readonly entry: DirectoryEntry;
}

/** What stands for a directory as a whole; null when its files are to be read. */
async function recognise(path: string, names: readonly string[]): Promise<RecognisedEntry | null> {
  const unreadable = (reason: string): DirectoryEntry => ({ type: 'unreadable', path, reason });
  try {
    const found = await recogniseInbox(path, names);
    if (found === null) return null;
    if (found.type === 'inbox') {
      return { type: 'inbox', entry: { type: 'inbox', path, repositories: found.repositories } };
    }
    const entry = unreadable('a git repository that is no public-inbox; --git reads the commits of one');
    return { type: 'foreign', entry };
  } catch (error) {
    return { type: 'inbox', entry: unreadable(systemReason(error)) };
  }
}

/** Maildir names end in `:2,` and flags, so in `cur` and `new` every file counts. */
function isCandidate(directory: string, name: string): boolean {
  return EXTENSIONS.has(extension(name)) || /(?:^|\/)(?:cur|new)\/?$/.test(directory);
}

function extension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
