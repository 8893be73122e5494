/**
 * What the addresses of pages and feeds ask for: the query of an address goes in, a filter comes out, or what is wrong with it;
 * and back again, for links. Parameters that nobody knows are passed over. The names are those of the command line's options.
 */

import { RULES } from '../../analyzers/rules/registry.ts';
import { type Cursor, type SeriesFilter, type SeriesState, STATES } from '../scan/queries.ts';
import { RequestError } from './answer.ts';

/** As the reader gave them; an empty one asks for nothing. */
export const FILTER_NAMES = [
  'q',
  'list',
  'rule',
  'path',
  'author-domain',
  'since',
  'until',
  'review',
] as const;

export type FilterName = (typeof FILTER_NAMES)[number];

export type Filters = Readonly<Record<FilterName, string>>;

export const NO_FILTERS: Filters = {
  q: '',
  list: '',
  rule: '',
  path: '',
  'author-domain': '',
  since: '',
  until: '',
  review: '',
};

/** Characters of any one parameter: a line of mail is no longer (RFC 5322, 2.1.1), which is what a Message-ID stands in. */
const MAX_VALUE = 998;

/** Parts of a series, and pages of it, are counted by numbers of so many digits. */
const MAX_DIGITS = 5;

/** Throws RequestError where the value cannot be one. */
export function parameter(query: URLSearchParams, name: string): string {
  const value = (query.get(name) ?? '').trim();
  if (value.length > MAX_VALUE) throw new RequestError(400, `${name} is too long.`);
  // PostgreSQL has no texts with them.
  if (value.includes('\0')) throw new RequestError(400, `${name} holds a zero character.`);
  return value;
}

export function readFilters(query: URLSearchParams): Filters {
  const read = Object.fromEntries(FILTER_NAMES.map((name) => [name, parameter(query, name)]));
  const filters: Filters = { ...NO_FILTERS, ...read };
  if (filters.rule !== '' && !RULES.some(({ meta }) => meta.id === filters.rule)) {
    throw new RequestError(400, `There is no rule ${filters.rule}.`);
  }
  if (filters.review !== '' && stateOf(filters.review) === null) {
    throw new RequestError(400, `review is one of ${STATES.join(', ')}.`);
  }
  return filters;
}

/** `lists` are those that the database has. */
export function filterOf(filters: Filters, lists: readonly string[]): SeriesFilter {
  const { q, list, rule, path, since, until, review } = filters;
  const domain = filters['author-domain'];
  return {
    list: list === '' ? null : listNamed(list, lists),
    rule: orNull(rule),
    path: orNull(path),
    domain: orNull(domain.toLowerCase()),
    since: since === '' ? null : dayOf('since', since),
    before: until === '' ? null : dayBehind(dayOf('until', until)),
    state: stateOf(review),
    words: orNull(q),
  };
}

/** By its name as a whole or up to a dot; itself where nobody knows it, which nothing then matches. */
function listNamed(name: string, lists: readonly string[]): string {
  const wanted = name.toLowerCase();
  return (
    lists.find((list) => list === wanted) ?? lists.find((list) => list.startsWith(`${wanted}.`)) ?? wanted
  );
}

function orNull(value: string): string | null {
  return value === '' ? null : value;
}

function stateOf(review: string): SeriesState | null {
  return STATES.find((state) => state === review) ?? null;
}

/** PostgreSQL has no year 0. */
const DAY = /^(?!0000)\d{4}-\d\d-\d\d$/;

const MOMENT = /^(?!0000)\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/;

function dayOf(name: string, text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  // A day that no month has would be another one.
  const isDay = DAY.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  if (!isDay) throw new RequestError(400, `${name} is a day, as in 2024-12-31.`);
  return date;
}

function dayBehind(day: Date): Date {
  return new Date(day.getTime() + 24 * 3600 * 1000);
}

/** `2024-01-02T03:04:05.000Z,ID`; null where the address has none. */
export function readCursor(query: URLSearchParams, name: string): Cursor | null {
  const text = parameter(query, name);
  if (text === '') return null;
  const comma = text.indexOf(',');
  const moment = text.slice(0, Math.max(0, comma));
  const date = new Date(moment);
  if (!MOMENT.test(moment) || Number.isNaN(date.getTime()))
    throw new RequestError(400, `${name} is no place in a list.`);
  return { date, id: text.slice(comma + 1) };
}

export function cursorText({ date, id }: Cursor): string {
  return `${date.toISOString()},${id}`;
}

/** Null where the address has none. */
export function readNumber(query: URLSearchParams, name: string): number | null {
  const text = parameter(query, name);
  if (text === '') return null;
  if (!/^\d+$/.test(text) || text.length > MAX_DIGITS) throw new RequestError(400, `${name} is a number.`);
  return Number(text);
}

/** An address with a query; what is empty is left out. */
export function address(path: string, query: Readonly<Record<string, string | number>>): string {
  const given = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  const text = new URLSearchParams(given.filter(([, value]) => value !== '')).toString();
  return text === '' ? path : `${path}?${text}`;
}

export function seriesAddress(id: string): string {
  return address('/series', { id });
}

/** Of the page of one patch. */
export function patchAddress(series: string, part: number): string {
  return address('/series', { id: series, part });
}

/** Leads to a finding on the page of its patch. */
export function findingAddress(series: string, part: number, fingerprint: string): string {
  return `${patchAddress(series, part)}#finding-${part}-${fingerprint}`;
}
