/**
 * Does the jobs of the queue, any number of them at the same time, in any number of processes. Each job holds a lease of its pull
 * request; a worker that dies loses it, and another one tries the job again. A database that is away is waited for.
 */

import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Probot } from 'probot';
import { type Analysis, makeAnalysis } from '../github/analysis.ts';
import { reasonOf } from '../github/client.ts';
import { runCommand } from '../github/command-job.ts';
import { type ReviewMeans, reviewPullRequest, tellGivenUp } from '../github/review-job.ts';
import type { Mirror } from '../github/source-mirror.ts';
import type { ProcessBounds } from '../pipeline/bounded-process.ts';
import type { Database } from '../store/database.ts';
import { APP_KEYS, type CommandJob, type Job, keyOf, type PullRef, type ReviewJob } from '../store/job.ts';
import { AGAIN, Leases, LostLeaseError } from '../store/leases.ts';
import type { JobQueue, QueuedJob } from '../store/queue.ts';
import { Remembered } from '../store/remembered.ts';
import { pause, sweep } from '../store/sweep.ts';
import type { Metrics } from './metrics.ts';
import { asInstallation, installationToken } from './probot.ts';

export interface WorkerOptions {
  readonly probot: Probot;
  readonly database: Database;
  readonly queue: JobQueue;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly mirrors: readonly Mirror[];
  readonly index: readonly string[];
  readonly leaseSeconds: number;
  readonly bounds: ProcessBounds;
  /** Jobs at the same time. */
  readonly concurrency: number;
}

/** Milliseconds between two looks into an empty queue, and at a database that is away. */
const POLL = 500;
const AWAY = 2_000;

export class Worker {
  private readonly options: WorkerOptions;
  private readonly leases: Leases;
  private readonly remembered: Remembered;
  private readonly stopping = new AbortController();
  private loops: Promise<unknown> = Promise.resolve();
  private wake: () => void = () => undefined;
  private woken = new Promise<void>(() => undefined);

  constructor(options: WorkerOptions) {
    this.options = options;
    this.leases = new Leases(options.database, randomUUID(), options.leaseSeconds);
    this.remembered = new Remembered(options.database);
    this.arm();
  }

  start(): void {
    const slots = Array.from({ length: this.options.concurrency }, () => this.loop());
    this.loops = Promise.all([...slots, this.sweeping()]);
  }

  /** There are new jobs. */
  notify(): void {
    this.wake();
    this.arm();
  }

  /** What is under way is broken off, and tried again by whoever comes next. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the worker was stopped'));
    this.wake();
    await this.loops;
  }

  private arm(): void {
    this.woken = new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private async loop(): Promise<void> {
    const analysis = makeAnalysis(this.options.bounds);
    try {
      while (!this.stopping.signal.aborted) {
        const idle = await this.turn(analysis);
        if (idle > 0) await Promise.race([pause(idle, this.stopping.signal), this.woken]);
      }
    } finally {
      analysis.stop();
    }
  }

  /** One job; milliseconds to wait for the next one. */
  private async turn(analysis: Analysis): Promise<number> {
    const { queue, log } = this.options;
    try {
      const work = await queue.next('work');
      if (work !== null) {
        await this.work(work, analysis);
        return 0;
      }
      const lost = await queue.next('givenUp');
      if (lost === null) return POLL;
      await this.giveUp(lost);
      return 0;
    } catch (error) {
      if (!this.stopping.signal.aborted) log.error({ err: error }, 'the queue cannot be asked');
      return AWAY;
    }
  }

  private async work(queued: QueuedJob, analysis: Analysis): Promise<void> {
    const { queue, log, metrics } = this.options;
    const { id, job, tries } = queued;
    const started = performance.now();
    const about = { job: id, kind: job.kind, pull: nameOf(job.pull), try: tries + 1 };
    const key = keyOf(job);
    if (!(await this.leases.take(key, id, againOf(job)))) {
      // Whoever has it does it once more.
      await queue.complete('work', id);
      metrics.jobs.inc({ kind: job.kind, end: 'joined' });
      return;
    }
    try {
      const end = await this.underLease(queued, analysis);
      await queue.complete('work', id);
      metrics.jobs.inc({ kind: job.kind, end });
      log.info({ ...about, end, ms: Math.round(performance.now() - started) }, 'job done');
    } catch (error) {
      await this.failed(queued, key, error, about);
    } finally {
      metrics.seconds.observe({ kind: job.kind }, (performance.now() - started) / 1000);
    }
  }

  private async failed(
    { id, job, isLastTry }: QueuedJob,
    key: string,
    error: unknown,
    about: object,
  ): Promise<void> {
    const { queue, log, metrics } = this.options;
    if (error instanceof LostLeaseError) {
      log.warn(about, 'job lost to another worker');
      return;
    }
    log.warn({ ...about, err: error }, isLastTry ? 'job given up' : 'job failed, it is tried again');
    metrics.jobs.inc({ kind: job.kind, end: isLastTry ? 'given up' : 'failed' });
    const noted = await this.leases.drop(key, id);
    await queue.fail('work', id, reasonOf(error));
    // What came meanwhile was promised to somebody; the next try does it too, if there is one.
    if (noted !== AGAIN.no && isLastTry) await queue.send(again(job, noted === AGAIN.fromScratch));
  }

  /** Does the job while its lease is renewed, and does it again as long as somebody asks for it meanwhile. */
  private underLease({ id, job }: QueuedJob, analysis: Analysis): Promise<string> {
    const key = keyOf(job);
    return this.leases.whileHeld(key, id, this.stopping.signal, async (held) => {
      let current = job;
      for (let round = 1; ; round++) {
        const end = await this.perform(current, { analysis, ...held, runId: `${id.slice(0, 8)}-${round}` });
        const noted = await this.leases.release(key, id);
        if (noted === AGAIN.no) return end;
        // Whoever has it now does the job too, and finds it done.
        if (noted === null) throw new LostLeaseError();
        current = again(job, noted === AGAIN.fromScratch);
        if (round < MAX_ROUNDS) continue;
        await this.leases.drop(key, id);
        await this.options.queue.send(current);
        return end;
      }
    });
  }

  private perform(
    job: Job,
    means: Pick<ReviewMeans, 'analysis' | 'checkpoint' | 'signal' | 'runId'>,
  ): Promise<string> {
    switch (job.kind) {
      case 'review':
        return this.review(job, means);
      case 'command':
        return this.command(job);
    }
  }

  private async review(
    job: ReviewJob,
    own: Pick<ReviewMeans, 'analysis' | 'checkpoint' | 'signal' | 'runId'>,
  ): Promise<string> {
    const { probot, mirrors, index, log, metrics } = this.options;
    const { installation } = job.pull;
    const means: ReviewMeans = {
      ...own,
      mirrors,
      index,
      remembered: this.remembered,
      exclusively: this.writing(installation),
      token: () => installationToken(probot, installation),
      warn: (what) => log.warn({ pull: nameOf(job.pull) }, what),
    };
    const end = await asInstallation(probot, installation, (github) => reviewPullRequest(github, job, means));
    if (end.kind === 'reviewed') metrics.findings.inc(end.findings);
    else
      log.info({ pull: nameOf(job.pull), why: end.why }, end.kind === 'left' ? 'left alone' : 'not reviewed');
    return end.kind;
  }

  private command(job: CommandJob): Promise<string> {
    const { probot, queue } = this.options;
    const { installation } = job.pull;
    const send = async (next: Job): Promise<void> => {
      await queue.send(next);
      this.notify();
    };
    return asInstallation(probot, installation, (github) =>
      runCommand(github, job, { remembered: this.remembered, exclusively: this.writing(installation), send }),
    );
  }

  private async giveUp({ id, job, reason }: QueuedJob): Promise<void> {
    const { probot, queue } = this.options;
    try {
      // Whoever is at it now ends the check runs that this one left.
      if (job.kind === 'review' && !(await this.leases.isHeld(keyOf(job)))) {
        const { installation } = job.pull;
        const why = `It was tried again and again, the last try ended with: ${reason ?? 'its worker went away'}`;
        const means = {
          remembered: this.remembered,
          exclusively: this.writing(installation),
          runId: id.slice(0, 8),
        };
        await asInstallation(probot, installation, (github) => tellGivenUp(github, job, why, means));
      }
      await queue.complete('givenUp', id);
    } catch (error) {
      await queue.fail('givenUp', id, reasonOf(error));
    }
  }

  /** GitHub counts what an installation writes, whichever worker does it. */
  private writing(installation: number): ReviewMeans['exclusively'] {
    return (work) => this.options.database.exclusively(`writes of ${installation}`, work);
  }

  private sweeping(): Promise<void> {
    const { queue, log, leaseSeconds } = this.options;
    const { leases, stopping } = this;
    return sweep({ queue, leases, kinds: APP_KEYS, leaseSeconds, log, signal: stopping.signal });
  }
}

/** Of one job: whoever pushes on and on gets a job of his own. */
const MAX_ROUNDS = 20;

function againOf(job: Job): typeof AGAIN.plainly | typeof AGAIN.fromScratch {
  return job.kind === 'review' && job.fromScratch ? AGAIN.fromScratch : AGAIN.plainly;
}

function again(job: Job, fromScratch: boolean): Job {
  return job.kind === 'review' ? { ...job, fromScratch } : job;
}

function nameOf({ owner, repo, number }: PullRef): string {
  return `${owner}/${repo}#${number}`;
}
