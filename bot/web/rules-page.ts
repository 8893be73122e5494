/** All rules with what they found, one rule with its page, and the lists with their feeds. */

import { RULES } from '../../analyzers/rules/registry.ts';
import type { RuleMeta } from '../../analyzers/rules/types.ts';
import { rulePage } from '../rule-pages.ts';
import type { FindingRow, RuleCount } from '../scan/queries.ts';
import { chart, type MonthCount } from './chart.ts';
import { html, type Markup, type Piece } from './html.ts';
import { nameOf, time } from './layout.ts';
import { markdownHtml } from './markdown.ts';
import { address, findingAddress } from './parameters.ts';

export function rulesBody(counts: readonly RuleCount[]): Piece {
  const all = new Map(RULES.map(({ meta }) => [meta.id, sum(counts.filter(({ rule }) => rule === meta.id))]));
  const metas = RULES.map(({ meta }) => meta).toSorted(
    (a, b) => (all.get(b.id) ?? 0) - (all.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const most = Math.max(1, ...all.values());
  const told = counts.map(({ month, findings, advice }) => ({ month, findings: findings - advice }));
  return html`<h1>Rules</h1>
<section><h2>Findings, likely or confirmed, by date of the series</h2>
${told.length === 0 ? html`<p class="none">Nothing was found yet.</p>` : chart(told)}</section>
<section><h2>By rule</h2>
<table class="rules"><thead><tr><th scope="col">Rule</th><th scope="col" class="number">Findings</th><th scope="col">Share</th></tr></thead>
<tbody>${metas.map((meta) => ruleRow(meta, all.get(meta.id) ?? 0, most))}</tbody></table></section>`;
}

function sum(counts: readonly MonthCount[]): number {
  return counts.reduce((all, { findings }) => all + findings, 0);
}

function ruleRow({ id, summary }: RuleMeta, findings: number, most: number): Markup {
  return html`<tr><th scope="row"><a href="/rules/${id}"><code>${id}</code></a><span class="what">${summary}</span></th>
<td class="number">${findings}</td>
<td class="bar"><meter max="${most}" value="${findings}" aria-label="${findings} findings"></meter></td></tr>
`;
}

export interface RuleView {
  readonly rule: string;
  readonly counts: readonly RuleCount[];
  readonly newest: readonly FindingRow[];
}

export function ruleBody({ rule, counts, newest }: RuleView): Piece {
  // Its first line is its name.
  const page = rulePage(rule).replace(/^# .*\n/, '');
  return html`<h1><code>${rule}</code></h1>
<section><h2>Findings by date of the series</h2>
${counts.length === 0 ? html`<p class="none">It found nothing yet.</p>` : chart(counts)}</section>
<section><h2>The newest</h2>
${newest.length === 0 ? html`<p class="none">None.</p>` : findingTable(newest)}
<p class="aside"><a href="${address('/', { rule })}">All series with findings of it</a> · <a href="${address('/feed.atom', { rule })}">Atom feed</a></p></section>
<section class="rule-text"><h2>What it is about</h2>
${markdownHtml(page)}</section>`;
}

function findingTable(rows: readonly FindingRow[]): Markup {
  return html`<table class="series-rows"><thead><tr><th scope="col">Date</th><th scope="col">Finding</th><th scope="col">Series</th><th scope="col">Author</th></tr></thead>
<tbody>${rows.map(
    (row) => html`<tr><td>${time(row.date)}</td>
<th scope="row"><a href="${findingAddress(row.series, row.part, row.fingerprint)}">${row.message}</a> <span class="notes">${row.path}:${row.line}</span></th>
<td>${row.title}</td><td>${nameOf(row.author)}</td></tr>
`,
  )}</tbody></table>`;
}

export function listsBody(lists: readonly string[]): Piece {
  return html`<h1>Lists</h1>
${
  lists.length === 0
    ? html`<p class="none">No mail was read yet.</p>`
    : html`<ul class="lists">${lists.map(
        (
          list,
        ) => html`<li><a href="${address('/', { list })}">${list}</a> <a class="feed" href="${address('/feed.atom', { list })}" aria-label="Atom feed of ${list}">Atom</a></li>
`,
      )}</ul>`
}
<p class="aside">A feed takes the same parameters as the list of series: <code>/feed.atom?list=LIST&amp;path=fs/ext4/</code> tells of what was found in your area.</p>`;
}
