/**
 * `patchwitness serve` and `patchwitness worker`: the GitHub app with the pages of what `scan` stored, these pages alone, and further
 * processes that do the app's work.
 */

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { systemReason } from '../../analyzers/source/reason.ts';
import { printable } from '../reports/printable.ts';
import { openScanQueue } from '../scan/queue.ts';
import { ScanWorker } from '../scan/scan-worker.ts';
import { ConfigError, readConfig, type ServiceConfig } from '../server/config.ts';
import { makeLog } from '../server/log.ts';
import { makeProbot } from '../server/probot.ts';
import { Results } from '../server/results.ts';
import { type Listen, Service, type ServiceParts, urlOf } from '../server/service.ts';
import { makeSetupServer } from '../server/setup.ts';
import { addStoreOptions, openStore, type StoreOptions, storePlace } from './store-options.ts';

const ENVIRONMENT = `
Environment (also from the file of --env):
  APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, WEBHOOK_SECRET   who the app is at GitHub
  DATABASE_URL         a PostgreSQL server; without it a database in PATCHWITNESS_DATA, for one process
  PATCHWITNESS_MIRROR  a bare clone, or owner/name=PATH,…: patches come from there
  PATCHWITNESS_INDEX   folders of the mirror whose functions count, as in fs,mm,block
  GHE_HOST, GHE_PROTOCOL   a GitHub Enterprise Server
  PATCHWITNESS_REVIEW_SECONDS, PATCHWITNESS_REVIEW_MB   bounds of one review (300, 3072)
  PATCHWITNESS_RETRIES, PATCHWITNESS_RETRY_SECONDS      tries of a job that fails (5, 10 and longer each time)
  PATCHWITNESS_LEASE_SECONDS    after which a silent worker counts as dead (30)
  PATCHWITNESS_THROTTLE    off for a server without limits of requests
  HOST, PORT, LOG_LEVEL    where it listens (127.0.0.1:3000), and what it logs`;

interface Options extends StoreOptions {
  readonly env: string;
  readonly host?: string;
  readonly port?: number;
  readonly jobs: number;
  readonly publicUrl?: string;
  readonly results?: true;
}

export function serveCommand(): Command {
  const base = new Command('serve').description(
    'run the GitHub app: take webhooks, review pull requests; and show what `scan` stored as web pages',
  );
  return addStoreOptions(withEnvironment(base))
    .option('--host <host>', 'address to listen at (HOST)')
    .option('--port <number>', 'port to listen at, 0 for any (PORT)', portNumber)
    .option('--jobs <number>', 'pull requests at the same time; 0 leaves them to workers', jobNumber, 1)
    .option('--results', 'only show what `scan` stored, without a GitHub app')
    .option(
      '--public-url <url>',
      'under which others reach this server, for the registration and in feeds',
      webAddress,
    )
    .action(async (options: Options, command: Command) => {
      const config = { ...configOf(options, command), database: storePlace(options) };
      const listen = { host: options.host ?? config.host, port: options.port ?? config.port };
      if (options.results === true) return await showResults(config, listen, options, command);
      if (config.identity === null) return await setUp(config, listen, options);
      if (options.jobs === 0 && 'directory' in config.database) {
        command.error('error: workers in other processes need DATABASE_URL');
      }
      const { jobs: concurrency, publicUrl } = options;
      await run(config, { webhooks: true, concurrency, listen, publicUrl }, command);
    });
}

export function workerCommand(): Command {
  return withEnvironment(
    new Command('worker').description(
      'do the work of others: batches of `scan --queue`, and, with APP_ID, the pull requests of a GitHub app',
    ),
  )
    .option(
      '--jobs <number>',
      'pull requests, and batches, at the same time',
      jobNumber,
      availableParallelism(),
    )
    .option('--host <host>', 'address at which /health and /metrics of the app are served (HOST)')
    .option('--port <number>', 'their port, 0 for any; without it they are not served', portNumber)
    .action(async (options: Options, command: Command) => {
      const config = configOf(options, command);
      if ('directory' in config.database) command.error('error: a worker needs DATABASE_URL');
      const concurrency = Math.max(1, options.jobs);
      const stopScans = await startScanWorker(config, concurrency, command);
      if (config.identity === null) {
        process.stdout.write('patchwitness works for scans\n');
        return await untilStopped(stopScans);
      }
      const listen =
        options.port === undefined ? null : { host: options.host ?? config.host, port: options.port };
      await run(config, { webhooks: false, concurrency, listen }, command);
      await stopScans();
    });
}

/** Gives back what ends it. */
async function startScanWorker(
  { database: place, logLevel, leaseSeconds, queue: times }: ServiceConfig,
  concurrency: number,
  command: Command,
): Promise<() => Promise<void>> {
  const log = makeLog(logLevel, 'url' in place ? [place.url] : []);
  const database = await openStore({}, command);
  const queue = await openScanQueue(database, times);
  const worker = new ScanWorker({ database, queue, log, leaseSeconds, concurrency });
  worker.start();
  return async () => {
    await worker.stop();
    await queue.close();
    await database.close();
  };
}

function withEnvironment(command: Command): Command {
  return command
    .option('--env <file>', 'file with environment variables', '.env')
    .addHelpText('after', ENVIRONMENT);
}

function configOf({ env }: Options, command: Command): ServiceConfig {
  try {
    if (existsSync(env)) process.loadEnvFile(env);
    return readConfig(process.env);
  } catch (error) {
    const reason = error instanceof ConfigError ? error.message : `${env}: ${systemReason(error)}`;
    return command.error(`error: ${printable(reason)}`);
  }
}

async function showResults(
  { database: place, logLevel }: ServiceConfig,
  listen: Listen,
  options: Options,
  command: Command,
): Promise<void> {
  const { publicUrl } = options;
  const database = await openStore(options, command, { isToRead: true });
  const log = makeLog(logLevel, 'url' in place ? [place.url] : []);
  const results = await Results.start(database, { listen, publicUrl, log }).catch((error: unknown) =>
    command.error(`error: ${printable(systemReason(error))}`),
  );
  process.stdout.write(`patchwitness shows results at ${results.url}\n`);
  await untilStopped(() => results.stop());
}

/** Resolves when a signal has told the process to stop, and it has. */
async function untilStopped(end: () => Promise<void>): Promise<void> {
  await new Promise<void>((stopped) => {
    const stop = (): void => {
      void end().finally(stopped);
    };
    process.once('SIGTERM', stop).once('SIGINT', stop);
  });
}

async function run(config: ServiceConfig, parts: ServiceParts, command: Command): Promise<void> {
  const { identity, database, apiUrl, isThrottled, logLevel } = config;
  if (identity === null) return;
  const secrets = [identity.webhookSecret, identity.privateKey, ...('url' in database ? [database.url] : [])];
  const log = makeLog(logLevel, secrets);
  const probot = makeProbot(identity, { apiUrl, isThrottled, log });
  const service = await Service.start(config, probot, parts).catch((error: unknown) =>
    command.error(`error: ${printable(systemReason(error))}`),
  );
  process.stdout.write(
    `patchwitness ${parts.webhooks ? 'serves' : 'works'}${service.url === null ? '' : ` at ${service.url}`}\n`,
  );
  await untilStopped(() => service.stop());
}

/** Ends when the app is registered. */
async function setUp(
  { apiUrl, siteUrl }: ServiceConfig,
  { host, port }: Listen,
  { env, publicUrl }: Options,
): Promise<void> {
  await new Promise<void>((done, failed) => {
    const server = makeSetupServer({
      apiUrl,
      siteUrl,
      publicUrl: publicUrl ?? `http://${host}:${port}`,
      envFile: resolve(env),
      onDone: () => {
        process.stdout.write(
          `The app is registered, its credentials are in ${resolve(env)}. Start it again to serve.\n`,
        );
        server.close(() => done());
        server.closeIdleConnections();
      },
    });
    server.once('error', failed);
    server.listen(port, host, () => {
      process.stdout.write(`The app is not registered yet: open the page at ${urlOf(server)}\n`);
    });
  });
}

/** Without a slash at its end. */
function webAddress(text: string): string {
  const isWeb = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isWeb) throw new InvalidArgumentError('an address begins with https:// or http://.');
  return text.replace(/\/+$/, '');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('a port is a number up to 65535.');
  return port;
}

function jobNumber(text: string): number {
  const jobs = Number(text);
  if (!/^\d{1,3}$/.test(text) || jobs > MAX_JOBS)
    throw new InvalidArgumentError(`a number from 0 to ${MAX_JOBS}.`);
  return jobs;
}

/** Each keeps a process with its own parser. */
const MAX_JOBS = 64;
