/** Findings over time, as a picture and as the table that says the same: counts by month go in, bars by month or by year come out. */

import { html, type Markup, type Piece } from './html.ts';

export interface MonthCount {
  /** `2023-01` */
  readonly month: string;
  readonly findings: number;
}

const WIDTH = 720;
const HEIGHT = 120;

/** Above the bars for the scale, and below them for the names. */
const HEAD = 20;
const FOOT = 20;

/** As many names as stand apart. */
const MAX_NAMES = 10;

/** More months are shown as years. */
const MAX_MONTHS = 36;

/** A damaged date must not make a chart of centuries: the newest bars are shown. */
const MAX_BARS = 60;

interface Bar {
  readonly name: string;
  readonly findings: number;
}

export function chart(counts: readonly MonthCount[]): Piece {
  const bars = barsOf(counts);
  if (bars.length === 0) return null;
  return html`${picture(bars)}
<details><summary>As a table</summary>
<table class="months"><thead><tr><th scope="col">${bars[0]?.name.length === 4 ? 'Year' : 'Month'}</th><th scope="col" class="number">Findings</th></tr></thead>
<tbody>${bars.map(({ name, findings }) => html`<tr><th scope="row">${name}</th><td class="number">${findings}</td></tr>\n`)}</tbody></table>
</details>`;
}

/** Those between the first and the last that have none are among them. */
function barsOf(counts: readonly MonthCount[]): readonly Bar[] {
  const months = counts.map(({ month }) => month).toSorted();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  const isByYear = monthNumber(last) - monthNumber(first) >= MAX_MONTHS;
  const nameOf = (month: string): string => (isByYear ? month.slice(0, 4) : month);
  const sums = new Map<string, number>();
  for (const { month, findings } of counts) {
    sums.set(nameOf(month), (sums.get(nameOf(month)) ?? 0) + findings);
  }
  const step = isByYear ? 12 : 1;
  const end = monthNumber(last);
  const bars: Bar[] = [];
  for (let month = end; nameOf(monthName(month)) >= nameOf(first) && bars.length < MAX_BARS; month -= step) {
    const name = nameOf(monthName(month));
    bars.push({ name, findings: sums.get(name) ?? 0 });
  }
  return bars.toReversed();
}

function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

function monthName(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

function picture(bars: readonly Bar[]): Markup {
  const most = Math.max(1, ...bars.map(({ findings }) => findings));
  const step = WIDTH / bars.length;
  const wide = Math.max(1, Math.min(36, step * 0.7));
  const every = Math.ceil(bars.length / MAX_NAMES);
  const sum = bars.reduce((all, { findings }) => all + findings, 0);
  const label = `Findings from ${bars[0]?.name ?? ''} to ${bars.at(-1)?.name ?? ''}: ${sum}, at most ${most} in one bar.`;
  const bottom = HEAD + HEIGHT;
  const drawn = bars.map(({ name, findings }, index) => {
    const high = (findings / most) * HEIGHT;
    const x = (index + 0.5) * step - wide / 2;
    return html`<rect class="introduced" x="${x.toFixed(1)}" y="${(bottom - high).toFixed(1)}" width="${wide.toFixed(1)}" height="${high.toFixed(1)}"><title>${name}: ${findings}</title></rect>`;
  });
  const names = bars.map(({ name }, index) =>
    index % every === 0
      ? html`<text class="name" x="${Math.max(24, (index + 0.5) * step).toFixed(1)}" y="${bottom + FOOT - 5}">${name}</text>`
      : null,
  );
  return html`<svg class="trend" viewBox="0 0 ${WIDTH} ${bottom + FOOT}" role="img" aria-label="${label}">
<text x="0" y="14">at most ${most}</text>
<line x1="0" x2="${WIDTH}" y1="${bottom + 0.5}" y2="${bottom + 0.5}"/>
${drawn}${names}
</svg>`;
}
