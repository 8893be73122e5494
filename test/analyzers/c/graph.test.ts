import { describe, expect, it } from 'vitest';
import { printGraph } from '../../../analyzers/c/graph.ts';
import { unitsOfFile } from '../../../analyzers/c/units.ts';
import { graph } from './graph-text.ts';

describe('the control-flow graph', () => {
  it.each([
    ['statements in a row', 'a(); x = b(c());', '0: a(); c(); b(c()); return'],
    ['if', 'if (x) a(); b();', '0: ? 1 : 2\n1: a(); -> 3\n2: -> 3\n3: b(); return'],
    ['if with else', 'if (x) a(); else b();', '0: ? 1 : 2\n1: a(); -> 3\n2: b(); -> 3\n3: return'],
    ['not', 'if (!a()) b();', '0: a(); ? 1 : 2\n1: -> 3\n2: b(); -> 3\n3: return'],
    ['and', 'if (a() && b()) c();', '0: a(); ? 1 : 2\n1: b(); ? 3 : 2\n2: -> 4\n3: c(); -> 4\n4: return'],
    ['or', 'if (a() || b()) c();', '0: a(); ? 1 : 2\n1: c(); -> 3\n2: b(); ? 1 : 4\n3: return\n4: -> 3'],
    ['comma', 'if (a(), b()) c();', '0: a(); b(); ? 1 : 2\n1: c(); -> 3\n2: -> 3\n3: return'],
    ['hints', 'if (unlikely(a())) c();', '0: a(); ? 1 : 2\n1: c(); -> 3\n2: -> 3\n3: return'],
    [
      'a conditional test',
      'if (x ? a() : b()) c();',
      '0: ? 1 : 2\n1: a(); ? 3 : 4\n2: b(); ? 3 : 4\n3: c(); -> 5\n4: -> 5\n5: return',
    ],
    ['a conditional value', 'x = y ? a() : b();', '0: ? 1 : 2\n1: a(); -> 3\n2: b(); -> 3\n3: return'],
    [
      'a missing middle',
      'x = a() ?: b();',
      '0: a(); ? 1 : 2\n1: -> 3\n2: b(); -> 3\n3: x = a() ?: b(); return',
    ],
    ['a stored truth', 'x = !a();', '0: a(); ? 1 : 2\n1: x = !a(); -> 3\n2: x = !a(); -> 3\n3: return'],
    ['while', 'while (x) { a = 1; }', '0: -> 1\n1: ? 2 : 3\n2: a = 1; -> 4\n3: return\n4: -> 1'],
    [
      'while with calls',
      'while (x) a();',
      '0: ? 1 : 2\n1: a(); -> 3\n2: skipped; -> 4\n3: -> 5\n4: return\n5: ? 1 : 4',
    ],
    ['do', 'do a(); while (x);', '0: -> 1\n1: a(); -> 2\n2: -> 3\n3: ? 1 : 4\n4: return'],
    [
      'do once',
      'do { if (x) break; a(); } while (0);',
      '0: -> 1\n1: ? 2 : 3\n2: -> 4\n3: -> 5\n4: return\n5: a(); -> 6\n6: -> 7\n7: -> 4',
    ],
    [
      'for without end',
      'for (;;) { if (x) break; y = 1; }',
      '0: -> 1\n1: -> 2\n2: ? 3 : 4\n3: -> 5\n4: -> 6\n5: return\n6: y = 1; -> 7\n7: -> 1',
    ],
    [
      'continue',
      'for (i = 0; i < n; i++) { if (x) continue; y = 1; }',
      '0: i = 0; -> 1\n1: ? 2 : 3\n2: ? 4 : 5\n3: return\n4: -> 6\n5: -> 7\n6: i++; -> 1\n7: y = 1; -> 6',
    ],
    [
      'iterator macros',
      '\tlist_for_each_entry(p, &head, list) a();',
      '0: -> 1 | 2\n1: rebind; a(); -> 3\n2: skipped; -> 4\n3: -> 1 | 4\n4: return',
    ],
    ['goto', 'if (x) goto out; a(); out: b();', '0: ? 1 : 2\n1: -> 3\n2: -> 4\n3: b(); return\n4: a(); -> 3'],
    ['goto back', 'again: a(); if (x) goto again;', '0: -> 1\n1: a(); ? 2 : 3\n2: -> 1\n3: -> 4\n4: return'],
    ['goto nowhere', 'goto away;', '0: leave'],
    ['computed goto', 'goto *x; a: b();', '0: -> 1\n1: b(); return'],
    ['return', 'return a(); b();', '0: a(); return'],
    ['a conditional return', 'return x ? a() : b();', '0: ? 1 : 2\n1: a(); return\n2: b(); return'],
    [
      'switch',
      'switch (x) { case 1: a(); case 2: b(); break; default: c(); }',
      '0: ? 1 : 2\n1: a(); -> 3\n2: ? 3 : 4\n3: b(); -> 5\n4: -> 6\n5: return\n6: c(); -> 5',
    ],
    ['switch without default', 'switch (x) { case A: a(); }', '0: ? 1 : 2\n1: a(); -> 3\n2: -> 3\n3: return'],
    ['case ranges', 'switch (x) { case 1 ... 3: a(); }', '0: -> 1 | 2\n1: a(); -> 2\n2: return'],
    [
      'continue in a switch',
      'while (x) switch (y) { case 1: continue; }',
      '0: -> 1\n1: ? 2 : 3\n2: ? 4 : 5\n3: return\n4: -> 6\n5: -> 7\n6: -> 1\n7: -> 6',
    ],
    [
      '#ifdef',
      '#ifdef A\na();\n#else\nb();\n#endif\nc();',
      '0: ? 1 : 2\n1: a(); -> 3\n2: b(); -> 3\n3: c(); return',
    ],
    ['#if 0', '#if 0\na();\n#endif\nc();', '0: -> 1\n1: -> 2\n2: c(); return'],
    ['statement expressions', 'x = ({ a(); b(); });', '0: a(); b(); return'],
    ['nested functions are no code', 'a(); typeof(b()) c; sizeof(d());', '0: a(); return'],
    ['empty', ';;', '0: return'],
  ])('%s', (_, body, wanted) => {
    expect(graph(body)).toBe(wanted);
  });

  it('gives up a statement with a syntax error, and only that one', () => {
    const [unit] = unitsOfFile('void f(void)\n{\n\ta();\n\tdemofs x = y z;\n\tb();\n}\n');
    expect(unit?.unreadable).toBeGreaterThan(0);
    const text = unit === undefined ? '' : printGraph(unit.graph, unit.text);
    expect(text).toContain('a()');
    expect(text).toContain('unreadable');
    expect(text).toContain('b()');
  });
});
