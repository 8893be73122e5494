/** What all workers of a queue do beside their jobs: they find those of workers that died, and put away what is old. */

import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Leases } from './leases.ts';
import type { JobQueue } from './queue.ts';

/** Each so many rounds old jobs are put away. */
const MAINTAIN_EVERY = 30;

export interface Sweeping {
  readonly queue: Pick<JobQueue<never>, 'fail' | 'failOrphans' | 'maintain'>;
  readonly leases: Leases;
  /** First words of the leases of the queue's jobs. */
  readonly kinds: readonly string[];
  readonly leaseSeconds: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Until the signal ends it. */
export async function sweep({ queue, leases, kinds, leaseSeconds, log, signal }: Sweeping): Promise<void> {
  for (let round = 1; !signal.aborted; round++) {
    try {
      for (const { job } of await leases.takeLost(kinds))
        await queue.fail('work', job, 'its worker went away');
      await queue.failOrphans();
      if (round % MAINTAIN_EVERY === 0) await queue.maintain();
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'leases cannot be looked at');
    }
    await pause((leaseSeconds * 1000) / 3, signal);
  }
}

/** Milliseconds; ends early when the signal does. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
