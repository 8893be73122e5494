/** One finding: what is wrong, how it happens, what to do. And the same in one line, for those beside the one that is open. */

import type { FindingData, FindingRow, StepData } from '../data.ts';
import { code, el } from './dom.ts';
import type { Player } from './player.ts';
import { badge, markIcon, markOf, placeOf, standingOf } from './words.ts';

const SIGHTS: Readonly<Record<string, string>> = {
  hunk: 'Only a piece of the function is in sight.',
  function: 'The whole function is in sight.',
  file: 'The whole file is in sight.',
};

export function findingCard(
  row: FindingRow,
  data: FindingData,
  player: Player | null,
  address: string,
): HTMLElement {
  const { id, rule, note, functionName, fingerprint, message } = row;
  const where = functionName === null ? placeOf(row) : `${placeOf(row)} in ${functionName}()`;
  return el(
    'article',
    { class: `finding ${markOf(row)}`, id: `finding-${id}`, 'aria-labelledby': `title-${id}` },
    el(
      'p',
      { class: 'about' },
      badge(row),
      el('code', { class: 'rule' }, rule),
      note === '' ? null : el('span', { class: 'note' }, note),
    ),
    el('h3', { id: `title-${id}`, tabindex: -1 }, capital(message)),
    el('p', { class: 'where' }, where),
    part('What the code does', stepsOf(data.steps)),
    player === null ? null : part('How it happens', player.element),
    part('Why it matters', el('p', {}, capital(data.why))),
    row.status === 'fixed' ? null : part('Instead', insteadOf(data)),
    data.assumptions.length === 0 ? null : part('Assumes', list(data.assumptions)),
    data.threads.length === 0 ? null : part('Taught by', list(data.threads)),
    el(
      'p',
      { class: 'foot' },
      `${SIGHTS[data.sight] ?? ''} Fingerprint `,
      el('a', { href: address }, fingerprint),
    ),
  );
}

export function findingLine(row: FindingRow, address: string): HTMLElement {
  return el(
    'a',
    { class: `remark ${markOf(row)}`, href: address },
    markIcon(markOf(row)),
    el('strong', {}, standingOf(row)),
    el('span', {}, row.message),
  );
}

function insteadOf({ fix, remedy }: FindingData): HTMLElement {
  const words = el('p', {}, capital(fix));
  if (remedy === null) return words;
  const [before, after] = remedy;
  return el(
    'div',
    {},
    words,
    el(
      'div',
      { class: 'hunk remedy' },
      el('div', { class: 'line remove' }, el('code', {}, `-${before}`)),
      el('div', { class: 'line add' }, el('code', {}, `+${after}`)),
    ),
  );
}

function part(title: string, content: HTMLElement): HTMLElement {
  return el('section', { class: 'part' }, el('h4', {}, title), content);
}

function stepsOf(steps: readonly StepData[]): HTMLElement {
  return el('ol', { class: 'steps' }, ...steps.map(stepOf));
}

function stepOf({ path, line, isBefore, code: call, what }: StepData): HTMLElement {
  return el(
    'li',
    {},
    code(call),
    el('span', { class: 'what' }, what),
    el('span', { class: 'place' }, `${path}:${line}${isBefore ? ', before the patch' : ''}`),
  );
}

function list(items: readonly string[]): HTMLElement {
  return el('ul', {}, ...items.map((item) => el('li', {}, capital(item))));
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
