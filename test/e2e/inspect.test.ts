import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inspectJsonSchema, inspectSchema } from '../../bot/reports/inspect-json-schema.ts';
import { patchwitness } from './program.ts';

const FILE = 'test/e2e/inspect/writeback.c';
const PATCH = 'test/e2e/inspect/change.patch';
const ESCAPE = '\u001b';

describe('patchwitness inspect', () => {
  it.concurrent('prints a function as docs/inspect.md shows it', async () => {
    const { stdout, status } = await patchwitness(['inspect', FILE]);
    expect(status).toBe(0);
    expect(readFileSync('docs/inspect.md', 'utf8')).toContain(stdout.trimEnd());
  });

  it.concurrent('puts a function before a patch beside the one after it', async () => {
    const { stdout, status } = await patchwitness(['inspect', PATCH]);
    expect(status).toBe(0);
    const rows = stdout.split('\n');
    expect(rows[0]).toBe('fs/demofs/write.c:10: demofs_grow(), change.patch');
    expect(rows.find((row) => row.endsWith(' <'))).toMatch(/^ +13 {2}lock_page\(page\) .* <$/);
    expect(rows.find((row) => row.includes(' > '))).toMatch(/^ +> +14 {2}lock_page\(page\) /);
    expect(rows.find((row) => row.includes('kmalloc'))).toMatch(/ 14 {2}kmalloc.* 13 {2}kmalloc/);
  });

  it.concurrent('shows one function of a file, and of a patch', async () => {
    const input = 'void a(void)\n{\n\tlock_page(p);\n}\nvoid b(void)\n{\n}\n';
    expect((await patchwitness(['inspect', '--', '-:b'], { input })).stdout).toMatch(/^-:5: b\(\)\n/);
    expect((await patchwitness(['inspect', `${PATCH}:demofs_grow`])).status).toBe(0);
    expect((await patchwitness(['inspect', `${PATCH}:demofs_shrink`])).status).toBe(2);
  });

  it.concurrent.each([
    [`${FILE}:demofs_writepages`, 'no function demofs_writepages in .*; near: demofs_writepage\n'],
    [`${FILE}:quite_another`, 'no function quite_another in \\S+\n'],
    ['no/such/file.c', 'no/such/file\\.c: .*no such file'],
    ['test', 'test: .*directory'],
    ['no/such/file.mbox', 'no/such/file.mbox: not read: '],
  ])('%s: status 2, said on standard error', async (target, reason) => {
    const { stdout, stderr, status } = await patchwitness(['inspect', target]);
    expect(status).toBe(2);
    expect(stdout + stderr).toMatch(new RegExp(reason, 'i'));
  });

  it.concurrent('shows assignments when asked', async () => {
    expect((await patchwitness(['inspect', FILE])).stdout).not.toContain('assign');
    expect((await patchwitness(['inspect', '--all', FILE])).stdout).toMatch(/assign +ctx = wbc->private\n/);
  });

  it.concurrent('says what cannot be read', async () => {
    const input = 'void f(struct page *page)\n{\n\tlock_page(page);\n\tdemofs x = y z;\n}\n';
    const { stdout } = await patchwitness(['inspect', '-'], { input });
    expect(stdout).toContain('  1 statement(s) could not be read\n');
    expect(stdout).toMatch(/ 4 +UNREADABLE\n/);
  });

  it.concurrent('reads mail on standard input with --patch', async () => {
    const input = `From: A <a@example.org>\nSubject: [PATCH] move\n\n---\n${readFileSync(PATCH, 'utf8')}`;
    const { stdout, status } = await patchwitness(['inspect', '--patch', '-'], { input });
    expect(status).toBe(0);
    expect(stdout).toContain('demofs_grow(), [PATCH] move\n');
  });

  it.concurrent('lets no escape sequence through to the terminal', async () => {
    const input = `void f(void)\n{\n\tg("${ESCAPE}[31m\u202e", /* ${ESCAPE}]0;x\u0007 */ 1);\n}\n`;
    for (const format of ['text', 'dot', 'json']) {
      const { stdout } = await patchwitness(['inspect', '--format', format, '-'], { input });
      expect(stdout).not.toContain(ESCAPE);
    }
  });
});

describe('the JSON form', () => {
  it.concurrent.each([[FILE], [PATCH]])(
    'of %s has the shape that docs/inspect-v1.schema.json lays down',
    async (path) => {
      const { stdout } = await patchwitness(['inspect', '--format', 'json', path]);
      const schema: unknown = JSON.parse(readFileSync('docs/inspect-v1.schema.json', 'utf8'));
      const validate = new Ajv2020({ strict: false }).compile(
        z.record(z.string(), z.unknown()).parse(schema),
      );
      expect(validate(JSON.parse(stdout))).toBe(true);
      expect(inspectSchema.parse(JSON.parse(stdout)).items.length).toBeGreaterThan(0);
    },
  );

  it.concurrent('has the schema that the program works by (npm run schema writes it)', () => {
    const stored: unknown = JSON.parse(readFileSync('docs/inspect-v1.schema.json', 'utf8'));
    expect(stored).toEqual(JSON.parse(JSON.stringify(inspectJsonSchema())));
  });

  it.concurrent('tells slots, parameters, blocks and events', async () => {
    const { stdout } = await patchwitness(['inspect', '--format', 'json', FILE]);
    const [item] = inspectSchema.parse(JSON.parse(stdout)).items;
    if (item?.kind !== 'function') throw new Error('no function');
    expect(item.function).toMatchObject({
      name: 'demofs_writepage',
      startLine: 3,
      endLine: 18,
      sight: 'function',
    });
    expect(item.function.slots).toEqual([
      { slot: 'writepage', structType: 'address_space_operations', function: 'demofs_writepage', line: 21 },
    ]);
    expect(item.function.parameters[0]).toEqual({ name: 'page', type: 'struct page *' });
    expect(item.function.blocks[0]?.jump).toEqual({
      kind: 'branch',
      test: '!(ctx->mapping==page->mapping)',
      to: [2, 3],
    });
  });
});

const HAS_DOT = spawnSync('dot', ['-V']).error === undefined;

describe('the Graphviz form', () => {
  it.concurrent('has a cluster for each side of a patch', async () => {
    const { stdout } = await patchwitness(['inspect', '--format', 'dot', PATCH]);
    expect(stdout).toMatch(/^digraph patchwitness \{\n/);
    expect(stdout).toContain('label="before: demofs_grow()"');
    expect(stdout).toContain('label="after: demofs_grow()"');
  });

  it.skipIf(!HAS_DOT)('is read by dot, whatever stands in the code', async () => {
    const input =
      'int f(int x)\n{\n\tif (g("}\\"];\\n", \'"\', x))\n\t\treturn 1;\n\th("\\\\l<b>{|}");\n\treturn 2;\n}\n';
    const { stdout } = await patchwitness(['inspect', '--format', 'dot', '-'], { input });
    const dot = spawnSync('dot', ['-Tsvg'], { input: stdout, encoding: 'utf8' });
    expect(dot.stderr).not.toContain('rror');
    expect(dot.status).toBe(0);
    expect(dot.stdout).toContain('&lt;b&gt;{|}');
  });
});
