/** A report of findings: draws what the address asks for, and follows the reader from there. */

import type { FindingRow } from '../data.ts';
import { el } from './dom.ts';
import { FilterForm } from './filter-form.ts';
import { FindingList } from './finding-list.ts';
import { type Frame, pageFrame } from './frame.ts';
import { groupView } from './group-view.ts';
import { overview } from './overview.ts';
import type { Player } from './player.ts';
import { preparePrinting } from './print.ts';
import type { Report } from './report.ts';
import { type Filters, formatRoute, parseRoute, type Route } from './route.ts';

export class ReportApp {
  private readonly report: Report;
  private readonly frame: Frame;
  private readonly form: FilterForm;
  private readonly list: FindingList;
  private route: Route = parseRoute(location.hash);
  private rows: readonly FindingRow[] = [];
  private rowsFor: Filters | null = null;
  private drawn: string | null | undefined;
  private player: Player | null = null;

  constructor(report: Report) {
    const { index } = report;
    this.report = report;
    this.form = new FilterForm(index, (filters) => this.filter(filters));
    this.list = new FindingList(this.report, (row) => this.addressOf(row));
    this.frame = pageFrame(`${index.kind} · ${index.version}`, 'Findings', [
      this.form.element,
      this.list.element,
    ]);
  }

  start(): void {
    addEventListener('hashchange', () => {
      this.route = parseRoute(location.hash);
      this.draw(true);
    });
    preparePrinting(this.report, () => this.toPrint());
    this.draw(this.route.finding !== null);
  }

  private addressOf({ id }: FindingRow, step: number | null = null): string {
    return formatRoute({ finding: id, step, filters: this.route.filters });
  }

  private filter(filters: Filters): void {
    this.route = { ...this.route, filters };
    history.replaceState(null, '', formatRoute(this.route));
    this.draw(false);
  }

  /** `moves`: the reader went to another view, and is to be taken there. */
  private draw(moves: boolean): void {
    const { filters, finding } = this.route;
    if (this.rowsFor === null || !isSame(this.rowsFor, filters)) this.rows = this.report.matching(filters);
    this.rowsFor = filters;
    this.form.show(filters, this.rows.length, this.report.index.findings.length);
    const row = finding === null ? null : this.report.find(finding);
    this.list.show(this.rows, row?.id ?? null);
    this.frame.home.href = formatRoute({ finding: null, step: null, filters });
    document.body.classList.toggle('open', row !== null);
    if (row === null) this.drawOverview(finding, moves);
    else this.drawFinding(row, moves);
  }

  private drawOverview(missing: string | null, moves: boolean): void {
    if (this.drawn === null) return;
    this.drawn = null;
    this.player = null;
    const lost =
      missing === null ? [] : [el('p', { class: 'aside' }, `There is no finding ${missing} in this report.`)];
    this.frame.main.replaceChildren(...lost, overview(this.report.index));
    if (!moves) return;
    scrollTo(0, 0);
    this.frame.main.querySelector('h1')?.focus({ preventScroll: true });
  }

  private drawFinding(row: FindingRow, moves: boolean): void {
    if (this.drawn !== row.id) {
      this.drawn = row.id;
      const view = groupView(this.report, {
        group: row.group,
        isOpen: (one) => one === row,
        addressOf: (one) => this.addressOf(one),
        onStep: (made) => history.replaceState(null, '', this.addressOf(row, made)),
      });
      [this.player = null] = view.players;
      this.frame.main.replaceChildren(view.element, this.neighbours(row));
    }
    this.player?.show(this.route.step ?? this.player.position);
    if (!moves) return;
    const card = this.frame.main.querySelector('article');
    const player = this.route.step === null ? null : card?.querySelector<HTMLElement>('.player');
    (player ?? card)?.scrollIntoView();
    (player ?? card?.querySelector('h3'))?.focus({ preventScroll: true });
  }

  private neighbours(row: FindingRow): HTMLElement {
    const at = this.rows.indexOf(row);
    const link = (other: FindingRow | undefined, text: string): HTMLElement | null =>
      other === undefined ? null : el('a', { href: this.addressOf(other) }, text);
    return el(
      'nav',
      { class: 'neighbours', 'aria-label': 'Other findings' },
      link(this.rows[at - 1], 'Previous finding'),
      link(this.rows[at + 1], 'Next finding'),
    );
  }

  private toPrint(): { readonly rows: readonly FindingRow[]; readonly hasOverview: boolean } {
    const { finding } = this.route;
    const open = finding === null ? null : this.report.find(finding);
    if (open === null) return { rows: this.rows, hasOverview: true };
    return { rows: this.report.rowsOf(open.group), hasOverview: false };
  }
}

function isSame(a: Filters, b: Filters): boolean {
  return (
    formatRoute({ finding: null, step: null, filters: a }) ===
    formatRoute({ finding: null, step: null, filters: b })
  );
}
