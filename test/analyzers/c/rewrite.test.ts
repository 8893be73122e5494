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
    // the members of these have dots and brackets, which the grammar does not take
    ['x = offsetof(struct foo, a.b[2]);', 'x = sizeof  (       foo, a.b[2]);'],
    ['x = __alignof__(*p);', 'x = sizeof     (*p);'],
    // types as arguments of any call
    ['x = demofs_alloc(dev, struct foo, bar);', 'x = demofs_alloc(dev,        foo, bar);'],
    ['x = demofs_cast(p, foo_t *);', 'x = demofs_cast(p, foo_t  );'],
    ['x = 2 * demo(unsigned int, a);', 'x = 2 * demo(         T__, a);'],
    // operators as arguments
    ['\tDEMO_ASSERT(a, ==, b);', '\tDEMO_ASSERT(a, 0 , b);'],
    // a comma behind the last argument
    ['static const DEMO_RANGE(x, 0, 9,\n);', 'static const DEMO_RANGE(x, 0, 9 \n);'],
    // names before a string
    ['\tprintk(KERN_ERR PREFIX "x");', '\tprintk(         PREFIX "x");'],
    ['\tf("a" __stringify(B) "c");', '\tf("a"                "c");'],
    // numbers that are none
    ['\tset_bit(10baseT_Half, x);', '\tset_bit(T0baseT_Half, x);'],
    // statements
    ['f() {\ncase 1 ... 2:', 'f() {\ncase 1 ||  2:'],
    ['f() {\nout:\n}', 'f() {\nout:;}'],
    ['f() {\nout:\n#ifdef A', 'f() {\nout:;#ifdef A'],
    ['f() {\n\tDEMO_CHECK(x)\n\tg();', 'f() {\n\tDEMO_CHECK(x);\tg();'],
    ['f() {\n\tDEBUG(if (x) g();)\n}', 'f() {\n\t      if (x) g(); \n}'],
    ['f() {\n\tDEBUG(int x = 1);', 'f() {\n\t      int x = 1 ;'],
    ['\tdebug((KERN_INFO PREFIX "x"));', '\tdebug((          PREFIX "x"));'],
    ['f() {\n\tDEMO_ASSERT(x, g(););', 'f() {\n\tDEMO_ASSERT(x, g() );'],
    ['f() {\n\tdemo_with(x) {', 'f() {\n\tdemo_with(x);{'],
    ['f() {\n\tDEMO_FOREACH(x) {', 'f() {\n\twhile       (x) {'],
    ['f() {\n\tskb_demo_walk(x, y)\n\t\tg();', 'f() {\n\twhile        (x, y)\n\t\tg();'],
    [
      'f() {\n\tscoped_cond_guard(demo, return -EINTR, &l) {',
      'f() {\n\twhile            (demo,        -EINTR, &l) {',
    ],
    ['f() {\n\tdo {\n\t} for_each_x(y);', 'f() {\n\tdo {\n\t} while     (y);'],
    ['#define A 1 /* b\n * c() */\nint x;', '                \n         \nint x;'],
    // statements as arguments
    ['f() {\n\tDEMO_CHECK(x, return -1);', 'f() {\n\twhile     (x) return -1 ;'],
    ['f() {\n\tDEMO_CHECK(x, goto out;);', 'f() {\n\twhile     (x) goto out; ;'],
    ['f() {\n\tDEMO_CHECK(x, r = 1; goto out);', 'f() {\n\twhile     (x){r = 1; goto out;}'],
    ['f() {\n\tDEMO_CHECK(x, g(); h(););', 'f() {\n\twhile     (x){g(); h();};'],
    ['f() {\n\tdemo_poll(x, if (y) break;);', 'f() {\n\twhile    (x){if (y) break;};'],
    ['f() {\n\tDEBUG(g(); h(););', 'f() {\n\t     {g(); h();};'],
    ['f() {\n\tDEBUG(for_each_demo(x) g(););', 'f() {\n\t      while        (x) g(); ;'],
    ['f() {\n\tDEBUG(u32 y = g());', 'f() {\n\t      u32 y = g() ;'],
    ['f() {\n\tg();\n\tDEMO_UNLOCK\n\th();', 'f() {\n\tg();\n\tDEMO_UNLOCK;\th();'],
    ['f() {\n\tDEMO_TRY /* a */\n\tfor (;;)', 'f() {\n\tDEMO_TRY;/* a */\n\tfor (;;)'],
    ['f() {\n\tg();\n\tdemoIdle\n}', 'f() {\n\tg();\n\tdemoIdle;}'],
    // arguments that are missing, or lists
    ['x = demo(, 1);', 'x = demo(  1);'],
    ['x = demo(1, , 2);', 'x = demo(1,   2);'],
    ['x = demo(1,);', 'x = demo(1 );'],
    ['x = demo(1, {2, 3});', 'x = demo(1, (2, 3));'],
    // declarations
    ['\tstatic DEFINE_DEMO(x, 1);', '\t       DEFINE_DEMO(x, 1);'],
    ['f() {\n\tDECLARE_DEMO(x, 4) = { 0 };', 'f() {\n\tDECLARE_DEMO x     = { 0 };'],
    ['static DEFINE_DEMO(struct foo, bar) = {0};', '       DEFINE_DEMO             bar  = {0};'],
    ['f() {\n\ttypeof(a.b) x;', 'f() {\n\ttypeof      x;'],
    ['#define X(a) a {\\\n }\nint x;', '                 \n  \nint x;'],
    ['SYSCALL_DEFINE2(demo, int, fd, char __user *, p)', 'void            demo( int  fd, char        *  p)'],
    ['SYSCALL_DEFINE0(demo)\n{', 'void            demo(){'],
  ])('turns %j into %j', (source, wanted) => {
    expect(rewritten(source)).toBe(wanted);
  });

  it.each([
    '/* __user STATIC list_for_each(x) { */',
    '"__user container_of(p, struct foo, bar)"',
    '#ifdef __user list_for_each(x) {',
    'my__user = __username;',
    'x = min_t;',
    'void list_for_each_thing(int a);',
    'list_for_each_thing(int a)\n{',
    'container_of(p, struct foo',
    '__acquires(',
    'f() {\n\treturn (void demo_type *)(x);',
    't.f = (void (*)(unsigned long))g;',
    'enum {\n\tDEMO_ONE\n};',
    'f() {\n\tDEMO_CHECK(x, break);',
    'f() {\n\tdemo_with(x, { g(); });',
  ])('leaves %j alone', (source) => {
    expect(rewritten(source)).toBe(source);
  });

  it('marks the loops that it made', () => {
    const source = '\tfor_each_demo(x) y();\n\twhile (z) y();';
    const { text, iterators } = rewriteKernelC(source);
    expect([...iterators]).toEqual([1]);
    expect(text.slice(1, 6)).toBe('while');
  });

  it('keeps the length of any text, and every line end that is not made a semicolon', () => {
    fc.assert(
      fc.property(fc.oneof(tokenSoup(80), fc.string({ maxLength: 200 })), (source) => {
        const text = rewritten(source);
        expect(text.length).toBe(source.length);
        for (let at = 0; at < source.length; at++) {
          const wasLineEnd = source[at] === '\n';
          const isKept = wasLineEnd ? '\n;)'.includes(text.charAt(at)) : text[at] !== '\n';
          expect(isKept, `at ${at}: ${JSON.stringify(text)}`).toBe(true);
        }
      }),
    );
  });
});
