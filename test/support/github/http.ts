/**
 * The API over HTTP: finds the route, asks who is there and whether the limits allow it, holds the request and the answer
 * against the description, and writes everything down for the tests.
 */

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { authenticate, authorize } from './auth.ts';
import { describedAnswer, OPERATIONS, requestProblems, unknownProperties } from './contract.ts';
import { type Fault, Faults, refusalOf } from './faults.ts';
import { execute } from './graphql/execute.ts';
import { type GraphOptions, graph } from './graphql/schema.ts';
import { isJson } from './json.ts';
import { Rates } from './rates.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Actor, Answer, Route, Routes } from './route.ts';
import { APPS } from './routes/apps.ts';
import { CHECKS } from './routes/checks.ts';
import { CODE_SCANNING } from './routes/code-scanning.ts';
import { ISSUES } from './routes/issues.ts';
import { PULLS } from './routes/pulls.ts';
import { REPOSITORY } from './routes/repository.ts';
import { REVIEW_COMMENTS } from './routes/review-comments.ts';
import { REVIEWS } from './routes/reviews.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

/** One request, as it came and as it ended. */
export interface RequestRecord {
  readonly method: string;
  /** Behind `/api/v3`; `/graphql` for the graph. */
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly installationId: number | null;
  readonly at: number;
}

const PREFIX = '/api/v3';

const ROUTES: Routes = {
  ...APPS,
  ...PULLS,
  ...REVIEWS,
  ...REVIEW_COMMENTS,
  ...ISSUES,
  ...REPOSITORY,
  ...CHECKS,
  ...CODE_SCANNING,
};

interface Pattern {
  readonly name: string;
  readonly method: string;
  readonly expression: RegExp;
  readonly names: readonly string[];
}

/** The most literal patterns first, since `{ref}` and `{path}` may hold slashes. */
const PATTERNS: readonly Pattern[] = OPERATIONS.map(patternOf).toSorted(
  (a, b) => b.name.replaceAll(/\{\w+\}/g, '').length - a.name.replaceAll(/\{\w+\}/g, '').length,
);

function patternOf(name: string): Pattern {
  const [method = '', template = ''] = name.split(' ');
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const expression = template.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => `(${shapeOf(parameter)})`);
  return { name, method, names, expression: new RegExp(`^${expression}$`) };
}

function shapeOf(parameter: string): string {
  if (parameter === 'path') return '.*';
  if (parameter === 'ref' || parameter === 'basehead') return '.+';
  return /_(id|number)$/.test(parameter) && parameter !== 'sarif_id' ? '\\d+' : '[^/]+';
}

const graphBody = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly request: IncomingMessage;
}

interface Given {
  readonly answer: Answer;
  readonly actor: Actor;
}

export class Api {
  readonly faults = new Faults();
  readonly rates: Rates;
  readonly requests: RequestRecord[] = [];
  /** Requests for which there is no route. */
  readonly unknown: string[] = [];
  /** Requests that are not as GitHub describes them. */
  readonly violations: string[] = [];
  /** Answers of ours that are not as GitHub describes them, and other defects of this server. */
  readonly broken: string[] = [];
  private readonly world: World;
  private readonly webhooks: Webhooks;
  private readonly options: GraphOptions;

  constructor(world: World, webhooks: Webhooks, options: GraphOptions) {
    this.world = world;
    this.webhooks = webhooks;
    this.options = options;
    this.rates = new Rates(world.clock);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await text(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://github');
    const method = request.method ?? 'GET';
    if (method === 'POST' && pathname === '/settings/apps/new')
      return this.registerApp(sent, searchParams.get('state') ?? '', response);
    const path = pathname === '/api/graphql' ? '/graphql' : pathname.slice(PREFIX.length);
    const known = pathname.startsWith(`${PREFIX}/`) || pathname === '/api/graphql';
    const fault = this.faults.take(method, path);
    if (fault !== null && fault.kind !== 'slow') await sleep(fault.delayMilliseconds ?? 0);
    const asked = { method, path: known ? path : pathname, query: searchParams, body: bodyOf(sent), request };
    const record = { method, path: asked.path, query: searchParams.toString(), body: asked.body };
    if (fault?.kind === 'reset') {
      this.requests.push({ ...record, status: 0, installationId: null, at: this.world.clock.now() });
      response.destroy();
      return;
    }
    const { answer, actor } = await this.answer(asked, known, fault);
    const installationId = actor.kind === 'installation' ? actor.installation.id : null;
    const lost = fault?.kind === 'lost';
    this.requests.push({
      ...record,
      installationId,
      status: lost ? 0 : answer.status,
      at: this.world.clock.now(),
    });
    if (lost) response.destroy();
    else this.send(request, response, answer, actor);
  }

  /** What GitHub's page for new apps does: keeps the manifest and leads back with a code, and the state that it was given. */
  private registerApp(sent: string, state: string, response: ServerResponse): void {
    const manifest: unknown = JSON.parse(new URLSearchParams(sent).get('manifest') ?? '{}');
    const code = `code-${this.world.nextId()}`;
    if (isJson(manifest)) this.world.manifests.set(code, manifest);
    const back = isJson(manifest) ? String(manifest.redirect_url) : this.world.origin;
    const query = new URLSearchParams({ code, ...(state === '' ? {} : { state }) });
    response.writeHead(302, { location: `${back}?${query.toString()}` }).end();
  }

  private async answer(asked: Asked, known: boolean, fault: Fault | null): Promise<Given> {
    let actor: Actor = { kind: 'nobody' };
    try {
      if (fault?.kind === 'answer' || (fault !== null && fault.kind === undefined)) throw refusalOf(fault);
      actor = authenticate(this.world, asked.request.headers.authorization);
      if (known && asked.path === '/graphql')
        return { actor, answer: await this.limited(actor, asked, null, fault) };
      const found = known ? findRoute(asked) : null;
      const route = found === null ? undefined : ROUTES[found.name];
      if (found === null || route === undefined) {
        this.unknown.push(`${asked.method} ${asked.path}`);
        throw notFound();
      }
      return { actor, answer: await this.limited(actor, asked, { ...found, route }, fault) };
    } catch (error) {
      return { actor, answer: this.refused(error, asked) };
    }
  }

  private refused(error: unknown, { method, path }: Asked): Answer {
    if (error instanceof Refusal) return { status: error.status, body: error.body, headers: error.headers };
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.broken.push(`${method} ${path}: ${reason}`);
    return { status: 500, body: { message: reason } };
  }

  private async limited(
    actor: Actor,
    asked: Asked,
    found: Found | null,
    fault: Fault | null,
  ): Promise<Answer> {
    const who = nameOf(actor);
    const cost = found === null && !isMutation(asked.body) ? 'GET' : asked.method;
    this.rates.enter(who, cost, found?.route.createsContent === true);
    try {
      // Slow requests count among those that are under way.
      if (fault?.kind === 'slow') await sleep(fault.delayMilliseconds ?? 0);
      return found === null ? this.graph(actor, asked) : await this.run(actor, asked, found);
    } finally {
      this.rates.leave(who);
    }
  }

  private async run(actor: Actor, asked: Asked, { name, params, route }: Found): Promise<Answer> {
    const repository = params.repo === undefined ? null : `${params.owner ?? ''}/${params.repo}`;
    authorize(actor, route, repository);
    this.check(name, asked);
    const { query, body, request } = asked;
    const media = mediaOf(request.headers.accept ?? '');
    const { world, webhooks } = this;
    const answer = await route.handle({ world, webhooks, actor, params, query, body: body ?? {}, media });
    return Buffer.isBuffer(answer.body)
      ? answer
      : { ...answer, body: describedAnswer(name, answer.status, answer.body) };
  }

  private check(name: string, { method, path, query, body }: Asked): void {
    if (body === UNREADABLE) throw new Refusal(400, { message: 'Problems parsing JSON' });
    for (const key of unknownProperties(name, body))
      this.violations.push(`${method} ${path}: the body has no property "${key}"`);
    const problems = requestProblems(name, query, body);
    if (problems.length === 0) return;
    this.violations.push(...problems.map((problem) => `${method} ${path}: ${problem}`));
    throw new Refusal(422, { message: `Invalid request.\n\n${problems.join('\n')}` });
  }

  private graph(actor: Actor, { body }: Asked): Answer {
    if (actor.kind !== 'installation')
      throw new Refusal(401, { message: 'This endpoint requires you to be authenticated.' });
    const { query, variables } = graphBody.parse(body);
    const { result, refused } = execute(query, variables ?? {}, graph(this.world, actor, this.options));
    if (refused !== null) this.unknown.push(`graphql: ${refused}`);
    return { status: 200, body: result };
  }

  private send(request: IncomingMessage, response: ServerResponse, answer: Answer, actor: Actor): void {
    const bytes = bytesOf(answer.body);
    const etag = `W/"${createHash('sha1').update(bytes).digest('hex')}"`;
    const unchanged =
      request.method === 'GET' && answer.status === 200 && request.headers['if-none-match'] === etag;
    response.writeHead(unchanged ? 304 : answer.status, {
      date: new Date(this.world.clock.now()).toUTCString(),
      etag,
      'x-github-request-id': String(this.requests.length),
      ...this.rates.headers(nameOf(actor)),
      ...(bytes.length === 0
        ? {}
        : { 'content-type': answer.contentType ?? 'application/json; charset=utf-8' }),
      ...answer.headers,
    });
    response.end(unchanged ? undefined : bytes);
  }
}

interface Found {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly route: Route;
}

function findRoute({ method, path }: Asked): Omit<Found, 'route'> | null {
  for (const pattern of PATTERNS) {
    const values = pattern.method === method ? pattern.expression.exec(path) : null;
    if (values === null) continue;
    const params = pattern.names.map((name, index) => [name, decodeURIComponent(values[index + 1] ?? '')]);
    return { name: pattern.name, params: Object.fromEntries(params) };
  }
  return null;
}

/** A body that is no JSON. */
const UNREADABLE = Symbol('unreadable');

function bodyOf(sent: string): unknown {
  if (sent === '') return undefined;
  try {
    return JSON.parse(sent);
  } catch {
    return UNREADABLE;
  }
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

function nameOf(actor: Actor): string {
  if (actor.kind === 'nobody') return 'nobody';
  return actor.kind === 'app' ? `app ${actor.app.id}` : String(actor.installation.id);
}

function isMutation(body: unknown): boolean {
  return isJson(body) && /^\s*mutation\b/m.test(String(body.query));
}

/** `application/vnd.github.v3.diff`, `application/vnd.github.raw+json` and the like. */
function mediaOf(accept: string): string {
  return /application\/vnd\.github(?:\.v3)?\.(diff|patch|raw|sha)\b/.exec(accept)?.[1] ?? 'json';
}
