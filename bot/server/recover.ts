/**
 * Finds webhooks that were lost while nobody listened: GitHub keeps a list of its deliveries, never sends one again by itself,
 * and does so when it is asked to. https://docs.github.com/rest/apps/webhooks
 */

import { z } from 'zod';
import { type GitHub, STATUS, statusOf } from '../github/client.ts';
import { PAGE, REDELIVERY_DAYS } from '../github/limits.ts';
import type { Intake } from './intake.ts';

const deliveries = z.array(
  z.object({ id: z.number(), guid: z.string(), delivered_at: z.string(), status_code: z.int() }),
);

/** Of 100 deliveries each: more than a busy app gets in three days. */
const MAX_PAGES = 500;

/** `github` is the app's own client. Gives back how many deliveries were asked for again. */
export async function recoverDeliveries(
  github: GitHub,
  intake: Pick<Intake, 'known'>,
  now: number,
): Promise<number> {
  const oldest = now - REDELIVERY_DAYS * 24 * 60 * 60 * 1000;
  const failed = new Map<string, number>();
  const succeeded = new Set<string>();
  let pages = 0;
  for await (const { data } of github.paginate.iterator('GET /app/hook/deliveries', { per_page: PAGE })) {
    const page = deliveries.parse(data);
    for (const { id, guid, status_code: status, delivered_at: at } of page) {
      // GitHub would refuse to send it again.
      if (Date.parse(at) < oldest) continue;
      if (status >= 200 && status < 300) succeeded.add(guid);
      // The list is newest first: of a delivery that was tried again only the last try counts.
      else if (!failed.has(guid)) failed.set(guid, id);
    }
    pages++;
    const last = page.at(-1);
    if (pages >= MAX_PAGES || last === undefined || Date.parse(last.delivered_at) < oldest) break;
  }
  const missing = [...failed].filter(([guid]) => !succeeded.has(guid));
  const known = await intake.known(missing.map(([guid]) => guid));
  const asked = missing.filter(([guid]) => !known.has(guid));
  let count = 0;
  for (const [, id] of asked) if (await askAgain(github, id)) count++;
  return count;
}

const REFUSED: ReadonlySet<number> = new Set([
  STATUS.badRequest,
  STATUS.notFound,
  STATUS.gone,
  STATUS.unprocessable,
]);

/** False where GitHub does not send that one again: the others are asked for all the same. */
async function askAgain(github: GitHub, id: number): Promise<boolean> {
  try {
    await github.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: id });
    return true;
  } catch (error) {
    if (REFUSED.has(statusOf(error) ?? 0)) return false;
    throw error;
  }
}
