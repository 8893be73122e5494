/** How findings are named and marked: words and shapes, so that nobody needs the colours. */

import type { FindingRow } from '../data.ts';
import { el, svg } from './dom.ts';

export const CONFIDENCES = ['confirmed', 'likely', 'advice'] as const;

export const STATUSES = ['introduced', 'pre-existing', 'fixed'] as const;

type Mark = FindingRow['confidence'] | 'fixed';

/** A full circle, a half one, an empty one; a tick for what is gone. */
const SHAPES: Readonly<Record<Mark, string>> = {
  confirmed: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z',
  likely: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 1.6v8.8a4.4 4.4 0 0 1 0-8.8z',
  advice: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 1.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8z',
  fixed: 'M6.4 12.4 2.6 8.6l1.2-1.2 2.6 2.6 5.8-5.8 1.2 1.2z',
};

export function markOf({ confidence, status }: FindingRow): Mark {
  return status === 'fixed' ? 'fixed' : confidence;
}

/** `confirmed`, `likely, pre-existing`. */
export function standingOf({ confidence, status }: FindingRow): string {
  if (status === 'fixed') return 'fixed';
  return status === null || status === 'introduced' ? confidence : `${confidence}, ${status}`;
}

export function markIcon(mark: Mark): SVGSVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 16 16', width: 14, height: 14, 'aria-hidden': 'true', class: `mark ${mark}` },
    svg('path', { d: SHAPES[mark], 'fill-rule': 'evenodd' }),
  );
}

export function badge(row: FindingRow): HTMLElement {
  const mark = markOf(row);
  return el('span', { class: `badge ${mark}` }, markIcon(mark), standingOf(row));
}

export function placeOf({ path, line }: FindingRow): string {
  return `${path}:${line}`;
}
