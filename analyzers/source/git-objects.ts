/**
 * Reads many objects of a repository through one `git cat-file --batch`. Object names in, contents out in the
 * same order, one at a time. In a batch git may answer late, when it has several answers together; one by one, each
 * answer comes before the next name has to be known.
 */
import { ByteWindow } from './byte-window.ts';
import { GitError, inRepository, runGit } from './git-process.ts';

export type GitObject =
  | { readonly state: 'read'; readonly bytes: Buffer }
  | { readonly state: 'too-long' }
  /** Shallow and partial clones lack objects that they name. */
  | { readonly state: 'missing' };

/** The answer's first line is a name, a type and a length. */
const MAX_HEADER_BYTES = 4096;

const LF = 0x0a;

export async function* readObjects(
  gitDir: string,
  names: AsyncIterable<string>,
  maxBytes: number,
  pace: 'batch' | 'one-by-one' = 'batch',
): AsyncGenerator<GitObject> {
  async function* requests(): AsyncGenerator<string> {
    for await (const name of names) yield `${name}\n`;
  }
  const args = ['cat-file', '--batch', ...(pace === 'batch' ? ['--buffer'] : [])];
  const output = runGit([...inRepository(gitDir), ...args], { input: requests() });
  const window = new ByteWindow(output);
  try {
    for (;;) {
      const header = await headerLine(window);
      if (header === null) return;
      const match = /^[0-9a-f]+ \w+ (\d{1,15})$/.exec(header);
      if (match === null) {
        yield { state: 'missing' };
        continue;
      }
      const size = Number(match[1]);
      const isRead = size <= maxBytes;
      const bytes = await take(window, size, isRead);
      await take(window, 1, false);
      yield isRead ? { state: 'read', bytes } : { state: 'too-long' };
    }
  } finally {
    await output.return(undefined);
  }
}

async function headerLine(window: ByteWindow): Promise<string | null> {
  for (;;) {
    const lf = window.data.indexOf(LF);
    if (lf >= 0) {
      const line = window.data.toString('latin1', 0, lf);
      window.drop(lf + 1);
      return line;
    }
    if (window.ended) {
      if (window.data.length === 0) return null;
      throw new GitError('git cat-file: its answer ends early');
    }
    if (window.data.length > MAX_HEADER_BYTES) throw new GitError('git cat-file: its answer cannot be read');
    await window.fill(window.data.length + 1);
  }
}

/** The next bytes as a copy of their own, or nothing of them when they are not wanted. */
async function take(window: ByteWindow, size: number, isWanted: boolean): Promise<Buffer> {
  if (isWanted) {
    await window.fill(size);
    if (window.data.length < size) throw new GitError('git cat-file: its answer ends early');
    const bytes = Buffer.from(window.data.subarray(0, size));
    window.drop(size);
    return bytes;
  }
  for (let left = size; left > 0; ) {
    await window.fill(1);
    if (window.data.length === 0) throw new GitError('git cat-file: its answer ends early');
    const dropped = Math.min(left, window.data.length);
    window.drop(dropped);
    left -= dropped;
  }
  return Buffer.alloc(0);
}
