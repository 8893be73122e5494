/** The app itself, its installations, its tokens and its webhooks' deliveries. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { REDELIVERY_DAYS, TOKEN_SECONDS } from '../../../../bot/github/limits.ts';
import { atLeast, grantedTo } from '../auth.ts';
import { timestamp } from '../clock.ts';
import type { Json } from '../json.ts';
import { api, presentApp, presentInstallation, presentRepository } from '../present.ts';
import { notFound, Refusal, validationFailed } from '../refusal.ts';
import { type Answer, type Call, created, listed, ok, page, type Routes } from '../route.ts';
import { type Delivery, maySubscribe } from '../webhooks.ts';
import { type App, appKeys, type Installation, type Permissions } from '../world.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Deliveries on a page when nothing is said, as for all lists. */
const PER_PAGE = 30;

const permissionSet = z.record(z.string(), z.enum(['read', 'write', 'admin']));
const tokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: permissionSet.optional(),
});
const manifest = z.object({
  name: z.string(),
  url: z.string(),
  hook_attributes: z.object({ url: z.string() }).optional(),
  default_events: z.array(z.string()).default([]),
  default_permissions: permissionSet.default({}),
});

function appOf({ actor }: Call): App {
  if (actor.kind === 'nobody') throw notFound();
  return actor.app;
}

function installationOf(call: Call): Installation {
  const found = call.world.installations.get(Number(call.params.installation_id));
  if (found === undefined || found.appId !== appOf(call).id) throw notFound();
  return found;
}

function createToken(call: Call): Answer {
  const { world, body } = call;
  const installation = installationOf(call);
  if (installation.suspendedAt !== null)
    throw new Refusal(403, { message: 'This installation has been suspended' });
  const wanted = tokenRequest.parse(body);
  const permissions = narrowed(installation, wanted.permissions);
  const repositories = chosenRepositories(call, installation, wanted);
  const id = world.nextId();
  const token = {
    value: `ghs_${createHash('sha256').update(String(id)).digest('hex').slice(0, 36)}`,
    installationId: installation.id,
    permissions,
    repositories,
    expiresAt: world.clock.now() + TOKEN_SECONDS * 1000,
  };
  world.tokens.set(token.value, token);
  return created({
    token: token.value,
    expires_at: timestamp(token.expiresAt),
    permissions,
    repository_selection: 'selected',
    ...(repositories === null
      ? {}
      : { repositories: repositories.map((name) => presentRepository(world, world.repository(name))) }),
  });
}

function narrowed({ permissions }: Installation, wanted: Permissions | undefined): Permissions {
  if (wanted === undefined) return permissions;
  if (!Object.entries(wanted).every(([name, level]) => atLeast(permissions[name], level)))
    throw new Refusal(422, { message: 'The permissions requested are not granted to this installation.' });
  return { metadata: 'read', ...wanted };
}

function chosenRepositories(
  { world }: Call,
  { repositories }: Installation,
  wanted: z.infer<typeof tokenRequest>,
): readonly string[] | null {
  if (wanted.repositories === undefined && wanted.repository_ids === undefined) return null;
  const known = repositories.map((name) => world.repository(name));
  const chosen = known.filter(
    ({ id, name }) =>
      wanted.repository_ids?.includes(id) === true || wanted.repositories?.includes(name) === true,
  );
  if (chosen.length < (wanted.repositories?.length ?? 0) + (wanted.repository_ids?.length ?? 0))
    throw new Refusal(422, {
      message:
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
    });
  return chosen.map(({ fullName }) => fullName);
}

function deliveriesOf(call: Call): Delivery[] {
  const { id } = appOf(call);
  const oldest = call.world.clock.now() - REDELIVERY_DAYS * DAY;
  return call.webhooks.deliveries
    .filter((delivery) => delivery.appId === id && delivery.deliveredAt >= oldest)
    .toSorted((a, b) => b.id - a.id);
}

function presentDelivery(delivery: Delivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: timestamp(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: delivery.milliseconds / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

/** Newest first, with a cursor in the Link header that names the last one shown. */
function listDeliveries(call: Call): Answer {
  const { query, world } = call;
  const size = Math.min(100, Math.max(1, Number(query.get('per_page') ?? PER_PAGE)));
  const cursor = query.get('cursor');
  const behind = cursor === null ? null : Number(/^v1_(\d+)$/.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(behind)) throw new Refusal(400, { message: 'Invalid cursor' });
  const all = deliveriesOf(call).filter(({ id }) => behind === null || id < behind);
  const shown = all.slice(0, size);
  const last = shown.at(-1);
  const next = new URLSearchParams({ per_page: String(size), cursor: `v1_${last?.id ?? 0}` });
  const link = `<${api(world, '/app/hook/deliveries')}?${next.toString()}>; rel="next"`;
  return { status: 200, body: shown.map(presentDelivery), headers: all.length > size ? { link } : {} };
}

function deliveryOf(call: Call): Delivery {
  const found = deliveriesOf(call).find(({ id }) => id === Number(call.params.delivery_id));
  if (found === undefined) throw notFound();
  return found;
}

function showDelivery(call: Call): Answer {
  const delivery = deliveryOf(call);
  return ok({
    ...presentDelivery(delivery),
    url: appOf(call).webhookUrl ?? '',
    request: { headers: delivery.headers, payload: delivery.payload },
    response: { headers: {}, payload: delivery.answer },
  });
}

function attempt(call: Call): Answer {
  const { id } = deliveryOf(call);
  call.webhooks.background(call.webhooks.redeliver(id));
  return { status: 202, body: {} };
}

function convertManifest({ world, params }: Call): Answer {
  const code = params.code ?? '';
  const text = world.manifests.get(code);
  if (text === undefined) throw notFound();
  // A code works once.
  world.manifests.delete(code);
  const parsed = manifest.safeParse(text);
  if (!parsed.success) throw validationFailed({ resource: 'Integration', code: 'invalid' });
  const { name, hook_attributes, default_events, default_permissions } = parsed.data;
  const unsupported = default_events.filter((event) => !maySubscribe(event, default_permissions));
  if (unsupported.length > 0)
    throw new Refusal(422, { message: `Default events unsupported: ${unsupported.join(', ')}` });
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const id = world.nextId();
  const app: App = {
    id,
    slug,
    name,
    owner: world.account('maintainer'),
    bot: world.account(`${slug}[bot]`, 'Bot'),
    clientId: `Iv1.${id}`,
    ...appKeys(),
    webhookSecret: `secret-${id}`,
    webhookUrl: hook_attributes?.url ?? null,
    permissions: default_permissions,
    events: default_events,
    createdAt: world.clock.now(),
  };
  world.apps.set(id, { ...app, permissions: grantedTo(app) });
  const { clientId, webhookSecret, privateKey } = app;
  return created({
    ...presentApp(world, app),
    client_id: clientId,
    client_secret: `client-secret-${id}`,
    webhook_secret: webhookSecret,
    pem: privateKey,
  });
}

function listInstallations(call: Call): Answer {
  const { world } = call;
  const own = [...world.installations.values()].filter(({ appId }) => appId === appOf(call).id);
  return listed(call, own, '/app/installations', (one) => presentInstallation(world, one));
}

function listRepositories(call: Call): Answer {
  const { world, actor } = call;
  if (actor.kind !== 'installation') throw notFound();
  const names = actor.token.repositories ?? actor.installation.repositories;
  const [shown, answer] = page(call, names, '/installation/repositories');
  return {
    ...answer,
    body: {
      total_count: names.length,
      repositories: shown.map((name) => presentRepository(world, world.repository(name))),
    },
  };
}

function repositoryInstallation(call: Call): Answer {
  const { world, params } = call;
  const name = `${params.owner ?? ''}/${params.repo ?? ''}`;
  const found = [...world.installations.values()].find(
    ({ appId, repositories }) => appId === appOf(call).id && repositories.includes(name),
  );
  if (found === undefined) throw notFound();
  return ok(presentInstallation(world, found));
}

function rateLimit({ world }: Call): Answer {
  // The server's headers say how much is left; this route costs nothing and says the same limits.
  const rate = { limit: 5000, remaining: 5000, reset: Math.ceil(world.clock.now() / 1000) + 3600, used: 0 };
  return ok({ resources: { core: rate, search: rate, graphql: rate }, rate });
}

export const APPS: Routes = {
  'GET /app': { needs: 'app', handle: (call) => ok(presentApp(call.world, appOf(call))) },
  'GET /app/installations': { needs: 'app', handle: listInstallations },
  'GET /app/installations/{installation_id}': {
    needs: 'app',
    handle: (call) => ok(presentInstallation(call.world, installationOf(call))),
  },
  'POST /app/installations/{installation_id}/access_tokens': { needs: 'app', handle: createToken },
  'GET /app/hook/deliveries': { needs: 'app', handle: listDeliveries },
  'GET /app/hook/deliveries/{delivery_id}': { needs: 'app', handle: showDelivery },
  'POST /app/hook/deliveries/{delivery_id}/attempts': { needs: 'app', handle: attempt },
  'POST /app-manifests/{code}/conversions': { needs: 'anybody', handle: convertManifest },
  'GET /installation/repositories': { needs: 'installation', handle: listRepositories },
  'GET /repos/{owner}/{repo}/installation': { needs: 'app', handle: repositoryInstallation },
  'GET /rate_limit': { needs: 'anybody', handle: rateLimit },
};
