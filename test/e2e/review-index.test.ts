/** `review --tree --index`, through the built program: what a patch does to callers in files that it leaves alone. */

import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../../bot/reports/json-schema.ts';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchesOf, patchwitness, unreadOf } from './program.ts';

afterAll(removeTempDirs);

const CALLER =
  'int demofs_write(struct page *page)\n{\n\tlock_page(page);\n\tdemofs_prepare(page);\n\tunlock_page(page);\n\treturn 0;\n}\n';

function filling(line: string): string {
  return `int demofs_fill(struct page *page)\n{\n${line}\treturn 0;\n}\n`;
}

const KERNEL = filling('\tkmalloc(64, GFP_KERNEL);\n');

/** What one commit changes: contents by path. */
type Change = Readonly<Record<string, string>>;

/** A repository with the changes behind its base on the branch `topic`. */
function repository(changes: readonly Change[]): string {
  const root = newRepository();
  write(root, 'Makefile', 'VERSION = 3\nPATCHLEVEL = 5\n');
  write(root, 'fs/demofs/file.c', CALLER);
  write(root, 'lib/prepare.c', 'int demofs_prepare(struct page *page)\n{\n\treturn demofs_fill(page);\n}\n');
  write(root, 'lib/fill.c', filling(''));
  commit(root, 'demofs: base');
  git(root, ['checkout', '-q', '-b', 'topic']);
  for (const [index, change] of changes.entries()) {
    for (const [path, text] of Object.entries(change)) write(root, path, text);
    commit(root, `demofs: step ${index + 1}`);
  }
  return root;
}

async function review(
  tree: string,
  mail: Buffer,
  cache = tempDir(),
): Promise<{
  readonly stdout: string;
  readonly told: readonly string[];
  readonly unread: readonly string[];
}> {
  const { stdout } = await patchwitness(['review', '--format', 'json', '--tree', tree, '--index', '.', '-'], {
    input: mail,
    env: { PATCHWITNESS_CACHE: cache },
  });
  const report = reportSchema.parse(JSON.parse(stdout));
  const told = patchesOf(report).flatMap(({ subject, findings }) =>
    findings.map(
      ({ status, rule, steps }) =>
        `${subject.replace(/^.*demofs: /, '')} ${status} ${rule} ${steps.map(({ path, line }) => `${path}:${line}`).join(' ')}`,
    ),
  );
  return { stdout, told, unread: unreadOf(report).map(({ reason }) => reason) };
}

function mailed(root: string): Buffer {
  return git(root, ['format-patch', '--stdout', '-n', 'main..topic']);
}

const CHAIN = 'fs/demofs/file.c:3 fs/demofs/file.c:4 lib/prepare.c:3 lib/fill.c:3';

/** An inline function around that line. */
function header(line: string): string {
  return `static inline int demofs_prepare(struct page *page)\n{\n${line}\treturn 0;\n}\n`;
}

describe('review --index', () => {
  it('says at the caller what a helper two files away begins and ceases to do, at its patch', async () => {
    const root = repository([
      { 'lib/fill.c': KERNEL },
      { 'lib/fill.c': `int demofs_more;\n\n${KERNEL}` },
      { 'lib/fill.c': filling('\tkmalloc(64, GFP_NOFS);\n') },
      { 'fs/demofs/file.c': `int demofs_other;\n${CALLER}`, 'lib/fill.c': KERNEL },
    ]);
    const { told, unread } = await review(`${root}@main`, mailed(root));
    expect(told).toEqual([
      `step 1 introduced alloc-fs-under-page-lock ${CHAIN}`,
      `step 3 fixed alloc-fs-under-page-lock ${CHAIN.replace('fill.c:3', 'fill.c:5')}`,
      `step 4 introduced alloc-fs-under-page-lock ${CHAIN.replace('file.c:3', 'file.c:4').replace('file.c:4 lib', 'file.c:5 lib')}`,
    ]);
    expect(unread).toEqual([]);
  });

  it('says at the caller what an inline function of a header begins to do', async () => {
    const root = repository([
      { 'fs/demofs/demofs.h': header(''), 'fs/demofs/file.c': `#include "demofs.h"\n${CALLER}` },
      { 'fs/demofs/demofs.h': header('\tkmalloc(64, GFP_KERNEL);\n') },
    ]);
    git(root, ['branch', '-q', '-f', 'main', 'topic~1']);
    const { told, unread } = await review(`${root}@main`, mailed(root));
    expect(told).toEqual([
      'step 2 introduced alloc-fs-under-page-lock fs/demofs/file.c:4 fs/demofs/file.c:5 fs/demofs/demofs.h:3',
    ]);
    expect(unread).toEqual([]);
  });

  it('says nothing of what was there before', async () => {
    const root = repository([{ 'lib/fill.c': KERNEL }, { 'lib/prepare.c': 'int demofs_none;\n' }]);
    git(root, ['branch', '-q', '-f', 'main', 'topic~1']);
    const { told } = await review(`${root}@main`, mailed(root));
    expect(told).toEqual([`step 2 fixed alloc-fs-under-page-lock ${CHAIN}`]);
    const other = repository([{ 'lib/fill.c': KERNEL }, { 'lib/fill.c': `int demofs_more;\n${KERNEL}` }]);
    git(other, ['branch', '-q', '-f', 'main', 'topic~1']);
    expect((await review(`${other}@main`, mailed(other))).told).toEqual([]);
  });

  it('says the same from a work tree and a bare repository, cold and warm', async () => {
    const root = repository([{ 'lib/fill.c': KERNEL }]);
    const mail = mailed(root);
    const bare = join(tempDir(), 'bare.git');
    git(root, ['clone', '-q', '--bare', '.', bare]);
    git(root, ['checkout', '-q', 'main']);
    const cache = tempDir();
    const cold = await review(root, mail, cache);
    expect(cold.told).toHaveLength(1);
    expect((await review(root, mail, cache)).stdout).toBe(cold.stdout);
    expect((await review(`${bare}@main`, mail, cache)).stdout).toBe(cold.stdout);
    expect((await review(`${bare}@main`, mail)).stdout).toBe(cold.stdout);
  });

  it('needs a tree', async () => {
    const { stderr, status } = await patchwitness(['review', '--index', 'fs', '-']);
    expect(stderr).toContain('--index needs --tree or --repository');
    expect(status).toBe(2);
  });
});
