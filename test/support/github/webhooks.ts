/**
 * Webhooks: a signed POST to the app's address for each event that it is told of, its answer and how long that took written
 * down. GitHub never tries again by itself; `redeliver` sends the same delivery again.
 */

import { createHmac } from 'node:crypto';
import { WEBHOOK_TIMEOUT_MILLISECONDS } from '../../../bot/github/limits.ts';
import { atLeast } from './auth.ts';
import { describedWebhook } from './contract.ts';
import type { Json } from './json.ts';
import { notFound } from './refusal.ts';
import type { App, Installation, Permissions, World } from './world.ts';

export interface Delivery {
  readonly id: number;
  /** The same for all redeliveries. */
  readonly guid: string;
  readonly appId: number;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
  readonly deliveredAt: number;
  /** What the app answered; 0 when it could not be reached, 504 when it took too long. */
  readonly statusCode: number;
  readonly status: string;
  /** From the request to the end of the answer. */
  readonly milliseconds: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Json;
  readonly answer: string;
}

export interface Event {
  readonly event: string;
  readonly action: string | null;
  readonly payload: Json;
  readonly repositoryId: number | null;
}

/** Events that an app gets whatever it is subscribed to. */
const ALWAYS = new Set(['installation', 'installation_repositories', 'installation_target', 'ping']);

/** Of check runs and suites, these go to the app that they belong to, if it may write checks. */
const OWN_CHECKS = new Set(['requested', 'rerequested', 'requested_action']);

export class Webhooks {
  readonly deliveries: Delivery[] = [];
  /** The app's address cannot be reached. */
  down = false;
  private readonly world: World;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(world: World) {
    this.world = world;
  }

  /** Tells every app that is installed in the repository and wants to know; resolves when all have answered. */
  async tell(repository: string, event: Event, onlyApp: number | null = null): Promise<void> {
    const installations = [...this.world.installations.values()].filter(
      (installation) =>
        installation.repositories.includes(repository) &&
        installation.suspendedAt === null &&
        (onlyApp === null || installation.appId === onlyApp),
    );
    await Promise.all(installations.map((installation) => this.tellInstallation(installation, event)));
  }

  async tellInstallation(installation: Installation, event: Event): Promise<void> {
    const app = this.world.app(installation.appId);
    if (!wants(app, event)) return;
    const reference = { id: installation.id, node_id: `I_${installation.id}` };
    await this.send(app, installation.id, {
      ...event,
      payload: { installation: reference, ...event.payload },
    });
  }

  /** Sends an event to an app as it is, completed and checked against the description. */
  async send(
    app: App,
    installationId: number | null,
    { event, action, payload, repositoryId }: Event,
  ): Promise<Delivery> {
    const id = this.world.nextId();
    const name = action === null ? event : `${event}.${action}`;
    return await this.track(
      this.post(app, {
        id,
        guid: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
        event,
        action,
        installationId,
        repositoryId,
        redelivery: false,
        payload: describedWebhook(name, { ...(action === null ? {} : { action }), ...payload }),
      }),
    );
  }

  /** Sends a delivery again, so often, at the same time; resolves when all are answered. */
  async redeliver(id: number, times = 1): Promise<readonly Delivery[]> {
    const old = this.deliveries.find((delivery) => delivery.id === id);
    if (old === undefined) throw notFound();
    const app = this.world.app(old.appId);
    const again = Array.from({ length: times }, () =>
      this.track(this.post(app, { ...old, id: this.world.nextId(), redelivery: true })),
    );
    return await Promise.all(again);
  }

  /** Resolves when nothing is under way, also of what was begun meanwhile. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
  }

  /** Lets something go on in the background, known to `settled`. */
  background(work: Promise<unknown>): void {
    void this.track(work).catch(() => {});
  }

  private async track<Result>(work: Promise<Result>): Promise<Result> {
    this.underWay.add(work);
    try {
      return await work;
    } finally {
      this.underWay.delete(work);
    }
  }

  private async post(
    app: App,
    delivery: Pick<
      Delivery,
      'id' | 'guid' | 'event' | 'action' | 'installationId' | 'repositoryId' | 'redelivery' | 'payload'
    >,
  ): Promise<Delivery> {
    const body = JSON.stringify(delivery.payload);
    const headers = {
      accept: '*/*',
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/0000000',
      'x-github-delivery': delivery.guid,
      'x-github-event': delivery.event,
      'x-github-hook-id': String(app.id),
      'x-github-hook-installation-target-id': String(app.id),
      'x-github-hook-installation-target-type': 'integration',
      'x-hub-signature-256': `sha256=${createHmac('sha256', app.webhookSecret).update(body).digest('hex')}`,
    };
    const started = performance.now();
    const { statusCode, status, answer } = await this.reach(app, headers, body);
    const record: Delivery = {
      ...delivery,
      appId: app.id,
      deliveredAt: this.world.clock.now(),
      statusCode,
      status,
      answer,
      headers,
      milliseconds: performance.now() - started,
    };
    this.deliveries.push(record);
    return record;
  }

  private async reach(
    { webhookUrl }: App,
    headers: Record<string, string>,
    body: string,
  ): Promise<Pick<Delivery, 'statusCode' | 'status' | 'answer'>> {
    const unreached = { statusCode: 0, status: 'failed to connect to host', answer: '' };
    if (webhookUrl === null || this.down) return unreached;
    try {
      const signal = AbortSignal.timeout(WEBHOOK_TIMEOUT_MILLISECONDS);
      const response = await fetch(webhookUrl, { method: 'POST', headers, body, signal });
      const answer = await response.text();
      return {
        statusCode: response.status,
        status: response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`,
        answer,
      };
    } catch (error) {
      return error instanceof Error && error.name === 'TimeoutError'
        ? { statusCode: 504, status: 'timed out', answer: '' }
        : unreached;
    }
  }
}

/** Without one of these permissions an event cannot be subscribed to. */
const EVENT_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  check_run: ['checks'],
  check_suite: ['checks'],
  issue_comment: ['issues', 'pull_requests'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  pull_request_review_comment: ['pull_requests'],
};

/** Whether an app with these permissions may subscribe to the event; events that nobody here sends are as they are. */
export function maySubscribe(event: string, permissions: Permissions): boolean {
  const needed = EVENT_PERMISSIONS[event];
  return needed === undefined || needed.some((name) => atLeast(permissions[name], 'read'));
}

function wants({ events, permissions }: App, { event, action }: Event): boolean {
  if (ALWAYS.has(event)) return true;
  if (!maySubscribe(event, permissions)) return false;
  if (['check_run', 'check_suite'].includes(event) && OWN_CHECKS.has(action ?? ''))
    return atLeast(permissions.checks, 'write');
  return events.includes(event);
}
