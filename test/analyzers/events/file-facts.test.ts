import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../../analyzers/events/file-facts.ts';
import { fc, tokenSoup } from '../tokens.ts';

/** `line struct.slot = function`. */
function slots(text: string): string[] {
  return fileFacts(text).slots.map(
    ({ line, structType, slot, function: name }) => `${line} ${structType ?? '?'}.${slot} = ${name}`,
  );
}

describe('slots of operations tables', () => {
  it.each<[string, string, string[]]>([
    [
      'designated',
      'static const struct demofs_ops ops = {\n\t.owner = THIS_MODULE,\n\t.writepage = demofs_writepage,\n\t.sync = NULL,\n};',
      ['3 demofs_ops.writepage = demofs_writepage'],
    ],
    [
      "GNU C's, as in 2.4",
      'static struct demofs_ops ops = {\n\twritepage:\tdemofs_writepage,\n\tsync_page: block_sync_page\n};',
      ['2 demofs_ops.writepage = demofs_writepage', '3 demofs_ops.sync_page = block_sync_page'],
    ],
    [
      'positional, with the members in sight',
      'struct demofs_ops {\n\tint count;\n\tint (*open)(struct file *, int);\n\tvoid (*close)(void), *priv;\n};\nstruct demofs_ops ops = { 3, demofs_open, &demofs_close };',
      ['6 demofs_ops.open = demofs_open', '6 demofs_ops.close = demofs_close'],
    ],
    [
      'positional, with the members out of sight',
      'struct demofs_ops ops = { NULL, demofs_open };',
      ['1 demofs_ops.#2 = demofs_open'],
    ],
    [
      'in tables of tables',
      'struct demofs_ops ops[] = {\n\t[0] = { .open = a_open },\n\t{ .open = b_open, .vm = { .fault = b_fault } },\n};',
      ['2 demofs_ops.open = a_open', '3 demofs_ops.open = b_open', '3 demofs_ops.vm.fault = b_fault'],
    ],
    [
      'behind attributes, casts and macros',
      'static struct demofs_ops ops __read_mostly = {\n\t.open = (void *)a_open,\n\t.suspend = pm_sleep_ptr(a_suspend),\n};',
      ['2 demofs_ops.open = a_open', '3 demofs_ops.suspend = a_suspend'],
    ],
    [
      'on both sides of #ifdef, not in comments and strings',
      'struct demofs_ops ops = {\n#ifdef A\n\t.open = a_open,\n#else\n\t.open = b_open,\n#endif\n\t/* .close = c, */\n\t.name = "x, .close = d",\n};',
      ['3 demofs_ops.open = a_open', '5 demofs_ops.open = b_open'],
    ],
    [
      'by assignment, of functions of the file',
      'static int demofs_open(void)\n{\n\treturn 0;\n}\nvoid f(struct demofs *d)\n{\n\td->ops.open = demofs_open;\n\td->x = y;\n}',
      ['7 ?.open = demofs_open'],
    ],
    [
      'of a variable in a function, of functions of the file only',
      'int demofs_end(int x);\nvoid f(int len)\n{\n\tstruct demofs_io io = { .len = len, .end = demofs_end };\n}',
      ['4 demofs_io.end = demofs_end'],
    ],
    ['none', 'struct demofs { int x; };\nstruct demofs *f(void);\nint x = 3;', []],
  ])('%s', (_, text, wanted) => {
    expect(slots(text)).toEqual(wanted);
  });
});

describe('signatures', () => {
  it.each<[string, string[]]>([
    ['int f(void)\n{\n}', []],
    ['static int f(struct page *page, gfp_t gfp)\n{\n}', ['struct page * page', 'gfp_t gfp']],
    [
      'void f(const char name[8], int (*fill)(void *, int), ...)\n{\n}',
      ['const char [8] name', 'int (*)(void *, int) fill', '... -'],
    ],
    ['int __must_check f(unsigned long) __releases(x)\n{\n}', ['unsigned long']],
  ])('number %#', (text, wanted) => {
    const [signature] = fileFacts(text).signatures;
    expect(signature?.function).toBe('f');
    const shown = signature?.parameters.map(({ type, name }) => `${type} ${name ?? '-'}`);
    expect(shown).toEqual(wanted);
  });

  it('of definitions, not of declarations, calls and macros', () => {
    const text =
      'int a(int x);\n#define b(x) do { x; } while (0)\nint c(int x)\n{\n\tif (d(x)) {\n\t\te(x);\n\t}\n}\n';
    expect(fileFacts(text).signatures.map((signature) => signature.function)).toEqual(['c']);
  });
});

it('any text has facts or none', () => {
  fc.assert(
    fc.property(tokenSoup(200), (text) => {
      expect(fileFacts(text).slots.every(({ line }) => line >= 1)).toBe(true);
    }),
  );
});

it('a hundred thousand brackets that nothing closes come to an end', () => {
  const text = 'struct a b = { struct c { f( '.repeat(30_000);
  expect(fileFacts(text).signatures).toEqual([]);
});
