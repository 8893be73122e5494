/** `patchwitness lint`, through the built program: small trees written anew, whole and broken. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MAX_FILE_BYTES } from '../../analyzers/source/types.ts';
import { type LintReport, lintJsonSchema, lintSchema } from '../../bot/reports/lint-json-schema.ts';
import { git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchesOf, patchwitness, reviewJson } from './program.ts';

afterAll(removeTempDirs);

const RULE = 'alloc-fs-under-page-lock';

/** A function with a finding in line 4. */
function bad(name: string): string {
  return `static int ${name}(struct page *page)\n{\n\tlock_page(page);\n\tbuffer = kmalloc(64, GFP_KERNEL);\n\tunlock_page(page);\n\treturn 0;\n}\n`;
}

const CLEAN = 'static int demofs_none(void)\n{\n\treturn 0;\n}\n';

/** A repository with one finding in each of two files, and other things that are not read. */
function tree(): string {
  const root = newRepository();
  write(root, 'fs/demofs/inode.c', `${CLEAN}${bad('demofs_read')}`);
  write(root, 'fs/demofs/file.c', bad('demofs_fault'));
  write(root, 'fs/demofs/demofs.h', bad('demofs_inline'));
  write(root, 'fs/demofs/notes.txt', bad('demofs_words'));
  write(root, 'fs/demofs/.hidden.c', bad('demofs_hidden'));
  write(root, 'fs/clean.c', CLEAN);
  return root;
}

interface Linted {
  readonly findings: readonly string[];
  readonly unread: readonly string[];
  readonly summary: LintReport['summary'];
  readonly report: LintReport;
  readonly status: number | null;
}

async function lint(args: readonly string[], root = ''): Promise<Linted> {
  const { stdout, status } = await patchwitness(['lint', '--format', 'json', ...args]);
  const report = lintSchema.parse(JSON.parse(stdout));
  const short = (path: string): string => (root === '' ? path : path.replace(`${root}/`, ''));
  const findings: string[] = [];
  const unread: string[] = [];
  for (const item of report.items) {
    if ('file' in item) {
      for (const { rule, line, functionName, sight } of item.file.findings) {
        findings.push(`${short(item.file.path)}:${line}: ${rule} in ${functionName ?? '?'}, ${sight} seen`);
      }
    } else unread.push(`${short(item.unread.path)}: ${item.unread.reason}`);
  }
  return { findings, unread, summary: report.summary, report, status };
}

async function fingerprints(path: string): Promise<string[]> {
  const { report } = await lint([path]);
  return report.items.flatMap((item) =>
    'file' in item ? item.file.findings.map(({ fingerprint }) => fingerprint) : [],
  );
}

describe('patchwitness lint', () => {
  it('reads the .c files of a tree in the order of their paths, by however many workers', async () => {
    const root = tree();
    const one = await lint(['--jobs', '1', root], root);
    expect(one).toMatchObject({
      findings: [
        `fs/demofs/file.c:4: ${RULE} in demofs_fault, file seen`,
        `fs/demofs/inode.c:8: ${RULE} in demofs_read, file seen`,
      ],
      unread: [],
      summary: { files: 3, functions: 4, findings: 2, baselined: 0, unread: 0, left: 0 },
      status: 1,
    });
    const three = await lint(['--jobs', '3', `${root}/fs/demofs`, root, `${root}/fs/`], root);
    expect(three.report).toEqual(one.report);
  });

  it('prints findings as compilers do', async () => {
    const root = tree();
    const { stdout } = await patchwitness(['lint', `${root}/fs/demofs/file.c`]);
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      `${root}/fs/demofs/file.c:4: likely: [${RULE}] allocation may enter filesystem reclaim while the lock of page is held`,
      '    in demofs_fault()',
      `    ${root}/fs/demofs/file.c:3: lock_page(page)`,
      '        takes the page lock of page',
      expect.stringContaining('file.c:4: kmalloc(64, GFP_KERNEL)'),
      expect.stringContaining('allocates with filesystem reclaim allowed'),
    ]);
    expect(stdout).toMatch(/\n1 file, 1 function read\n1 finding; 0 parts not read\n$/);
  });

  it('reads a header that is named, and no file of another name', async () => {
    const root = tree();
    const { findings, unread, status } = await lint(
      [`${root}/fs/demofs/demofs.h`, `${root}/fs/demofs/notes.txt`],
      root,
    );
    expect(findings).toEqual([`fs/demofs/demofs.h:4: ${RULE} in demofs_inline, file seen`]);
    expect(unread).toEqual(['fs/demofs/notes.txt: its name ends neither in .c nor in .h']);
    expect(status).toBe(2);
  });

  it('names a broken file and reads the rest', async () => {
    const root = tree();
    write(root, 'fs/demofs/a.c', Buffer.from(bad('demofs_wide'), 'utf16le'));
    write(root, 'fs/demofs/b.c', Buffer.alloc(MAX_FILE_BYTES + 1, ' '));
    write(root, 'fs/demofs/c.c', `${bad('demofs_left')}static int demofs_odd(void)\n{\n\treturn ((;\n}\n`);
    const { findings, unread, status } = await lint([root], root);
    expect(findings).toHaveLength(3);
    expect(unread).toEqual([
      'fs/demofs/a.c: it is no text in UTF-8 or in an encoding with one byte a character',
      'fs/demofs/b.c: it is longer than 8 MiB',
      'fs/demofs/c.c: 1 statement(s) of demofs_odd could not be read',
    ]);
    expect(status).toBe(1);
    // The same file is what the user asked for when it is named.
    expect((await lint([`${root}/fs/demofs/a.c`])).status).toBe(2);
  });

  it('does not go round with links between directories, nor read a file twice', async () => {
    const root = tree();
    symlinkSync('..', join(root, 'fs/demofs/up'));
    symlinkSync('file.c', join(root, 'fs/demofs/same.c'));
    expect((await lint([root], root)).summary).toMatchObject({ files: 3, findings: 2 });
    // A link that is named is followed.
    expect((await lint([`${root}/fs/demofs/up/demofs/same.c`], root)).summary).toMatchObject({ findings: 1 });
  });

  it.each([
    ['a path that is not there', (root: string) => join(root, 'none'), 'no such file or directory'],
    [
      'a directory without C',
      (root: string) => {
        mkdirSync(join(root, 'empty'));
        return join(root, 'empty');
      },
      'no .c file is in it',
    ],
  ])('says of %s that there is nothing to read', async (_, path, reason) => {
    const root = tree();
    const { findings, unread, status } = await lint([path(root), `${root}/fs`], root);
    expect(findings).toHaveLength(2);
    expect(unread).toEqual([expect.stringContaining(reason)]);
    expect(status).toBe(2);
  });

  it.each([
    [['--rule', 'fault-under-page-lock'], 0],
    [['--no-rule', RULE], 0],
    [['--min-confidence', 'confirmed'], 0],
    [['--fail-on', 'never'], 0],
    [['--rule', RULE], 1],
  ])('%j ends with status %i', async (options, status) => {
    const { stdout, status: actual } = await patchwitness(['lint', ...options, `${tree()}/fs/demofs/file.c`]);
    expect(stdout).toContain('1 file,');
    expect(actual).toBe(status);
  });

  it.each([
    [[]],
    [['--jobs', '0', '.']],
    [['--jobs', 'many', '.']],
    [['--rule', 'no-such-rule', '.']],
    [['--baseline', '/no/such/baseline', '.']],
  ])('%j is bad usage: status 2, said on standard error', async (args) => {
    const { status, stdout, stderr } = await patchwitness(['lint', ...args]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/error:/);
  });

  it('Ctrl-C prints what is there', async () => {
    const root = newRepository();
    for (let index = 0; index < 3000; index++)
      write(root, `fs/f${index}.c`, bad(`demofs_${index}`).repeat(20));
    const child = spawn(process.execPath, [
      'dist/bot/cli.js',
      'lint',
      '--format',
      'json',
      '--jobs',
      '1',
      root,
    ]);
    const closed = once(child, 'close');
    const output = text(child.stdout);
    const errors = text(child.stderr);
    // What is printed first stands in front of the first file; the next piece is a finding.
    await once(child.stdout, 'data');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    await closed;
    expect(await errors).toBe('');
    const { summary } = lintSchema.parse(JSON.parse(await output));
    expect(summary.files).toBeGreaterThan(0);
    expect(summary.left).toBe(3000 - summary.files);
    expect(child.exitCode).toBe(130);
  });
});

describe('a baseline', () => {
  it('keeps silent of what it lists, and of nothing else', async () => {
    const root = tree();
    const baseline = join(tempDir(), 'baseline');
    const written = await patchwitness(['lint', '--write-baseline', baseline, root]);
    expect(written.status).toBe(0);
    expect(written.stdout).toContain('2 findings;');
    expect(readFileSync(baseline, 'utf8').split('\n').slice(1)).toEqual([
      expect.stringMatching(/^[0-9a-f]{16} alloc-fs-under-page-lock fs\/demofs\/file\.c demofs_fault$/),
      expect.stringMatching(/^[0-9a-f]{16} alloc-fs-under-page-lock fs\/demofs\/inode\.c demofs_read$/),
      '',
    ]);
    // Lines move, a file is new: only that is said.
    write(root, 'fs/demofs/file.c', `/* one\n * two\n */\n${bad('demofs_fault')}`);
    write(root, 'fs/demofs/new.c', bad('demofs_new'));
    const later = await lint(['--baseline', baseline, root], root);
    expect(later.findings).toEqual([`fs/demofs/new.c:4: ${RULE} in demofs_new, file seen`]);
    expect(later.summary).toMatchObject({ findings: 1, baselined: 2 });
    expect(later.status).toBe(1);
    // Written again with what it knew; then nothing is left.
    await patchwitness(['lint', '--baseline', baseline, '--write-baseline', baseline, root]);
    expect((await lint(['--baseline', baseline, root])).status).toBe(0);
  });

  it('knows a finding wherever the tree lies, and as a review names it', async () => {
    const [here, there] = [tree(), tree()];
    const known = await fingerprints(here);
    expect(await fingerprints(join(there, 'fs'))).toEqual(known);
    git(here, ['add', '-A']);
    const input = git(here, ['diff', '--cached', '--', 'fs/demofs/file.c']);
    const { report } = await reviewJson(['-'], { input });
    expect(patchesOf(report)[0]?.findings[0]?.fingerprint).toBe(known[0]);
  });

  it('that holds something else is refused with its line', async () => {
    const directory = tempDir();
    write(directory, 'baseline', '# words\n\n0123456789abcdef x\nwhat\n');
    const { status, stderr } = await patchwitness(['lint', '--baseline', join(directory, 'baseline'), '.']);
    expect(status).toBe(2);
    expect(stderr).toContain('baseline: line 4 does not begin with a fingerprint');
  });

  it('that cannot be written is an error, and leaves nothing behind', async () => {
    const path = join(tempDir(), 'none/baseline');
    const { status, stderr } = await patchwitness(['lint', '--write-baseline', path, tree()]);
    expect(status).toBe(2);
    expect(stderr).toContain('no such file or directory');
    expect(existsSync(path)).toBe(false);
  });
});

describe('the JSON report of lint', () => {
  const stored = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(readFileSync('docs/lint-v1.schema.json', 'utf8')));

  it('is of the shape that docs/lint-v1.schema.json lays down', async () => {
    const { report } = await lint([tree(), '/no/such/path']);
    const validate = new Ajv2020({ strict: false }).compile(stored);
    expect(validate(report)).toBe(true);
    expect(validate.errors).toBeNull();
  });

  it('has the schema that the program works by (npm run schema writes it)', () => {
    expect(stored).toEqual(JSON.parse(JSON.stringify(lintJsonSchema())));
  });
});
