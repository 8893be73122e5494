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

/** All that is known of one class. */
export function lockClassText({ name, lock, takers, holders }: LockClassTable): string {
  const parts = [`${name}${name === lock ? '' : ` (${lock})`}\n`];
  for (const on of LOCK_PATHS) {
    const found = takers.filter(({ ways }) => ways.some((way) => way.on === on));
    parts.push(section(`taken on the ${on} path`, found, (taker) => takerText(taker, on)));
  }
  const elsewhere = takers.filter(({ ways }) => ways.length === 0);
  parts.push(section('taken elsewhere', elsewhere, (taker) => takerText(taker, null)));
  for (const heading of new Set(holders.map(headingOf))) {
    const found = holders.filter((holder) => headingOf(holder) === heading);
    parts.push(section(heading, found, holderText));
  }
  return printableLines(parts.join(''));
}

function headingOf({ done, what }: LockHolder): string {
  return `held over ${DONE[done]}${what === '' ? '' : ` ${what}`}`;
}

function section<T>(heading: string, items: readonly T[], textOf: (item: T) => string): string {
  if (items.length === 0) return '';
  const left = items.length - MAX_PLACES;
  const more = left > 0 ? `  and ${left} more\n` : '';
  return `\n${heading}: ${items.length}\n${items.slice(0, MAX_PLACES).map(textOf).join('')}${more}`;
}

function takerText({ function: name, path, line, code, ways }: LockTaker, on: string | null): string {
  const way = ways.find((one) => one.on === on);
  const chain = way?.chain.map((step) => `${step.function}() ${step.path}:${step.line}`) ?? [];
  return `  ${path}:${line}  ${name}(): ${code}\n${way === undefined ? '' : `    ${way.method}: ${chain.join(' > ')}\n`}`;
}

function holderText({ function: name, path, taken, at }: LockHolder): string {
  const since = taken === null ? 'called with it' : `taken in line ${taken.line}${chainText(taken, path)}`;
  return `  ${path}:${at.line}  ${name}(): ${at.code}\n    ${since}${at.via.length === 0 ? '' : `; done${chainText(at, path)}`}\n`;
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
