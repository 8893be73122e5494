/** Asks the GitHub of the tests with bare requests, so that its own rules are seen without a client's help. */

import { createSign } from 'node:crypto';
import { isJson, type Json } from './json.ts';
import type { GitHubServer } from './server.ts';
import type { App, Installation } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The answer's JSON; the empty object where it is none. */
  readonly body: Json;
  /** The answer's list; empty where it is none. */
  readonly list: readonly Json[];
  readonly text: string;
}

export type Ask = (method: string, path: string, body?: unknown, accept?: string) => Promise<Reply>;

/** A token that an app signs itself; the claims can be made wrong. */
export function appToken({ id, privateKey }: App, claims: Json = {}, now = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  const whole = { iat: seconds - 30, exp: seconds + 500, iss: id, ...claims };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(whole)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

function encode(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Asks with a token, or without one. */
export function asking({ baseUrl, origin }: GitHubServer, token: string | null): Ask {
  return async (method, path, body, accept = 'application/vnd.github+json') => {
    const response = await fetch(`${path.startsWith('/api/') ? origin : baseUrl}${path}`, {
      method,
      headers: { accept, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const value = parsed(text);
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson(value) ? value : {},
      list: Array.isArray(value) ? value.filter(isJson) : [],
    };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Asks for an installation, with a token that was exchanged for it. */
export async function askingFor(
  github: GitHubServer,
  app: App,
  { id }: Installation,
  narrowed?: Json,
): Promise<Ask> {
  const asApp = asking(github, appToken(app, {}, github.clock.now()));
  const { body } = await asApp('POST', `/app/installations/${id}/access_tokens`, narrowed);
  return asking(github, String(body.token));
}
