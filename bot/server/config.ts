/** The app's configuration: environment variables go in, what they say comes out, or which of them is wrong and why. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemReason } from '../../analyzers/source/reason.ts';
import { type Mirror, readMirrors } from '../github/source-mirror.ts';
import { BOUNDS, type ProcessBounds } from '../pipeline/bounded-process.ts';
import { LEASE_SECONDS } from '../store/leases.ts';
import type { QueueTimes } from '../store/queue.ts';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Who the app is at GitHub. */
export interface AppIdentity {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

/** A PostgreSQL server, or the directory of an embedded database. */
export type DatabasePlace = { readonly url: string } | { readonly directory: string };

export interface ServiceConfig {
  /** Null until the app is registered. */
  readonly identity: AppIdentity | null;
  /** Of the API; undefined for github.com. */
  readonly apiUrl: string | undefined;
  /** Of the web pages, without a slash at its end. */
  readonly siteUrl: string;
  readonly database: DatabasePlace;
  readonly mirrors: readonly Mirror[];
  /** Folders of the mirror whose functions count. */
  readonly index: readonly string[];
  /** Keeps to GitHub's limits; a server of one's own may have none. */
  readonly isThrottled: boolean;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly leaseSeconds: number;
  readonly queue: QueueTimes;
  readonly bounds: ProcessBounds;
  /** Minutes between two looks for lost deliveries. */
  readonly recoverMinutes: number;
}

const seconds = z.coerce.number().positive();

const variables = z.object({
  APP_ID: z.coerce.number().int().positive().optional(),
  PRIVATE_KEY: z.string().optional(),
  PRIVATE_KEY_PATH: z.string().optional(),
  WEBHOOK_SECRET: z.string().optional(),
  GHE_HOST: z.string().optional(),
  GHE_PROTOCOL: z.enum(['http', 'https']).default('https'),
  DATABASE_URL: z.string().optional(),
  PATCHWITNESS_DATA: z.string().optional(),
  PATCHWITNESS_MIRROR: z.string().default(''),
  PATCHWITNESS_INDEX: z.string().default(''),
  PATCHWITNESS_THROTTLE: z.enum(['on', 'off']).default('on'),
  PATCHWITNESS_LEASE_SECONDS: seconds.default(LEASE_SECONDS),
  PATCHWITNESS_RETRIES: z.coerce.number().int().min(0).max(20).optional(),
  PATCHWITNESS_RETRY_SECONDS: seconds.optional(),
  PATCHWITNESS_REVIEW_SECONDS: seconds.optional(),
  PATCHWITNESS_REVIEW_MB: z.coerce.number().int().positive().optional(),
  PATCHWITNESS_RECOVER_MINUTES: seconds.default(15),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  XDG_DATA_HOME: z.string().optional(),
  HOME: z.string().optional(),
});

/** Throws ConfigError, whose message names the variable and never shows a value of a secret one. */
export function readConfig(environment: NodeJS.ProcessEnv): ServiceConfig {
  const parsed = variables.safeParse(withoutEmpty(environment));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'cannot be read'}`);
  }
  const read = parsed.data;
  const { GHE_HOST: host, GHE_PROTOCOL: protocol } = read;
  return {
    identity: identityOf(read),
    apiUrl: host === undefined ? undefined : `${protocol}://${host}/api/v3`,
    siteUrl: host === undefined ? 'https://github.com' : `${protocol}://${host}`,
    database: databasePlace(read),
    mirrors: readMirrors(read.PATCHWITNESS_MIRROR),
    index: read.PATCHWITNESS_INDEX.split(',').filter((folder) => folder !== ''),
    isThrottled: read.PATCHWITNESS_THROTTLE === 'on',
    host: read.HOST,
    port: read.PORT,
    logLevel: read.LOG_LEVEL,
    leaseSeconds: read.PATCHWITNESS_LEASE_SECONDS,
    queue: {
      retries: read.PATCHWITNESS_RETRIES,
      retryDelay: read.PATCHWITNESS_RETRY_SECONDS,
      orphanAfter: 2 * read.PATCHWITNESS_LEASE_SECONDS,
    },
    bounds: boundsOf(read),
    recoverMinutes: read.PATCHWITNESS_RECOVER_MINUTES,
  };
}

type Variables = z.infer<typeof variables>;

function identityOf({
  APP_ID,
  PRIVATE_KEY,
  PRIVATE_KEY_PATH,
  WEBHOOK_SECRET,
}: Variables): AppIdentity | null {
  if (APP_ID === undefined && PRIVATE_KEY === undefined && PRIVATE_KEY_PATH === undefined) return null;
  if (APP_ID === undefined) throw new ConfigError('APP_ID is missing');
  if (WEBHOOK_SECRET === undefined) throw new ConfigError('WEBHOOK_SECRET is missing');
  return {
    appId: APP_ID,
    privateKey: privateKeyOf(PRIVATE_KEY, PRIVATE_KEY_PATH),
    webhookSecret: WEBHOOK_SECRET,
  };
}

function boundsOf({
  PATCHWITNESS_REVIEW_SECONDS: time,
  PATCHWITNESS_REVIEW_MB: memory,
}: Variables): ProcessBounds {
  return {
    time: time === undefined ? BOUNDS.time : time * 1000,
    memory: memory === undefined ? BOUNDS.memory : memory * 1024 * 1024,
  };
}

/** Lines of a key in a variable are often parted by `\n` as two characters. */
function privateKeyOf(inline: string | undefined, path: string | undefined): string {
  if (inline !== undefined) return checkedKey(inline.replaceAll('\\n', '\n'), 'PRIVATE_KEY');
  if (path === undefined) throw new ConfigError('PRIVATE_KEY or PRIVATE_KEY_PATH is missing');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`PRIVATE_KEY_PATH: ${path}: ${systemReason(error)}`, { cause: error });
  }
  return checkedKey(text, 'PRIVATE_KEY_PATH');
}

function checkedKey(key: string, from: string): string {
  if (!key.includes('PRIVATE KEY-----')) throw new ConfigError(`${from} holds no private key in PEM form`);
  return key;
}

/** For commands that need nothing else of the app. */
export function readDatabasePlace(environment: NodeJS.ProcessEnv): DatabasePlace {
  const place = { DATABASE_URL: true, PATCHWITNESS_DATA: true, XDG_DATA_HOME: true, HOME: true } as const;
  return databasePlace(variables.pick(place).parse(withoutEmpty(environment)));
}

/** An empty variable is one that is not set. */
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

type PlaceVariables = Pick<Variables, 'DATABASE_URL' | 'PATCHWITNESS_DATA' | 'XDG_DATA_HOME' | 'HOME'>;

function databasePlace({
  DATABASE_URL: url,
  PATCHWITNESS_DATA,
  XDG_DATA_HOME,
  HOME,
}: PlaceVariables): DatabasePlace {
  if (url !== undefined) return { url };
  return {
    directory: PATCHWITNESS_DATA ?? join(XDG_DATA_HOME ?? join(HOME ?? '.', '.local/share'), 'patchwitness'),
  };
}
