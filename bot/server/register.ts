/** Webhook -> job: each event that asks for something is in the queue before GitHub gets its answer. */

import type { Probot } from 'probot';
import { EVENTS } from '../github/events.ts';
import type { Intake } from './intake.ts';

/** Registers the app's handlers. Webhooks that cannot be stored fail, so that GitHub notes it. */
export function register(probot: Probot, intake: Pick<Intake, 'take'>): void {
  probot.on([...EVENTS], async ({ id, name, payload }) => {
    const taken = await intake.take(id, name, payload);
    probot.log.info({ delivery: id, hook: name, taken }, 'webhook');
  });
}
