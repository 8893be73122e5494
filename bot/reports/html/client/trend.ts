/** An archive by month: how many patches were looked at, and what they introduced. A picture, and the same as a table. */

import type { ReportIndex } from '../data.ts';
import { counted, el, svg } from './dom.ts';

const WIDTH = 720;

/** Of a row of bars with the words above it, and of the highest bar. */
const ROW = 82;
const BAR = 56;

/** Between the two rows. */
const GAP = 10;

/** About what the name of a month takes. */
const NAME_WIDTH = 44;

/** Room for the names of the months. */
const FOOT = 22;

/** As many names as stand apart. */
const MAX_NAMES = 8;

interface Month {
  readonly month: string;
  readonly patches: number;
  readonly introduced: number;
}

export function trendView(index: ReportIndex): HTMLElement | null {
  const months = monthsOf(index);
  if (months.length < 2) return null;
  const rows = months.map(({ month, patches, introduced }) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, month),
      el('td', { class: 'number' }, patches.toLocaleString('en')),
      el('td', { class: 'number' }, introduced.toLocaleString('en')),
    ),
  );
  const heads = ['Month', 'Patches', 'Introduced'].map((name, at) =>
    el('th', { scope: 'col', class: at === 0 ? null : 'number' }, name),
  );
  const table = el(
    'table',
    { class: 'months' },
    el('thead', {}, el('tr', {}, ...heads)),
    el('tbody', {}, ...rows),
  );
  return el(
    'section',
    {},
    el('h2', {}, 'By month'),
    chart(months),
    el('details', {}, el('summary', {}, 'As a table'), table),
  );
}

/** Those between the first and the last one that had no patch are among them. */
function monthsOf({ months, groups, findings }: ReportIndex): readonly Month[] {
  const introduced = new Map<string, number>();
  for (const { group, status } of findings) {
    const month = groups[group]?.month ?? null;
    if (month !== null && status === 'introduced') introduced.set(month, (introduced.get(month) ?? 0) + 1);
  }
  const patches = new Map(months);
  const first = months[0]?.[0];
  const last = months.at(-1)?.[0];
  if (first === undefined || last === undefined) return [];
  return between(first, last).map((month) => ({
    month,
    patches: patches.get(month) ?? 0,
    introduced: introduced.get(month) ?? 0,
  }));
}

/** A damaged date must not make a list without end: only months with patches then. */
const MAX_MONTHS = 600;

function between(first: string, last: string): readonly string[] {
  const months: string[] = [];
  let [year = 0, month = 1] = first.split('-').map(Number);
  for (
    let name = first;
    name <= last && months.length < MAX_MONTHS;
    name = `${year}-${String(month).padStart(2, '0')}`
  ) {
    months.push(name);
    month++;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  return months;
}

/** Two rows of bars: there are always many more patches than findings, so that each has a scale of its own, and says so. */
function chart(months: readonly Month[]): SVGSVGElement {
  const step = WIDTH / months.length;
  const every = Math.ceil(months.length / MAX_NAMES);
  const names = months.flatMap(({ month }, index) => {
    const middle = Math.max((index + 0.5) * step, NAME_WIDTH / 2);
    return index % every === 0
      ? [svg('text', { x: middle, y: 2 * ROW + GAP + FOOT - 6, class: 'name' }, month)]
      : [];
  });
  const patches = months.map((one) => one.patches);
  const found = months.map((one) => one.introduced);
  const label =
    `From ${months[0]?.month ?? ''} to ${months.at(-1)?.month ?? ''}: ` +
    `${counted(sumOf(patches), 'patch', 'patches')}, ${counted(sumOf(found), 'finding')} introduced.`;
  return svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${2 * ROW + GAP + FOOT}`, class: 'trend', role: 'img', 'aria-label': label },
    ...barsOf('patches', months, patches, 0),
    ...barsOf('findings introduced', months, found, ROW + GAP),
    ...names,
  );
}

function barsOf(
  what: string,
  months: readonly Month[],
  counts: readonly number[],
  top: number,
): readonly SVGElement[] {
  const most = Math.max(1, ...counts);
  const step = WIDTH / months.length;
  const wide = Math.max(1, Math.min(28, step * 0.7));
  const bottom = top + ROW;
  const bars = counts.map((count, index) => {
    const height = (count / most) * BAR;
    const title = svg('title', {}, `${months[index]?.month ?? ''}: ${count} ${what}`);
    const x = (index + 0.5) * step - wide / 2;
    return svg('rect', { class: what, x, y: bottom - height, width: wide, height }, title);
  });
  return [
    svg('text', { x: 0, y: top + 14 }, `${what}, at most ${most} in a month`),
    svg('line', { x1: 0, x2: WIDTH, y1: bottom + 0.5, y2: bottom + 0.5 }),
    ...bars,
  ];
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
