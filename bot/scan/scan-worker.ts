/**
 * Takes batches of series out of the queue and reviews them, any number at the same time, in any number of processes on any
 * machine. Each batch is held by a lease; that of a worker which dies goes back into the queue. A database that is away is
 * waited for.
 */

import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { reasonOf } from '../github/client.ts';
import type { Database } from '../store/database.ts';
import { AGAIN, Leases, LostLeaseError } from '../store/leases.ts';
import type { QueuedJob } from '../store/queue.ts';
import { pause, sweep } from '../store/sweep.ts';
import { meansHash } from './means.ts';
import { SCAN_KEY, type ScanJob, type ScanQueue } from './queue.ts';
import { makeReviewer, type Reviewer, reviewKeys } from './reviewing.ts';

export interface ScanWorkerOptions {
  readonly database: Database;
  readonly queue: ScanQueue;
  readonly log: Logger;
  readonly leaseSeconds: number;
  /** Batches at the same time. */
  readonly concurrency: number;
}

/** Milliseconds between two looks into an empty queue, and at a database that is away. */
const POLL = 500;
const AWAY = 2_000;

/** Milliseconds for which one that must not take part leaves what waits to others. */
const REFUSED = 30_000;

/** The process that does the reviews of one loop, kept as long as batches come with the same setting. */
class Slot {
  private setting = '';
  private reviewer: Reviewer | null = null;

  reviewerFor({ setting }: ScanJob): Reviewer {
    const name = JSON.stringify(setting);
    if (this.reviewer !== null && this.setting === name) return this.reviewer;
    this.stop();
    this.setting = name;
    this.reviewer = makeReviewer(setting);
    return this.reviewer;
  }

  stop(): void {
    this.reviewer?.stop();
    this.reviewer = null;
  }
}

export class ScanWorker {
  private readonly options: ScanWorkerOptions;
  private readonly leases: Leases;
  private readonly stopping = new AbortController();
  /** Hashes of what reviews go by here, by the setting that asks for them. */
  private readonly means = new Map<string, string>();
  private loops: Promise<unknown> = Promise.resolve();

  constructor(options: ScanWorkerOptions) {
    this.options = options;
    this.leases = new Leases(options.database, randomUUID(), options.leaseSeconds);
  }

  start(): void {
    const slots = Array.from({ length: this.options.concurrency }, () => this.loop());
    this.loops = Promise.all([...slots, this.sweeping()]);
  }

  /** What is under way is broken off, and done by whoever comes next. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the worker was stopped'));
    await this.loops;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    const slot = new Slot();
    while (!signal.aborted) {
      try {
        const queued = await this.options.queue.next('work');
        if (queued === null) await this.idle();
        else await this.work(queued, slot);
      } catch (error) {
        if (signal.aborted) break;
        this.options.log.error({ err: error }, 'the queue cannot be asked');
        await pause(AWAY, signal);
      }
    }
    slot.stop();
  }

  /** There is nothing to do; what was given up is told. */
  private async idle(): Promise<void> {
    const { queue, log } = this.options;
    const lost = await queue.next('givenUp');
    if (lost === null) return await pause(POLL, this.stopping.signal);
    log.error({ job: lost.id, series: lost.job.keys.length, reason: lost.reason }, 'a batch was given up');
    await queue.complete('givenUp', lost.id);
  }

  private async work({ id, job, tries, isLastTry }: QueuedJob<ScanJob>, slot: Slot): Promise<void> {
    const { queue, log, database } = this.options;
    const key = `${SCAN_KEY} ${id}`;
    const about = { job: id, series: job.keys.length, try: tries + 1 };
    if (!(await this.leases.take(key, id, AGAIN.no))) return;
    let isRefused = true;
    try {
      await this.check(job);
      isRefused = false;
      const reviewer = slot.reviewerFor(job);
      const started = performance.now();
      await this.leases.whileHeld(key, id, this.stopping.signal, ({ signal }) =>
        reviewKeys(database, job.keys, reviewer, {
          signal,
          onDone: () => undefined,
          onDefect: (text) => log.error({ job: id }, text),
        }),
      );
      await queue.complete('work', id);
      await this.leases.drop(key, id);
      log.info({ ...about, ms: Math.round(performance.now() - started) }, 'batch done');
    } catch (error) {
      if (error instanceof LostLeaseError) log.warn(about, 'batch lost to another worker');
      else {
        log.warn({ ...about, err: error }, isLastTry ? 'batch given up' : 'batch failed, it is tried again');
        await this.leases.drop(key, id);
        await queue.fail('work', id, reasonOf(error));
      }
    }
    // To fail is quicker than to review: it would have all of them before the others.
    if (isRefused) await pause(REFUSED, this.stopping.signal);
  }

  /** Throws where this program, or what it has in sight, would say other things than the one that asks. */
  private async check({ setting, means }: ScanJob): Promise<void> {
    const name = JSON.stringify(setting);
    if (this.means.get(name) === means) return;
    // Something may have been indexed meanwhile.
    const here = await meansHash(setting);
    this.means.set(name, here);
    if (here !== means) {
      throw new Error('this worker is of another version, or has another index, than the scan that asks');
    }
  }

  private sweeping(): Promise<void> {
    const { queue, log, leaseSeconds } = this.options;
    const { leases, stopping } = this;
    return sweep({ queue, leases, kinds: [SCAN_KEY], leaseSeconds, log, signal: stopping.signal });
  }
}
