import { describe, expect, it } from 'vitest';
import { printGraph } from '../../../analyzers/c/graph.ts';
import { unitsOfFile, unitsOfHunk } from '../../../analyzers/c/units.ts';

function operations(body: string): number {
  const [unit] = unitsOfFile(`void f(void)\n{\n${body}\n}\n`);
  return unit?.graph.blocks.reduce((sum, block) => sum + block.operations.length + 1, 0) ?? 0;
}

function scopes(count: number): string {
  return '\tguard(mutex)(&l);\n\tif (x) return;\n'.repeat(count);
}

function gotos(count: number): string {
  return Array.from({ length: count }, (_, index) => `l${index}: if (x) goto *p;`).join('\n');
}

describe('scopes and jumps in generated text', () => {
  it('let the graph grow with the text, not with its square', () => {
    expect(operations(scopes(3000))).toBeLessThan(3 * operations(scopes(1500)));
    expect(operations(gotos(3000))).toBeLessThan(3 * operations(gotos(1500)));
  });
});

describe('scopes in a hunk', () => {
  it.each([
    ['end where the hunk ends', ['\tguard(mutex)(&l);', '\ta();'], 'enter guard(mutex)(&l); a(); leave'],
    [
      'are undone on the way to a loop that is out of sight',
      ['\t\tguard(mutex)(&l);', '\t\tif (x)', '\t\t\tbreak;', '\t\ta();'],
      'undo guard(mutex)(&l); leave',
    ],
    [
      'end with a block whose beginning is out of sight',
      ['\t\tguard(mutex)(&l);', '\t\ta();', '\t}', '\tb();'],
      'a(); undo guard(mutex)(&l); ->',
    ],
  ])('%s', (_, lines, wanted) => {
    const [unit] = unitsOfHunk(lines, 10, 'static int demofs_sync(struct inode *inode)');
    expect(unit === undefined ? '' : printGraph(unit.graph, unit.text)).toContain(wanted);
  });
});
