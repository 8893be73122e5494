/** One posting: what it is, its versions, what was found, each patch with its diff and remarks, and who answered. */

import { counted, unreadText } from '../reports/phrases.ts';
import type { Threads } from '../reports/plain-finding.ts';
import type { VersionRow } from '../scan/queries.ts';
import type { ToldSeries } from '../scan/stored-series.ts';
import { badge, capital } from './finding-card.ts';
import { html, type Markup, type Piece } from './html.ts';
import { nameOf, time } from './layout.ts';
import { address, findingAddress, patchAddress, seriesAddress } from './parameters.ts';
import { patchSection } from './patch-view.ts';
import type { PatchView, SeriesView } from './series-data.ts';

/** Lines at the top; each patch has all of its own. */
const MAX_FOUND = 100;
const MAX_UNREAD = 100;

export function seriesBody(view: SeriesView, threads: Threads): Piece {
  const { told, part, cover, patches } = view;
  const { series } = told;
  const title = series.title === '' ? '(no subject)' : series.title;
  const options = { series: series.id, threads, outside };
  return html`<header class="group-head">
<h1>${part === null ? title : html`<a href="${seriesAddress(series.id)}">${title}</a>`}</h1>
<dl class="facts">${factRows(view)}</dl>
</header>
${versionList(view)}
${foundList(view)}
${unreadList(view)}
${cover === null ? null : html`<section><h2>Cover letter</h2><pre class="text" tabindex="0">${cover}</pre></section>`}
${part === null && patches.length > 1 ? patchList(view) : null}
${patches.map((patch) => patchSection(patch, options))}
${replyList(view)}`;
}

/** The thread at the archive of kernel.org. */
function outside(messageId: string): string {
  return `https://lore.kernel.org/r/${encodeURIComponent(messageId)}`;
}

function factRows({ told }: SeriesView): Piece {
  const { series, lists, patches } = told;
  const missing = series.missing.map(({ first, last }) => (first === last ? first : `${first} to ${last}`));
  const id = series.cover?.messageId ?? patches[0]?.mail.messageId ?? null;
  const facts: readonly (readonly [string, Piece])[] = [
    ['Author', series.from],
    ['Date', series.date],
    ['Version', series.version],
    ['Patches', missing.length === 0 ? series.total : `${series.total}, missing: ${missing.join(', ')}`],
    [
      'Lists',
      lists.length === 0 ? null : lists.map((list) => html`<a href="${address('/', { list })}">${list}</a> `),
    ],
    ['Message-ID', id],
    [
      'Mail',
      id === null ? null : html`<a rel="noreferrer nofollow" href="${outside(id)}">at lore.kernel.org</a>`,
    ],
    ['For', series.userspaceTree === null ? null : `${series.userspaceTree}, which is not reviewed`],
    ['Review', notReviewed(told)],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [html`<dt>${name}</dt><dd>${value}</dd>`]));
}

/** Why there is no review; null where there is one. */
function notReviewed({ isWaiting, patches }: ToldSeries): string | null {
  if (isWaiting) return 'It waits for its review.';
  return patches.some(({ report }) => report === null) ? 'Its review was not asked for.' : null;
}

function versionList({ told, versions }: SeriesView): Piece {
  if (versions.length < 2) return null;
  const item = ({ id, title, version, date, findings }: VersionRow): Markup => {
    const words = html`v${version}: ${title}`;
    const name =
      id === told.series.id
        ? html`<strong>${words}</strong>`
        : html`<a href="${seriesAddress(id)}">${words}</a>`;
    return html`<li>${name} <span class="notes">${time(date)}${findings === null ? null : `, ${counted(findings, 'finding')}`}</span></li>
`;
  };
  return html`<section><h2>Versions</h2><ul class="versions">${versions.map(item)}</ul></section>`;
}

function foundList({ told, patches }: SeriesView): Piece {
  const { id } = told.series;
  const found = patches.flatMap(({ told: { patch }, report }) =>
    report.findings.map((finding) => ({ part: patch.part, finding })),
  );
  const silenced = told.claims.reduce((sum, claim) => sum + claim.silenced, 0);
  const left =
    silenced === 0
      ? null
      : html`<p class="aside">${counted(silenced, 'finding')} not told: a reply calls it wrong.</p>`;
  if (found.length === 0) {
    return html`<section><h2>Findings</h2><p class="none">${notReviewed(told) ?? 'Nothing was found.'}</p>${left}</section>`;
  }
  const items = found.slice(0, MAX_FOUND).map(
    ({
      part,
      finding,
    }) => html`<li>${badge(finding)} <a href="${findingAddress(id, part, finding.fingerprint)}">${capital(finding.message)}</a> <span class="notes">${finding.path}:${finding.line}</span></li>
`,
  );
  const more = found.length - items.length;
  return html`<section><h2>Findings</h2><ul class="found">${items}</ul>${more === 0 ? null : html`<p class="aside">And ${more} more.</p>`}${left}</section>`;
}

function unreadList({ told }: SeriesView): Piece {
  if (told.unread.length === 0) return null;
  const more = told.unread.length - MAX_UNREAD;
  const items = told.unread
    .slice(0, MAX_UNREAD)
    .map(
      (one) => html`<li>${unreadText({ ...one, source: one.subject ?? 'a patch', message: null })}</li>\n`,
    );
  return html`<section><h2>Not read, or not to the end</h2><ul class="unread">${items}</ul>${more > 0 ? html`<p class="aside">And ${more} more.</p>` : null}</section>`;
}

function patchList({ told, patches }: SeriesView): Markup {
  const item = ({ told: { patch }, report, diff }: PatchView): Markup => {
    const href = diff === null ? patchAddress(told.series.id, patch.part) : `#patch-${patch.part}`;
    const count = report.findings.length;
    return html`<li><a href="${href}">${patch.part}: ${patch.title}</a>${count === 0 ? null : html` <span class="notes">${counted(count, 'finding')}</span>`}</li>
`;
  };
  return html`<section><h2>Patches</h2><ul class="versions">${patches.map(item)}</ul></section>`;
}

function replyList({ replies, moreReplies, told }: SeriesView): Piece {
  if (replies.length === 0) return null;
  const items = replies.map(({ part, reply, mail }) => {
    const subject = mail.subject === '' ? '(no subject)' : mail.subject;
    const name =
      mail.messageId === null
        ? subject
        : html`<a rel="noreferrer nofollow" href="${outside(mail.messageId)}">${subject}</a>`;
    const on = told.series.total > 1 ? `, on ${part === 0 ? 'the cover letter' : `patch ${part}`}` : '';
    return html`<li>${name} <span class="notes">${nameOf(reply.from)}${reply.date === null ? null : html`, ${time(new Date(reply.date))}`}${on}</span></li>
`;
  });
  return html`<section><h2>Replies</h2><ul class="replies">${items}</ul>${moreReplies === 0 ? null : html`<p class="aside">And ${moreReplies} more.</p>`}</section>`;
}
