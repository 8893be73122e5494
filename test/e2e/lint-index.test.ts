/** `lint --index`, through the built program: what functions of other files do counts. */

import { afterAll, describe, expect, it } from 'vitest';
import { lintSchema } from '../../bot/reports/lint-json-schema.ts';
import { newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchwitness } from './program.ts';

afterAll(removeTempDirs);

/** A caller that holds the page lock, a helper in another folder, and below that who allocates. */
function tree(): string {
  const root = newRepository();
  write(root, 'Makefile', 'VERSION = 3\nPATCHLEVEL = 5\n');
  const write3 = 'int demofs_write(struct page *page)\n{\n\tlock_page(page);\n\tdemofs_prepare(page);\n';
  write(root, 'fs/demofs/file.c', `${write3}\tunlock_page(page);\n\treturn 0;\n}\n`);
  write(root, 'lib/prepare.c', 'int demofs_prepare(struct page *page)\n{\n\treturn demofs_fill(page);\n}\n');
  write(
    root,
    'lib/fill.c',
    'int demofs_fill(struct page *page)\n{\n\tkmalloc(64, GFP_KERNEL);\n\treturn 0;\n}\n',
  );
  for (let file = 0; file < 30; file++) {
    write(
      root,
      `fs/other/file${file}.c`,
      `int other_${file}(struct page *page)\n{\n\treturn demofs_write(page);\n}\n`,
    );
  }
  return root;
}

async function lint(
  cache: string,
  ...args: readonly string[]
): Promise<{ stdout: string; stderr: string; status: number | null }> {
  return patchwitness(['lint', '--format', 'json', ...args], { env: { PATCHWITNESS_CACHE: cache } });
}

describe('lint --index', () => {
  it('reports at the caller what is done two files further, with the way there', async () => {
    const root = tree();
    const { stdout, status } = await lint(tempDir(), '--index', root, `${root}/fs`);
    const steps = lintSchema
      .parse(JSON.parse(stdout))
      .items.flatMap((item) => ('file' in item ? item.file.findings : []))
      .flatMap((finding) =>
        finding.steps.map((step) => `${step.path.replace(`${root}/`, '')}:${step.line} ${step.what}`),
      );
    expect(steps).toEqual([
      'fs/demofs/file.c:3 takes the page lock of page',
      'fs/demofs/file.c:4 allocates with filesystem reclaim allowed, lock still held',
      'lib/prepare.c:3 demofs_prepare() calls on',
      'lib/fill.c:3 demofs_fill() does it here',
    ]);
    expect(status).toBe(1);
    expect((await lint(tempDir(), `${root}/fs`)).status).toBe(0);
    expect((await lint(tempDir(), '--index', `${root}/fs`, `${root}/fs`)).status).toBe(0);
  });

  it('says the same cold and warm, from one process and from four', async () => {
    const [root, cache] = [tree(), tempDir()];
    const args = ['--index', `${root}/fs`, '--index', `${root}/lib`, root];
    const cold = await lint(cache, ...args, '--jobs', '1');
    expect(cold.stdout).toContain('demofs_fill() does it here');
    expect(await lint(cache, ...args, '--jobs', '1')).toEqual(cold);
    expect(await lint(cache, ...args, '--jobs', '4')).toEqual(cold);
    expect(await lint(tempDir(), ...args, '--jobs', '4')).toEqual(cold);
  });

  it('says what the index lacks', async () => {
    const root = tree();
    write(root, 'lib/object.c', Buffer.from([0, 1]));
    const { stdout } = await lint(tempDir(), '--index', `${root}/lib`, `${root}/fs`);
    expect(stdout).toContain('not in the index: it is no text');
  });

  it('refuses folders of two trees', async () => {
    const root = tree();
    const { stderr, status } = await lint(tempDir(), '--index', root, '--index', tree(), root);
    expect(stderr).toContain('--index: folders of one tree only');
    expect(status).toBe(2);
  });
});
