/** Real diffs for tests: two versions of some files go through git. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Files = Readonly<Record<string, string>>;

/** What `git diff` prints between two trees; `context` is its -U. */
export function gitDiff(before: Files, after: Files, context = 3): string {
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-'));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      cwd: directory,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: directory, GIT_CONFIG_NOSYSTEM: '1' },
    });
  const write = (files: Files): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  };
  try {
    git('init', '-q');
    writeFileSync(join(directory, '.gitattributes'), '*.c diff=cpp\n');
    write(before);
    git('add', '-A');
    git('commit', '-q', '-m', 'before');
    for (const path of Object.keys(before)) if (!(path in after)) rmSync(join(directory, path));
    write(after);
    git('add', '-A');
    return git('diff', '--cached', '-M', `-U${context}`, 'HEAD');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
