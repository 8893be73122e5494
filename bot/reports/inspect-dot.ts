/** `inspect` for Graphviz: a cluster for each function, a box for each block, an edge for each way that control goes. */

import type { OutlineBlock } from '../../analyzers/events/outline.ts';
import type { InspectedFunction, InspectItem } from '../pipeline/inspect.ts';
import { escaped, quoted } from './dot.ts';
import { blockTitle, eventLines, functionTitle, type InspectOptions, shownBlocks } from './inspect-lines.ts';

export const DOT_BEGIN = 'digraph patchwitness {\n  node [shape=box, fontname="monospace"];\n';

/** The clusters of one item; `index` tells the items of one graph apart. */
export function inspectItemDot(item: InspectItem, index: number, options: InspectOptions): string {
  switch (item.kind) {
    case 'function':
      return cluster(item.function, `f${index}`, `${item.path}: ${functionTitle(item.function)}`, options);
    case 'change': {
      const { pre, post } = item.change;
      const before =
        pre === null ? '' : cluster(pre, `f${index}pre`, `before: ${functionTitle(pre)}`, options);
      const after =
        post === null ? '' : cluster(post, `f${index}post`, `after: ${functionTitle(post)}`, options);
      return before + after;
    }
    case 'unread':
      return `  f${index} [shape=plaintext, label=${quoted(`${item.path}: not read: ${item.reason}`)}];\n`;
  }
}

function cluster(fn: InspectedFunction, id: string, title: string, options: InspectOptions): string {
  const blocks = shownBlocks(fn, options);
  const nodes = blocks.map((block) => {
    const events = eventLines(block, options).map(
      ({ line, code, what }) => `${line ?? ''}  ${code}  ${what}`,
    );
    const label = [blockTitle(block), ...events].map((text) => `${escaped(text)}\\l`).join('');
    return `    ${id}_${block.id} [label="${label}"];\n`;
  });
  const edges = blocks.flatMap((block) => edgesOf(block, id));
  return `  subgraph cluster_${id} {\n    label=${quoted(title)};\n${nodes.join('')}${edges.join('')}  }\n`;
}

function edgesOf({ id: from, jump }: OutlineBlock, id: string): string[] {
  const edge = (to: number, label: string): string => {
    const attributes = label === '' ? '' : ` [label=${quoted(label)}]`;
    return `    ${id}_${from} -> ${id}_${to}${attributes};\n`;
  };
  if (jump.kind !== 'branch') return jump.to.map((to) => edge(to, ''));
  const test = jump.test ?? 'a test that is not followed';
  return jump.to.map((to, index) => edge(to, index === 0 ? test : 'else'));
}
