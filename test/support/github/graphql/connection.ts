/** Lists of the graph in pages: at most a hundred nodes, by cursors, and never without saying how many. */

import { PAGE } from '../../../../bot/github/limits.ts';
import type { Json } from '../json.ts';
import { type Entity, FieldFailed } from './execute.ts';

/** A connection to the items, `first` behind a cursor or `last` before one. */
export function connection<Item>(
  name: string,
  items: readonly Item[],
  given: Json,
  present: (item: Item) => Entity,
): Entity {
  const count = bound(name, given);
  const after = given.after === null || given.after === undefined ? 0 : indexOf(given.after) + 1;
  const before = given.before === null || given.before === undefined ? items.length : indexOf(given.before);
  const start = given.first === undefined || given.first === null ? Math.max(after, before - count) : after;
  const shown = items.slice(start, Math.min(before, start + count));
  const end = start + shown.length;
  const pageInfo: Entity = {
    type: 'PageInfo',
    also: [],
    fields: {
      hasNextPage: () => end < items.length,
      hasPreviousPage: () => start > 0,
      startCursor: () => (shown.length === 0 ? null : cursor(start)),
      endCursor: () => (shown.length === 0 ? null : cursor(end - 1)),
    },
  };
  return {
    type: `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Connection`,
    also: [],
    fields: {
      nodes: () => shown.map(present),
      edges: () => shown.map((item, index) => edge(present(item), start + index)),
      pageInfo: () => pageInfo,
      totalCount: () => items.length,
    },
  };
}

function edge(node: Entity, index: number): Entity {
  return { type: 'Edge', also: [], fields: { node: () => node, cursor: () => cursor(index) } };
}

function bound(name: string, { first, last }: Json): number {
  const count = first ?? last;
  if (typeof count !== 'number')
    throw new FieldFailed(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  if (count > PAGE)
    throw new FieldFailed(
      'EXCESSIVE_PAGINATION',
      `Requesting ${count} records on the \`${name}\` connection exceeds the \`first\` limit of ${PAGE} records.`,
    );
  return count;
}

function cursor(index: number): string {
  return Buffer.from(`cursor:${index}`).toString('base64');
}

function indexOf(text: unknown): number {
  const index = Number(/^cursor:(\d+)$/.exec(Buffer.from(String(text), 'base64').toString('utf8'))?.[1]);
  if (Number.isNaN(index))
    throw new FieldFailed(
      'INVALID_CURSOR_ARGUMENTS',
      `\`${String(text)}\` does not appear to be a valid cursor.`,
    );
  return index;
}
