/** How much a report tells: `--quiet`, `--verbose`, and Ctrl-C in the middle. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchwitness } from './program.ts';

afterAll(removeTempDirs);

const EXAMPLE = 'corpus/examples/block-with-pending-bio';

describe('--quiet', () => {
  it('leaves the findings of a review, and nothing else', async () => {
    const { stdout, stderr, status } = await patchwitness([
      'review',
      '-q',
      `${EXAMPLE}/bad.mbox`,
      '/no/such',
    ]);
    expect(stdout).toMatch(/^fs\/demofs\/writeback\.c:34: likely: [\s\S]*fingerprint [0-9a-f]{16}\n\n$/);
    // What could not be read is in the status.
    expect({ stderr, status }).toEqual({ stderr: '', status: 2 });
  });

  it('prints nothing where nothing is found', async () => {
    const root = tempDir();
    write(root, 'clean.c', 'static int demofs_none(void)\n{\n\treturn 0;\n}\n');
    expect(await patchwitness(['lint', '--quiet', root])).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  it('takes nothing from reports for programs', async () => {
    const { stdout } = await patchwitness(['review', '-q', '--format', 'json', `${EXAMPLE}/good.mbox`]);
    expect(JSON.parse(stdout)).toHaveProperty('summary.patches', 2);
  });

  it('is not to be had with --verbose', async () => {
    const { status, stderr } = await patchwitness(['review', '-q', '-v', EXAMPLE]);
    expect(status).toBe(2);
    expect(stderr).toContain('cannot be used with');
  });
});

describe('--verbose', () => {
  it('names every patch that was read', async () => {
    const { stdout } = await patchwitness(['review', '-v', '--no-rule', 'block-with-pending-bio', EXAMPLE]);
    expect(stdout.match(/^".*" \(.*, message \d\): \d+ changed functions? read, 0 findings$/gm)).toHaveLength(
      4,
    );
  });

  it('lists all that could not be read', async () => {
    const root = tempDir();
    for (let index = 0; index < 60; index++) write(root, `f${index}.c`, Buffer.from('x\u0000y', 'utf16le'));
    const listed = async (options: readonly string[]): Promise<number> =>
      (await patchwitness(['lint', ...options, root])).stdout.match(/^ {4}.*\.c: /gm)?.length ?? 0;
    expect(await listed([])).toBe(50);
    expect(await listed(['--verbose'])).toBe(60);
    expect((await patchwitness(['lint', root])).stdout).toContain('and 10 more; --verbose lists all');
  });
});

describe('Ctrl-C', () => {
  it('ends a review with what there is, though the next mail is long in coming', async () => {
    const child = spawn(process.execPath, [join('dist', 'bot', 'cli.js'), 'review', '-']);
    const closed = once(child, 'close');
    const errors = text(child.stderr);
    const pieces: string[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece.toString('utf8')));
    // More than is looked at to see what it is. The last mail could go on, and is not reviewed.
    child.stdin.write(readFileSync(`${EXAMPLE}/bad.mbox`, 'utf8').repeat(50));
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    await closed;
    expect(pieces.join('')).toMatch(/\[block-with-pending-bio\][\s\S]*\n\d+ findings? introduced, 0 fixed/);
    expect(await errors).toBe('patchwitness: interrupted, the rest was not reviewed\n');
    expect(child.exitCode).toBe(130);
  });
});
