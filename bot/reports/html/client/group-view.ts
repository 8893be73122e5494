/** A patch or a file as a whole: what is known of it, and its diff with the remarks in place. */

import type { FindingRow } from '../data.ts';
import { diffView, type Remark, type StepMark } from './diff-view.ts';
import { el } from './dom.ts';
import { findingCard, findingLine } from './finding-card.ts';
import { Player } from './player.ts';
import type { Report } from './report.ts';

export interface GroupView {
  readonly element: HTMLElement;
  /** Of the findings that are open. */
  readonly players: readonly Player[];
}

export interface GroupChoice {
  readonly group: number;
  /** Whether the finding is shown in full. */
  readonly isOpen: (row: FindingRow) => boolean;
  readonly addressOf: (row: FindingRow) => string;
  readonly onStep: (made: number) => void;
}

export function groupView(report: Report, { group, isOpen, addressOf, onStep }: GroupChoice): GroupView {
  const { facts, files, findings } = report.group(group);
  const marks: StepMark[] = [];
  const players: Player[] = [];
  const remarks = report.rowsOf(group).flatMap((row, index): Remark[] => {
    const data = findings[index];
    if (data === undefined) return [];
    const { place, player, steps } = data;
    if (!isOpen(row)) return [{ place, path: row.path, element: findingLine(row, addressOf(row)) }];
    marks.push(...steps.map((step, at) => ({ place: step.place, number: at + 1 })));
    const made = player === null ? null : new Player(player, onStep);
    if (made !== null) players.push(made);
    return [{ place, path: row.path, element: findingCard(row, data, made, addressOf(row)) }];
  });
  const element = el(
    'div',
    { class: 'group' },
    heading(report, group, facts),
    ...diffView(files, remarks, marks),
  );
  return { element, players };
}

function heading(
  { index }: Report,
  group: number,
  facts: readonly (readonly [string, string])[],
): HTMLElement {
  const { title = '', series = null } = index.groups[group] ?? {};
  const of = series === null ? undefined : index.series[series];
  const rows = facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]);
  return el(
    'header',
    { class: 'group-head' },
    of === undefined
      ? null
      : el('p', { class: 'series' }, of.title, el('span', { class: 'version' }, `v${of.version}`)),
    el('h1', {}, title),
    el('dl', { class: 'facts' }, ...rows),
  );
}
