import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkTree } from '../../../analyzers/knowledge/check-tree.ts';
import { NoKernelTree } from '../../../analyzers/knowledge/kernel-tree.ts';
import { mergeKnowledge } from '../../../analyzers/knowledge/load.ts';

const root = mkdtempSync(join(tmpdir(), 'patchwitness-tree-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const FILES = {
  Makefile: 'VERSION = 5\nPATCHLEVEL = 10\nSUBLEVEL = 7\n',
  'include/linux/demo.h': `/* void demo_commented(struct page *page); */
void demo_lock(struct page *page);
static inline __must_check int demo_try(struct page *page)
{
	return demo_other(page);
}
#define demo_alias demo_make
#define demo_hooked(...) demo_hooks(demo_hooked_noprof(__VA_ARGS__))
void *demo_hooked_noprof(size_t size, gfp_t gfp);
BUFFER_FNS(Demo, demo)
DEFINE_GUARD(demo, struct page *, demo_lock(_T), demo_unlock(_T))
DEFINE_FREE(demo_put, void *, demo_put(_T))
struct demo_operations {
	int (*store)(struct page *page, int flags);
};
`,
  'mm/demo.c': `void *
demo_make(
	size_t	size,
	gfp_t	gfp)
{
	return 0;
}
void demo_unlock(struct page *page)
{
	demo_called(page);
}
void demo_put(void *p) { }
`,
};
for (const [path, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const HEAD = `about: test
lockClasses:
  - { id: page-lock, title: the page lock, family: page, source: mm/demo.c }
`;

/** What the tree says against these sections, as `line: name reason (file:line)`. */
function problems(sections: string): string[] {
  const knowledge = mergeKnowledge([{ file: 'a.yml', text: HEAD + sections }]);
  return checkTree(knowledge, root).problems.map(({ place, name, reason, tree }) => {
    return `${place.line}: ${name} ${reason}${tree === null ? '' : ` (${tree.file}:${tree.line})`}`;
  });
}

const api = (entry: string): string => `apis:\n  - { ${entry} }\n`;

const slot = (text: string): string =>
  `  - { struct: demo_operations, sleeps: "yes", source: mm/demo.c, ${text} }\n`;

const demoEntry = (more: string): string => `  - { names: [demo]${more}, source: mm/demo.c }\n`;

const reasons = (sections: string): string => {
  try {
    mergeKnowledge([{ file: 'a.yml', text: HEAD + sections }]);
    return '';
  } catch (error) {
    return String(error);
  }
};

describe('checkTree', () => {
  it.each([
    ['a function', 'names: [demo_lock, demo_try, demo_unlock], effects: [{ acquire: page-lock, object: 1 }]'],
    [
      'a definition with a line for each argument, and an alias',
      'names: [demo_make, demo_alias], effects: [{ alloc: 2 }]',
    ],
    ['a macro that wraps another function', 'names: [demo_hooked], effects: [{ alloc: 2 }]'],
    ['names that macros make', 'names: [set_buffer_demo, buffer_demo]'],
    ['names of other versions', 'names: [demo_new 5.11-, demo_old -5.10, demo_short 2.6-5.10.7]'],
    ['a compiler builtin', 'names: [__builtin_trap], effects: [{ stop: true }]'],
  ])('agrees with %s', (_, entry) => {
    expect(problems(api(`${entry}, source: mm/demo.c`))).toEqual([]);
  });

  it.each([
    [
      'a name that is only called or commented',
      'names: [demo_called, demo_commented, demo_other]',
      [
        '5: demo_called is nowhere in 5.10.7',
        '5: demo_commented is nowhere in 5.10.7',
        '5: demo_other is nowhere in 5.10.7',
      ],
    ],
    [
      'a mask that moved',
      'names: [demo_make], effects: [{ alloc: 1 }]',
      [
        '5: demo_make the gfp mask is argument 1, and that is "size_t size"; argument 2 is "gfp_t gfp" (mm/demo.c:2)',
      ],
    ],
    [
      'an argument that is none',
      'names: [demo_lock], effects: [{ acquire: page-lock, object: 2 }]',
      ['5: demo_lock the object of page-lock is argument 2, and it has only 1 (include/linux/demo.h:2)'],
    ],
    [
      'an object of another type',
      'names: [demo_put], effects: [{ release: page-lock, object: 1 }]',
      ['5: demo_put the object of page-lock is argument 1, and that is "void *p" (mm/demo.c:12)'],
    ],
    [
      'another number of arguments',
      'names: [demo_make], arity: 3',
      ['5: demo_make has 2 arguments, not 3 (mm/demo.c:2)'],
    ],
  ])('complains of %s', (_, entry, wanted) => {
    expect(problems(api(`${entry}, source: mm/demo.c`))).toEqual(wanted);
  });

  it('looks for the files that sources name, but for those of other versions', () => {
    expect(problems(api('names: [demo_lock], source: "mm/demo.c, mm/gone.c (2.6)"'))).toEqual([]);
    expect(problems(api('names: [demo_lock], source: "mm/gone.c, mm/demo.c"'))).toEqual([]);
    expect(problems(api('names: [demo_lock], source: "mm/gone.c: demo_lock()"'))).toEqual([
      '5: demo_lock its source mm/gone.c is not in 5.10.7',
    ]);
  });

  it('checks guards, what __free() calls, and methods', () => {
    const apis = api('names: [demo_lock, demo_unlock], source: mm/demo.c');
    const guards =
      'guards:\n  - { names: [demo, other], acquire: demo_lock, release: demo_unlock, source: mm/demo.c }\n';
    const frees = 'frees:\n  - { names: [demo_put, gone], calls: demo_put, source: mm/demo.c }\n';
    const slots = `opsSlots:\n${slot('slots: [store], holds: [{ lock: page-lock, argument: 1 }]')}${slot('slots: [gone]')}${slot('slots: [store], holds: [{ lock: page-lock, argument: 3 }]')}`;
    expect(problems(apis + guards + frees + slots)).toEqual([
      '7: other no DEFINE_GUARD() or DEFINE_LOCK_GUARD_x() in 5.10.7 makes it',
      '9: gone no DEFINE_FREE() in 5.10.7 makes it',
      '12: demo_operations.gone the structure has no method of that name (include/linux/demo.h:13)',
      '13: demo_operations.store a lock lies in argument 3, and it has only 2 (include/linux/demo.h:13)',
    ]);
  });

  it('says so if the directory holds no kernel', () => {
    expect(() => checkTree(mergeKnowledge([]), join(root, 'mm'))).toThrow(NoKernelTree);
  });
});

describe('mergeKnowledge, for what has versions and for what speaks of other entries', () => {
  it('takes a name twice only if its entries differ in the number of arguments', () => {
    expect(reasons(`apis:\n${demoEntry(', arity: 1')}${demoEntry(', arity: 2')}`)).toBe('');
    expect(reasons(`apis:\n${demoEntry(', arity: 1')}${demoEntry('')}`)).toContain(
      'a.yml:6: demo stands twice; give each',
    );
  });

  it('refuses versions that are none, guards of unknown functions and methods that release what they do not hold', () => {
    expect(reasons(api('names: [demo 5], source: x.c'))).toContain(
      'a.yml:5: apis.0.names.0: is no C identifier',
    );
    expect(reasons('guards:\n  - { names: [g], acquire: a, release: b, source: x.c }\n')).toContain(
      'a.yml:5: no entry under apis for a',
    );
    expect(
      reasons(
        'opsSlots:\n  - { struct: s, slots: [m], releases: [page-lock], sleeps: "yes", source: x.c }\n',
      ),
    ).toContain('a.yml:5: releases page-lock, which it does not hold');
  });
});
