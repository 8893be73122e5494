/** The HTTP server: webhooks of the app, pages of what `scan` stored, and what watches over both. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Probot } from 'probot';
import type { Database } from '../store/database.ts';
import type { Pages } from '../web/pages.ts';
import { sendPage } from '../web/send.ts';
import { Bodies, type Body } from './bodies.ts';
import type { Metrics } from './metrics.ts';

export const WEBHOOK_PATH = '/api/github/webhooks';

/** Milliseconds for a request to come in: a webhook is sent at once. */
const REQUEST_TIMEOUT = 30_000;

/** By then bodies that are sent now are there, or given up. */
const RETRY_SECONDS = REQUEST_TIMEOUT / 1000;

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
  const bodies = new Bodies();
  const server = createServer((request, response) => {
    void answer(request, response, options, bodies).catch((error: unknown) => {
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
  bodies: Bodies,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const route = `${request.method ?? ''} ${path}`;
  if (route === `POST ${WEBHOOK_PATH}` && options.probot !== null) {
    await webhook(request, response, { ...options, probot: options.probot, bodies });
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

interface WebhookOptions extends Pick<HttpOptions, 'metrics' | 'log'> {
  readonly probot: Probot;
  readonly bodies: Bodies;
}

/** Of a webhook. */
interface Sender {
  readonly id: string;
  readonly name: string;
  readonly signature: string;
}

/**
 * Verifies and stores; the work is done by a worker. Answers within GitHub's ten seconds whatever happens behind, and tells
 * a sender that cannot sign nothing.
 */
async function webhook(
  request: IncomingMessage,
  response: ServerResponse,
  options: WebhookOptions,
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
  if (id === '' || name === '' || signature === '') {
    options.metrics.webhooks.inc({ event: knownName(name), result: 'refused' });
    return send(response, 400, 'headers of a webhook are missing\n');
  }
  await options.bodies.withBody(request, (body) => take({ id, name, signature }, body, response, options));
}

async function take(
  { id, name, signature }: Sender,
  read: Body,
  response: ServerResponse,
  { probot, metrics, log }: WebhookOptions,
): Promise<void> {
  const count = (result: string): void => metrics.webhooks.inc({ event: knownName(name), result });
  if (read.kind !== 'whole') {
    count('refused');
    if (read.kind === 'too long') return send(response, 413, 'the payload is too long\n');
    log.warn('a webhook was refused: others take all the room');
    response.setHeader('retry-after', RETRY_SECONDS);
    return send(response, 503, 'there is no room for it now\n');
  }
  const body = read.text;
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

/** A label must not be whatever somebody sends. */
function knownName(name: string): string {
  return /^[a-z_]{1,40}$/.test(name) ? name : 'unknown';
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
