/** `patchwitness diff`, through the built program: reports of trees and of patches. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { diffJsonSchema, diffSchema } from '../../bot/reports/diff-json.ts';
import { newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchwitness } from './program.ts';

afterAll(removeTempDirs);

const RULE = 'alloc-fs-under-page-lock';

function bad(name: string): string {
  return `static int ${name}(struct page *page)\n{\n\tlock_page(page);\n\tbuffer = kmalloc(64, GFP_KERNEL);\n\tunlock_page(page);\n\treturn 0;\n}\n`;
}

let before = '';
let after = '';

/** The report of a tree, stored beside the others. */
async function linted(root: string, file: string): Promise<string> {
  const { stdout } = await patchwitness(['lint', '--format', 'json', join(root, 'fs')]);
  const directory = tempDir();
  write(directory, file, stdout);
  return join(directory, file);
}

beforeAll(async () => {
  const root = newRepository();
  write(root, 'fs/a.c', bad('demofs_stays'));
  write(root, 'fs/b.c', bad('demofs_goes'));
  before = await linted(root, 'before.json');
  // It moves, which makes it no other finding.
  write(root, 'fs/a.c', `/* one\n * two\n */\n${bad('demofs_stays')}`);
  write(root, 'fs/b.c', bad('demofs_comes'));
  after = await linted(root, 'after.json');
});

describe('patchwitness diff', () => {
  it('lists what is gone and what is new, and ends as diff does', async () => {
    const { stdout, stderr, status } = await patchwitness(['diff', before, after]);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(
        /^- \S+fs\/b\.c:4: likely: \[alloc-fs-under-page-lock\] .*, in demofs_goes\(\) \([0-9a-f]{16}\)$/,
      ),
      expect.stringMatching(/^\+ \S+fs\/b\.c:4: likely: .*, in demofs_comes\(\)/),
      '1 new, 1 gone, 1 in both',
      '',
    ]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
  });

  it('finds a report the same as itself', async () => {
    const { stdout, status } = await patchwitness(['diff', before, '-'], { input: readFileSync(before) });
    expect({ stdout, status }).toEqual({ stdout: '0 new, 0 gone, 2 in both\n', status: 0 });
  });

  it('tells programs in JSON, of the shape that docs/diff-v1.schema.json lays down', async () => {
    const { stdout } = await patchwitness(['diff', '--format', 'json', before, after]);
    const { items, summary } = diffSchema.parse(JSON.parse(stdout));
    expect(items).toMatchObject([
      { gone: { rule: RULE, functionName: 'demofs_goes', line: 4 } },
      { new: { rule: RULE, functionName: 'demofs_comes', line: 4 } },
    ]);
    expect(summary).toEqual({ new: 1, gone: 1, both: 1 });
    const stored = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync('docs/diff-v1.schema.json', 'utf8')));
    expect(new Ajv2020({ strict: false }).validate(stored, JSON.parse(stdout))).toBe(true);
    expect(stored).toEqual(JSON.parse(JSON.stringify(diffJsonSchema())));
  });

  it('compares two versions of a series, without what they fix', async () => {
    const directory = tempDir();
    for (const version of ['bad', 'good']) {
      const path = `corpus/examples/${RULE}/${version}.mbox`;
      write(directory, version, (await patchwitness(['review', '--format', 'json', path])).stdout);
    }
    const { stdout } = await patchwitness(['diff', join(directory, 'bad'), join(directory, 'good')]);
    expect(stdout).toMatch(/\n0 new, 2 gone, 0 in both\n$/);
  });

  it('says of an interrupted run that it was one', async () => {
    const directory = tempDir();
    write(directory, 'part.json', readFileSync(before, 'utf8').replace('"left":0', '"left":5'));
    const { stderr, status } = await patchwitness(['diff', join(directory, 'part.json'), before]);
    expect(stderr).toContain('part.json is of a run that was interrupted, with 5 files left');
    expect(status).toBe(0);
  });

  it.each([
    ['no such file', '/no/such/file', 'no such file or directory'],
    ['another JSON', 'package.json', 'is no report of `review` or `lint --format json` ('],
    ['no JSON', 'README.md', 'README.md is no JSON, or not whole'],
  ])('refuses %s', async (_, path, message) => {
    const { stdout, stderr, status } = await patchwitness(['diff', before, path]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toContain(message);
  });
});
