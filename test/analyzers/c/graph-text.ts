/** The control-flow graph of a function body as text that does not depend on how blocks are numbered. */

import { printGraph } from '../../../analyzers/c/graph.ts';
import { unitsOfFile } from '../../../analyzers/c/units.ts';

/** The graph of a body, without the blocks that no way leads to, numbered anew in the order they are met. */
export function graph(body: string): string {
  const [unit] = unitsOfFile(`void f(void)\n{\n${body}\n}\n`);
  if (unit === undefined) throw new Error('no function');
  const lines = printGraph(unit.graph, unit.text).split('\n');
  const order: string[] = ['0'];
  for (const id of order) {
    const jump =
      (lines[Number(id)] ?? '')
        .split('; ')
        .at(-1)
        ?.replace(/^\d+: /, '') ?? '';
    for (const next of jump.match(/\d+/g) ?? []) if (!order.includes(next)) order.push(next);
  }
  const rename = (text: string): string => text.replace(/\d+/g, (id) => String(order.indexOf(id)));
  return order
    .map((id) => {
      const parts = (lines[Number(id)] ?? '').replace(/^\d+: /, '').split('; ');
      const jump = rename(parts.pop() ?? '');
      return `${order.indexOf(id)}: ${[...parts, jump].join('; ')}`;
    })
    .join('\n');
}
