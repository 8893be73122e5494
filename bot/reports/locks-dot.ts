/**
 * `locks` for Graphviz: an edge from a lock to each that is taken with it held, and to `reclaim` and `fault` where these may be
 * entered. What is in a circle is red: somebody takes the two the other way round, perhaps by a third.
 */

import type { LockOrder } from '../../analyzers/index/lock-table.ts';
import { DOT_END, quoted } from './dot.ts';

const CIRCLE = 'red';

export function lockOrderDot(orders: readonly LockOrder[]): string {
  const edges = orders.map(edgeOf);
  const entered = [...new Set(orders.flatMap(({ isLock, to }) => (isLock ? [] : [to])))];
  const nodes = entered
    .toSorted()
    .map((name) => `  ${enteredId(name)} [label=${quoted(name)}, shape=ellipse];\n`);
  return `digraph locks {\n  node [shape=box];\n${nodes.join('')}${edges.join('')}${DOT_END}`;
}

/** No lock has such a name. */
function enteredId(name: string): string {
  return quoted(`@${name}`);
}

function edgeOf({ from, to, isLock, places, example, isInCircle }: LockOrder): string {
  const { function: name, path, at } = example;
  const attributes = [
    `label=${quoted(String(places))}`,
    `tooltip=${quoted(`${path}:${at.line} ${name}()`)}`,
    ...(isInCircle ? [`color=${CIRCLE}`] : []),
  ];
  return `  ${quoted(from)} -> ${isLock ? quoted(to) : enteredId(to)} [${attributes.join(', ')}];\n`;
}
