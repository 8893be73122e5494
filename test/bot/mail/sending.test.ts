/** Who may be sent a reply and when, what the journal remembers, and that one process at a time sends. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadReplyConfig } from '../../../bot/mail/config.ts';
import { Journal } from '../../../bot/mail/journal.ts';
import { mayBeSent, type ReplyPolicy } from '../../../bot/mail/policy.ts';
import { lockDirectory } from '../../../bot/process-lock.ts';
import { removeTempDirs, tempDir, write } from '../../corpus/archive/git-oracle.ts';
import { statStart } from '../../support/process-start.ts';
import { buggyMail, preparedForBuggy } from '../../support/replies.ts';

afterAll(removeTempDirs);

/** A day behind the mails of `buggyMail()`. */
const NOW = new Date('2022-03-15T09:01:00Z');

async function permission(
  policy: Partial<ReplyPolicy>,
  { header = [], now = NOW }: { readonly header?: readonly string[]; readonly now?: Date } = {},
): Promise<string> {
  const prepared = await preparedForBuggy(buggyMail(header));
  if (prepared.kind !== 'reply') throw new Error(prepared.kind);
  const all = { allow: ['demofs-devel@example.org'], mute: [], maxAgeDays: 14, embargoHours: 1, ...policy };
  const answer = mayBeSent(prepared.reply, prepared.original, all, now);
  if (answer.kind === 'refused') return answer.reason;
  const { reply, left } = answer;
  return `${addresses(reply.to)} / ${addresses(reply.cc)} / not ${addresses(left)}`;
}

function addresses(people: readonly { readonly address: string }[]): string {
  return people.map(({ address }) => address.replace(/@.*/, '')).join(' ');
}

describe('the allow list', () => {
  it.each<[string[], string]>([
    [['demofs-devel@example.org'], 'demofs-devel /  / not ada bob'],
    [['demofs-devel@example.org', 'author'], 'ada / demofs-devel / not bob'],
    [['demofs-devel@example.org', 'everyone'], 'ada / demofs-devel bob / not '],
    [['@example.org'], 'ada / demofs-devel / not bob'],
    [['ada@example.org'], 'ada /  / not demofs-devel bob'],
    [['author'], 'nobody who got it is on the allow list'],
    [['everyone'], 'nobody who got it is on the allow list'],
    [['other@example.org', 'everyone'], 'nobody who got it is on the allow list'],
    [[], 'nobody who got it is on the allow list'],
  ])('%j: %s', async (allow, expected) => {
    expect(await permission({ allow })).toBe(expected);
  });

  it.each<[string[], string]>([
    [['ada@example.org'], 'ada@example.org wants no replies'],
    [['bob@example.net'], 'ada / demofs-devel / not bob'],
    [['@example.net'], 'ada / demofs-devel / not bob'],
    [['demofs-devel@example.org', '@example.net'], 'ada /  / not demofs-devel bob'],
  ])('goes behind the mute list %j: %s', async (mute, expected) => {
    expect(await permission({ allow: ['demofs-devel@example.org', 'everyone'], mute })).toBe(expected);
  });
});

describe('the age of a patch', () => {
  it.each([
    ['2022-03-14T09:31:00Z', 'it is not 1 hour old yet'],
    ['2022-03-14T10:01:00Z', 'demofs-devel /  / not ada bob'],
    ['2022-03-28T09:01:00Z', 'demofs-devel /  / not ada bob'],
    ['2022-03-28T09:02:00Z', 'it is older than 14 days'],
    ['2022-03-13T09:01:00Z', 'it is not 1 hour old yet'],
  ])('at %s: %s', async (now, expected) => {
    expect(await permission({}, { now: new Date(now) })).toBe(expected);
  });

  it('has to be known', async () => {
    expect(await permission({}, { header: ['Date: yesterday'] })).toBe('it has no date that could be read');
  });
});

describe('the settings', () => {
  const USABLE = 'from: Ada <ada@example.org>\nsmtp: {host: mail.example.org, port: 587, tls: starttls}\n';

  it('are read from YAML', async () => {
    const file = join(tempDir(), 'reply.yml');
    writeFileSync(
      file,
      `${USABLE}allow: [List@Example.org, '@example.net', author]\ncap: 3\nembargo-hours: 6\n`,
    );
    expect(await loadReplyConfig(file)).toMatchObject({
      from: { name: 'Ada', address: 'ada@example.org' },
      smtp: { host: 'mail.example.org', port: 587, tls: 'starttls', user: null },
      allow: ['list@example.org', '@example.net', 'author'],
      cap: 3,
      embargoHours: 6,
      maxAgeDays: 14,
    });
  });

  it.each([
    ['from: somebody\n', 'somebody is not one sender'],
    ['smtp: {host: x, port: 25, tls: maybe}\n', 'smtp.tls: '],
    ['smtp: {host: x, port: 25, tls: starttls, user: a}\n', 'smtp: user and password-variable go together'],
    ['smtp: {host: x, port: 25, tls: starttls, password: secret}\n', 'smtp: Unrecognized key: "password"'],
    [
      'smtp: {host: x, port: 25, tls: none, user: a, password-variable: P}\n',
      'smtp: a password is not sent without TLS',
    ],
    ['allow: [everybody]\n', 'allow.0: '],
    ['allow: "x\n', 'reply.yml: '],
  ])('%j is refused: %s', async (text, reason) => {
    const file = join(tempDir(), 'reply.yml');
    writeFileSync(file, text);
    await expect(loadReplyConfig(file)).rejects.toThrow(reason);
  });
});

function hours(count: number): Date {
  return new Date(NOW.getTime() + count * 3_600_000);
}

const ATTEMPT = { patch: 'p@x', reply: 'r@x', subject: 'Re: x', to: ['ada@example.org'] };

describe('the journal', () => {
  it('takes a mail whose sending has no end for one of unknown fate, until a person says more', () => {
    const directory = tempDir();
    const id = new Journal(directory).begin(ATTEMPT, NOW);
    const next = new Journal(directory);
    expect(next.lastOf('p@x')).toMatchObject({ id, fate: 'unknown' });
    expect(next.unknown()).toHaveLength(1);
    next.end(id, { fate: 'later' }, NOW, true);
    const last = new Journal(directory);
    expect(last.unknown()).toEqual([]);
    expect(last.lastOf('p@x')).toMatchObject({ fate: 'later' });
    expect(last.begin(ATTEMPT, NOW)).not.toBe(id);
  });

  it('counts what went out, or may have, in a day', () => {
    const journal = new Journal(tempDir());
    for (const [at, fate] of [
      [0, 'sent'],
      [2, 'unknown'],
      [4, 'refused'],
      [6, 'later'],
      [8, 'sent'],
    ] as const) {
      journal.end(journal.begin({ ...ATTEMPT, patch: `${at}@x` }, hours(at)), { fate }, hours(at));
    }
    expect(journal.countSince(hours(-1))).toBe(3);
    expect(journal.countSince(hours(1))).toBe(2);
  });

  it('passes over a line that was cut off, and writes behind it', () => {
    const directory = tempDir();
    const journal = new Journal(directory);
    journal.end(journal.begin(ATTEMPT, NOW), { fate: 'sent' }, NOW);
    const file = join(directory, 'replies.ndjson');
    const whole = readFileSync(file, 'utf8');
    appendFileSync(file, '{"event":"about","id":"half');
    const next = new Journal(directory);
    expect(next.lastOf('p@x')).toMatchObject({ fate: 'sent' });
    next.begin({ ...ATTEMPT, patch: 'q@x' }, NOW);
    expect(readFileSync(file, 'utf8').startsWith(`${whole}{"event":"about","id":"`)).toBe(true);
    expect(new Journal(directory).unknown()).toHaveLength(1);
  });

  it('is not trusted when a line in it makes no sense', () => {
    const directory = tempDir();
    write(directory, 'replies.ndjson', '{"event":"sent"}\n');
    expect(() => new Journal(directory)).toThrow('line 1 cannot be read, so nobody knows what was sent');
  });
});

describe('the lock', () => {
  it('lets nobody else send, in this process or another', async () => {
    const directory = tempDir();
    const release = lockDirectory(directory, 'sending');
    const [mine = ''] = readdirSync(directory);
    // Somebody who lives: a process of another number.
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const other = tempDir();
    const start = statStart(child.pid ?? 0);
    write(other, mine.replace(/^sending-\d+-\d+/, `sending-${child.pid}-${start}`), '');
    expect(() => lockDirectory(other, 'sending')).toThrow(`process ${child.pid} on `);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // He has ended: what he left is taken away.
    lockDirectory(other, 'sending')();
    expect(readdirSync(other)).toEqual([]);
    release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is not held by a process that got the number of one that ended, but by any of another machine', () => {
    const directory = tempDir();
    const release = lockDirectory(directory, 'sending');
    const [mine = ''] = readdirSync(directory);
    release();
    write(directory, mine.replace(/^sending-\d+-\d+/, `sending-${process.ppid}-1`), '');
    lockDirectory(directory, 'sending')();
    write(directory, 'sending-1-1-other.example.org', '');
    expect(() => lockDirectory(directory, 'sending')).toThrow(
      'process 1 on other.example.org is sending; if it is not, remove ',
    );
  });
});
