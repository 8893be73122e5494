/** On paper there is nothing to click: all findings in question are drawn in full, each witness at its end, its steps as a table. */

import type { FindingRow } from '../data.ts';
import { counted, el } from './dom.ts';
import { groupView } from './group-view.ts';
import { overview } from './overview.ts';
import type { Report } from './report.ts';

/** More fill a book. */
const MAX_FINDINGS = 200;

/** `rowsOf` says what is to be printed, and whether the overview is. */
export function preparePrinting(
  report: Report,
  chosen: () => { readonly rows: readonly FindingRow[]; readonly hasOverview: boolean },
): void {
  const paper = el('div', { class: 'paper' });
  const media = matchMedia('print');
  const draw = (): void => {
    if (paper.hasChildNodes()) return;
    const { rows, hasOverview } = chosen();
    const shown = rows.slice(0, MAX_FINDINGS);
    const groups = [...new Set(shown.map(({ group }) => group))].map((group) =>
      groupOnPaper(report, group, shown),
    );
    const left = rows.length - shown.length;
    const rest =
      left === 0
        ? null
        : el('p', {}, `${counted(left, 'finding')} behind these are not printed: filter them.`);
    paper.append(...(hasOverview ? [overview(report.index)] : []), ...groups);
    if (rest !== null) paper.append(rest);
    document.body.append(paper);
  };
  const take = (): void => {
    paper.replaceChildren();
    paper.remove();
  };
  media.addEventListener('change', () => (media.matches ? draw() : take()));
  addEventListener('beforeprint', draw);
  addEventListener('afterprint', take);
}

function groupOnPaper(report: Report, group: number, rows: readonly FindingRow[]): HTMLElement {
  const { element, players } = groupView(report, {
    group,
    isOpen: (row) => rows.includes(row),
    addressOf: (row) => `#finding-${row.id}`,
    onStep: () => undefined,
  });
  for (const player of players) player.show(Number.POSITIVE_INFINITY);
  // The page has the finding already, under the same id.
  for (const named of element.querySelectorAll('[id^=finding-], [id^=title-]')) named.removeAttribute('id');
  return element;
}
