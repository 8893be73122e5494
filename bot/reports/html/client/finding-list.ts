/** The findings that the filters leave, patch by patch, in a list of any length. */

import type { FindingRow } from '../data.ts';
import { el } from './dom.ts';
import { type ListRow, LongList } from './list.ts';
import type { Report } from './report.ts';
import { markIcon, markOf, placeOf, standingOf } from './words.ts';

/** Of the style sheet. */
const GROUP_HEIGHT = 44;
const FINDING_HEIGHT = 68;

export class FindingList {
  readonly element: HTMLElement;
  private readonly report: Report;
  private readonly list = new LongList('Findings');
  private readonly addressOf: (row: FindingRow) => string;
  private current: string | null = null;
  private rows: readonly FindingRow[] = [];

  constructor(report: Report, addressOf: (row: FindingRow) => string) {
    this.report = report;
    this.addressOf = addressOf;
    this.element = this.list.element;
  }

  show(rows: readonly FindingRow[], current: string | null): void {
    const isSame = rows === this.rows;
    this.rows = rows;
    this.current = current;
    if (isSame) this.list.redraw();
    else this.list.show(this.listRows(rows));
    if (current !== null) this.list.reveal(current);
  }

  private listRows(rows: readonly FindingRow[]): readonly ListRow[] {
    const made: ListRow[] = [];
    let group = -1;
    for (const row of rows) {
      if (row.group !== group) {
        group = row.group;
        const title = this.report.titleOf(row);
        made.push({
          height: GROUP_HEIGHT,
          key: `group-${group}`,
          draw: () => el('p', { class: 'group-row', title }, title),
        });
      }
      made.push({ height: FINDING_HEIGHT, key: row.id, draw: () => this.findingRow(row) });
    }
    return made;
  }

  private findingRow(row: FindingRow): HTMLElement {
    const { functionName } = row;
    return el(
      'a',
      {
        href: this.addressOf(row),
        title: placeOf(row),
        class: `finding-row ${markOf(row)}`,
        'aria-current': row.id === this.current ? 'true' : null,
      },
      markIcon(markOf(row)),
      el('span', { class: 'message' }, el('span', { class: 'unseen' }, `${standingOf(row)}: `), row.message),
      el(
        'span',
        { class: 'place' },
        `${nearPlace(row)}${functionName === null ? '' : ` · ${functionName}()`}`,
      ),
    );
  }
}

/** Without the folders, for which there is no room. */
function nearPlace(row: FindingRow): string {
  return placeOf(row).replace(/^.*\//, '');
}
