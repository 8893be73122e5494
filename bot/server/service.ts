/** The app in one process: database, queue, client of GitHub, and as asked for the HTTP server and a worker. */

import type { Server } from 'node:http';
import type { Logger } from 'pino';
import type { Probot } from 'probot';
import { type Database, openDatabase } from '../store/database.ts';
import { APP_JOBS } from '../store/job.ts';
import { JobQueue } from '../store/queue.ts';
import { makeTables } from '../store/tables.ts';
import { Pages } from '../web/pages.ts';
import type { ServiceConfig } from './config.ts';
import { makeServer } from './http.ts';
import { Intake } from './intake.ts';
import { Metrics } from './metrics.ts';
import { recoverDeliveries } from './recover.ts';
import { register } from './register.ts';
import { Worker } from './worker.ts';

export interface ServiceParts {
  /** Takes webhooks. */
  readonly webhooks: boolean;
  /** Jobs at the same time; 0 for none. */
  readonly concurrency: number;
  /** Null for no server at all. */
  readonly listen: Listen | null;
  /** Under which readers reach the server, without a slash at its end. */
  readonly publicUrl?: string | undefined;
}

export interface Listen {
  readonly host: string;
  readonly port: number;
}

interface Running {
  readonly log: Logger;
  readonly database: Database;
  readonly queue: JobQueue;
  readonly worker: Worker | null;
  readonly server: Server | null;
  readonly recovery: NodeJS.Timeout | null;
}

export class Service {
  private readonly running: Running;

  private constructor(running: Running) {
    this.running = running;
  }

  /** Throws what the database throws where it cannot be opened, and the system's errors where the port is not free. */
  static async start(config: ServiceConfig, probot: Probot, parts: ServiceParts): Promise<Service> {
    await probot.ready();
    const { log } = probot;
    const database = await openDatabase(config.database);
    await makeTables(database);
    const { leaseSeconds, mirrors, index, bounds } = config;
    const queue = await JobQueue.open(database, APP_JOBS, config.queue);
    const metrics = new Metrics(queue);
    const { concurrency, webhooks, listen, publicUrl } = parts;
    const means = {
      probot,
      database,
      queue,
      log,
      metrics,
      mirrors,
      index,
      leaseSeconds,
      bounds,
      concurrency,
    };
    const worker = concurrency > 0 ? new Worker(means) : null;
    const intake = new Intake(database, queue, () => worker?.notify());
    if (webhooks) register(probot, intake);
    const own = webhooks ? { probot, pages: new Pages(database, publicUrl) } : { probot: null, pages: null };
    const server = listen === null ? null : makeServer({ ...own, database, metrics, log });
    if (server !== null && listen !== null) await listening(server, listen);
    worker?.start();
    const recovery = webhooks ? recovering(probot, intake, metrics, config.recoverMinutes) : null;
    return new Service({ log, database, queue, worker, server, recovery });
  }

  /** Null without a server. */
  get url(): string | null {
    const { server } = this.running;
    return server === null ? null : urlOf(server);
  }

  /** Takes no more webhooks, breaks off what is under way, and closes. */
  async stop(): Promise<void> {
    const { log, database, queue, worker, server, recovery } = this.running;
    log.info('stopping');
    if (recovery !== null) clearInterval(recovery);
    if (server !== null) await closed(server);
    await worker?.stop();
    await queue.close();
    await database.close();
  }
}

/** `http://127.0.0.1:3000` of a server that listens. */
export function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') return 'nowhere';
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

/** Answers what is asked already, and no more. */
export async function closed(server: Server): Promise<void> {
  server.closeIdleConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}

/** Throws the system's error where the port is not free. */
export function listening(server: Server, { host, port }: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** At once, and again and again. */
function recovering(probot: Probot, intake: Intake, metrics: Metrics, minutes: number): NodeJS.Timeout {
  const { log } = probot;
  const recover = async (): Promise<void> => {
    try {
      const count = await recoverDeliveries(await probot.auth(), intake, Date.now());
      metrics.recovered.inc(count);
      if (count > 0) log.info({ count }, 'lost webhooks were asked for again');
      await intake.forgetOld();
    } catch (error) {
      log.warn({ err: error }, 'lost webhooks could not be looked for');
    }
  };
  void recover();
  return setInterval(() => void recover(), minutes * 60_000);
}
