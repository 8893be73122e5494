/** The steps of a witness as a table: a lane for each task, time downwards, what is done so far brighter than what is to come. */

import type { CallData, PlayerData } from '../data.ts';
import { breakable, code, el } from './dom.ts';
import { isOver, momentOf, stateOf } from './moment.ts';

/** Tasks and what they do go no deeper into the cell than this. */
const MAX_DEPTH = 4;

export class Lanes {
  readonly element: HTMLElement;
  private readonly data: PlayerData;
  private readonly rows: readonly HTMLElement[];
  private readonly end: HTMLElement;
  private readonly states: readonly HTMLElement[];

  constructor(data: PlayerData) {
    this.data = data;
    this.states = data.tasks.map(() => el('div', { class: 'state' }));
    const heads = data.tasks.map((task, lane) => {
      return el('th', { scope: 'col' }, el('span', { class: 'task' }, code(task)), this.states[lane] ?? null);
    });
    this.rows = data.steps.map(({ task, call }, index) => {
      return this.row(String(index + 1), (lane) => (lane === task ? callOf(call) : null));
    });
    this.end = this.row('', (lane) => {
      const end = data.ends.find((one) => one.task === lane);
      if (end === undefined) return null;
      const says = el('span', { class: 'stop' }, ...breakable(end.says));
      return el('div', {}, end.call === null ? null : callOf(end.call), says);
    });
    this.end.classList.add('end');
    const head = el(
      'tr',
      {},
      el('th', { scope: 'col', class: 'number' }, el('span', { class: 'unseen' }, 'Step')),
      ...heads,
    );
    const table = el(
      'table',
      { class: 'lanes' },
      el('caption', { class: 'unseen' }, 'The steps in their order, a column for each task'),
      el('thead', {}, head),
      el('tbody', {}, ...this.rows, this.end),
    );
    this.element = el(
      'div',
      { class: 'lanes-box', tabindex: 0, role: 'region', 'aria-label': 'Lanes' },
      table,
    );
    this.keepHeights();
  }

  show(made: number): void {
    for (const [index, row] of this.rows.entries()) {
      row.className = index < made ? (index === made - 1 ? 'now' : 'done') : 'later';
      if (index === made - 1) row.setAttribute('aria-current', 'step');
      else row.removeAttribute('aria-current');
    }
    this.markLatest(made);
    const over = isOver(this.data, made);
    this.end.className = over ? 'end now' : 'end later';
    for (const [lane, state] of this.states.entries()) state.replaceChildren(...this.stateOf(made, lane));
    this.scrollTo(over ? this.end : this.rows[made - 1]);
  }

  /** What each task has done last. */
  private markLatest(made: number): void {
    const { steps, tasks } = this.data;
    const latest = tasks.map((_, lane) =>
      steps.findLastIndex(({ task }, index) => index < made && task === lane),
    );
    for (const [index, row] of this.rows.entries()) {
      for (const [lane, cell] of [...row.querySelectorAll('td')].entries()) {
        cell.classList.toggle('latest', latest[lane] === index);
      }
    }
  }

  private row(number: string, cell: (lane: number) => Node | null): HTMLElement {
    const label = number === '' ? el('span', { class: 'unseen' }, 'End') : number;
    const cells = this.data.tasks.map((_, lane) => el('td', {}, cell(lane)));
    return el('tr', {}, el('th', { scope: 'row', class: 'number' }, label), ...cells);
  }

  private stateOf(made: number, lane: number): readonly HTMLElement[] {
    const { data } = this;
    const state = stateOf(data, made, lane);
    const holds = momentOf(data, made).holds.filter(([task]) => task === lane);
    return [
      el('span', { class: `chip ${state.replace(' ', '-')}` }, state),
      ...holds.map(([, what]) => el('span', { class: 'chip has' }, `has ${what}`)),
    ];
  }

  /** As high as they ever get, so that nothing below moves while one steps through. */
  private keepHeights(): void {
    const moments = this.data.steps.map((_, made) => made + 1);
    const most = Math.max(
      1,
      ...[0, ...moments].flatMap((made) => this.states.map((_, lane) => this.stateOf(made, lane).length)),
    );
    for (const state of this.states) state.style.minHeight = `${most * CHIP_HEIGHT}em`;
  }

  private scrollTo(row: HTMLElement | undefined): void {
    const box = this.element;
    if (row === undefined) {
      box.scrollTop = 0;
      return;
    }
    const bottom = row.offsetTop + row.offsetHeight;
    const head = row.closest('table')?.tHead?.offsetHeight ?? 0;
    if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    if (row.offsetTop - head < box.scrollTop) box.scrollTop = Math.max(0, row.offsetTop - head);
    const cell = [...row.querySelectorAll('td')].find((one) => one.hasChildNodes());
    if (cell === undefined) return;
    const right = cell.offsetLeft + cell.offsetWidth;
    if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
    else if (cell.offsetLeft < box.scrollLeft) box.scrollLeft = cell.offsetLeft - cell.offsetWidth / 4;
  }
}

/** Of the style sheet: a chip with its gap, in the letters of its column. */
const CHIP_HEIGHT = 1.75;

function callOf(call: CallData): HTMLElement {
  const { note, object, place, depth = 0, isRest } = call;
  return el(
    'div',
    { class: `call depth-${Math.min(depth, MAX_DEPTH)}` },
    code(call.code),
    object === undefined ? null : el('span', { class: 'object' }, object),
    isRest === true ? el('span', { class: 'note' }, 'goes on') : null,
    note === undefined ? null : el('span', { class: 'note' }, note),
    place === undefined ? null : el('span', { class: 'place' }, ...breakable(place)),
  );
}
