/**
 * A client of Patchwork's REST API, as far as checks go: finds a patch by its Message-ID and puts a check on it.
 * https://patchwork.readthedocs.io/en/latest/api/rest/ -- version 1.2 has both, and so have all servers since 2.2.
 */

import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { printable } from '../reports/printable.ts';
import type { Verdict } from './verdict.ts';

/** A check that could not be put; the message says what the server said. */
export class PatchworkError extends Error {
  override readonly name = 'PatchworkError';
}

export interface PatchworkServer {
  /** Of its API, no slash at the end. */
  readonly api: string;
  readonly token: string;
  /** What the client calls itself. */
  readonly agent: string;
  /** Milliseconds before each further try; their number is the number of further tries. */
  readonly delays?: readonly number[];
  /** Milliseconds that one answer may take. */
  readonly timeout?: number;
}

export interface Check {
  readonly state: Verdict['state'];
  readonly context: string;
  readonly description: string;
  readonly target_url?: string;
}

/** Waits that a server which is being restarted needs; a job of CI is not held up for longer. */
const DELAYS = [1_000, 4_000, 15_000];

const TIMEOUT = 30_000;

/** The longest that a server may ask to wait, in milliseconds. */
const MAX_RETRY_AFTER = 60_000;

/** Of an answer more is not read. */
const MAX_ANSWER = 256 * 1024;

/** Answers that may be others a moment later. */
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

const CONTEXT = /^[-a-zA-Z0-9_]{1,255}$/;

const MAX_URL = 200;

const createdCheck = z.object({ id: z.int(), url: z.string().optional() });

const patches = z.array(z.object({ id: z.int(), name: z.string().optional() }));

/** The address of the API of the server that people know by `address`. */
export function apiOf(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new PatchworkError(`${printable(address)} is no address`);
  }
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new PatchworkError('the token is sent by https only');
  }
  if (url.username !== '' || url.password !== '') {
    throw new PatchworkError('the address has a password in it; Patchwork wants a token');
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api(?:\/\d+\.\d+)?$/, '');
  return `${url.origin}${path}/api/1.2`;
}

/** What is wrong with the name of a check or with the address that it leads to; null if nothing is. */
export function checkProblem({
  context,
  target_url: target,
}: Pick<Check, 'context' | 'target_url'>): string | null {
  if (!CONTEXT.test(context)) {
    return 'a context has letters, digits, - and _ in it, nothing else, and 255 of them at most';
  }
  if (target === undefined) return null;
  if (!URL.canParse(target) || !/^https?:/.test(target)) return 'the target is no address of the web';
  return target.length > MAX_URL ? `Patchwork takes addresses of ${MAX_URL} characters at most` : null;
}

/** The patch of a mail, its Message-ID given without brackets. */
export async function findPatchId(server: PatchworkServer, messageId: string): Promise<number> {
  const path = `/patches/?${new URLSearchParams({ msgid: messageId }).toString()}`;
  const found = patches.safeParse(await request(server, path, null));
  if (!found.success) throw unexpected(found.error);
  const [patch, ...others] = found.data;
  if (patch === undefined) throw new PatchworkError(`no patch has the Message-ID ${printable(messageId)}`);
  if (others.length > 0) {
    const ids = found.data.map(({ id }) => id).join(', ');
    throw new PatchworkError(`patches ${ids} have this Message-ID: --patch says which`);
  }
  return patch.id;
}

/**
 * Puts the check on the patch and returns where it is. A check that is put twice, because the answer to the first was lost, does
 * no harm: of each context Patchwork shows the latest.
 */
export async function postCheck(server: PatchworkServer, patch: number, check: Check): Promise<string> {
  const path = `/patches/${patch}/checks/`;
  const created = createdCheck.safeParse(await request(server, path, check));
  if (!created.success) throw unexpected(created.error);
  return created.data.url ?? `${server.api}${path}${created.data.id}/`;
}

function unexpected(cause: Error): PatchworkError {
  return new PatchworkError('the answer is none of Patchwork: is the address that of its start page?', {
    cause,
  });
}

/** The JSON of the answer; `body` makes it a POST. */
async function request(server: PatchworkServer, path: string, body: Check | null): Promise<unknown> {
  const delays = server.delays ?? DELAYS;
  for (let tries = 0; ; tries++) {
    const delay = delays[tries];
    const answer = await requestOnce(server, path, body).catch((error: unknown) => {
      if (delay === undefined) throw unreachable(server, error);
      return null;
    });
    if (answer !== null) {
      if (delay === undefined || !PASSING.has(answer.status)) return judged(answer, server);
      await setTimeout(Math.max(delay, answer.retryAfter));
    } else if (delay !== undefined) await setTimeout(delay);
  }
}

interface Answer {
  readonly status: number;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter: number;
  /** Where it sends the client. */
  readonly location: string | null;
  readonly text: string;
}

async function requestOnce(
  { api, token, agent, timeout = TIMEOUT }: PatchworkServer,
  path: string,
  body: Check | null,
): Promise<Answer> {
  const response = await fetch(`${api}${path}`, {
    method: body === null ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Token ${token}`,
      'user-agent': agent,
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
    // The token is for the server that the user named, and no other.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeout),
  });
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return {
    status: response.status,
    retryAfter: Number.isFinite(seconds) ? Math.min(seconds * 1000, MAX_RETRY_AFTER) : 0,
    location: response.headers.get('location'),
    text: await bounded(response),
  };
}

async function bounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  if (response.body === null) return text;
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER) break;
  }
  return text;
}

function judged({ status, location, text }: Answer, { api }: PatchworkServer): unknown {
  if (status >= 300 && status < 400) {
    const where = location === null ? '' : ` to ${printable(location)}`;
    throw new PatchworkError(`${api} sends its visitors on${where}: name that address`);
  }
  const json = parsed(text);
  switch (status) {
    case 200:
    case 201:
      return json;
    case 401:
    case 403:
      throw new PatchworkError(`the server does not let this token put checks there${saying(json)}`);
    case 404:
      throw new PatchworkError(`the server knows no such patch, or is no Patchwork${saying(json)}`);
    case 400:
      throw new PatchworkError(`the server refuses the check${saying(json)}`);
    default:
      throw new PatchworkError(`the server answers ${status}${saying(json)}`);
  }
}

function parsed(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return null;
  }
}

/** `{"detail": "…"}`, or for each field what is wrong with it. */
const complaint = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

function saying(json: unknown): string {
  const said = complaint.safeParse(json);
  if (!said.success) return '';
  const parts = Object.entries(said.data).map(([field, what]) => {
    const text = [what].flat().join(' ');
    return field === 'detail' ? text : `${field}: ${text}`;
  });
  return parts.length === 0 ? '' : `: ${printable(parts.join('; '))}`;
}

function unreachable({ api }: PatchworkServer, error: unknown): PatchworkError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PatchworkError(`${api} cannot be reached: ${printable(reason)}`, { cause: error });
}
