/** The HTTP server: webhooks of the app, pages of what `scan` stored, and what watches over both. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Probot } from 'probot';
import type { Database } from '../store/database.ts';
import type { Pages } from '../web/pages.ts';
import { sendPage } from '../web/send.ts';
import type { Metrics } from './metrics.ts';

export const WEBHOOK_PATH = '/api/github/webhooks';

/** "Payloads are capped at 25 MB." (webhooks/webhook-events-and-payloads) */
const MAX_PAYLOAD = 25 * 1024 * 1024;

/** Milliseconds for a request to come in: a webhook is sent at once. */
const REQUEST_TIMEOUT = 30_000;

export interface HttpOptions {
  /** Null where no webhooks are taken. */
  readonly probot: Probot | null;
  /** Null for a worker, which shows none. */
  readonly pages: Pages | null;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Not listening yet. */
export function makeServer(options: HttpOptions): Server {
  const server = createServer((request, response) => {
    void answer(request, response, options).catch((error: unknown) => {
      options.log.error({ err: error }, 'a request failed');
      if (!response.headersSent) send(response, 500, 'it failed\n');
      else response.destroy();
    });
  });
  server.requestTimeout = REQUEST_TIMEOUT;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const route = `${request.method ?? ''} ${path}`;
  if (route === `POST ${WEBHOOK_PATH}` && options.probot !== null) {
    await webhook(request, response, options.probot, options);
  } else if (route === 'GET /health') await health(response, options);
  else if (route === 'GET /metrics') {
    const { registry } = options.metrics;
    response.setHeader('content-type', registry.contentType);
    response.end(await registry.metrics());
  } else if (options.pages !== null) await page(request, response, options.pages, options);
  else if (route === 'GET /') send(response, 200, 'patchwitness\n');
  else send(response, 404, 'there is nothing here\n');
}

async function page(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Pages,
  { metrics }: HttpOptions,
): Promise<void> {
  const end = metrics.pageSeconds.startTimer();
  try {
    await sendPage(pages, request, response);
  } finally {
    end();
  }
}

async function health(response: ServerResponse, { database }: HttpOptions): Promise<void> {
  const isWell = await database.query('SELECT 1').then(
    () => true,
    () => false,
  );
  response.setHeader('content-type', 'application/json');
  response.writeHead(isWell ? 200 : 503);
  response.end(`${JSON.stringify({ status: isWell ? 'ok' : 'the database does not answer' })}\n`);
}

/**
 * Verifies and stores; the work is done by a worker. Answers within GitHub's ten seconds whatever happens behind, and tells
 * a sender that cannot sign nothing.
 */
async function webhook(
  request: IncomingMessage,
  response: ServerResponse,
  probot: Probot,
  { metrics, log }: HttpOptions,
): Promise<void> {
  const header = (name: string): string => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : '';
  };
  const [id, name, signature] = [
    header('x-github-delivery'),
    header('x-github-event'),
    header('x-hub-signature-256'),
  ];
  const count = (result: string): void => metrics.webhooks.inc({ event: knownName(name), result });
  if (id === '' || name === '' || signature === '') {
    count('refused');
    return send(response, 400, 'headers of a webhook are missing\n');
  }
  const body = await bodyOf(request);
  if (body === null) {
    count('refused');
    return send(response, 413, 'the payload is too long\n');
  }
  if (!(await probot.webhooks.verify(body, signature).catch(() => false))) {
    count('refused');
    log.warn('a webhook without a right signature was refused');
    return send(response, 401, 'the signature is not right\n');
  }
  if (!isJson(body)) {
    count('refused');
    return send(response, 400, 'the payload is not JSON\n');
  }
  try {
    // Handlers of the app put it into the queue.
    await probot.webhooks.verifyAndReceive({ id, name, payload: body, signature });
    count('taken');
    send(response, 202, 'taken\n');
  } catch (error) {
    count('failed');
    log.error({ err: error, delivery: id.slice(0, 40) }, 'a webhook could not be stored');
    send(response, 503, 'it could not be stored\n');
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Null for one that is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    size += part.length;
    if (size > MAX_PAYLOAD) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A label must not be whatever somebody sends. */
function knownName(name: string): string {
  return /^[a-z_]{1,40}$/.test(name) ? name : 'unknown';
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
