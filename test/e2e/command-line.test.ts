import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RULES } from '../../analyzers/rules/registry.ts';
import { reportJsonSchema } from '../../bot/reports/json-schema.ts';
import { patchesOf, patchwitness, reviewJson } from './program.ts';

const BAD = 'corpus/examples/block-with-pending-bio/bad.mbox';
const ESCAPE = '\u001b';
const GOOD = 'corpus/examples/block-with-pending-bio/good.mbox';

describe('patchwitness review', () => {
  it('reads standard input, plain and gzipped, and says the same of both', async () => {
    const mbox = readFileSync(BAD);
    const plain = await patchwitness(['review', '-'], { input: mbox });
    const packed = await patchwitness(['review', '-'], { input: gzipSync(mbox) });
    expect(plain.stdout).toContain('[block-with-pending-bio]');
    expect(packed.stdout).toBe(plain.stdout);
  });

  it('prints place, rule, steps with their lines, the fix and the thread', async () => {
    const { stdout } = await patchwitness(['review', BAD]);
    const lines = stdout.split('\n\n')[0]?.split('\n') ?? [];
    const [how, instead] = ['    how:', '    instead: '].map((start) =>
      lines.findIndex((line) => line.startsWith(start)),
    );
    expect(lines.toSpliced(how ?? 0, (instead ?? 0) - (how ?? 0))).toEqual([
      'fs/demofs/writeback.c:34: likely: [block-with-pending-bio] blocks for the page lock of page while pages of an unsubmitted bio are under writeback',
      expect.stringContaining(
        'in demofs_writepages(), introduced by "[PATCH 1/2] demofs: add ->writepages()"',
      ),
      '    fs/demofs/writeback.c:53: set_page_writeback(page)',
      '        puts a page under writeback',
      '    fs/demofs/writeback.c:54: bio_add_page(bio, page, PAGE_SIZE, 0)',
      '        adds it to a bio',
      '    fs/demofs/writeback.c:34: lock_page(page)',
      '        blocks for the page lock of page, bio not yet submitted',
      expect.stringMatching(/^ {4}why: /),
      expect.any(String),
      expect.stringMatching(/^ {4}assumes: the kernel is of /),
      expect.stringMatching(/^ {4}assumes: the kernel has /),
      expect.any(String),
      '    instead: try the lock first; if it is taken, submit the bio, then block for the lock',
      expect.stringContaining(
        'taught by: "[RFC] Ext4: fix deadlock on dirty pages between fault and writeback"',
      ),
      expect.any(String),
      expect.stringMatching(/^ {4}more: docs\/rules\/block-with-pending-bio\.md, fingerprint [0-9a-f]{16}$/),
    ]);
  });

  it('prints an order of steps in which it happens', async () => {
    const { stdout } = await patchwitness(['review', BAD]);
    const [, how = ''] = (stdout.split('\n\n')[0] ?? '').split('\n    how:\n');
    const rows = (how.split('\n    instead: ')[0] ?? '').split('\n');
    expect(rows.filter((row) => !row.startsWith('        '))).toEqual([]);
    expect(rows[0]).toMatch(/^ {8}demofs_writepages +\S+$/);
    expect(rows).toContainEqual('        set_page_writeback(page) /* Q */ [2]');
    expect(rows).toContainEqual(
      expect.stringMatching(/^ {8}\*{3} blocked by \S+ +\*{3} blocked by demofs_writepages$/),
    );
    expect(rows).toContainEqual('        [2] demofs_writepages() fs/demofs/writeback.c:53');
    expect(Math.max(...rows.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('names the author beside the sender, as git am would', async () => {
    const input = [
      'From: Re Lay <relay@example.org>',
      'Subject: [PATCH] demofs: x',
      '',
      'From: Au Thor <author@example.net>',
      '',
      'words',
      '---',
      'diff --git a/fs/x.c b/fs/x.c',
      '--- a/fs/x.c',
      '+++ b/fs/x.c',
      '@@ -1 +1,2 @@',
      ' int one;',
      '+int two;',
      '',
    ].join('\n');
    const { report } = await reviewJson(['-'], { input });
    expect(patchesOf(report)).toMatchObject([
      { from: 'Re Lay <relay@example.org>', author: 'Au Thor <author@example.net>' },
    ]);
  });

  it('writes nothing but the report to standard output, and nothing else anywhere', async () => {
    const { stdout, stderr } = await patchwitness(['review', '--format', 'json', BAD]);
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    expect(stderr).toBe('');
  });

  it('colours only when told to', async () => {
    const plain = await patchwitness(['review', BAD], { env: { NO_COLOR: '1', FORCE_COLOR: '1' } });
    const coloured = await patchwitness(['review', BAD], { env: { FORCE_COLOR: '1', NO_COLOR: '' } });
    expect(plain.stdout).not.toContain(ESCAPE);
    expect(coloured.stdout).toContain(`${ESCAPE}[31m`);
  });

  it.each([
    [['--fail-on', 'confirmed'], 0],
    [['--fail-on', 'never'], 0],
    [['--fail-on', 'advice'], 1],
    [['--min-confidence', 'confirmed'], 0],
    [['--rule', 'fault-under-page-lock'], 0],
    [['--rule', 'fault-under-page-lock', '--rule', 'block-with-pending-bio'], 1],
    [['--no-rule', 'block-with-pending-bio'], 0],
  ] as const)('%j ends with status %i', async (options, expected) => {
    expect((await patchwitness(['review', ...options, BAD])).status).toBe(expected);
  });

  it('a fix alone does not fail the run', async () => {
    const { report, status } = await reviewJson([GOOD]);
    expect(report.summary).toMatchObject({ introduced: 0, fixed: 1 });
    expect(status).toBe(0);
  });

  it.each([
    [['review']],
    [['review', '--format', 'xml', BAD]],
    [['review', '--rule', 'no-such-rule', BAD]],
    [['review', '--fail-on', 'perhaps', BAD]],
    [['review', '--no-such-option', BAD]],
    [['no-such-command']],
  ])('%j is bad usage: status 2, said on standard error', async (args) => {
    const { status, stdout, stderr } = await patchwitness(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/error:/);
  });

  it.each([
    [['--rule', 'fault-under-page-lock', '--no-rule', 'fault-under-page-lock']],
    [RULES.flatMap(({ meta }) => ['--no-rule', meta.id])],
    [RULES.flatMap(({ meta }) => ['--no-rule', meta.id, '--rule', meta.id])],
  ])('%j leaves no rule: status 2, said on standard error', async (options) => {
    const { status, stdout, stderr } = await patchwitness(['review', ...options, BAD]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('error: no rule is left to review with');
  });

  it('reviews with what --rule and --no-rule leave', async () => {
    const options = ['--rule', 'block-with-pending-bio', '--no-rule', 'fault-under-page-lock'];
    expect((await patchwitness(['review', ...options, BAD])).status).toBe(1);
  });

  it('ends as if by SIGPIPE when its reader goes away before the review is done', async () => {
    const paths = Array.from({ length: 40 }, () => 'corpus/examples');
    const { status, stdout, stderr } = await piped('head -1', paths);
    expect(status).toBe(141);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });

  it('keeps its own status when its reader reads on', async () => {
    expect((await piped('cat', ['corpus/examples'])).status).toBe(1);
  });

  it('lists its rules and exit statuses in its help', async () => {
    const { stdout, status } = await patchwitness(['review', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('fault-under-transaction');
    expect(stdout).toMatch(/--no-rule <id> +not this rule \(may be given again\)\n/);
    expect(stdout).not.toMatch(/\[\]/);
    expect(stdout).toContain(
      'Exit status: 0 clean, 1 findings, 2 bad usage or unreadable input, 3 internal error',
    );
  });
});

/** Reviews in front of a real pipe; the status is that of the review unless the reader fails. */
async function piped(
  reader: string,
  paths: readonly string[],
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const script = `set -o pipefail; "$@" | ${reader}`;
  const command = [process.execPath, 'dist/bot/cli.js', 'review', ...paths];
  const child = spawn('bash', ['-c', script, 'bash', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { status: child.exitCode, stdout, stderr };
}

function storedSchema(): Record<string, unknown> {
  const schema = readFileSync('docs/report-v1.schema.json', 'utf8');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(schema));
}

describe('the JSON report', () => {
  it('is of the shape that docs/report-v1.schema.json lays down', async () => {
    const { stdout } = await patchwitness(['review', '--format', 'json', 'corpus/examples', 'no/such/file']);
    const validate = new Ajv2020({ strict: false }).compile(storedSchema());
    expect(validate(JSON.parse(stdout))).toBe(true);
    expect(validate.errors).toBeNull();
  });

  it('has the schema that the program works by (npm run schema writes it)', () => {
    expect(storedSchema()).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
  });

  it('counts in its summary what it lists', async () => {
    const { report } = await reviewJson(['corpus/examples']);
    const findings = patchesOf(report).flatMap((patch) => patch.findings);
    const count = (status: string): number => findings.filter((finding) => finding.status === status).length;
    expect(report.summary).toMatchObject({
      patches: patchesOf(report).length,
      introduced: count('introduced'),
      fixed: count('fixed'),
      preExisting: count('pre-existing'),
    });
  });
});
