/** The diff of a patch with its findings under the lines that they are about. */

import type { FileData, GroupData, HunkData, PlaceData } from '../reports/html/data.ts';
import { groupData } from '../reports/html/group-data.ts';
import { counted } from '../reports/phrases.ts';
import type { Threads } from '../reports/plain-finding.ts';
import { findingCard } from './finding-card.ts';
import { html, type Markup, type Piece } from './html.ts';
import { patchAddress } from './parameters.ts';
import type { PatchView } from './series-data.ts';

/** Findings of one patch in full; each of them may have a witness. */
const MAX_CARDS = 60;

interface Remark {
  readonly place: PlaceData;
  readonly path: string;
  readonly card: Markup;
}

export interface PatchOptions {
  readonly series: string;
  readonly threads: Threads;
  readonly outside: (messageId: string) => string;
}

export function patchSection(view: PatchView, options: PatchOptions): Markup {
  const { told, report, diff } = view;
  const { part } = told.patch;
  const { series, threads, outside } = options;
  const shown = diff === null ? { ...report, findings: [] } : report;
  const data = groupData({ kind: 'patch', report: shown }, threads);
  const id = told.mail.messageId;
  return html`<section class="patch" id="patch-${part}">
<h2><a href="${patchAddress(series, part)}">${report.subject === '' ? '(no subject)' : report.subject}</a></h2>
<dl class="facts">${factRows(data)}${id === null ? null : html`<dt>Mail</dt><dd><a rel="noreferrer nofollow" href="${outside(id)}">at lore.kernel.org</a></dd>`}</dl>
${told.report === null ? html`<p class="aside">It was not reviewed.</p>` : null}
${
  diff === null
    ? html`<p class="aside">Its diff${report.findings.length === 0 ? null : ' and its findings'}: <a href="${patchAddress(series, part)}">on a page of its own</a>.</p>`
    : diffHtml(data.files, remarksOf(view, data, series))
}
${leftOut(view)}
</section>
`;
}

function remarksOf({ told, report }: PatchView, data: GroupData, series: string): readonly Remark[] {
  const { part } = told.patch;
  return report.findings.slice(0, MAX_CARDS).flatMap((finding, index): Remark[] => {
    const found = data.findings[index];
    if (found === undefined) return [];
    return [{ place: found.place, path: finding.path, card: findingCard(finding, found, { series, part }) }];
  });
}

function leftOut({ report, diff }: PatchView): Piece {
  if (diff === null) return null;
  const more = report.findings.length - MAX_CARDS;
  return [
    diff.left === 0
      ? null
      : html`<p class="aside">${counted(diff.left, 'line')} of the diff left out: it is too long for a page.</p>`,
    more <= 0
      ? null
      : html`<p class="aside">${counted(more, 'more finding')}: the page has no room for more.</p>`,
  ];
}

/** Where the program has read a mail from is nobody else's business; the Message-ID says what it is. */
function factRows({ facts }: GroupData): Piece {
  return facts
    .filter(([name]) => name !== 'Read from')
    .map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
}

function diffHtml(files: readonly FileData[], remarks: readonly Remark[]): Piece {
  const shown = files.map((file, index) =>
    fileHtml(
      file,
      remarks.filter(({ place }) => place !== null && place[0] === index),
      remarks.filter(({ place, path }) => place === null && path === file.path),
    ),
  );
  const paths = new Set(files.map(({ path }) => path));
  const rest = remarks.filter(({ place, path }) => place === null && !paths.has(path));
  return [...shown, ...rest.map(({ card }) => card)];
}

function fileHtml(file: FileData, remarks: readonly Remark[], beside: readonly Remark[]): Markup {
  const hunks = file.hunks.map((hunk, index) =>
    hunkHtml(
      hunk,
      remarks.filter(({ place }) => place?.[1] === index),
    ),
  );
  return html`<section class="file"><h3>${file.path}</h3>
${hunks}${beside.length === 0 ? null : html`<p class="aside">At a line that no hunk shows:</p>`}${beside.map(({ card }) => card)}</section>
`;
}

function hunkHtml({ oldStart, newStart, heading, lines }: HunkData, remarks: readonly Remark[]): Markup {
  const byLine = new Map<number, Remark[]>();
  for (const remark of remarks) {
    const line = remark.place?.[2] ?? -1;
    byLine.set(line, [...(byLine.get(line) ?? []), remark]);
  }
  let [before, after] = [oldStart, newStart];
  const rows = lines.map((text, index) => {
    const [old, fresh] = [text.startsWith('+') ? null : before++, text.startsWith('-') ? null : after++];
    const kind = text.startsWith('+') ? ' add' : text.startsWith('-') ? ' remove' : '';
    const cards = byLine.get(index)?.map(({ card }) => card) ?? null;
    return html`<div class="line${kind}"><span class="no">${old}</span><span class="no">${fresh}</span><code>${text}</code></div>
${cards}`;
  });
  return html`<div class="hunk"><div class="hunk-head">@@ ${oldStart} → ${newStart} @@ <span>${heading}</span></div>
${rows}</div>
`;
}
