/** `patchwitness check`, through the built program: b4's protocol, and a Patchwork server on loopback. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { FakePatchwork } from '../support/patchwork.ts';
import { patchwitness } from './program.ts';

afterAll(removeTempDirs);

/** Cover letter and patches of the example, as single mails. */
const [COVER = '', BAD = '', UNSURE = ''] = readFileSync(
  'corpus/examples/alloc-fs-under-page-lock/bad.mbox',
  'utf8',
)
  .split(/^From .*\n/m)
  .slice(1);
const [, , , GOOD = ''] = readFileSync('corpus/examples/alloc-fs-under-page-lock/good.mbox', 'utf8').split(
  /^From .*\n/m,
);

const MESSAGE_ID = /^Message-I[dD]: <(.*)>$/m.exec(BAD)?.[1] ?? '';

/** As b4's documentation has it. */
const results = z.array(
  z.strictObject({
    tool: z.string(),
    status: z.enum(['pass', 'warn', 'fail']),
    summary: z.string().optional(),
    url: z.string().optional(),
    details: z.string().optional(),
  }),
);

async function b4(input: string, args: readonly string[] = []): Promise<z.infer<typeof results>> {
  const { stdout, stderr, status } = await patchwitness(['check', '--b4', ...args], { input });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return results.parse(JSON.parse(stdout));
}

describe('patchwitness check --b4', () => {
  it('fails a confirmed finding, with all of it and its witness', async () => {
    const [result, ...others] = await b4(BAD, ['--target-url', 'https://ci.example.org/1']);
    expect(others).toEqual([]);
    expect(result).toMatchObject({
      tool: 'patchwitness',
      status: 'fail',
      summary: 'confirmed: alloc-fs-under-page-lock at fs/demofs/fault.c:30',
      url: 'https://ci.example.org/1',
    });
    expect(result?.details).toContain('*** blocked by');
  });

  it('warns of a likely one', async () => {
    expect(await b4(UNSURE)).toMatchObject([
      { status: 'warn', summary: 'likely: alloc-fs-under-page-lock at fs/demofs/scrub.c:42' },
    ]);
  });

  it('passes a clean patch', async () => {
    expect(await b4(GOOD)).toEqual([{ tool: 'patchwitness', status: 'pass', summary: 'nothing found' }]);
  });

  it.each([
    ['a cover letter', COVER],
    ['a mail of words', 'From: a@example.org\nSubject: hello\n\nwords\n'],
  ])('has nothing to say of %s', async (_, mail) => {
    expect(await b4(mail)).toEqual([]);
  });

  it('does not pass a patch that it cannot read', async () => {
    const broken = `${BAD.slice(0, BAD.indexOf('@@ '))}@@ -1,2 +1,9 @@\n+x\n`;
    const [result] = await b4(broken);
    expect(result?.summary).toMatch(/; \d parts? not read$/);
    expect(result?.details).toContain('not read: ');
  });

  it('looks for what it is told to', async () => {
    expect(await b4(BAD, ['--no-rule', 'alloc-fs-under-page-lock'])).toMatchObject([{ status: 'pass' }]);
  });

  it('gives b4 an error to show where there is no mail', async () => {
    const { stdout, stderr, status } = await patchwitness(['check', '--b4'], { input: '' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).not.toBe('');
  });
});

describe('patchwitness check --patchwork', () => {
  let patchwork: FakePatchwork;
  let address = '';
  let tokenFile = '';

  beforeEach(async () => {
    patchwork = new FakePatchwork();
    patchwork.patches.set(7, MESSAGE_ID);
    address = await patchwork.listen();
    const directory = tempDir();
    write(directory, 'token', `${patchwork.token}\n`);
    tokenFile = join(directory, 'token');
  });

  afterEach(async () => {
    await patchwork.close();
  });

  const put = (args: readonly string[], input: string) =>
    patchwitness(['check', '--patchwork', address, '--token-file', tokenFile, ...args], { input });

  it('puts a check on the patch that it names', async () => {
    const { stdout, stderr, status } = await put(
      ['--patch', '7', '--target-url', 'https://ci.example.org/7'],
      BAD,
    );
    expect({ stdout, stderr, status }).toEqual({
      stdout: `fail: confirmed: alloc-fs-under-page-lock at fs/demofs/fault.c:30\n${address}/api/1.2/patches/7/checks/1/\n`,
      stderr: '',
      status: 0,
    });
    expect(patchwork.checks).toEqual([
      {
        patch: 7,
        state: 'fail',
        context: 'patchwitness',
        description: 'confirmed: alloc-fs-under-page-lock at fs/demofs/fault.c:30',
        target_url: 'https://ci.example.org/7',
      },
    ]);
  });

  it('finds the patch by the Message-ID of the mail', async () => {
    expect((await put(['--context', 'deadlocks'], BAD)).status).toBe(0);
    expect(patchwork.checks).toMatchObject([{ patch: 7, context: 'deadlocks', state: 'fail' }]);
  });

  it('tells of a clean patch that nothing was found', async () => {
    await put(['--patch', '7'], GOOD);
    expect(patchwork.checks).toMatchObject([{ state: 'success', description: 'nothing found' }]);
  });

  it('says what the server said, and never the token', async () => {
    patchwork.foreign.add(7);
    const { stdout, stderr, status } = await put(['--patch', '7'], BAD);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('You do not have permission');
    expect(stderr).not.toContain(patchwork.token);
  });

  it.each([
    ['a cover letter', COVER, 'there is no patch in this mail'],
    [
      'a series',
      readFileSync('corpus/examples/alloc-fs-under-page-lock/bad.mbox', 'utf8'),
      '2 patches where one',
    ],
  ])('puts nothing for %s', async (_, input, message) => {
    const { stderr, status } = await put(['--patch', '7'], input);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(patchwork.requests).toEqual([]);
  });

  it.each([
    [['check'], '--b4 or --patchwork says who'],
    [['check', '--b4', '--patchwork', 'https://example.org'], 'cannot be used with'],
    [['check', '--patchwork', 'https://example.org'], '--patchwork needs --token-file'],
    [
      ['check', '--patchwork', 'https://example.org', '--token-file', 'package.json'],
      'does not hold one token',
    ],
    [
      ['check', '--patchwork', 'https://example.org', '--token-file', 'x', '--context', 'a b'],
      'a context has',
    ],
  ])('%j is bad usage', async (args, message) => {
    const { status, stdout, stderr } = await patchwitness(args, { input: BAD });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('dependencies');
  });
});
