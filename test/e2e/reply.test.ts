/**
 * `patchwitness reply` and `review --format mail` as people use them, and what other programs make of the replies: git am, b4 and
 * neomutt read them in their threads, and a real SMTP server gets each of them once, whenever the program is killed.
 */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commit, git, newRepository, removeTempDirs, tempDir } from '../corpus/archive/git-oracle.ts';
import { type Exim, startExim, WHY_NO_EXIM } from '../support/exim.ts';
import { reviewedMails } from '../support/replies.ts';
import { type Point, startProxy } from '../support/smtp-proxy.ts';
import { patchwitness } from './program.ts';

afterAll(removeTempDirs);

const EXAMPLE = 'corpus/examples/alloc-fs-under-page-lock';
const SERIES = `${EXAMPLE}/bad.mbox`;
const COVER = 'cover.1647248400.git.ada@example.org';
const SECOND = '3295c11f88fb95e27571f8484eefd5ce47d840b9.1647248400.git.ada@example.org';

/** Old mails, looked at as if they were new. */
const AGELESS = ['--max-age', '100000'];

interface Threads {
  readonly directory: string;
  /** The series with the replies to it behind each other. */
  readonly thread: string;
  readonly replies: Buffer;
}

async function makeThread(): Promise<Threads> {
  const directory = tempDir();
  const outbox = join(directory, 'replies.mbox');
  const { stdout, status } = await patchwitness([
    'reply',
    SERIES,
    '--outbox',
    outbox,
    '--from',
    'W <w@example.org>',
  ]);
  expect({ stdout, status }).toMatchObject({
    stdout: expect.stringMatching(/\n2 replies written, 0 patches not answered\n$/),
    status: 0,
  });
  const replies = readFileSync(outbox);
  const thread = join(directory, 'thread.mbox');
  writeFileSync(thread, Buffer.concat([readFileSync(SERIES), replies]));
  return { directory, thread, replies };
}

const threads = makeThread();

function whyMissing(program: string): string | null {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
    ? null
    : `${program} is not installed`;
}

function leftOut(reason: string | null): string {
  return reason === null ? '' : ` (left out: ${reason})`;
}

describe('a thread with replies in it', () => {
  it('is the same series for git am', async () => {
    const { thread } = await threads;
    const logs = [SERIES, thread].map((mbox) => {
      const repository = newRepository();
      cpSync(join(EXAMPLE, 'src/bad/00-base'), repository, { recursive: true });
      commit(repository, 'base');
      git(repository, ['am', '-q', '--empty=drop', resolve(mbox)]);
      return git(repository, ['log', '--format=%an %s%n%b', '-p']).toString();
    });
    expect(logs[1]).toBe(logs[0]);
    expect(logs[0]).toContain('demofs: scrub one cached folio');
  });

  it('is the same review for us', async () => {
    const { thread } = await threads;
    const [alone, answered] = await Promise.all(
      [SERIES, thread].map((mbox) => reviewedMails(readFileSync(mbox))),
    );
    expect(answered).toEqual(alone);
    expect(alone).toHaveLength(2);
  });

  const noB4 = whyMissing('b4');
  it.skipIf(noB4 !== null)(
    `is the same series for b4, which finds it by a reply too${leftOut(noB4)}`,
    async () => {
      const { directory, thread, replies } = await threads;
      const config =
        '[user]\n\tname = Nobody\n\temail = nobody@example.org\n[b4]\n\tattestation-policy = off\n';
      writeFileSync(join(directory, 'config'), config);
      const am = (mbox: string, id: string): string =>
        execFileSync('b4', ['--offline-mode', 'am', '-m', mbox, '-o', '-', '-C', id], {
          env: {
            PATH: process.env['PATH'],
            HOME: directory,
            LANG: 'C.UTF-8',
            GIT_CONFIG_GLOBAL: join(directory, 'config'),
          },
          stdio: ['ignore', 'pipe', 'ignore'],
        }).toString();
      const alone = am(SERIES, COVER);
      expect(alone).toContain('Subject: [PATCH 2/2] demofs: scrub one cached folio');
      expect(am(thread, COVER)).toBe(alone);
      const [reply = ''] = /(?<=^Message-ID: <).*(?=>$)/m.exec(replies.toString()) ?? [];
      expect(am(thread, reply)).toBe(alone);
    },
  );

  const noMutt = whyMissing('neomutt') ?? whyMissing('script');
  it.skipIf(noMutt !== null)(`shows each reply below its patch in neomutt${leftOut(noMutt)}`, async () => {
    const { directory, thread } = await threads;
    writeFileSync(
      join(directory, 'muttrc'),
      `set folder=${directory}\nset sort=threads\nset quit=yes\nset wait_key=no\nset sleep_time=0\nset read_inc=0\n`,
    );
    const keys = `<search>~i ${SECOND}<enter><tag-subthread><tag-prefix><pipe-message>cat > ${directory}/below<enter><exit>`;
    const command = `stty rows 60 cols 200; neomutt -n -F ${directory}/muttrc -R -f ${thread} -e 'push "${keys}"'`;
    const { status } = spawnSync('script', ['-qec', command, '/dev/null'], {
      env: { PATH: process.env['PATH'], HOME: directory, LANG: 'C.UTF-8', TERM: 'xterm' },
      stdio: 'ignore',
      timeout: 60_000,
    });
    expect(status).toBe(0);
    const ids = readFileSync(join(directory, 'below'), 'utf8').match(/^Message-Id: .*$/gim);
    expect(ids).toEqual([
      `Message-Id: <${SECOND}>`,
      expect.stringMatching(/^Message-ID: <\w+\.patchwitness@example\.org>$/),
    ]);
  });
});

describe('patchwitness reply', () => {
  it('writes a directory too, once for each patch, with the text that review --format mail drafts', async () => {
    const outbox = join(tempDir(), 'out');
    const { stdout, status } = await patchwitness(['reply', SERIES, SERIES, '--outbox', outbox]);
    expect(stdout).toMatch(/: it is a copy of one further up\n2 replies written, 2 patches not answered\n$/);
    const drafts = await patchwitness(['review', '--format', 'mail', SERIES]);
    expect([status, drafts.status]).toEqual([0, 1]);
    const names = readdirSync(outbox);
    expect(names).toEqual([
      '0001-demofs-answer-read-faults-from-the-page-cache.eml',
      '0002-demofs-scrub-one-cached-folio.eml',
    ]);
    const bodies = names
      .map((name) => readFileSync(join(outbox, name), 'utf8'))
      .map((mail) => mail.slice(mail.indexOf('\n\n')));
    for (const body of bodies) expect(drafts.stdout).toContain(body);
    expect(drafts.stdout.match(/^From mboxrd@z /gm)).toHaveLength(2);
    expect(drafts.stdout).not.toMatch(/^From:/m);
  });

  it('shows what it would send, and leaves no trace', async () => {
    const state = tempDir();
    const { stdout, status } = await patchwitness(['reply', SERIES, ...AGELESS], {
      env: { XDG_STATE_HOME: state },
    });
    expect(status).toBe(0);
    expect(stdout).toContain(
      'would be sent:\nTo: Ada Example <ada@example.org>\nCc: demofs-devel@example.org\nSubject: Re: [PATCH 1/2] demofs: answer',
    );
    expect(stdout).toContain('\n2 replies would be sent, 0 patches not answered\n');
    expect(readdirSync(state)).toEqual([]);
  });

  it.each([
    [['--send', SERIES], '--send needs --yes'],
    [['--send', '--yes', '--reverse', SERIES], 'turned round is not sent'],
    [['--send', '--outbox', 'x', SERIES], "cannot be used with option '--send'"],
    [['--config', 'no/such/file', SERIES], 'no/such/file'],
    [['--resolve', 'abc', 'sent'], 'abc is no mail whose fate is unknown'],
    [[], "missing required argument 'path'"],
  ])('%j is bad usage', async (args, reason) => {
    const { status, stdout, stderr } = await patchwitness(['reply', ...args], {
      env: { XDG_STATE_HOME: tempDir() },
    });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
  });
});

/** Settings for a server, and the state in which runs with them leave each other word. */
class Site {
  readonly directory = tempDir();
  private readonly env = { XDG_STATE_HOME: join(this.directory, 'state') };

  configure(port: number): readonly string[] {
    const file = join(this.directory, `${port}.yml`);
    const smtp = `smtp: {host: 127.0.0.1, port: ${port}, tls: none}`;
    writeFileSync(
      file,
      `from: Witness <witness@example.org>\n${smtp}\nallow: [demofs-devel@example.org, author]\n`,
    );
    return ['--send', '--yes', '--config', file, ...AGELESS];
  }

  async reply(
    args: readonly string[],
  ): Promise<{ readonly lines: readonly string[]; readonly status: number | null }> {
    const { stdout, status, stderr } = await patchwitness(['reply', ...args], { env: this.env });
    if (stderr !== '') throw new Error(stderr);
    return { lines: stdout.trimEnd().split('\n'), status };
  }

  /** Kills the program where its conversation with the server comes to the point. */
  async killed(input: string, server: number, point: Point): Promise<void> {
    const proxy = await startProxy(server, point);
    const args = ['dist/bot/cli.js', 'reply', input, ...this.configure(proxy.port)];
    const child = spawn(process.execPath, args, { env: { ...process.env, ...this.env }, stdio: 'ignore' });
    const ended = once(child, 'exit');
    await proxy.reached;
    child.kill('SIGKILL');
    await ended;
    await proxy.stop();
  }
}

const idOf = (mail: string): string => /(?<=^In-Reply-To:\s+<).*(?=>$)/m.exec(mail)?.[0] ?? '';

async function withExim(work: (exim: Exim, site: Site) => Promise<void>): Promise<void> {
  const exim = await startExim(tempDir());
  try {
    await work(exim, new Site());
  } finally {
    await exim.stop();
  }
}

describe.skipIf(WHY_NO_EXIM !== null)(`replies that are sent${leftOut(WHY_NO_EXIM)}`, () => {
  it('come once, to whom they should, within the cap', async () => {
    await withExim(async (exim, site) => {
      const args = [SERIES, ...site.configure(exim.port)];
      const first = await site.reply([...args, '--cap', '1']);
      expect(first.lines).toEqual([
        'sent: "Re: [PATCH 1/2] demofs: answer read faults from the page cache" to ada@example.org, cc demofs-devel@example.org',
        expect.stringMatching(
          /^not answered: "\[PATCH 2\/2\] .*: 1 reply went out in 24 hours, and the cap is 1$/,
        ),
        '1 reply sent, 1 patch not answered',
      ]);
      expect((await site.reply(args)).lines.at(-1)).toBe('1 reply sent, 1 patch not answered');
      const last = await site.reply(args);
      expect(last.lines.at(-1)).toBe('0 replies sent, 2 patches not answered');
      expect(last.lines[0]).toMatch(/: it was answered on \d{4}-\d\d-\d\d$/);
      const mails = await exim.mails(2);
      const { replies } = await threads;
      const written = replies
        .toString()
        .split(/^From mboxrd@z .*\n/m)
        .slice(1);
      expect(mails.map((mail) => mail.slice(mail.indexOf('\n\n')).trimEnd())).toEqual(
        written.map((mail) => mail.slice(mail.indexOf('\n\n')).trimEnd()),
      );
      expect(mails.map(idOf)).toEqual(written.map(idOf));
      for (const mail of mails) {
        expect(mail).toMatch(/^Envelope-to: ada@example\.org,\n demofs-devel@example\.org\n/);
        expect(mail).toContain('\nFrom: Witness <witness@example.org>\n');
      }
    });
  });

  it('go out once though the program is killed, and a person is told of those whose fate is unknown', async () => {
    await withExim(async (exim, site) => {
      const input = join(site.directory, 'in.mbox');
      writeFileSync(
        input,
        Buffer.concat([
          readFileSync(SERIES),
          Buffer.from('\n'),
          readFileSync('corpus/examples/lock-imbalance/bad.mbox'),
        ]),
      );
      // One patch is under way in each: those before it are left alone from then on.
      for (const point of ['data', 'content', 'answer'] as const) await site.killed(input, exim.port, point);
      const run = [input, ...site.configure(exim.port)];
      const { lines, status } = await site.reply(run);
      expect(lines.slice(0, 3).every((line) => line.includes(': nobody knows whether the answer of '))).toBe(
        true,
      );
      expect(lines.at(-1)).toBe('1 reply sent, 3 patches not answered');
      expect(status).toBe(0);
      const unknown = (await site.reply(['--unknown'])).lines;
      expect(unknown).toEqual([
        expect.stringMatching(
          /^\w{12} \S+Z "Re: \[PATCH 1\/2\] demofs: answer .*: the program ended before the server had answered$/,
        ),
        expect.stringContaining('"Re: [PATCH 2/2] demofs: scrub'),
        expect.stringContaining('"Re: [PATCH 1/2] demofs: let the volume label be set"'),
      ]);
      // The third had come to the server; of the others a person sees that they had not.
      expect((await exim.mails(2)).map(idOf).toSorted()).toHaveLength(2);
      const [one, , three] = unknown.map((line) => line.slice(0, 12));
      await site.reply(['--resolve', one ?? '', 'unsent']);
      await site.reply(['--resolve', three ?? '', 'sent']);
      expect((await site.reply(run)).lines.at(-1)).toBe('1 reply sent, 3 patches not answered');
      expect((await site.reply(['--unknown'])).lines).toEqual([unknown[1]]);
      const ids = (await exim.mails(3)).map(idOf);
      expect(new Set(ids).size).toBe(3);
      expect(ids).toHaveLength(3);
      expect(existsSync(join(site.directory, 'state/patchwitness/replies.ndjson'))).toBe(true);
    });
  });
});
