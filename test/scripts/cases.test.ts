/** Labelled cases, from a commit to a verdict: a made-up driver whose fix is a commit in a real repository. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

const fileWith = (mask: string): string => `static int sketch_fill(struct page *page, struct sketch *s)
{
	lock_page(page);
	s->slots = kmalloc(64, ${mask});
	unlock_page(page);
	return 0;
}
`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchwitness-cases-'));
  const repository = join(folder, 'repository');
  mkdirSync(join(repository, 'fs'), { recursive: true });
  git('init', '-q');
  commit('GFP_KERNEL', 'sketch: first version');
  commit('GFP_NOFS', 'sketch: allocate with NOFS under the page lock');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=A Hand', '-c', 'user.email=hand@example.org'];
  const at = ['-C', join(folder, 'repository')];
  return execFileSync('git', [...at, ...who, ...args], { encoding: 'utf8' }).trim();
}

function commit(mask: string, subject: string): void {
  writeFileSync(join(folder, 'repository', 'fs', 'sketch.c'), fileWith(mask));
  git('add', '.');
  git('commit', '-q', '-m', subject);
}

interface Label {
  readonly kind: string;
  readonly name: string | null;
  /** The label names another rule, and is amended. */
  readonly isAmended?: boolean;
}

/** Makes one case of the fix, labelled so, and returns what both commands say. */
function judged({ kind, name, isAmended = false }: Label): {
  made: string;
  said: string;
  status: number | null;
} {
  const list = join(folder, 'list.yml');
  const out = join(folder, `${kind}-${name}`);
  const label = {
    id: 'a001',
    kind,
    rules: [isAmended ? 'double-lock' : 'alloc-fs-under-page-lock'],
    ...(isAmended && { amended: { rules: ['alloc-fs-under-page-lock'], why: 'made up' } }),
    commit: git('rev-parse', '--short=12', 'HEAD'),
    repository: 'S',
    path: 'fs/sketch.c',
    function: name,
    visible: name === null ? null : 'function',
    why: 'made up',
  };
  writeFileSync(list, JSON.stringify([label]));
  const repository = `S=${join(folder, 'repository')}`;
  const made = evaluate('cases-make', '--list', list, '--repo', repository, '--out', out);
  if (made.status !== 0) return { made: made.said, said: '', status: null };
  return { made: made.said, ...evaluate('--cases', out) };
}

function evaluate(...args: readonly string[]): { said: string; status: number | null } {
  const script = join(ROOT, 'scripts', 'eval.ts');
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { said: stdout, status };
}

describe('labelled cases', () => {
  it('a fix taken back is a hit at both depths, the fix itself is silent', () => {
    const { made, said, status } = judged({ kind: 'positive', name: 'sketch_fill' });
    expect(made).toContain('positive cases made  1 of 1');
    const folderOfCase = join(folder, 'positive-sketch_fill', 'a001');
    expect(readFileSync(join(folderOfCase, 'pre', 'fs', 'sketch.c'), 'utf8')).toBe(fileWith('GFP_KERNEL'));
    expect(readFileSync(join(folderOfCase, 'post', 'fs', 'sketch.c'), 'utf8')).toBe(fileWith('GFP_NOFS'));
    expect(readFileSync(join(folderOfCase, 'fix.patch'), 'utf8')).toContain(
      'Subject: [PATCH] sketch: allocate with NOFS under the page lock',
    );
    expect(said).toContain('a001  function  hunk hit     file hit     sketch_fill');
    expect(said).toContain('fs/sketch.c:4 sketch_fill: allocation may enter filesystem reclaim');
    expect(said).not.toContain('ALARM');
    expect(said).toContain('| alloc-fs-under-page-lock | 1 | 1 | 0 | 1 | 0 |');
    expect(status).toBe(0);
  });

  it('a rule that the label leaves out counts in a table of its own, and not for the floor', () => {
    const { said, status } = judged({ kind: 'positive', name: 'sketch_fill', isAmended: true });
    expect(said).toContain('a001  function  hunk miss    file miss    sketch_fill');
    const [given, amended] = said.split('amended labels');
    expect(given).toContain('| function | 1 | 0 | 0 | 0 | 0 |');
    expect(amended).toContain('| function | 1 | 1 | 0 | 1 | 0 |');
    expect(status).toBe(1);
  });

  it('a negative case that is objected to is an alarm, and the run fails', () => {
    const { said, status } = judged({ kind: 'negative', name: null });
    expect(said).toContain('hunk alarm   file alarm');
    expect(said).toContain('hunk ALARM reversed: fs/sketch.c:4');
    expect(said).toContain('cases with a false alarm, of 1: hunk 1, file 1');
    expect(status).toBe(1);
  });

  it('a label that is not so makes no case', () => {
    const { made } = judged({ kind: 'positive', name: 'sketch_empty' });
    expect(made).toContain('a001 fs/sketch.c has no function sketch_empty before the commit');
    expect(made).toContain('positive cases made  0 of 1');
  });
});
