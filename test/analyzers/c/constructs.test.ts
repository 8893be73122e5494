import { describe, expect, it } from 'vitest';
import { graph } from './graph-text.ts';

describe('paths through', () => {
  it.each([
    [
      'goto into a loop',
      'goto in; while (x) { y = 1; in: a(); } b();',
      '0: -> 1\n1: a(); -> 2\n2: -> 3\n3: ? 4 : 5\n4: y = 1; -> 1\n5: b(); return',
    ],
    [
      'goto out of two loops',
      'while (x) { while (y) { if (z) goto out; w = 1; } } out: b();',
      '0: -> 1\n1: ? 2 : 3\n2: -> 4\n3: -> 5\n4: ? 6 : 7\n5: b(); return\n6: ? 8 : 9\n7: -> 10\n8: -> 5\n9: -> 11\n10: -> 1\n11: w = 1; -> 12\n12: -> 4',
    ],
    [
      'a label at the end',
      'if (x) goto out; a(); out:',
      '0: ? 1 : 2\n1: -> 3\n2: -> 4\n3: return\n4: a(); -> 3',
    ],
    [
      'two labels in a row',
      'if (x) goto b; if (y) goto c; b: c: a();',
      '0: ? 1 : 2\n1: -> 3\n2: -> 4\n3: -> 5\n4: ? 6 : 7\n5: a(); return\n6: -> 5\n7: -> 8\n8: -> 3',
    ],
    [
      'fallthrough',
      'switch (x) { case 1: a(); fallthrough; case 2: b(); }',
      '0: ? 1 : 2\n1: a(); -> 3\n2: ? 3 : 4\n3: b(); -> 5\n4: -> 5\n5: return',
    ],
    [
      'default in the middle',
      'switch (x) { case 1: a(); break; default: b(); break; case 2: c(); }',
      '0: ? 1 : 2\n1: a(); -> 3\n2: ? 4 : 5\n3: return\n4: c(); -> 3\n5: -> 6\n6: b(); -> 3',
    ],
    [
      'default that falls through',
      'switch (x) { default: b(); case 2: c(); }',
      '0: ? 1 : 2\n1: c(); -> 3\n2: -> 4\n3: return\n4: b(); -> 1',
    ],
    [
      'cases inside a loop',
      'switch (n) { case 0: do { a(); case 1: b(); } while (x); }',
      '0: ? 1 : 2\n1: -> 3\n2: ? 4 : 5\n3: a(); -> 4\n4: b(); -> 6\n5: -> 7\n6: -> 8\n7: return\n8: ? 3 : 9\n9: -> 7',
    ],
    [
      'break of a loop in a switch',
      'switch (n) { case 0: while (x) break; a(); }',
      '0: ? 1 : 2\n1: -> 3\n2: -> 4\n3: ? 5 : 6\n4: return\n5: -> 6\n6: a(); -> 4',
    ],
    [
      'a computed goto through a table',
      'void *t[] = { &&one, &&two }; goto *t[i]; one: a(); two: b(); three: c();',
      '0: *t[] = { &&one, &&two }; -> 1 | 2\n1: -> 3\n2: -> 4\n3: a(); -> 4\n4: b(); -> 5\n5: c(); return',
    ],
    [
      'asm goto',
      'asm goto("jmp %l0" : : "r"(x) : : out); a(); out: b();',
      '0: asm goto("jmp %l0" : : "r"(x) : : out); -> 1 | 2\n1: a(); -> 3\n2: -> 3\n3: b(); return',
    ],
    [
      'return in a statement expression',
      'x = ({ if (y) return; a(); }); b();',
      '0: ? 1 : 2\n1: return\n2: -> 3\n3: a(); b(); return',
    ],
    [
      'break in a statement expression',
      'while (x) { y = ({ if (z) break; w; }); v = 1; }',
      '0: -> 1\n1: ? 2 : 3\n2: ? 4 : 5\n3: return\n4: -> 3\n5: -> 6\n6: y = ({ if (z) break; w; }); v = 1; -> 7\n7: -> 1',
    ],
    [
      'goto in a macro that tests',
      'if (({ a(); b(); })) c();',
      '0: a(); b(); ? 1 : 2\n1: c(); -> 3\n2: -> 3\n3: return',
    ],
    [
      'a missing middle as a test',
      'if (a() ?: b()) c();',
      '0: a(); ? 1 : 2\n1: c(); -> 3\n2: b(); ? 1 : 4\n3: return\n4: -> 3',
    ],
    [
      'short circuit in an argument',
      'a(b() && c());',
      '0: b(); ? 1 : 2\n1: c(); -> 2\n2: a(b() && c()); return',
    ],
    [
      'nested short circuit',
      'if ((a() || b()) && !(c() && d())) e();',
      '0: a(); ? 1 : 2\n1: c(); ? 3 : 4\n2: b(); ? 1 : 5\n3: d(); ? 5 : 4\n4: e(); -> 6\n5: -> 6\n6: return',
    ],
    [
      'a conditional in a call',
      'a(x ? b() : c());',
      '0: ? 1 : 2\n1: b(); -> 3\n2: c(); -> 3\n3: a(x ? b() : c()); return',
    ],
    [
      'a conditional stored in a conditional',
      'v = x ? y ? a() : b() : c();',
      '0: ? 1 : 2\n1: ? 3 : 4\n2: c(); -> 5\n3: a(); -> 6\n4: b(); -> 6\n5: return\n6: -> 5',
    ],
    [
      'comma in for',
      'for (i = 0, a(); i < n; i++, b()) c();',
      '0: i = 0; a(); ? 1 : 2\n1: c(); -> 3\n2: skipped; -> 4\n3: i++; b(); -> 5\n4: return\n5: ? 1 : 4',
    ],
    [
      'declarations in for',
      'for (int i = a(), j = b(); i < j; i++) x = 1;',
      '0: a(); b(); -> 1\n1: ? 2 : 3\n2: x = 1; -> 4\n3: return\n4: i++; -> 1',
    ],
    [
      'while (1)',
      'while (1) { if (a()) break; } b();',
      '0: -> 1\n1: a(); ? 2 : 3\n2: -> 4\n3: -> 5\n4: b(); return\n5: -> 6\n6: -> 7\n7: -> 1',
    ],
    ['while (0)', 'while (0) a(); b();', '0: -> 1\n1: skipped; -> 2\n2: b(); return'],
    ['return of a call with a test', 'return a() && b();', '0: a(); ? 1 : 2\n1: b(); -> 2\n2: return'],
    ['code behind a return', 'return; a(); out: b();', '0: return'],
    [
      'IS_ENABLED',
      'if (IS_ENABLED(CONFIG_DEMOFS)) a(); else b();',
      '0: ? 1 : 2\n1: a(); -> 3\n2: b(); -> 3\n3: return',
    ],
    [
      'designated initialisers',
      'struct demofs x = { .a = a(), .b = { b(), c() } };',
      '0: a(); b(); c(); x = { .a = a(), .b = { b(), c() } }; return',
    ],
    [
      'compound literals',
      'd((struct demofs){ .a = a(), .b = b() });',
      '0: a(); b(); d((struct demofs){ .a = a(), .b = b() }); return',
    ],
    [
      'sizeof, typeof and offsetof',
      'x = sizeof(a()); x = sizeof b(); typeof(c()) y = d(); x = offsetof(struct demofs, z);',
      '0: x = sizeof(a()); x = sizeof b(); d(); x = offsetof(struct demofs, z); return',
    ],
    [
      'what only the compiler looks at',
      'BUILD_BUG_ON(a()); if (__builtin_constant_p(b())) c();',
      '0: ? 1 : 2\n1: c(); -> 3\n2: -> 3\n3: return',
    ],
    [
      '_Generic',
      'x = _Generic(a(), int: b(), default: c());',
      '0: ? 1 : 2\n1: b(); -> 3\n2: c(); -> 3\n3: return',
    ],
    [
      '__builtin_choose_expr',
      'x = __builtin_choose_expr(y, a(), b());',
      '0: ? 1 : 2\n1: a(); -> 3\n2: b(); -> 3\n3: return',
    ],
    [
      'an assignment in a test',
      'if ((x = a()) && b(x)) c();',
      '0: a(); ? 1 : 2\n1: b(x); ? 3 : 2\n2: -> 4\n3: c(); -> 4\n4: return',
    ],
    [
      'an assignment in a loop test',
      'while ((p = next(p)) != NULL) a();',
      '0: next(p); ? 1 : 2\n1: a(); -> 3\n2: skipped; -> 4\n3: -> 5\n4: return\n5: next(p); ? 1 : 4',
    ],
    [
      'calls through members and pointers',
      'ops->get(a()); (*fn)(b()); table[c()](d());',
      '0: a(); ops->get(a()); b(); (*fn)(b()); c(); d(); table[c()](d()); return',
    ],
    [
      'nested arguments, left to right',
      'a(b(c()), d(e()));',
      '0: c(); b(c()); e(); d(e()); a(b(c()), d(e())); return',
    ],
    ['operands, left to right', 'x = a() + b() * c();', '0: a(); b(); c(); x = a() + b() * c(); return'],
    ['a place that is computed', '*a() = b(); c()->field = d();', '0: a(); b(); c(); d(); return'],
    [
      'a list of iterators',
      '\tlist_for_each_entry(p, &h, l)\n\t\tfor_each_set_bit(i, p->map, n)\n\t\t\ta();',
      '0: -> 1 | 2\n1: rebind; -> 3 | 4\n2: skipped; -> 5\n3: rebind; a(); -> 6\n4: skipped; -> 7\n5: return\n6: -> 3 | 7\n7: -> 8\n8: -> 1 | 5',
    ],
    [
      'break in an iterator',
      '\tlist_for_each_entry(p, &h, l) { if (a(p)) break; b(p); }',
      '0: -> 1 | 2\n1: rebind; a(p); ? 3 : 4\n2: skipped; -> 5\n3: -> 5\n4: -> 6\n5: return\n6: b(p); -> 7\n7: -> 1 | 5',
    ],
    [
      'hints with more arguments',
      'if (WARN_ONCE(a(), "x")) b();',
      '0: a(); ? 1 : 2\n1: b(); -> 3\n2: -> 3\n3: return',
    ],
    [
      'an empty body',
      'for (p = h; p; p = p->next); while (x);',
      '0: p = h; -> 1\n1: ? 2 : 3\n2: -> 4\n3: -> 5\n4: p = p->next; -> 1\n5: ? 6 : 7\n6: -> 8\n7: return\n8: -> 5',
    ],
    [
      '#elif',
      '#if A\na();\n#elif B\nb();\n#endif\nc();',
      '0: ? 1 : 2\n1: a(); -> 3\n2: ? 4 : 5\n3: c(); return\n4: b(); -> 6\n5: -> 6\n6: -> 3',
    ],
    [
      'assembler',
      'asm volatile("" : "=r"(x) : "r"(a()) : "memory"); b();',
      '0: a(); asm volatile("" : "=r"(x) : "r"(a()) : "memory"); b(); return',
    ],
  ])('%s', (_, body, wanted) => {
    expect(graph(body)).toBe(wanted);
  });
});
