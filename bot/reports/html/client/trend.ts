/** An archive by month: how many patches were looked at, and what they introduced. A picture, and the same as a table. */

import type { ReportIndex } from '../data.ts';
import { counted, el, svg } from './dom.ts';

const HEIGHT = 120;
const WIDTH = 720;

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
    el(
      'p',
      { class: 'key' },
      el('span', { class: 'swatch patches' }),
      'patches',
      el('span', { class: 'swatch found' }),
      'findings introduced',
    ),
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

function chart(months: readonly Month[]): SVGSVGElement {
  const mostPatches = Math.max(1, ...months.map(({ patches }) => patches));
  const mostFound = Math.max(1, ...months.map(({ introduced }) => introduced));
  const step = WIDTH / months.length;
  const wide = Math.max(1, Math.min(28, step * 0.7));
  const every = Math.ceil(months.length / MAX_NAMES);
  const bars = months.flatMap(({ month, patches, introduced }, index) => {
    const middle = (index + 0.5) * step;
    const all = (patches / mostPatches) * HEIGHT;
    const found = (introduced / mostFound) * HEIGHT;
    const title = svg(
      'title',
      {},
      `${month}: ${counted(patches, 'patch', 'patches')}, ${introduced} introduced`,
    );
    return [
      svg(
        'g',
        {},
        title,
        svg('rect', { class: 'patches', x: middle - wide / 2, y: HEIGHT - all, width: wide, height: all }),
        svg('rect', {
          class: 'found',
          x: middle - wide / 5,
          y: HEIGHT - found,
          width: wide / 2.5,
          height: found,
        }),
      ),
      ...(index % every === 0 ? [svg('text', { x: middle, y: HEIGHT + FOOT - 6 }, month)] : []),
    ];
  });
  const label = `Patches and findings from ${months[0]?.month ?? ''} to ${months.at(-1)?.month ?? ''}; at most ${mostPatches} patches and ${mostFound} findings in a month.`;
  return svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT + FOOT}`, class: 'trend', role: 'img', 'aria-label': label },
    svg('line', { x1: 0, x2: WIDTH, y1: HEIGHT + 0.5, y2: HEIGHT + 0.5 }),
    ...bars,
  );
}
