/** What is counted, in the text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { JobQueue } from '../store/queue.ts';

export class Metrics {
  readonly registry = new Registry();
  readonly webhooks = new Counter({
    name: 'patchwitness_webhooks_total',
    help: 'Webhooks by event and by what became of them.',
    labelNames: ['event', 'result'],
    registers: [this.registry],
  });
  readonly jobs = new Counter({
    name: 'patchwitness_jobs_total',
    help: 'Jobs that this process has done, by kind and end.',
    labelNames: ['kind', 'end'],
    registers: [this.registry],
  });
  readonly findings = new Counter({
    name: 'patchwitness_findings_total',
    help: 'Findings of reviews that were published.',
    registers: [this.registry],
  });
  readonly seconds = new Histogram({
    name: 'patchwitness_job_seconds',
    help: 'Time that jobs took, from their start to their end.',
    labelNames: ['kind'],
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900],
    registers: [this.registry],
  });
  readonly recovered = new Counter({
    name: 'patchwitness_deliveries_recovered_total',
    help: 'Webhooks that were lost, and that GitHub was asked to send again.',
    registers: [this.registry],
  });

  readonly pageSeconds = new Histogram({
    name: 'patchwitness_page_seconds',
    help: 'Time that pages and feeds of stored results took.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [this.registry],
  });

  /** `queue` is null where there are no jobs. */
  constructor(queue: Pick<JobQueue, 'counts'> | null) {
    collectDefaultMetrics({ register: this.registry });
    const { registry } = this;
    if (queue === null) return;
    registry.registerMetric(
      new Gauge({
        name: 'patchwitness_queue_jobs',
        help: 'Jobs in the queue by state.',
        labelNames: ['state'],
        registers: [],
        async collect() {
          // A database that is away must not take the other figures with it.
          const counts = await queue.counts().catch(() => null);
          for (const [state, count] of Object.entries(counts ?? {})) this.set({ state }, count);
        },
      }),
    );
  }
}
