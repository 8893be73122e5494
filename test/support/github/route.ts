/** What a route of the API is: whom it serves, and how it answers. */

import { PAGE } from '../../../bot/github/limits.ts';
import type { Json } from './json.ts';
import { notFound } from './refusal.ts';
import type { Webhooks } from './webhooks.ts';
import type { Account, App, Installation, Permissions, Repository, Token, World } from './world.ts';

/** Who asks. */
export type Actor =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'app'; readonly app: App }
  | {
      readonly kind: 'installation';
      readonly app: App;
      readonly installation: Installation;
      readonly token: Token;
    };

export interface Call {
  readonly world: World;
  readonly webhooks: Webhooks;
  readonly actor: Actor;
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** What the Accept header asks for: `json`, `diff`, `patch`, `raw`, `sha`. */
  readonly media: string;
}

export interface Answer {
  readonly status: number;
  /** JSON, or bytes of the type that `contentType` names. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  /** One of these sets of permissions, for an installation; or whom else the route is for. */
  readonly needs: readonly Permissions[] | 'app' | 'installation' | 'anybody';
  /** Makes something that people are told of: limited by the minute and the hour. */
  readonly createsContent?: true;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export type Routes = Readonly<Record<string, Route>>;

const PER_PAGE = 30;

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export const NO_CONTENT: Answer = { status: 204 };

/** The page that was asked for, and where the others are. */
export function page<Item>({ query, world }: Call, items: readonly Item[], path: string): [Item[], Answer] {
  const size = Math.min(PAGE, Math.max(1, Number(query.get('per_page') ?? PER_PAGE)));
  const number = Math.max(1, Number(query.get('page') ?? 1));
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, relation: string): string => {
    const other = new URLSearchParams(query);
    other.set('page', String(to));
    return `<${world.origin}/api/v3${path}?${other.toString()}>; rel="${relation}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ];
  const shown = items.slice((number - 1) * size, number * size);
  return [shown, { status: 200, headers: links.length === 0 ? {} : { link: links.join(', ') } }];
}

/** A list as the API pages it. */
export function listed<Item>(
  call: Call,
  items: readonly Item[],
  path: string,
  present: (item: Item) => Json,
): Answer {
  const [shown, answer] = page(call, items, path);
  return { ...answer, body: shown.map(present) };
}

export function repositoryOf({ world, params }: Call): Repository {
  return world.repository(`${params.owner ?? ''}/${params.repo ?? ''}`);
}

/** What the rest of a path names, where it is of the repository that the path begins with. */
export function inRepository<Item extends { readonly repository: string }>(
  call: Call,
  item: Item | undefined,
): Item {
  const { fullName } = repositoryOf(call);
  if (item?.repository !== fullName) throw notFound();
  return item;
}

/** Who writes: the app's bot. */
export function authorOf({ actor, world }: Call): Account {
  return actor.kind === 'nobody' ? world.account('ghost') : actor.app.bot;
}

export function appIdOf({ actor }: Call): number | null {
  return actor.kind === 'nobody' ? null : actor.app.id;
}
