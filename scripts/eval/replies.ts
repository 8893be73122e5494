/**
 * `npm run eval -- replies ARCHIVE`: bugs are planted in patches of a real archive, which are then answered by the built program.
 * Python's `email`, git, neomutt and b4 read the replies in their threads; exim, on loopback, gets them, in two runs and from
 * a program that is killed. Nothing leaves the machine. neomutt, b4, script, exim and Python have to be installed.
 */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStanding } from '../../analyzers/vocabulary/finding.ts';
import { mboxEntry } from '../../bot/mail/outbox.ts';
import { reportSchema } from '../../bot/reports/json-schema.ts';
import { readArchive } from '../../corpus/archive/read.ts';
import { MailError } from '../../corpus/mail/errors.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import { type Exim, startExim } from '../../test/support/exim.ts';
import { type Point, startProxy } from '../../test/support/smtp-proxy.ts';
import { planted } from './replies/plant.ts';
import { b4Series, hasPatchForGit, neomuttBelow, pythonSays } from './replies/readers.ts';

/** Of all patches in which a bug can be planted one in so many gets one. */
const ONE_IN = 5;

/** More replies take long and show nothing new. */
const MAX_PLANTED = 60;

/** b4 reads the whole mailbox several times for each. */
const MAX_FOR_B4 = 12;

interface Planted {
  /** Message-IDs of the patches with a bug. */
  readonly ids: readonly string[];
  readonly mbox: Buffer;
  /** The archive without these. */
  readonly plain: Buffer;
}

export async function run([archive, ...rest]: readonly string[]): Promise<number> {
  if (archive === undefined || rest.length > 0) {
    process.stderr.write('usage: npm run eval -- replies ARCHIVE\n');
    return 2;
  }
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-replies-'));
  try {
    const wrong = await evaluate(archive, directory);
    for (const line of wrong) say(`WRONG: ${line}`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function evaluate(archive: string, directory: string): Promise<readonly string[]> {
  const { ids, mbox, plain } = await plant(archive);
  const own = await ownReplies(plain, directory);
  const input = join(directory, 'planted.mbox');
  writeFileSync(input, mbox);
  say(`bugs planted in ${ids.length} patches`);
  const outbox = join(directory, 'replies.mbox');
  const written = cli(
    ['reply', input, '--outbox', outbox, '--from', 'Witness <witness@example.org>'],
    directory,
  );
  say(`answered: ${written.at(-1) ?? ''}`);
  const replies = splitMbox(readFileSync(outbox));
  const answered = replies.map((mail) => headerId(mail, 'In-Reply-To'));
  const thread = join(directory, 'thread.mbox');
  writeFileSync(thread, Buffer.concat([mbox, readFileSync(outbox)]));
  return [
    ...own,
    ...unanswered(
      ids.filter((id) => !answered.includes(id)),
      input,
      directory,
    ),
    ...(await headers(input, outbox)),
    ...replies
      .filter((mail) => hasPatchForGit(mail, directory))
      .map((mail) => `git: a patch in ${headerId(mail, 'Message-ID')}`),
    ...threads(thread, replies, directory),
    ...(await series(mbox, readFileSync(outbox), answered, directory)),
    ...(await sent(input, replies, directory)),
  ];
}

/** What is said of the archive as it is. */
async function ownReplies(plain: Buffer, directory: string): Promise<readonly string[]> {
  const [input, outbox] = [join(directory, 'plain.mbox'), join(directory, 'own.mbox')];
  writeFileSync(input, plain);
  const written = cli(['reply', input, '--outbox', outbox], directory);
  say(`the archive as it is: ${written.at(-1) ?? ''}`);
  const replies = splitMbox(readFileSync(outbox));
  if (replies.length === 0) return [];
  const thread = join(directory, 'own-thread.mbox');
  writeFileSync(thread, Buffer.concat([plain, readFileSync(outbox)]));
  return [...(await headers(input, outbox)), ...threads(thread, replies, directory)];
}

function cli(args: readonly string[], state: string): readonly string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['dist/bot/cli.js', ...args], {
    env: { ...process.env, XDG_STATE_HOME: state },
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return stdout.trimEnd().split('\n');
}

/** Those of the patches that had to be answered: the report says of the others why nothing stands in them. */
function unanswered(ids: readonly string[], input: string, directory: string): readonly string[] {
  const report = reportSchema.parse(
    JSON.parse(cli(['review', '--format', 'json', input], directory).join('\n')),
  );
  let userspace = 0;
  let gone = 0;
  const wrong = ids.filter((id) => {
    const patches = report.items.flatMap((item) =>
      'patch' in item && item.patch.messageId === id ? [item.patch] : [],
    );
    if (patches.some(({ userspaceTree }) => userspaceTree !== null)) userspace++;
    else if (patches.some(({ findings }) => findings.length > 0 && !findings.some(isStanding))) gone++;
    else return true;
    return false;
  });
  say(
    `not answered: ${userspace} that are not for the kernel, ${gone} whose next version or later patch has no bug`,
  );
  return wrong.map((id) => `no reply to ${id}`);
}

async function plant(archive: string): Promise<Planted> {
  const ids: string[] = [];
  const entries: Buffer[] = [];
  const plain: Buffer[] = [];
  let fit = 0;
  for await (const item of readArchive(archive)) {
    if (item.type === 'problem' || item.form !== 'mail') continue;
    const message = await parseMessage(item).catch((error: unknown) => {
      if (error instanceof MailError) return null;
      throw error;
    });
    const id = message?.messageId ?? null;
    const mail = message === null || ids.length >= MAX_PLANTED ? null : planted(item.bytes, message, fit);
    if (mail !== null) fit++;
    const isTaken = mail !== null && id !== null && fit % ONE_IN === 0 && !ids.includes(id);
    if (isTaken) ids.push(id);
    plain.push(mboxEntry(item.bytes));
    entries.push(mboxEntry(isTaken ? mail : item.bytes));
  }
  return { ids, mbox: Buffer.concat(entries), plain: Buffer.concat(plain) };
}

function splitMbox(mbox: Buffer): readonly Buffer[] {
  const parts = mbox
    .toString('latin1')
    .split(/^From mboxrd@z .*\n/m)
    .slice(1);
  return parts.map((part) => Buffer.from(part.replace(/^>(?=>*From )/gm, ''), 'latin1'));
}

function headerId(mail: Buffer | string, name: string): string {
  return new RegExp(`^${name}:\\s+<([^<>\\s]+)>`, 'mi').exec(mail.toString('latin1'))?.[1] ?? '';
}

async function headers(archive: string, replies: string): Promise<readonly string[]> {
  const lines = await pythonSays(archive, replies);
  say(`Python's email: ${lines.at(-1) ?? ''}, ${lines.length - 1} not as RFC 5322 has it`);
  return lines.slice(0, -1).map((line) => `Python: ${line}`);
}

/** Each reply below its patch. */
function threads(mbox: string, replies: readonly Buffer[], directory: string): readonly string[] {
  const wrong = replies.flatMap((mail) => {
    const [id, patch] = [headerId(mail, 'Message-ID'), headerId(mail, 'In-Reply-To')];
    const below = neomuttBelow(mbox, patch, directory);
    return below.includes(id) && below.includes(patch) ? [] : [`neomutt: ${id} is not below ${patch}`];
  });
  say(`neomutt: ${replies.length - wrong.length} of ${replies.length} below their patches`);
  return wrong;
}

/** Each series as b4 makes it ready for git am, with the replies in its thread and without. */
async function series(
  archive: Buffer,
  replies: Buffer,
  patches: readonly string[],
  directory: string,
): Promise<readonly string[]> {
  const [alone, answered] = [join(directory, 'alone.mbox'), join(directory, 'answered.mbox')];
  writeFileSync(alone, unfolded(archive));
  writeFileSync(answered, unfolded(Buffer.concat([archive, replies])));
  const every = Math.max(1, Math.floor(patches.length / MAX_FOR_B4));
  const asked = patches.filter((_, index) => index % every === 0);
  const wrong: string[] = [];
  let failed = 0;
  for (const id of asked) {
    const before = await b4Series(alone, id, directory);
    if (before === null) failed++;
    else if ((await b4Series(answered, id, directory)) !== before)
      wrong.push(`b4: ${id} is another series now`);
  }
  say(
    `b4 am: ${asked.length - failed - wrong.length} of ${asked.length} threads the same with the replies in them, ${failed} that it does not take without them`,
  );
  return wrong;
}

/** b4 0.12 ends with an error on some folded headers when it writes the result. */
function unfolded(mbox: Buffer): Buffer {
  const mails = splitMbox(mbox).map((mail) => {
    const text = mail.toString('latin1');
    const end = text.indexOf('\n\n');
    return mboxEntry(
      Buffer.from(text.slice(0, end).replace(/\r?\n[ \t]+/g, ' ') + text.slice(end), 'latin1'),
    );
  });
  return Buffer.concat(mails);
}

/** In two runs, and from a program that is killed three times on the way. */
async function sent(
  input: string,
  replies: readonly Buffer[],
  directory: string,
): Promise<readonly string[]> {
  const expected = replies.map((mail) => headerId(mail, 'In-Reply-To')).toSorted();
  const twice = await withExim(async (exim) => {
    const state = mkdtempSync(join(directory, 'twice-'));
    const args = ['reply', input, ...settings(state, exim.port)];
    const runs = [cli(args, state).at(-1) ?? '', cli(args, state).at(-1) ?? ''];
    say(`exim, two runs: ${runs.join('; ')}`);
    return compare('two runs', expected, await arrived(exim, expected.length));
  });
  const killed = await withExim(async (exim) => {
    const state = mkdtempSync(join(directory, 'killed-'));
    const points: readonly Point[] = ['data', 'content', 'answer'];
    for (const point of points) await kill(input, state, exim.port, point);
    const last = cli(['reply', input, ...settings(state, exim.port)], state).at(-1) ?? '';
    const unknown = cli(['reply', '--unknown'], state);
    say(`exim, killed at ${points.join(', ')}: ${last}; ${unknown.length} of unknown fate`);
    const ids = await arrived(exim, expected.length - 2);
    const doubled = ids.filter((id, index) => ids.indexOf(id) !== index);
    return [
      ...doubled.map((id) => `killed: ${id} was answered twice`),
      ...(unknown.length === points.length ? [] : [`killed: ${unknown.length} of unknown fate`]),
      // That of which the answer was lost has come; the other two have not.
      ...(ids.length === expected.length - 2 ? [] : [`killed: ${ids.length} came`]),
    ];
  });
  return [...twice, ...killed];
}

async function withExim<Result>(work: (exim: Exim) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-exim-'));
  const exim = await startExim(directory);
  try {
    return await work(exim);
  } finally {
    await exim.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Everybody may get mail: it is filed on this machine. */
function settings(directory: string, port: number): readonly string[] {
  const file = join(directory, `${port}.yml`);
  const smtp = `smtp: {host: 127.0.0.1, port: ${port}, tls: none}`;
  const allow = "['@vger.kernel.org', everyone]";
  writeFileSync(
    file,
    `from: Witness <witness@example.org>\n${smtp}\nallow: ${allow}\ncap: 1000\nmax-age-days: 100000\n`,
  );
  return ['--send', '--yes', '--config', file];
}

async function kill(input: string, state: string, server: number, point: Point): Promise<void> {
  const proxy = await startProxy(server, point);
  const args = ['dist/bot/cli.js', 'reply', input, ...settings(state, proxy.port)];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, XDG_STATE_HOME: state },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await proxy.reached;
  child.kill('SIGKILL');
  await ended;
  await proxy.stop();
}

async function arrived(exim: Exim, count: number): Promise<readonly string[]> {
  return (await exim.mails(count)).map((mail) => headerId(mail, 'In-Reply-To')).toSorted();
}

function compare(name: string, expected: readonly string[], found: readonly string[]): readonly string[] {
  return expected.join('\n') === found.join('\n')
    ? []
    : [`${name}: ${found.length} mails came, not the ${expected.length} expected`];
}
