import { createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEBHOOK_PATH } from '../../../bot/server/http.ts';
import { file, growing, MAKEFILE } from '../../support/github-app/code.ts';
import { RunningApp } from '../../support/github-app/running.ts';

let running: RunningApp;

beforeAll(async () => {
  running = await RunningApp.start({ LOG_LEVEL: 'trace' });
});

afterAll(async () => {
  await running.stop();
});

interface Sent {
  readonly body: string;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

async function send({ body, secret = running.app.webhookSecret, headers = {} }: Sent): Promise<number> {
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-github-event': 'pull_request',
    'x-github-delivery': '11111111-2222-4333-8444-555555555555',
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    ...headers,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(`${running.url}${WEBHOOK_PATH}`, {
    method: 'POST',
    body,
    headers: Object.fromEntries(given),
  });
  await response.text();
  return response.status;
}

describe('a webhook', () => {
  it('without a right signature is refused, and nothing of it is logged', async () => {
    const body = JSON.stringify({ action: 'opened', note: 'words-of-a-stranger' });
    expect(await send({ body, secret: 'not the secret' })).toBe(401);
    expect(await send({ body, headers: { 'x-hub-signature-256': undefined } })).toBe(400);
    expect(await send({ body, headers: { 'x-hub-signature-256': 'sha256=00' } })).toBe(401);
    expect(
      await send({ body, headers: { 'x-hub-signature-256': undefined, 'x-hub-signature': 'sha1=00' } }),
    ).toBe(400);
    expect(running.process?.log.join('\n')).toContain('without a right signature');
    expect(running.process?.log.join('\n')).not.toContain('words-of-a-stranger');
  });

  it('that is no JSON, or of no known event, does no harm', async () => {
    expect(await send({ body: '{"action":' })).toBe(400);
    expect(await send({ body: '{}', headers: { 'x-github-event': 'sponsorship' } })).toBe(202);
    expect(await send({ body: '{"action":"opened"}' })).toBe(202);
    expect(await send({ body: '[]' })).toBe(202);
  });

  it('that is too long is refused', async () => {
    expect(await send({ body: `"${'x'.repeat(25 * 1024 * 1024)}"` })).toBe(413);
  });

  it('is told to come again while bodies of others take all the room there is', async () => {
    const long = Buffer.alloc(24 * 1024 * 1024, 'x');
    const answers: IncomingMessage[] = [];
    const others = Array.from({ length: 10 }, () => {
      const sent = request(`${running.url}${WEBHOOK_PATH}`, {
        method: 'POST',
        headers: {
          'x-github-event': 'push',
          'x-github-delivery': 'none',
          'x-hub-signature-256': 'sha256=00',
        },
      });
      // They are broken off below.
      sent.on('error', () => undefined).on('response', (answer) => answers.push(answer.resume()));
      // Not ended: nobody can tell yet whether it is signed.
      sent.write(long);
      return sent;
    });
    await expect.poll(() => answers.length, { timeout: 30_000 }).toBe(2);
    for (const { statusCode, headers } of answers) {
      expect([statusCode, headers['retry-after']]).toEqual([503, '30']);
    }
    for (const sent of others) sent.destroy();
    await expect.poll(() => send({ body: long.toString(), secret: 'none' }), { timeout: 30_000 }).toBe(401);
  });

  it('leaves the app well', async () => {
    expect(await (await fetch(`${running.url}/health`)).json()).toEqual({ status: 'ok' });
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    expect(metrics).toMatch(/^patchwitness_webhooks_total\{event="pull_request",result="refused"\} \d+$/m);
    expect((await fetch(`${running.url}/../../etc/passwd`)).status).toBe(404);
  });
});

describe('the log', () => {
  it('holds no secret, no token and no code of a review', async () => {
    const repository = await running.repository({ Makefile: MAKEFILE });
    const files = { 'fs/demofs/a.c': file(growing('demofs_unheard_of', 'GFP_KERNEL')) };
    await running.github.people.push(repository, 'topic', [{ message: 'demofs: grow', files }]);
    const pull = await running.github.people.openPull({ repository, head: 'topic' });
    await running.rest();
    expect(running.github.reviews(pull)).toHaveLength(1);
    const log = running.process?.log.join('\n') ?? '';
    expect(log).toContain('job done');
    const { webhookSecret, privateKey } = running.app;
    const tokens = [...running.github.world.tokens.keys()];
    expect(tokens.length).toBeGreaterThan(0);
    for (const secret of [
      webhookSecret,
      ...privateKey.split('\n').filter((line) => line.length > 40),
      ...tokens,
      'demofs_unheard_of',
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});

describe('a path in a patch', () => {
  it('that leads out of the repository is not followed', async () => {
    const repository = await running.repository({ Makefile: MAKEFILE });
    await running.github.people.push(repository, 'topic', [
      {
        message: 'demofs: grow',
        files: { 'fs/demofs/..%2f..%2fMakefile.c': file(growing('demofs_grow', 'GFP_KERNEL')) },
      },
    ]);
    const pull = await running.github.people.openPull({ repository, head: 'topic' });
    await running.rest();
    expect(running.github.threads(pull)).toMatchObject([
      { comments: [{ path: 'fs/demofs/..%2f..%2fMakefile.c' }] },
    ]);
    expect(running.github.unknown).toEqual([]);
  });
});
