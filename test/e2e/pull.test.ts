/** `pull`: commits of a branch reviewed as one pull request, through the built program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchwitness } from './program.ts';

afterAll(removeTempDirs);

function grow(name: string, mask: string): string {
  return `int ${name}(struct page *page)\n{\n\tlock_page(page);\n\tpage->private = (long)kmalloc(64, ${mask});\n\tunlock_page(page);\n\treturn 0;\n}\n`;
}

let repository = '';

/**
 * `topic` brings in a bug in each of two files, takes one of them back, and has merged `main` meanwhile, where somebody else
 * brought in one.
 */
beforeAll(() => {
  repository = newRepository();
  const add = (path: string, text: string, message: string): void => {
    write(repository, path, text);
    commit(repository, message);
  };
  add('fs/demofs/a.c', 'int a;\n', 'demofs: begin');
  git(repository, ['checkout', '-q', '-b', 'topic']);
  add('fs/demofs/a.c', `int a;\n${grow('demofs_a', 'GFP_KERNEL')}`, 'demofs: grow a');
  add('mm/b.c', grow('demofs_b', 'GFP_KERNEL'), 'mm: grow b');
  git(repository, ['checkout', '-q', 'main']);
  add('kernel/c.c', grow('other_c', 'GFP_KERNEL'), 'kernel: grow c');
  git(repository, ['checkout', '-q', 'topic']);
  git(repository, ['merge', '-q', '-m', 'merge main', 'main']);
  add('fs/demofs/a.c', `int a;\n${grow('demofs_a', 'GFP_NOFS')}`, 'demofs: grow a without reclaim');
  add('mm/b.c', `/* new */\n${grow('demofs_b', 'GFP_KERNEL')}`, 'mm: say that it is new');
});

async function pull(...args: readonly string[]): ReturnType<typeof patchwitness> {
  return await patchwitness(['pull', '--git', repository, '--format', 'terse', ...args]);
}

describe('pull', () => {
  it('tells what the branch leaves, at the lines of its head, and nothing that others have merged', async () => {
    const { status, stdout } = await pull('main..topic');
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringMatching(/^mm\/b\.c:5: WARNING: \[alloc-fs-under-page-lock\] .* in demofs_b\(\)/),
    ]);
    expect(status).toBe(1);
  });

  it('begins where the branch left, and writes other forms to files', async () => {
    const file = join(tempDir(), 'report.json');
    const { status, stdout } = await pull('--output', `json=${file}`, '--path', 'fs', 'main..topic~2');
    expect(stdout).toMatch(/^fs\/demofs\/a\.c:5: /);
    expect(status).toBe(1);
    const report = readFileSync(file, 'utf8');
    expect(report).toContain('"path":"fs/demofs/a.c","line":5');
    expect(report).not.toContain('"path":"mm/b.c"');
  });

  it.each([
    ['a commit that is not there', ['main..none'], 'has no commit none'],
    ['a file that cannot be written', ['--output', 'json=/none/x', 'main..topic'], '/none/x: '],
    ['ends that have nothing in common', ['orphan..topic'], 'a shallow clone has to be deepened'],
  ])('%s: status 2, said on standard error', async (_, args, reason) => {
    const tree = git(repository, ['rev-parse', 'main^{tree}']).toString().trim();
    const orphan = git(repository, ['commit-tree', '-m', 'orphan', tree]).toString().trim();
    git(repository, ['update-ref', 'refs/heads/orphan', orphan]);
    const { status, stderr } = await pull(...args);
    expect(stderr).toContain(reason);
    expect(status).toBe(2);
  });
});
