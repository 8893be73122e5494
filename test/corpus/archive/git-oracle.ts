/**
 * Real git as the judge: runs it in temporary directories, free of anybody's settings, and asks it how it splits
 * mailboxes and reads patches.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ENV = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CEILING_DIRECTORIES: tmpdir(),
  GIT_AUTHOR_NAME: 'A U Thor',
  GIT_AUTHOR_EMAIL: 'author@example.org',
  GIT_COMMITTER_NAME: 'C O Mitter',
  GIT_COMMITTER_EMAIL: 'committer@example.org',
  GIT_AUTHOR_DATE: '2023-01-02T03:04:05+0100',
  GIT_COMMITTER_DATE: '2023-01-02T03:04:05+0100',
  LC_ALL: 'C',
};

const directories: string[] = [];

/** A fresh directory; `removeTempDirs` removes it. */
export function tempDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-'));
  directories.push(directory);
  return directory;
}

export function removeTempDirs(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** Runs git and returns what it prints; throws when it fails. */
export function git(cwd: string, args: readonly string[], input?: Buffer | string): Buffer {
  const stdio: 'pipe'[] = ['pipe', 'pipe', 'pipe'];
  return execFileSync('git', [...args], {
    cwd,
    env: ENV,
    stdio,
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });
}

export function newRepository(): string {
  const directory = tempDir();
  git(directory, ['init', '-q', '-b', 'main']);
  return directory;
}

export function write(directory: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), content);
}

export function commit(directory: string, message: string): void {
  git(directory, ['add', '-A']);
  git(directory, ['commit', '-q', '--allow-empty', '-m', message]);
}

/** `git apply --numstat`: added, removed, path of every file, or null when git rejects the patch. */
export function numstat(patch: string | Buffer): string[] | null {
  const { status, stdout } = spawnSync('git', ['apply', '--numstat', '-'], {
    cwd: tempDir(),
    env: ENV,
    input: patch,
  });
  return status === 0
    ? stdout
        .toString()
        .split('\n')
        .filter((line) => line !== '')
    : null;
}

/** The messages that `git mailsplit` makes of an mbox, their `From ` line removed. */
export function mailsplit(mbox: Buffer, flags: readonly string[] = []): Buffer[] {
  return mailsplitWhole(mbox, flags).map((bytes) => {
    const lf = bytes.indexOf('\n');
    return lf < 0 ? Buffer.alloc(0) : bytes.subarray(lf + 1);
  });
}

/** What `git mailsplit` writes, each message behind its `From ` line. */
export function mailsplitWhole(mbox: Buffer, flags: readonly string[] = []): Buffer[] {
  const directory = tempDir();
  write(directory, 'mbox', mbox);
  mkdirSync(join(directory, 'out'));
  git(directory, ['mailsplit', '--keep-cr', '-d5', ...flags, '-oout', 'mbox']);
  return readdirSync(join(directory, 'out'))
    .toSorted()
    .map((name) => readFileSync(join(directory, 'out', name)));
}

/** The patch part that `git mailinfo` cuts out of a mail. */
export function mailinfoPatch(mail: Buffer): string {
  const directory = tempDir();
  git(directory, ['mailinfo', 'message', 'patch'], mail);
  return readFileSync(join(directory, 'patch'), 'utf8');
}
