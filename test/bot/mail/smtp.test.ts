/** What a mail's fate is said to be, before a real SMTP server and a connection that breaks. */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendMail } from '../../../bot/mail/smtp.ts';
import { removeTempDirs, tempDir } from '../../corpus/archive/git-oracle.ts';
import { type Exim, PASSWORD, startExim, USER, WHY_NO_EXIM, WHY_NO_OPENSSL } from '../../support/exim.ts';
import { startProxy } from '../../support/smtp-proxy.ts';

const PLAIN = { host: '127.0.0.1', tls: 'none', user: null, passwordVariable: null } as const;

function mailAbout(subject: string): Buffer {
  return Buffer.from(
    `From: a@example.org\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\n${subject}\r\n`,
  );
}

function to(...people: string[]): { readonly from: string; readonly to: readonly string[] } {
  return { from: 'witness@example.org', to: people.map((name) => `${name}@example.org`) };
}

describe.skipIf(WHY_NO_EXIM !== null)(
  `a mail for exim${WHY_NO_EXIM === null ? '' : ` (left out: ${WHY_NO_EXIM})`}`,
  () => {
    let exim: Exim;
    beforeAll(async () => {
      exim = await startExim(tempDir());
    });
    afterAll(async () => {
      await exim.stop();
      removeTempDirs();
    });

    it.each([
      ['taken', ['ada', 'bob'], { fate: 'sent', refused: [] }],
      ['partly', ['ada', 'refused'], { fate: 'sent', refused: ['refused@example.org'] }],
      ['nobody', ['refused'], { fate: 'refused', reason: expect.stringContaining('550 no such user') }],
      ['greylisted', ['later'], { fate: 'later', isServer: false, reason: expect.stringContaining('451 ') }],
      ['refused', ['ada'], { fate: 'refused', reason: expect.stringContaining('550 we do not want this') }],
      ['later', ['ada'], { fate: 'later', isServer: false, reason: expect.stringContaining('451 ') }],
    ])('%s', async (subject, people, expected) => {
      const server = { ...PLAIN, port: exim.port };
      expect(await sendMail(server, null, to(...people), mailAbout(subject))).toEqual(expected);
    });

    it('has an unknown fate once the server was asked to take it, and none before', async () => {
      for (const [point, fate] of [
        ['greeting', 'later'],
        ['data', 'later'],
        ['content', 'unknown'],
        ['answer', 'unknown'],
      ] as const) {
        const proxy = await startProxy(exim.port, point, true);
        const result = await sendMail(
          { ...PLAIN, port: proxy.port },
          null,
          to('ada'),
          mailAbout(`cut-${point}`),
        );
        expect([point, result.fate]).toEqual([point, fate]);
        await proxy.stop();
      }
      const filed = (await exim.mails(3)).flatMap((mail) => /^Subject: (.*)$/m.exec(mail)?.[1] ?? []);
      expect(filed.toSorted()).toEqual(['cut-answer', 'partly', 'taken']);
    });

    it('is not sent without TLS where that is asked for', async () => {
      const server = { ...PLAIN, port: exim.port, tls: 'starttls' } as const;
      expect(await sendMail(server, null, to('ada'), mailAbout('open'))).toMatchObject({
        fate: 'later',
        isServer: true,
      });
    });
  },
);

it('may be sent later where nobody listens', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  expect(await sendMail({ ...PLAIN, port: address.port }, null, to('ada'), mailAbout('x'))).toMatchObject({
    fate: 'later',
    isServer: true,
    reason: expect.stringContaining('ECONNREFUSED'),
  });
});

const WHY_NO_TLS = WHY_NO_EXIM ?? WHY_NO_OPENSSL;

/** The certificates that a process trusts are read when it starts. */
const SEND = `
import { sendMail } from './bot/mail/smtp.ts';
const [port, password] = process.argv.slice(-2);
const server = { host: 'localhost', port: Number(port), tls: 'starttls', user: '${USER}', passwordVariable: 'P' };
const mail = Buffer.from('Subject: secret\\r\\n\\r\\nx\\r\\n');
sendMail(server, password, { from: 'a@example.org', to: ['b@example.org'] }, mail).then((result) =>
  console.log(JSON.stringify(result)),
);
`;

describe.skipIf(WHY_NO_TLS !== null)(
  `a mail by TLS${WHY_NO_TLS === null ? '' : ` (left out: ${WHY_NO_TLS})`}`,
  () => {
    it('goes to a server that is known, with its password, which no answer repeats', async () => {
      const exim = await startExim(tempDir(), true);
      const send = (password: string, trusted: boolean): unknown => {
        const env = { ...process.env, ...(trusted ? { NODE_EXTRA_CA_CERTS: exim.certificate } : {}) };
        const args = [
          '--import',
          'tsx',
          '--input-type=module',
          '-e',
          SEND,
          '--',
          String(exim.port),
          password,
        ];
        return JSON.parse(execFileSync(process.execPath, args, { env }).toString()) as unknown;
      };
      expect(send(PASSWORD, true)).toEqual({ fate: 'sent', refused: [] });
      expect(send('a wrong one', true)).toEqual({
        fate: 'later',
        reason: 'the server does not let this user in (535)',
        isServer: true,
      });
      expect(send(PASSWORD, false)).toMatchObject({ fate: 'later', isServer: true });
      expect(await exim.mails(1)).toHaveLength(1);
      await exim.stop();
      removeTempDirs();
    });
  },
);
