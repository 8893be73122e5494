/** The list of postings: a form that narrows it down, a row a posting, and the ways to older and newer ones. */

import { RULES } from '../../analyzers/rules/registry.ts';
import { counted } from '../reports/phrases.ts';
import type { SeriesRow, SeriesState } from '../scan/queries.ts';
import { html, type Markup, type Piece } from './html.ts';
import { nameOf, time } from './layout.ts';
import { address, cursorText, type Filters, seriesAddress } from './parameters.ts';

export interface ListView {
  readonly filters: Filters;
  readonly rows: readonly SeriesRow[];
  readonly lists: readonly string[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** The words are the id of a message, and the rows the postings that it is part of. */
  readonly isByMessage: boolean;
  readonly feed: string;
}

const STATE_WORDS: Readonly<Record<SeriesState, string>> = {
  found: 'with findings',
  clean: 'without findings',
  reviewed: 'reviewed',
  waiting: 'waiting for review',
  'not-asked': 'review not asked for',
  nothing: 'nothing to review',
};

export function listBody(view: ListView): Piece {
  const { rows, isByMessage, feed } = view;
  return html`<h1>Series</h1>
${filterForm(view)}
<p class="aside">${isByMessage ? 'Series of this message. ' : null}<a href="${feed}">Atom feed of these findings</a></p>
${rows.length === 0 ? html`<p class="none">No series is like that.</p>` : seriesTable(rows)}
${pager(view)}`;
}

function seriesTable(rows: readonly SeriesRow[]): Markup {
  return html`<table class="series-rows">
<thead><tr><th scope="col">Date</th><th scope="col">Series</th><th scope="col">Author</th><th scope="col">Review</th></tr></thead>
<tbody>
${rows.map(seriesRow)}</tbody>
</table>`;
}

function seriesRow(row: SeriesRow): Markup {
  const { id, title, version, total, author, date, replies, isSuperseded } = row;
  const notes = [
    ...(total > 1 ? [counted(total, 'patch', 'patches')] : []),
    ...(replies > 0 ? [counted(replies, 'reply', 'replies')] : []),
    ...(isSuperseded ? ['a newer version is there'] : []),
    ...(row.kind === 'pull-request' ? ['pull request'] : []),
    ...(row.kind === 'reply' ? ['a patch in a reply'] : []),
  ];
  return html`<tr>
<td>${time(date)}</td>
<th scope="row"><a href="${seriesAddress(id)}">${title === '' ? '(no subject)' : title}</a>${versionMark(version)}${
    notes.length === 0 ? null : html` <span class="notes">${notes.join(', ')}</span>`
  }</th>
<td>${nameOf(author)}</td>
<td>${stateMark(row)}</td>
</tr>
`;
}

function versionMark(version: number): Piece {
  return version > 1 ? html` <span class="version">v${version}</span>` : null;
}

function stateMark({ state, findings }: SeriesRow): Markup {
  return state === 'found'
    ? html`<span class="badge likely">${counted(findings ?? 0, 'finding')}</span>`
    : html`<span class="state">${STATE_WORDS[state]}</span>`;
}

function filterForm({ filters, lists }: ListView): Markup {
  const rules = RULES.map(({ meta }) => meta.id).toSorted();
  const states = Object.entries(STATE_WORDS);
  return html`<form class="web-filters" action="/" method="get" role="search" aria-label="Filter series">
${field('q', 'Title, author or Message-ID', html`<input type="search" id="q" name="q" value="${filters.q}">`, 'wide')}
${field('list', 'List', select('list', filters.list, 'All lists', named(lists, filters.list)))}
${field('rule', 'Rule', select('rule', filters.rule, 'All rules', named(rules, filters.rule)))}
${field('review', 'Review', select('review', filters.review, 'Any', states))}
${field('path', 'Path begins with', html`<input id="path" name="path" value="${filters.path}" placeholder="fs/ext4/">`)}
${field('author-domain', 'Domain of the author', html`<input id="author-domain" name="author-domain" value="${filters['author-domain']}" placeholder="example.org">`)}
${field('since', 'Since', html`<input type="date" id="since" name="since" value="${filters.since}">`)}
${field('until', 'Until', html`<input type="date" id="until" name="until" value="${filters.until}">`)}
<div class="field foot"><button>Show</button> <a href="/">Clear</a></div>
</form>`;
}

function field(id: string, label: string, control: Markup, kind = ''): Markup {
  return html`<div class="field ${kind}"><label for="${id}">${label}</label>${control}</div>`;
}

type Option = readonly [value: string, words: string];

/** What was asked for is among them even where nobody knows it. */
function named(values: readonly string[], chosen: string): readonly Option[] {
  const all = chosen === '' || values.includes(chosen) ? values : [chosen, ...values];
  return all.map((value) => [value, value]);
}

function select(name: string, chosen: string, any: string, options: readonly Option[]): Markup {
  return html`<select id="${name}" name="${name}"><option value="">${any}</option>${options.map(
    ([value, words]) =>
      value === chosen
        ? html`<option value="${value}" selected>${words}</option>`
        : html`<option value="${value}">${words}</option>`,
  )}</select>`;
}

function pager({ filters, rows, hasOlder, hasNewer }: ListView): Piece {
  const [first, last] = [rows[0], rows.at(-1)];
  const newer = hasNewer && first !== undefined ? { ...filters, after: cursorText(first) } : null;
  const older = hasOlder && last !== undefined ? { ...filters, before: cursorText(last) } : null;
  if (newer === null && older === null) return null;
  return html`<nav class="neighbours" aria-label="More series">
${newer === null ? null : html`<a rel="prev" href="${address('/', newer)}">Newer</a>`}
${older === null ? null : html`<a rel="next" href="${address('/', older)}">Older</a>`}
</nav>`;
}
