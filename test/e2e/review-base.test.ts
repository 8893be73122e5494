/** `review --repository`, through the built program: on which revision each series is reviewed, and what is said of that. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchesOf, patchwitness, reviewJson } from './program.ts';

afterAll(removeTempDirs);

/** The lock is far above what a hunk shows. */
function source(middle: string): string {
  const filler = Array.from({ length: 12 }, (_, at) => `\tstep_${at}(page);\n`).join('');
  return `int demofs_scrub(struct page *page)\n{\n\tlock_page(page);\n${filler}${middle}\tlast_step(page);\n\tunlock_page(page);\n\treturn 0;\n}\n`;
}

const OLD = source('');
const BAD = source('\tkmalloc(64, GFP_KERNEL);\n');
const NEW = 'int demofs_scrub(struct page *page)\n{\n\treturn 0;\n}\n';

interface Repository {
  readonly root: string;
  readonly bare: string;
  /** The series applies there. */
  readonly old: string;
  /** There it does not. */
  readonly new: string;
}

/** A bare repository with an older and a newer revision, and a work tree with a patch for the older one. */
function repository(): Repository {
  const root = newRepository();
  write(root, 'Makefile', 'VERSION = 3\nPATCHLEVEL = 5\n');
  write(root, 'fs/demofs/scrub.c', OLD);
  commit(root, 'demofs: base');
  git(root, ['branch', 'older']);
  write(root, 'fs/demofs/scrub.c', NEW);
  commit(root, 'demofs: rewritten');
  const bare = join(tempDir(), 'bare.git');
  git(root, ['clone', '-q', '--bare', '.', bare]);
  git(root, ['checkout', '-q', '-b', 'topic', 'older']);
  write(root, 'fs/demofs/scrub.c', BAD);
  commit(root, 'demofs: scrub with a buffer');
  const idOf = (name: string): string => git(root, ['rev-parse', name]).toString().trim();
  return { root, bare, old: idOf('older'), new: idOf('main') };
}

/** The patch as a mail whose text names that base. */
function mailed(root: string, baseCommit: string | null = null): string {
  const mail = git(root, ['format-patch', '--stdout', '--no-signature', '-n', 'older..topic']).toString();
  return baseCommit === null ? mail : `${mail}\nbase-commit: ${baseCommit}\n`;
}

async function review(
  input: string,
  args: readonly string[],
  cache = tempDir(),
): Promise<{ readonly base: unknown; readonly sights: readonly string[] }> {
  const { report } = await reviewJson([...args, '-'], { input, env: { PATCHWITNESS_CACHE: cache } });
  const [patch] = patchesOf(report);
  return { base: patch?.base, sights: patch?.findings.map(({ rule, sight }) => `${rule} ${sight}`) ?? [] };
}

const WHOLE = ['alloc-fs-under-page-lock file'];

const UNKNOWN = '0123456789abcdef0123456789abcdef01234567';

describe('review --repository', () => {
  it('takes the base that the series names first', async () => {
    const { root, bare, old } = repository();
    const found = await review(mailed(root, old), ['--repository', bare, '--base', 'main']);
    expect(found).toEqual({ base: { revision: old, by: 'base-commit', reason: null }, sights: WHOLE });
  });

  it('falls back to the revisions of --base, in order, and says so', async () => {
    const { root, bare, old, new: other } = repository();
    const args = ['--repository', bare, '--base', 'main', '--base', 'older'];
    for (const wrong of [other, UNKNOWN]) {
      const found = await review(mailed(root, wrong), args);
      expect(found).toEqual({ base: { revision: old, by: 'named', reason: null }, sights: WHOLE });
    }
    const { stdout } = await patchwitness(['review', ...args, '-'], { input: mailed(root, UNKNOWN) });
    expect(stdout).toContain(
      `"demofs: scrub with a buffer": ${old.slice(0, 12)} of --base, its base-commit is not in the repository`,
    );
    const plain = await patchwitness(['review', ...args, '-'], { input: mailed(root) });
    expect(plain.stdout).not.toContain('Bases of series');
  });

  it('takes an older indexed revision where the series does not apply to the last one', async () => {
    const { root, bare, old } = repository();
    const cache = tempDir();
    const env = { PATCHWITNESS_CACHE: cache };
    // A work tree of the repository leads to the same revisions, and a record that is torn to none.
    const linked = join(tempDir(), 'linked');
    git(bare, ['worktree', 'add', '-q', linked, 'older']);
    expect((await patchwitness(['index', `${linked}@HEAD`, 'fs'], { env })).status).toBe(0);
    const [version = ''] = readdirSync(join(cache, 'index-v1'));
    write(join(cache, 'index-v1', version), `${'0'.repeat(40)}.revision`, '{"repository":');
    expect((await patchwitness(['index', `${bare}@main`, 'fs'], { env })).status).toBe(0);
    const found = await review(mailed(root), ['--repository', bare], cache);
    expect(found).toEqual({ base: { revision: old, by: 'indexed', reason: null }, sights: WHOLE });
    // That of another repository is none of this one.
    const other = await review(mailed(root), ['--repository', root], cache);
    expect(other.base).toEqual({ revision: null, by: 'none', reason: 'no-candidate' });
  });

  it('reviews hunks alone where no revision fits, and says why', async () => {
    const { root, bare } = repository();
    const none = { revision: null, by: 'none' };
    const args = ['--repository', bare];
    const sights: string[] = [];
    expect(await review(mailed(root), args)).toEqual({ base: { ...none, reason: 'no-candidate' }, sights });
    expect(await review(mailed(root, UNKNOWN), args)).toEqual({
      base: { ...none, reason: 'unknown-base-commit' },
      sights,
    });
    const tried = [...args, '--base', 'main'];
    expect(await review(mailed(root), tried)).toEqual({
      base: { ...none, reason: 'does-not-apply' },
      sights,
    });
    const { stdout, status } = await patchwitness(['review', ...tried, '-'], { input: mailed(root) });
    expect(stdout).toContain(
      'none, only hunks are in sight: it does not apply to any revision that was tried',
    );
    expect(status).toBe(0);
  });

  it('says nothing of a base where none is looked for', async () => {
    const { root } = repository();
    expect((await review(mailed(root), [])).base).toBeNull();
  });

  it('opens the index of the base that it finds', async () => {
    const { root, bare } = repositoryWithHelper();
    const old = git(bare, ['rev-parse', 'older']).toString().trim();
    const { report } = await reviewJson(
      ['--repository', bare, '--base', 'main', '--base', 'older', '--index', '.', '-'],
      { input: mailed(root), env: { PATCHWITNESS_CACHE: tempDir() } },
    );
    const [patch] = patchesOf(report);
    expect(patch?.base).toEqual({ revision: old, by: 'named', reason: null });
    expect(patch?.findings.map(({ path, steps }) => [path, steps.map((step) => step.path)])).toEqual([
      ['fs/demofs/file.c', ['fs/demofs/file.c', 'fs/demofs/file.c', 'lib/prepare.c', 'lib/fill.c']],
    ]);
  });

  it('refuses what is no commit, and options that do not go together', async () => {
    const { bare } = repository();
    const refusals = [
      [['--repository', bare, '--base', '--upload-pack=x'], 'has no such commit'],
      [['--repository', bare, '--base', 'nothing'], 'has no such commit'],
      [['--repository', tempDir()], '--repository'],
      [['--repository', bare, '--tree', bare], "cannot be used with option '--tree"],
      [['--repository', bare, '--git', bare], "cannot be used with option '--git"],
      [['--base', 'main'], '--base needs --repository'],
    ] as const;
    for (const [args, reason] of refusals) {
      const { stderr, status } = await patchwitness(['review', ...args, '-']);
      expect(stderr).toContain(reason);
      expect(status).toBe(2);
    }
  });
});

function fill(line: string): string {
  return `int demofs_fill(struct page *page)\n{\n${line}\treturn 0;\n}\n`;
}

/** The caller holds the page lock, two files away from the helper that the patch changes. */
function repositoryWithHelper(): { readonly root: string; readonly bare: string } {
  const root = newRepository();
  write(root, 'Makefile', 'VERSION = 3\nPATCHLEVEL = 5\n');
  write(
    root,
    'fs/demofs/file.c',
    'int demofs_write(struct page *page)\n{\n\tlock_page(page);\n\tdemofs_prepare(page);\n\tunlock_page(page);\n\treturn 0;\n}\n',
  );
  write(root, 'lib/prepare.c', 'int demofs_prepare(struct page *page)\n{\n\treturn demofs_fill(page);\n}\n');
  write(root, 'lib/fill.c', fill(''));
  commit(root, 'demofs: base');
  git(root, ['branch', 'older']);
  write(root, 'lib/fill.c', 'int demofs_other;\n');
  commit(root, 'demofs: fill no more');
  const bare = join(tempDir(), 'bare.git');
  git(root, ['clone', '-q', '--bare', '.', bare]);
  git(root, ['checkout', '-q', '-b', 'topic', 'older']);
  write(root, 'lib/fill.c', fill('\tkmalloc(64, GFP_KERNEL);\n'));
  commit(root, 'demofs: fill from a buffer');
  return { root, bare };
}
