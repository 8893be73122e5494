/** The diff of a patch, with whatever belongs to a line directly under it. What is far from every such line is folded away. */

import type { FileData, HunkData, PlaceData } from '../data.ts';
import { counted, el } from './dom.ts';

/** What stands under a line of the diff, or beside it. */
export interface Remark {
  readonly place: PlaceData;
  /** Path of the file, where no hunk shows the line. */
  readonly path: string;
  readonly element: HTMLElement;
}

/** A step of the finding that is open: its number stands beside the line. */
export interface StepMark {
  readonly place: PlaceData;
  readonly number: number;
}

/** Lines that stay in sight around a remark or a step. */
const NEAR = 12;

/** Fewer are not worth a fold. */
const MIN_FOLD = 6;

export function diffView(
  files: readonly FileData[],
  remarks: readonly Remark[],
  marks: readonly StepMark[],
): readonly HTMLElement[] {
  const shown = files.map((file, index) => {
    const here = remarks.filter(({ place }) => place !== null && place[0] === index);
    const beside = remarks.filter(({ place, path }) => place === null && path === file.path);
    const steps = marks.filter(({ place }) => place !== null && place[0] === index);
    return fileView(file, here, beside, steps);
  });
  const paths = new Set(files.map(({ path }) => path));
  const rest = remarks.filter(({ place, path }) => place === null && !paths.has(path));
  return [...shown, ...rest.map(({ element }) => element)];
}

function fileView(
  file: FileData,
  remarks: readonly Remark[],
  beside: readonly Remark[],
  marks: readonly StepMark[],
): HTMLElement {
  const hunks = file.hunks.map((hunk, index) => {
    const here = remarks.filter(({ place }) => place?.[1] === index);
    return hunkView(
      hunk,
      here,
      marks.filter(({ place }) => place?.[1] === index),
    );
  });
  const cut =
    file.cut === 0 ? [] : [el('p', { class: 'aside' }, `${counted(file.cut, 'more hunk')} left out.`)];
  const notShown =
    beside.length === 0
      ? []
      : [
          el('p', { class: 'aside' }, 'At a line that no hunk shows:'),
          ...beside.map(({ element }) => element),
        ];
  return el(
    'section',
    { class: 'file', 'aria-label': file.path },
    el('h2', {}, file.path),
    ...hunks,
    ...cut,
    ...notShown,
  );
}

function hunkView(hunk: HunkData, remarks: readonly Remark[], marks: readonly StepMark[]): HTMLElement {
  const busy = [...remarks, ...marks].map(lineOf);
  const isNear = (line: number): boolean => busy.some((one) => Math.abs(one - line) <= NEAR);
  const lines = numbered(hunk);
  const parts: Node[] = [hunkHead(hunk)];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (end < lines.length && !isNear(end)) end++;
    if (end - at >= MIN_FOLD) {
      parts.push(fold(lines.slice(at, end)));
      at = end;
      continue;
    }
    const steps = marks.filter((mark) => lineOf(mark) === at).map(({ number }) => number);
    const line = lines[at];
    if (line !== undefined) parts.push(lineView(line, steps));
    parts.push(...remarks.filter((remark) => lineOf(remark) === at).map(({ element }) => element));
    at++;
  }
  if (hunk.cut > 0) parts.push(el('p', { class: 'aside' }, `${counted(hunk.cut, 'more line')} left out.`));
  return el('div', { class: isChanged(hunk) ? 'hunk' : 'hunk plain' }, ...parts);
}

/** Source that is shown as it stands has no other side. */
function isChanged({ lines }: HunkData): boolean {
  return lines.some((line) => !line.startsWith(' '));
}

function hunkHead(hunk: HunkData): HTMLElement {
  const { oldStart, newStart, heading } = hunk;
  const range = isChanged(hunk) ? `@@ ${oldStart} → ${newStart} @@` : `from line ${newStart}`;
  return el('div', { class: 'hunk-head' }, range, el('span', {}, ` ${heading}`));
}

function lineOf({ place }: { readonly place: PlaceData }): number {
  return place?.[2] ?? -1;
}

interface Line {
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

function numbered({ oldStart, newStart, lines }: HunkData): readonly Line[] {
  let [before, after] = [oldStart, newStart];
  return lines.map((text) => ({
    text,
    before: text.startsWith('+') ? null : before++,
    after: text.startsWith('-') ? null : after++,
  }));
}

const KINDS: Readonly<Record<string, string>> = { '+': 'line add', '-': 'line remove' };

function lineView({ text, before, after }: Line, steps: readonly number[]): HTMLElement {
  const marks = steps.map((step) =>
    el(
      'span',
      { class: 'step-mark', title: `Step ${step}` },
      el('span', { class: 'unseen' }, 'step '),
      String(step),
    ),
  );
  return el(
    'div',
    { class: `${KINDS[text.charAt(0)] ?? 'line'}${steps.length === 0 ? '' : ' marked'}` },
    el('span', { class: 'no' }, String(before ?? '')),
    el('span', { class: 'no' }, String(after ?? '')),
    el('code', {}, text),
    ...marks,
  );
}

/** Lines that come into sight when somebody asks for them. */
function fold(lines: readonly Line[]): HTMLElement {
  const button = el('button', { type: 'button', class: 'fold' }, `Show ${counted(lines.length, 'line')}`);
  button.addEventListener('click', () => button.replaceWith(...lines.map((line) => lineView(line, []))));
  return button;
}
