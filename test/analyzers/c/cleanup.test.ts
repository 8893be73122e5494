import { describe, expect, it } from 'vitest';
import { graph } from './graph-text.ts';

describe('cleanup scopes', () => {
  it.each([
    [
      'guard',
      '{ guard(mutex)(&l); a(); }\nb();',
      '0: enter guard(mutex)(&l); a(); undo guard(mutex)(&l); b(); return',
    ],
    [
      'two guards',
      'guard(mutex)(&l); guard(rcu)(); a();',
      '0: enter guard(mutex)(&l); enter guard(rcu)(); a(); undo guard(rcu)(); undo guard(mutex)(&l); return',
    ],
    [
      'return of a call',
      'guard(mutex)(&l); return a();',
      '0: enter guard(mutex)(&l); a(); undo guard(mutex)(&l); return',
    ],
    [
      'return in the middle',
      'guard(mutex)(&l); if (x) return 1; a();',
      '0: enter guard(mutex)(&l); ? 1 : 2\n1: undo guard(mutex)(&l); return\n2: -> 3\n3: a(); undo guard(mutex)(&l); return',
    ],
    [
      'break',
      'for (;;) { guard(mutex)(&l); if (x) break; a(); }',
      '0: -> 1\n1: enter guard(mutex)(&l); ? 2 : 3\n2: undo guard(mutex)(&l); -> 4\n3: -> 5\n4: return\n5: a(); undo guard(mutex)(&l); -> 6\n6: -> 7\n7: -> 1',
    ],
    [
      'continue',
      'do { guard(mutex)(&l); if (x) continue; a(); } while (y);',
      '0: -> 1\n1: enter guard(mutex)(&l); ? 2 : 3\n2: undo guard(mutex)(&l); -> 4\n3: -> 5\n4: -> 6\n5: a(); undo guard(mutex)(&l); -> 4\n6: ? 1 : 7\n7: return',
    ],
    [
      'goto out of the block',
      '{ guard(mutex)(&l); if (x) goto out; a(); } b(); out: c();',
      '0: enter guard(mutex)(&l); ? 1 : 2\n1: undo guard(mutex)(&l); -> 3\n2: -> 4\n3: c(); return\n4: a(); undo guard(mutex)(&l); b(); -> 3',
    ],
    [
      'goto within the block',
      'guard(mutex)(&l); if (x) goto out; a(); out: b();',
      '0: enter guard(mutex)(&l); ? 1 : 2\n1: -> 3\n2: -> 4\n3: b(); undo guard(mutex)(&l); return\n4: a(); -> 3',
    ],
    [
      'goto back before it',
      'again: guard(mutex)(&l); if (x) goto again; a();',
      '0: -> 1\n1: enter guard(mutex)(&l); ? 2 : 3\n2: undo guard(mutex)(&l); -> 1\n3: -> 4\n4: a(); undo guard(mutex)(&l); return',
    ],
    [
      'goto past it',
      'if (x) goto out; guard(mutex)(&l); out: a();',
      '0: ? 1 : 2\n1: unreadable; -> 3\n2: -> 4\n3: a(); undo guard(mutex)(&l); return\n4: enter guard(mutex)(&l); -> 3',
    ],
    [
      'in a case',
      'switch (x) { case A: { guard(mutex)(&l); a(); break; } default: b(); }',
      '0: ? 1 : 2\n1: enter guard(mutex)(&l); a(); undo guard(mutex)(&l); -> 3\n2: -> 4\n3: return\n4: b(); -> 3',
    ],
    [
      'a case past it',
      'switch (x) { case A: guard(mutex)(&l); case B: b(); }',
      '0: ? 1 : 2\n1: enter guard(mutex)(&l); -> 3\n2: ? 4 : 5\n3: b(); undo guard(mutex)(&l); -> 6\n4: unreadable; -> 3\n5: -> 6\n6: return',
    ],
    [
      'as the body of an if',
      'if (x) guard(mutex)(&l); a();',
      '0: ? 1 : 2\n1: enter guard(mutex)(&l); undo guard(mutex)(&l); -> 3\n2: -> 3\n3: a(); return',
    ],
    [
      'in one branch of an #if',
      '#ifdef A\nguard(mutex)(&l);\n#endif\na();',
      '0: ? 1 : 2\n1: enter guard(mutex)(&l); unreadable; -> 3\n2: -> 3\n3: a(); return',
    ],
    [
      'in a statement expression',
      'x = ({ guard(mutex)(&l); a(); });',
      '0: enter guard(mutex)(&l); a(); undo guard(mutex)(&l); x = ({ guard(mutex)(&l); a(); }); return',
    ],
    [
      'its arguments',
      'guard(mutex)(a());',
      '0: a(); enter guard(mutex)(a()); undo guard(mutex)(a()); return',
    ],
    [
      'scoped_guard',
      '\tscoped_guard(mutex, &l) { a(); }\nb();',
      '0: enter scoped_guard(mutex, &l); a(); undo scoped_guard(mutex, &l); -> 1\n1: b(); return',
    ],
    [
      'scoped_guard with one statement',
      '\tscoped_guard(rcu) a();\nb();',
      '0: enter scoped_guard(rcu); a(); undo scoped_guard(rcu); -> 1\n1: b(); return',
    ],
    [
      'break in scoped_guard',
      'while (y) { scoped_guard(mutex, &l) { if (x) break; a(); } b(); }',
      '0: ? 1 : 2\n1: enter scoped_guard(mutex, &l); ? 3 : 4\n2: skipped; -> 5\n3: undo scoped_guard(mutex, &l); -> 6\n4: -> 7\n5: return\n6: b(); -> 8\n7: a(); undo scoped_guard(mutex, &l); -> 6\n8: -> 9\n9: ? 1 : 5',
    ],
    [
      'return in scoped_guard',
      '\tscoped_guard(mutex, &l) return a();\nb();',
      '0: enter scoped_guard(mutex, &l); a(); undo scoped_guard(mutex, &l); return',
    ],
    [
      'scoped_guard that may fail',
      '\tscoped_guard(mutex_try, &l) { a(); }\nb();',
      '0: -> 1 | 2\n1: enter scoped_guard(mutex_try, &l); a(); undo scoped_guard(mutex_try, &l); -> 3\n2: -> 3\n3: b(); return',
    ],
    [
      'scoped_cond_guard with return',
      '\tscoped_cond_guard(mutex_intr, return -EINTR, &l) { a(); }\nb();',
      '0: -> 1 | 2\n1: enter scoped_cond_guard(mutex_intr, return -EINTR, &l); a(); undo scoped_cond_guard(mutex_intr, return -EINTR, &l); -> 3\n2: return\n3: b(); return',
    ],
    [
      'scoped_cond_guard with goto',
      '\tscoped_cond_guard(mutex_intr, goto out, &l) { a(); }\nb(); out: c();',
      '0: -> 1 | 2\n1: enter scoped_cond_guard(mutex_intr, goto out, &l); a(); undo scoped_cond_guard(mutex_intr, goto out, &l); -> 3\n2: -> 4\n3: b(); -> 4\n4: c(); return',
    ],
    [
      'scoped_cond_guard with continue',
      'while (y) { scoped_cond_guard(mutex_try, continue, &l) { a(); } b(); }',
      '0: ? 1 : 2\n1: -> 3 | 4\n2: skipped; -> 5\n3: enter scoped_cond_guard(mutex_try, continue, &l); a(); undo scoped_cond_guard(mutex_try, continue, &l); -> 6\n4: -> 6\n5: return\n6: b(); -> 7\n7: -> 8\n8: ? 1 : 5',
    ],
    [
      'scoped_cond_guard with a call',
      '\tscoped_cond_guard(mutex_try, c(), &l) { a(); }\nb();',
      '0: -> 1 | 2\n1: enter scoped_cond_guard(mutex_try, c(), &l); a(); undo scoped_cond_guard(mutex_try, c(), &l); -> 3\n2: c(); -> 3\n3: b(); return',
    ],
    [
      'ACQUIRE',
      'ACQUIRE(mutex_intr, lock)(&l); if (ACQUIRE_ERR(mutex_intr, &lock)) return 1; a();',
      '0: -> 1 | 2\n1: enter ACQUIRE(mutex_intr, lock)(&l); lock = 1; -> 3\n2: lock = 0; -> 3\n3: ? 4 : 5\n4: -> 6\n5: ? 7 : 8\n6: a(); ? 9 : 10\n7: undo ACQUIRE(mutex_intr, lock)(&l); -> 8\n8: return\n9: undo ACQUIRE(mutex_intr, lock)(&l); -> 10\n10: return',
    ],
    ['CLASS', 'CLASS(fd, f)(n); a();', '0: enter CLASS(fd, f)(n); a(); undo CLASS(fd, f)(n); return'],
    [
      '__free',
      'struct demofs *p __free(kfree) = a(); b();',
      '0: a(); b(); ? 1 : 2\n1: undo kfree(p); -> 2\n2: return',
    ],
    [
      '__free without a value',
      'struct demofs *p __free(kfree); p = a();',
      '0: a(); ? 1 : 2\n1: undo kfree(p); -> 2\n2: return',
    ],
    [
      'two of __free',
      'struct demofs *p __free(kfree) = a(), *q __free(kfree) = b(); c();',
      '0: a(); b(); c(); ? 1 : 2\n1: undo kfree(q); -> 2\n2: ? 3 : 4\n3: undo kfree(p); -> 4\n4: return',
    ],
    ['__cleanup', 'int x __cleanup(done) = a(); b();', '0: a(); b(); undo __cleanup(done); return'],
    [
      'return_ptr',
      'struct demofs *p __free(kfree) = a(); if (x) return NULL; return_ptr(p);',
      '0: a(); ? 1 : 2\n1: ? 3 : 4\n2: -> 5\n3: undo kfree(p); -> 4\n4: return\n5: p = 0; ? 6 : 7\n6: undo kfree(p); -> 7\n7: return',
    ],
    [
      'no_free_ptr handed on',
      'struct demofs *p __free(kfree) = a(); b(no_free_ptr(p)); c();',
      '0: a(); b(no_free_ptr(p)); p = 0; c(); ? 1 : 2\n1: undo kfree(p); -> 2\n2: return',
    ],
    [
      'no_free_ptr stored',
      'struct demofs *p __free(kfree) = a(); q = no_free_ptr(p); b();',
      '0: a(); q = no_free_ptr(p); p = 0; b(); ? 1 : 2\n1: undo kfree(p); -> 2\n2: return',
    ],
    [
      'no_free_ptr on one side',
      'struct demofs *p __free(kfree) = a(); x && b(no_free_ptr(p)); c();',
      '0: a(); ? 1 : 2\n1: b(no_free_ptr(p)); p = 0; -> 2\n2: c(); ? 3 : 4\n3: undo kfree(p); -> 4\n4: return',
    ],
  ])('%s', (_, body, wanted) => {
    expect(graph(body)).toBe(wanted);
  });
});
