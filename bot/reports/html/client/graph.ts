/**
 * The wait-for graph: a box for each task with what it has, an arrow from each that waits to whom it waits for. A witness that
 * ends in a deadlock closes its circle with the last step.
 */

import type { PlayerData, WaitData } from '../data.ts';
import { svg } from './dom.ts';
import { isOver, momentOf, stateOf, waitsAt, waitText } from './moment.ts';

/** Of the picture, and in letters what fits into a box. */
interface Size {
  readonly width: number;
  readonly boxWidth: number;
  readonly maxTitle: number;
  readonly maxHeld: number;
}

const WIDE: Size = { width: 520, boxWidth: 176, maxTitle: 22, maxHeld: 28 };
const NARROW: Size = { width: 330, boxWidth: 148, maxTitle: 18, maxHeld: 23 };

/** In less room the letters of the wide one would be too small. */
const MIN_WIDE = 430;

const BOX_HEIGHT = 66;
const MARGIN = 8;

/** In letters, beside an arrow. */
const MAX_LABEL = 20;

/** Lines for what a task has, in its box. */
const HELD_LINES = 2;

/** Where words stand, and whether they begin, end or are centred there. */
interface Label extends Point {
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pictures in the page: what one draws with must not be looked for in another, which may be hidden. */
let pictures = 0;

/** `room` is what there is of it in width; 0 where nobody knows. */
export function drawGraph(data: PlayerData, made: number, room: number): SVGSVGElement {
  const size = room > 0 && room < MIN_WIDE ? NARROW : WIDE;
  const layout = layoutOf(data, size);
  const waits = waitsAt(data, made);
  const closing = isOver(data, made) ? data.circle.length : 0;
  const id = `graph-${++pictures}`;
  const edges = waits.map((wait, index) =>
    edgeOf(layout, waits, wait, index < closing ? `${id}-closing` : id),
  );
  const texts = waits.map((wait) => `${waitText(data, wait)}.`);
  return svg(
    'svg',
    {
      viewBox: `0 0 ${size.width} ${layout.height}`,
      class: `graph${closing > 0 ? ' closed' : ''}`,
      role: 'img',
      'aria-label':
        texts.length === 0 ? 'Wait-for graph: nobody waits.' : `Wait-for graph: ${texts.join(' ')}`,
    },
    svg('defs', {}, arrowHead(id, 'arrow'), arrowHead(`${id}-closing`, 'arrow closing')),
    ...data.tasks.map((_, task) => boxOf(data, layout, made, task)),
    ...edges,
  );
}

function arrowHead(id: string, look: string): SVGElement {
  return svg(
    'marker',
    {
      id,
      viewBox: '0 0 10 10',
      refX: 9,
      refY: 5,
      markerWidth: 7,
      markerHeight: 7,
      orient: 'auto-start-reverse',
    },
    svg('path', { d: 'M0 0 10 5 0 10z', class: look }),
  );
}

interface Layout {
  readonly size: Size;
  readonly height: number;
  /** Middles of the boxes, by task. */
  readonly middles: readonly Point[];
}

/** Tasks of the circle in its order, so that its arrows go round; the others behind them. */
function layoutOf({ tasks, circle, ends }: PlayerData, size: Size): Layout {
  const order = [
    ...new Set([...circle.flatMap(([from, on]) => [from, on]), ...ends.map(({ task }) => task)]),
  ];
  const others = tasks.map((_, task) => task).filter((task) => !order.includes(task));
  const spots = spotsFor(tasks.length, size);
  const middles: Point[] = [];
  for (const [index, task] of [...order, ...others].entries())
    middles[task] = spots.points[index] ?? { x: 0, y: 0 };
  return { size, height: spots.height, middles };
}

function spotsFor(
  count: number,
  { width, boxWidth }: Size,
): { readonly points: readonly Point[]; readonly height: number } {
  const left = MARGIN + boxWidth / 2;
  const right = width - left;
  const middle = width / 2;
  if (count === 1) return { points: [{ x: middle, y: 110 }], height: 160 };
  if (count === 2 && width === NARROW.width) {
    return {
      points: [
        { x: middle, y: 45 },
        { x: middle, y: 195 },
      ],
      height: 240,
    };
  }
  if (count === 2)
    return {
      points: [
        { x: left, y: 90 },
        { x: right, y: 90 },
      ],
      height: 180,
    };
  const top = MARGIN + BOX_HEIGHT / 2 + 20;
  const bottom = top + 160;
  const height = bottom + BOX_HEIGHT / 2 + 20;
  const corners = [
    { x: left, y: top },
    { x: right, y: top },
  ];
  if (count === 3) return { points: [...corners, { x: middle, y: bottom }], height };
  if (count === 4) return { points: [...corners, { x: right, y: bottom }, { x: left, y: bottom }], height };
  // Two columns, down on the right and up on the left.
  const rows = Math.ceil(count / 2);
  const yOf = (row: number): number => top + row * 130;
  const points = Array.from({ length: count }, (_, index) =>
    index < rows ? { x: right, y: yOf(index) } : { x: left, y: yOf(count - 1 - index) },
  );
  return { points, height: yOf(rows - 1) + BOX_HEIGHT / 2 + 20 };
}

function boxOf(data: PlayerData, { middles, size }: Layout, made: number, task: number): SVGElement {
  const { x, y } = middles[task] ?? { x: 0, y: 0 };
  const held = momentOf(data, made)
    .holds.filter(([owner]) => owner === task)
    .map(([, what]) => what);
  const lines =
    held.length <= HELD_LINES
      ? held
      : [...held.slice(0, HELD_LINES - 1), `and ${held.length - HELD_LINES + 1} more`];
  const texts = [
    svg(
      'text',
      { class: 'task', y: lines.length === 0 ? 5 : 5 - lines.length * 8 },
      cut(data.tasks[task] ?? '', size.maxTitle),
    ),
    ...lines.map((what, line) =>
      svg(
        'text',
        { class: 'held', y: 7 + (line - lines.length / 2 + 1) * 16 },
        cut(what.startsWith('and ') ? what : `has ${what}`, size.maxHeld),
      ),
    ),
  ];
  return svg(
    'g',
    { transform: `translate(${x} ${y})`, class: `box ${stateOf(data, made, task).replace(' ', '-')}` },
    svg('rect', {
      x: -size.boxWidth / 2,
      y: -BOX_HEIGHT / 2,
      width: size.boxWidth,
      height: BOX_HEIGHT,
      rx: 8,
    }),
    ...texts,
  );
}

function edgeOf(
  { middles, size }: Layout,
  all: readonly WaitData[],
  wait: WaitData,
  head: string,
): SVGElement {
  const [from, on, what] = wait;
  const a = middles[from] ?? { x: 0, y: 0 };
  const b = middles[on] ?? { x: 0, y: 0 };
  const isMutual = from !== on && all.some(([otherFrom, otherOn]) => otherFrom === on && otherOn === from);
  const { path, label } = from === on ? loop(a) : arrow(a, b, isMutual, size);
  const lines = linesOf(what);
  return svg(
    'g',
    { class: head.endsWith('closing') ? 'edge closing' : 'edge' },
    svg('path', { d: path, 'marker-end': `url(#${head})` }),
    ...lines.map((line, index) =>
      svg(
        'text',
        { class: label.anchor, x: label.x, y: label.y + 4 + (index - (lines.length - 1) / 2) * 15 },
        line,
      ),
    ),
  );
}

/** Out of the top of the box and back into it. */
function loop({ x, y }: Point): { readonly path: string; readonly label: Label } {
  const top = y - BOX_HEIGHT / 2;
  return {
    path: `M${x - 40} ${top}C${x - 70} ${top - 70} ${x + 70} ${top - 70} ${x + 40} ${top - 2}`,
    label: { x, y: top - 54, anchor: 'middle' },
  };
}

/** Bent where another arrow comes back, so that the two stand apart. */
function arrow(
  a: Point,
  b: Point,
  isMutual: boolean,
  { width, boxWidth }: Size,
): { readonly path: string; readonly label: Label } {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const bend = isMutual ? 46 : 0;
  const middle = {
    x: (a.x + b.x) / 2 + ((b.y - a.y) / length) * bend,
    y: (a.y + b.y) / 2 - ((b.x - a.x) / length) * bend,
  };
  const start = edgePoint(a, middle, boxWidth);
  const end = edgePoint(b, middle, boxWidth);
  const isFlat = Math.abs(a.y - b.y) < 1;
  const top = { x: (start.x + end.x + 2 * middle.x) / 4, y: (start.y + end.y + 2 * middle.y) / 4 };
  const path = `M${start.x} ${start.y}Q${middle.x} ${middle.y} ${end.x} ${end.y}`;
  // Beside the arrow, on the side to which it is bent.
  if (isMutual && Math.abs(a.x - b.x) < 1) {
    const isRight = middle.x > a.x;
    return { path, label: { x: top.x + (isRight ? 8 : -8), y: top.y, anchor: isRight ? 'start' : 'end' } };
  }
  const straight = width === NARROW.width ? -BOX_HEIGHT / 2 - 12 : -18;
  const away = isFlat ? Math.sign(middle.y - a.y) * 16 || straight : 0;
  return { path, label: { x: top.x, y: top.y + away, anchor: 'middle' } };
}

/** Where the line from the middle of a box to a point leaves the box. */
function edgePoint(box: Point, to: Point, boxWidth: number): Point {
  const dx = to.x - box.x;
  const dy = to.y - box.y;
  const scale = Math.min(
    Math.abs(dx) < 1e-6 ? Number.POSITIVE_INFINITY : (boxWidth / 2 + 3) / Math.abs(dx),
    Math.abs(dy) < 1e-6 ? Number.POSITIVE_INFINITY : (BOX_HEIGHT / 2 + 3) / Math.abs(dy),
  );
  return { x: round(box.x + dx * scale), y: round(box.y + dy * scale) };
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}

/** One line, or two of about the same length. */
function linesOf(text: string): readonly string[] {
  if (text.length <= MAX_LABEL) return [text];
  const words = text.split(' ');
  const breaks = words.slice(1).map((_, index) => words.slice(0, index + 1).join(' '));
  const best = breaks.toSorted(
    (one, other) => Math.abs(one.length - text.length / 2) - Math.abs(other.length - text.length / 2),
  )[0];
  return best === undefined ? [cut(text, MAX_LABEL + 8)] : [best, text.slice(best.length + 1)];
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
