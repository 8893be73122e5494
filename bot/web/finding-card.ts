/** One finding in full: what is wrong, how it happens, why, what to do. Its witness is text until the player takes its place. */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { FindingData, StepData } from '../reports/html/data.ts';
import { notableClauses } from '../reports/series-words.ts';
import { witnessText } from '../reports/witness-text.ts';
import { html, type Markup, type Piece } from './html.ts';
import { findingAddress } from './parameters.ts';

export interface FindingPlace {
  readonly series: string;
  readonly part: number;
}

export function findingCard(finding: Finding, data: FindingData, { series, part }: FindingPlace): Markup {
  const { rule, confidence, status, path, line, functionName, message, fingerprint, witness } = finding;
  const note = notableClauses(finding).join(', ');
  const where = functionName === null ? `${path}:${line}` : `${path}:${line} in ${functionName}()`;
  return html`<article class="finding ${status === 'fixed' ? 'fixed' : confidence}" id="finding-${part}-${fingerprint}">
<p class="about">${badge(finding)} <a class="rule" href="/rules/${rule}"><code>${rule}</code></a>${note === '' ? null : html` <span class="note">${note}</span>`}</p>
<h4 class="says">${capital(message)}</h4>
<p class="where">${where}</p>
${titled('What the code does', html`<ol class="steps">${data.steps.map(stepItem)}</ol>`)}
${
  witness === null
    ? null
    : titled(
        'How it happens',
        html`<div class="witness" data-witness="${JSON.stringify(data.player)}"><pre class="text" tabindex="0">${witnessText(witness)}</pre></div>`,
      )
}
${titled('Why it matters', html`<p>${capital(data.why)}</p>`)}
${status === 'fixed' ? null : titled('Instead', insteadOf(data))}
${data.assumptions.length === 0 ? null : titled('Assumes', list(data.assumptions))}
${data.threads.length === 0 ? null : titled('Taught by', list(data.threads))}
<p class="foot">Fingerprint <a href="${findingAddress(series, part, fingerprint)}">${fingerprint}</a></p>
</article>
`;
}

export function badge({ confidence, status }: Pick<Finding, 'confidence' | 'status'>): Markup {
  if (status === 'fixed') return html`<span class="badge fixed">fixed</span>`;
  const words = status === 'introduced' ? confidence : `${confidence}, ${status}`;
  return html`<span class="badge ${confidence}">${words}</span>`;
}

function titled(title: string, content: Markup): Markup {
  return html`<section class="part"><h5>${title}</h5>${content}</section>`;
}

function stepItem({ path, line, isBefore, code, what }: StepData): Markup {
  return html`<li><code>${code}</code><span class="what">${what}</span><span class="place">${path}:${line}${isBefore ? ', before the patch' : ''}</span></li>
`;
}

function insteadOf({ fix, remedy }: FindingData): Markup {
  const lines =
    remedy === null
      ? null
      : html`<div class="hunk remedy"><div class="line remove"><code>-${remedy[0]}</code></div><div class="line add"><code>+${remedy[1]}</code></div></div>`;
  return html`<p>${capital(fix)}</p>${lines}`;
}

function list(items: readonly string[]): Markup {
  return html`<ul>${items.map((item) => html`<li>${capital(item)}</li>`)}</ul>`;
}

export function capital(text: string): Piece {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
