/**
 * The app's log: one JSON object a line, on standard error. Errors are told by their words alone: libraries hang whole webhooks
 * and requests on them. Whatever is written, the app's secrets are taken out of it.
 */

import { type Logger, pino } from 'pino';

/** Nested errors of one entry that are told. */
const MAX_ERRORS = 5;

/** Tokens of GitHub, by their prefixes: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats */
const TOKEN =
  /\b(?:gh[pousr]_|github_pat_)\w{10,255}|\bv1\.[0-9a-f]{40}\b|\beyJ[\w-]{10,2000}\.[\w-]{10,2000}\.[\w-]{10,2000}/g;

/** `write` gets whole lines. */
export function makeLog(
  level: string,
  secrets: readonly string[],
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Logger {
  const hidden = secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .filter((one) => one.length >= 6);
  const destination = { write: (line: string) => write(withoutSecrets(line, hidden)) };
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: toldError },
      formatters: { log: onlyKnown },
    },
    destination,
  );
}

function withoutSecrets(line: string, secrets: readonly string[]): string {
  let text = line;
  for (const secret of secrets) text = text.replaceAll(secret, '[secret]');
  return text.replace(TOKEN, '[token]');
}

interface ToldError {
  readonly type: string;
  readonly message: string;
  readonly status?: number;
  readonly errors?: readonly ToldError[];
}

function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' };
  const status = 'status' in error && typeof error.status === 'number' ? { status: error.status } : {};
  const inner = error instanceof AggregateError ? error.errors.slice(0, MAX_ERRORS).map(toldError) : [];
  const message = error.message.slice(0, MAX_MESSAGE);
  return { type: error.name, message, ...status, ...(inner.length === 0 ? {} : { errors: inner }) };
}

const MAX_MESSAGE = 1000;

/** What the app itself logs. Libraries log whole requests, with the words of a review in them. */
const KNOWN: ReadonlySet<string> = new Set([
  'err',
  'job',
  'kind',
  'pull',
  'try',
  'end',
  'ms',
  'why',
  'delivery',
  'hook',
  'taken',
  'count',
]);

function onlyKnown(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => KNOWN.has(name)));
}
