/** The first page: what was found in all, by rule, by month, by series; and what could not be read. */

import type { FindingRow, ReportIndex } from '../data.ts';
import { counted, el } from './dom.ts';
import { type Filters, formatRoute, NO_FILTERS } from './route.ts';
import { trendView } from './trend.ts';
import { CONFIDENCES, markIcon, STATUSES } from './words.ts';

/** Longer tables end with a word on how much longer. */
const MAX_ROWS = 200;

export function overview(index: ReportIndex): HTMLElement {
  const { kind, findings, groups } = index;
  const what =
    kind === 'review' ? counted(groups.length, 'patch', 'patches') : counted(groups.length, 'file');
  const title =
    findings.length === 0 ? 'Nothing was found' : `${counted(findings.length, 'finding')} in ${what}`;
  return el(
    'div',
    { class: 'overview' },
    el('h1', { tabindex: -1 }, title),
    el(
      'p',
      { class: 'summary' },
      ...index.summary
        .split('\n')
        .flatMap((line) => [line, el('br')])
        .slice(0, -1),
    ),
    findings.length === 0 ? null : el('section', {}, el('h2', {}, 'By confidence'), countsTable(index)),
    findings.length === 0 ? null : el('section', {}, el('h2', {}, 'By rule'), rulesTable(index)),
    trendView(index),
    kind === 'review' ? seriesTable(index) : folderTable(index),
    unreadList(index),
  );
}

function link(text: string, filters: Partial<Filters>): HTMLElement {
  return el(
    'a',
    { href: formatRoute({ finding: null, step: null, filters: { ...NO_FILTERS, ...filters } }) },
    text,
  );
}

function number(count: number, filters: Partial<Filters>): HTMLElement {
  return el('td', { class: 'number' }, count === 0 ? '–' : link(count.toLocaleString('en'), filters));
}

function head(...names: readonly string[]): HTMLElement {
  const cells = names.map((name, index) =>
    el('th', { scope: 'col', class: index === 0 ? null : 'number' }, name),
  );
  return el('thead', {}, el('tr', {}, ...cells));
}

function countsTable({ findings, kind }: ReportIndex): HTMLElement {
  const statuses = kind === 'review' ? STATUSES : (['introduced'] as const);
  const rows = CONFIDENCES.flatMap((confidence) => {
    const here = findings.filter((row) => row.confidence === confidence);
    if (here.length === 0) return [];
    const counts = statuses.map((status) => {
      const filters = kind === 'review' ? { confidence, status } : { confidence };
      const count = kind === 'review' ? here.filter((row) => row.status === status).length : here.length;
      return number(count, filters);
    });
    return [el('tr', {}, el('th', { scope: 'row' }, markIcon(confidence), confidence), ...counts)];
  });
  const names = kind === 'review' ? STATUSES : ['findings'];
  return el('table', { class: 'counts' }, head('', ...names), el('tbody', {}, ...rows));
}

function rulesTable({ findings, rules }: ReportIndex): HTMLElement {
  const summaries = new Map(rules.map(({ id, summary }) => [id, summary]));
  const counts = [...countBy(findings, ({ rule }) => rule)].toSorted(
    (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
  const most = counts[0]?.[1] ?? 1;
  const rows = counts.map(([rule, count]) =>
    el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        link(rule, { rule }),
        el('span', { class: 'what' }, summaries.get(rule) ?? ''),
      ),
      el('td', { class: 'number' }, count.toLocaleString('en')),
      el(
        'td',
        { class: 'bar' },
        el('meter', { min: 0, max: most, value: count, 'aria-label': `${rule}: ${count}` }),
      ),
    ),
  );
  return el('table', { class: 'rules' }, head('Rule', 'Findings', ''), el('tbody', {}, ...rows));
}

function countBy(findings: readonly FindingRow[], keyOf: (row: FindingRow) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of findings) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return counts;
}

interface Tally {
  readonly name: string;
  readonly first: string;
  patches: number;
  introduced: number;
  fixed: number;
}

function seriesTable({ groups, findings, series }: ReportIndex): HTMLElement | null {
  const tallies = new Map<string, Tally>();
  const keys = groups.map(({ series: place }, group) =>
    place === null ? `patch ${group}` : `series ${place}`,
  );
  for (const row of findings) {
    const key = keys[row.group] ?? '';
    const { series: place = null, title = '' } = groups[row.group] ?? {};
    const of = place === null ? undefined : series[place];
    const name = of === undefined ? title : `${of.title}${of.version > 1 ? `, v${of.version}` : ''}`;
    const tally = tallies.get(key) ?? { name, first: row.id, patches: 0, introduced: 0, fixed: 0 };
    tallies.set(key, tally);
    if (row.status === 'introduced') tally.introduced++;
    if (row.status === 'fixed') tally.fixed++;
  }
  for (const key of keys) {
    const tally = tallies.get(key);
    if (tally !== undefined) tally.patches++;
  }
  if (tallies.size === 0) return null;
  const rows = [...tallies.values()].slice(0, MAX_ROWS).map(({ name, first, patches, introduced, fixed }) => {
    const address = formatRoute({ finding: first, step: null, filters: NO_FILTERS });
    const counts = [patches, introduced, fixed].map((count) =>
      el('td', { class: 'number' }, count === 0 ? '–' : String(count)),
    );
    return el('tr', {}, el('th', { scope: 'row' }, el('a', { href: address }, name)), ...counts);
  });
  const table = el(
    'table',
    { class: 'series' },
    head('Series', 'Patches', 'Introduced', 'Fixed'),
    el('tbody', {}, ...rows),
  );
  return el('section', {}, el('h2', {}, 'By series'), table, more(tallies.size, 'series', 'series'));
}

function folderTable({ findings }: ReportIndex): HTMLElement | null {
  const counts = [...countBy(findings, ({ path }) => path.replace(/\/?[^/]*$/, ''))].toSorted(
    (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
  if (counts.length === 0) return null;
  const rows = counts.slice(0, MAX_ROWS).map(([folder, count]) => {
    const name = folder === '' ? '.' : folder;
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, link(name, { path: folder === '' ? '' : `${folder}/` })),
      el('td', { class: 'number' }, count.toLocaleString('en')),
    );
  });
  const table = el('table', { class: 'series' }, head('Folder', 'Findings'), el('tbody', {}, ...rows));
  return el('section', {}, el('h2', {}, 'By folder'), table, more(counts.length, 'folder'));
}

function more(count: number, one: string, many = `${one}s`): HTMLElement | null {
  return count <= MAX_ROWS
    ? null
    : el('p', { class: 'aside' }, `and ${counted(count - MAX_ROWS, `more ${one}`, `more ${many}`)}`);
}

function unreadList({ unread, moreUnread }: ReportIndex): HTMLElement | null {
  if (unread.length === 0) return null;
  const items = unread.map((part) => el('li', {}, part));
  const rest = moreUnread === 0 ? null : el('p', { class: 'aside' }, `and ${moreUnread} more`);
  const title = `${counted(unread.length + moreUnread, 'part')} not read, or not to the end`;
  return el(
    'section',
    {},
    el('h2', {}, 'Not read'),
    el('details', { class: 'unread' }, el('summary', {}, title), el('ul', {}, ...items), rest),
  );
}
