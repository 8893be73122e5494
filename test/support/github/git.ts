/**
 * The bare repository behind each repository of the API: commits are written with `git fast-import`, everything that the API
 * says of commits, trees and blobs is asked of git.
 */

import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { remembered } from './remembered.ts';

/** A commit to be made on a branch. A file that is null goes away. */
export interface NewCommit {
  readonly message: string;
  readonly files: Readonly<Record<string, string | Buffer | null>>;
  readonly author?: { readonly name: string; readonly email: string };
}

export interface CommitRecord {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number | null;
  readonly path: string;
}

const AUTHOR = { name: 'A Developer', email: 'dev@example.org' };

/** What git prints for one commit: fields ended by NUL. */
const COMMIT_FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00';
const COMMIT_FIELDS = 10;

/** Runs git in a repository; its output as bytes. Throws with git's own words. */
export async function gitBytes(
  directory: string,
  args: readonly string[],
  input?: Buffer | string,
): Promise<Buffer> {
  const child = spawn('git', ['-c', 'core.quotePath=false', '-C', directory, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A git that ends early closes the pipe; its status tells.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const [output, errors, status] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${errors}`);
  return output;
}

export async function git(
  directory: string,
  args: readonly string[],
  input?: Buffer | string,
): Promise<string> {
  return (await gitBytes(directory, args, input)).toString('utf8');
}

const FULL_NAME = /^[0-9a-f]{40}$/;

/** Commits that are known to be there, by directory and name: objects are never taken away. */
const there = new Set<string>();

/** The commit that a revision names, or null. */
export async function resolveCommit(directory: string, revision: string): Promise<string | null> {
  if (revision.startsWith('-')) return null;
  const key = `${directory} ${revision}`;
  if (there.has(key)) return revision;
  try {
    const name = await git(directory, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
    if (FULL_NAME.test(revision)) there.add(key);
    return name.trim();
  } catch {
    return null;
  }
}

/** Writes commits on top of `parent` and moves the ref there, whatever it was; the new tip. */
export async function writeCommits(
  directory: string,
  ref: string,
  parent: string | null,
  commits: readonly NewCommit[],
  seconds: number,
): Promise<string> {
  // Without a parent, fast-import would go on from what the ref is.
  const parts: (string | Buffer)[] = [`reset ${ref}\n`, parent === null ? '' : `from ${parent}\n`, '\n'];
  for (const [index, { message, files, author = AUTHOR }] of commits.entries()) {
    const who = `${author.name} <${author.email}> ${seconds + index} +0000`;
    parts.push(`commit ${ref}\nauthor ${who}\ncommitter ${who}\n`, ...data(message));
    for (const [path, content] of Object.entries(files)) {
      if (content === null) parts.push(`D ${quoted(path)}\n`);
      else parts.push(`M 100644 inline ${quoted(path)}\n`, ...data(content));
    }
    parts.push('\n');
  }
  const stream = Buffer.concat(parts.map((part) => Buffer.from(part)));
  await git(directory, ['fast-import', '--quiet', '--force'], stream);
  return (await git(directory, ['rev-parse', ref])).trim();
}

/** Puts a folder as it is into one commit at `ref`; its name. */
export async function commitFolder(
  directory: string,
  ref: string,
  folder: string,
  seconds: number,
): Promise<string> {
  await git(directory, ['--git-dir', directory, '--work-tree', folder, 'add', '-A', '-f', '.']);
  const tree = (await git(directory, ['write-tree'])).trim();
  const who = `${AUTHOR.name} <${AUTHOR.email}> ${seconds} +0000`;
  const stream = `commit ${ref}\ncommitter ${who}\ndata 5\nbase\n\nM 040000 ${tree} ""\n\n`;
  await git(directory, ['fast-import', '--quiet', '--force'], stream);
  return (await git(directory, ['rev-parse', ref])).trim();
}

function data(content: string | Buffer): (string | Buffer)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** The best common ancestor of two commits; the first itself where there is none. */
export const mergeBase = remembered(async (directory, base = '', head = '') => {
  try {
    return (await git(directory, ['merge-base', base, head])).trim();
  } catch {
    return base;
  }
});

/** The commits between two, oldest first. */
export const commitsBetween = remembered(async (directory, base = '', head = '') => {
  const output = await git(directory, ['log', '--reverse', `--format=${COMMIT_FORMAT}`, `${base}..${head}`]);
  return readCommits(output);
});

export const readCommit = remembered(
  async (directory, sha = '') =>
    readCommits(await git(directory, ['log', '-1', `--format=${COMMIT_FORMAT}`, sha]))[0] ?? null,
);

function readCommits(output: string): CommitRecord[] {
  const fields = output.split('\0');
  return Array.from({ length: Math.floor(fields.length / COMMIT_FIELDS) }, (_, index) => {
    const [
      sha = '',
      tree = '',
      parents = '',
      an = '',
      ae = '',
      ad = '',
      cn = '',
      ce = '',
      cd = '',
      message = '',
    ] = fields.slice(index * COMMIT_FIELDS, (index + 1) * COMMIT_FIELDS);
    return {
      sha: sha.trim(),
      tree,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      author: { name: an, email: ae, date: zulu(ad) },
      committer: { name: cn, email: ce, date: zulu(cd) },
      message: message.trimEnd(),
    };
  });
}

function zulu(date: string): string {
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}

/** What a tree holds; null where the name is no tree. */
export async function readTree(
  directory: string,
  name: string,
  recursive: boolean,
): Promise<readonly TreeEntry[] | null> {
  if (name.startsWith('-')) return null;
  const args = ['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), name];
  const output = await git(directory, args).catch(() => null);
  return output === null ? null : output.split('\0').filter(Boolean).map(readTreeEntry);
}

function readTreeEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
  return { mode, type, sha, size: size === '-' ? null : Number(size), path: line.slice(tab + 1) };
}

/** The bytes of a blob; null where the name is none. */
export async function readBlob(directory: string, name: string): Promise<Buffer | null> {
  if (name.startsWith('-')) return null;
  return await gitBytes(directory, ['cat-file', 'blob', name]).catch(() => null);
}
