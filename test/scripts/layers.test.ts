import { describe, expect, it } from 'vitest';
import { layerViolations } from '../../scripts/layers.ts';

function violation(path: string, target: string): string[] {
  return layerViolations([{ path, text: `import { x } from '${target}';\n` }]);
}

describe('the direction of imports', () => {
  it.each([
    ['analyzers/flow/a.ts', '../rules/b.ts'],
    ['analyzers/c/a.ts', '../events/b.ts'],
    ['analyzers/rules/a.ts', '../model/b.ts'],
    ['analyzers/model/a.ts', '../rules/b.ts'],
    ['analyzers/diff/a.ts', '../../corpus/mail/b.ts'],
    ['analyzers/review/a.ts', '../../bot/cli.ts'],
    ['analyzers/review/a.ts', '../unheard-of/b.ts'],
    ['corpus/mail/a.ts', '../../analyzers/flow/b.ts'],
    ['corpus/mail/a.ts', '../../bot/cli.ts'],
  ])('%s may not import %s', (path, target) => {
    expect(violation(path, target)).toEqual([expect.stringContaining(path)]);
  });

  it.each([
    ['analyzers/rules/a.ts', '../flow/b.ts'],
    ['analyzers/review/a.ts', '../model/b.ts'],
    ['analyzers/rules/a.ts', './b.ts'],
    ['corpus/mail/a.ts', '../../analyzers/diff/b.ts'],
    ['bot/cli.ts', '../analyzers/rules/b.ts'],
    ['bot/cli.ts', '../corpus/mail/b.ts'],
    ['test/x.test.ts', '../bot/cli.ts'],
  ])('%s may import %s', (path, target) => {
    expect(violation(path, target)).toEqual([]);
  });

  it('is checked for types, re-exports and dynamic imports too', () => {
    const text =
      "import type { A } from '../rules/a.ts';\nexport * from '../rules/b.ts';\nawait import('../rules/c.ts');\n";
    expect(layerViolations([{ path: 'analyzers/flow/x.ts', text }])).toHaveLength(3);
  });
});
