import { describe, expect, it } from 'vitest';
import { rewriteKernelC } from '../../../analyzers/c/rewrite.ts';
import { fc, tokenSoup } from '../tokens.ts';

function rewritten(source: string): string {
  return rewriteKernelC(source).text;
}

describe('rewriteKernelC', () => {
  it.each([
    ['static int __init demofs_init(void)', 'static int        demofs_init(void)'],
    ['void __user *p;', 'void        *p;'],
    ['STATIC int f(void)', 'static int f(void)'],
    ['void f(void) __acquires(&a->b) {', 'void f(void)                   {'],
    ['\tlist_for_each_entry(p, head, list) {', '\twhile              (p, head, list) {'],
    ['x = container_of(p, struct foo, bar);', 'x = container_of(p,        foo, bar);'],
    ['x = min_t(unsigned long, a, b);', 'x = min_t(         T___, a, b);'],
    ['x = min_t(unsigned, a, b);', 'x = min_t(T_______, a, b);'],
    ['x = list_entry(a.next, const struct b *, c);', 'x = list_entry(a.next,              b  , c);'],
  ])('turns %j into %j', (source, wanted) => {
    expect(rewritten(source)).toBe(wanted);
  });

  it.each([
    '/* __user STATIC list_for_each(x) { */',
    '"__user container_of(p, struct foo, bar)"',
    '#define demofs_for_each(x) list_for_each(x, y) __user',
    'my__user = __username;',
    'x = min_t;',
    'void list_for_each_thing(int a);',
    'list_for_each_thing(int a)\n{',
    'container_of(p, struct foo',
    '__acquires(',
  ])('leaves %j alone', (source) => {
    expect(rewritten(source)).toBe(source);
  });

  it('marks the loops that it made', () => {
    const source = '\tfor_each_demo(x) y();\n\twhile (z) y();';
    const { text, iterators } = rewriteKernelC(source);
    expect([...iterators]).toEqual([1]);
    expect(text.slice(1, 6)).toBe('while');
  });

  it('keeps the length and every line end of any text', () => {
    fc.assert(
      fc.property(fc.oneof(tokenSoup(80), fc.string({ maxLength: 200 })), (source) => {
        const text = rewritten(source);
        expect(text.length).toBe(source.length);
        for (let at = 0; at < source.length; at++) expect(text[at] === '\n').toBe(source[at] === '\n');
      }),
    );
  });
});
