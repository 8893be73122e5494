/** Sends pages, with headers that let a browser run nothing but the witness player and load nothing from elsewhere. */

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Pages } from './pages.ts';

const TYPES: Readonly<Record<Answer['type'], string>> = {
  html: 'text/html; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  css: 'text/css; charset=utf-8',
  javascript: 'text/javascript; charset=utf-8',
  text: 'text/plain; charset=utf-8',
};

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Throws what the database throws. */
export async function sendPage(
  pages: Pages,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '', headers } = request;
  const answer = await pages.answer({ method, url, host: headers.host ?? '' });
  const tag = `"${createHash('sha256').update(answer.body).digest('base64url').slice(0, 27)}"`;
  const isKnown = answer.status === 200 && isAmong(tag, headers['if-none-match']);
  response.writeHead(isKnown ? 304 : answer.status, {
    ...HEADERS,
    ...answer.headers,
    'cache-control': answer.isFixed === true ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(answer.status === 200 ? { etag: tag } : {}),
    ...(isKnown
      ? {}
      : { 'content-type': TYPES[answer.type], 'content-length': Buffer.byteLength(answer.body) }),
  });
  response.end(isKnown || method === 'HEAD' ? undefined : answer.body);
}

/** Proxies that pack a page make its tag a weak one. */
function isAmong(tag: string, asked: string | undefined): boolean {
  return (asked ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
