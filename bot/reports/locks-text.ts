/** `locks` as text: one line for each class, or all that is known of one. */

import {
  LOCK_PATHS,
  type LockClassTable,
  type LockHolder,
  type LockTaker,
} from '../../analyzers/index/lock-table.ts';
import { DONE_UNDER_LOCK, type DoneUnderLock, type LockSite } from '../../analyzers/index/lock-uses.ts';
import { printable } from './printable.ts';

/** Places under one heading: who wants them all reads the JSON. */
const MAX_PLACES = 20;

const HEADINGS: readonly string[] = [
  'taken',
  ...LOCK_PATHS.map((path) => `on:${path}`),
  ...DONE_UNDER_LOCK.map((done) => `over:${done}`),
];

/** A table of all classes: how often each is taken, on which paths, and over what it is held. */
export function lockListText(classes: readonly LockClassTable[]): string {
  const names = classes.map(({ name }) => printable(name));
  const width = Math.max(5, ...names.map((name) => name.length));
  const rows = classes.map((one, index) => row(names[index] ?? '', width, countsOf(one)));
  return [row('class', width, HEADINGS), ...rows].join('');
}

function row(name: string, width: number, cells: readonly (string | number)[]): string {
  const aligned = cells.map((cell, index) => String(cell).padStart((HEADINGS[index] ?? '').length));
  return `${name.padEnd(width)}  ${aligned.join('  ').trimEnd()}\n`;
}

function countsOf({ takers, holders }: LockClassTable): (string | number)[] {
  const on = LOCK_PATHS.map(
    (path) => takers.filter(({ ways }) => ways.some((way) => way.on === path)).length,
  );
  const over = DONE_UNDER_LOCK.map((done) => holders.filter((holder) => holder.done === done).length);
  return [takers.length, ...on, ...over].map((count) => (count === 0 ? '-' : count));
}

const DONE: Readonly<Record<DoneUnderLock, string>> = {
  reclaim: 'an allocation that may enter filesystem reclaim',
  fault: 'an access to user memory that may fault',
  wait: 'a wait for',
  transaction: 'the start of',
  sleep: 'a call that sleeps',
  lock: 'the lock',
};

/** A place under a heading. */
export interface LockPlace {
  readonly path: string;
  readonly line: number;
  readonly function: string;
  readonly code: string;
  /** How one gets there, or since when it is held; empty where there is nothing to say. */
  readonly detail: string;
}

export interface LockSection {
  readonly heading: string;
  readonly places: readonly LockPlace[];
}

/** What is known of a class, under the headings that it is told under. */
export function lockSections({ takers, holders }: LockClassTable): readonly LockSection[] {
  const paths = LOCK_PATHS.map((on) => {
    const found = takers.filter(({ ways }) => ways.some((way) => way.on === on));
    return { heading: `taken on the ${on} path`, places: found.map((taker) => takerPlace(taker, on)) };
  });
  const elsewhere = takers.filter(({ ways }) => ways.length === 0);
  const held = [...new Set(holders.map(headingOf))].map((heading) => {
    return { heading, places: holders.filter((holder) => headingOf(holder) === heading).map(holderPlace) };
  });
  const all = [
    ...paths,
    { heading: 'taken elsewhere', places: elsewhere.map((taker) => takerPlace(taker, null)) },
    ...held,
  ];
  return all.filter(({ places }) => places.length > 0);
}

/** All that is known of one class. */
export function lockClassText(table: LockClassTable): string {
  const { name, lock } = table;
  const title = `${name}${name === lock ? '' : ` (${lock})`}\n`;
  return printableLines(`${title}${lockSections(table).map(sectionText).join('')}`);
}

function headingOf({ done, what }: LockHolder): string {
  return `held over ${DONE[done]}${what === '' ? '' : ` ${what}`}`;
}

function sectionText({ heading, places }: LockSection): string {
  const left = places.length - MAX_PLACES;
  const more = left > 0 ? `  and ${left} more\n` : '';
  return `\n${heading}: ${places.length}\n${places.slice(0, MAX_PLACES).map(placeText).join('')}${more}`;
}

function placeText({ path, line, function: name, code, detail }: LockPlace): string {
  return `  ${path}:${line}  ${name}(): ${code}\n${detail === '' ? '' : `    ${detail}\n`}`;
}

function takerPlace({ function: name, path, line, code, ways }: LockTaker, on: string | null): LockPlace {
  const way = ways.find((one) => one.on === on);
  const chain = way?.chain.map((step) => `${step.function}() ${step.path}:${step.line}`) ?? [];
  const detail = way === undefined ? '' : `${way.method}: ${chain.join(' > ')}`;
  return { path, line, function: name, code, detail };
}

function holderPlace({ function: name, path, taken, at }: LockHolder): LockPlace {
  const since = taken === null ? 'called with it' : `taken in line ${taken.line}${chainText(taken, path)}`;
  const detail = `${since}${at.via.length === 0 ? '' : `; done${chainText(at, path)}`}`;
  return { path, line: at.line, function: name, code: at.code, detail };
}

/** Where callees do it: `by helper() lib/helper.c:12 > other() lib/other.c:7`. */
function chainText({ via }: LockSite, path: string): string {
  const steps = via.map(
    (step) => `${step.function}() ${step.path === path ? '' : `${step.path}:`}${step.line}`,
  );
  return steps.length === 0 ? '' : ` by ${steps.join(' > ')}`;
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
