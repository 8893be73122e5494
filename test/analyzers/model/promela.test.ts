import { describe, expect, it } from 'vitest';
import { compile } from '../../../analyzers/model/compile.ts';
import { promela, promelaParts } from '../../../analyzers/model/promela.ts';
import type { Model } from '../../../analyzers/vocabulary/model.ts';

const SELF_DEADLOCK: Model = {
  era: 'memcg',
  resources: { M: { kind: 'mutex' } },
  tasks: [
    {
      name: 'writer',
      program: [
        { do: 'acquire', lock: 'M', in: 'twice()', at: 'fs/example.c:7' },
        { do: 'acquire', lock: 'M' },
      ],
    },
  ],
};

describe('Promela of a machine', () => {
  it('reads as the machine does', () => {
    expect(promela(compile(SELF_DEADLOCK), 'a mutex taken twice')).toBe(`/* a mutex taken twice */
/* spin -a FILE && gcc -O2 -DSAFETY -o pan pan.c && ./pan -E */

byte at_writer = 2; /* where writer stands */
byte lock_M = 0; /* lock(M) */

hidden short waits[1]; /* bit j of waits[i]: task i cannot move before task j has moved */
hidden short rest; /* bit j: task j is done, or has nothing to do until somebody asks */
hidden byte i;
hidden byte k;
hidden byte stuck;
hidden byte broken;

/* writer */
active proctype task_writer() {
  do
  /* 0: done, for good */
  /* 1: mutex_lock(M) */
  :: d_step { at_writer == 1 && (lock_M == 0) -> lock_M = 1; at_writer = 0 }
  /* 2: mutex_lock(M), twice(), fs/example.c:7 */
  :: d_step { at_writer == 2 && (lock_M == 0) -> lock_M = 1; at_writer = 1 }
  od
}

/* Looks at every state, and changes none. */
active proctype observer() {
  do
  :: d_step {
    /* for whom writer waits */
    if
    :: at_writer == 1 && !(lock_M == 0) -> /* mutex_lock(M) */
       waits[0] = ((lock_M == 1) << 0)
    :: at_writer == 2 && !(lock_M == 0) -> /* mutex_lock(M), twice(), fs/example.c:7 */
       waits[0] = ((lock_M == 1) << 0)
    :: else -> waits[0] = 0
    fi;
    rest = ((at_writer == 0) << 0);
    /* Who waits for somebody waits for whom he waits for, too. */
    for (k : 0 .. 0) {
      for (i : 0 .. 0) {
        if
        :: waits[i] & (1 << k) -> waits[i] = waits[i] | waits[k]
        :: else
        fi
      }
    }
    stuck = false;
    for (i : 0 .. 0) {
      if
      :: waits[i] & ((1 << i) | rest) -> stuck = true
      :: else
      fi
    }
    broken = false;
    assert(!stuck);
    assert(!broken);
  }
  od
}
`);
  });

  it('keeps names and comments from ending what they stand in', () => {
    const hostile = 'x */ active proctype y() {} /* \n#define i k\\';
    const statement = { do: 'nothing', code: hostile, in: hostile, at: hostile } as const;
    const model: Model = { ...SELF_DEADLOCK, tasks: [{ name: hostile, program: [statement] }] };
    const text = promela(compile(model), hostile);
    const code = text.replaceAll(/\/\*.*?\*\//gs, '');
    expect(code).not.toContain('proctype y');
    expect(code).not.toContain('#');
    expect(code).not.toContain('\\');
  });

  it('calls no two things by one name', () => {
    const model: Model = {
      era: 'memcg',
      resources: { 'a-b': { kind: 'mutex' }, a_b: { kind: 'mutex' } },
      tasks: ['t-1', 't_1'].map((name) => ({
        name,
        program: ['a-b', 'a_b'].map((lock) => ({ do: 'acquire', lock }) as const),
      })),
    };
    const { variables, processes } = promelaParts(compile(model));
    const names = [...variables, ...processes].map(({ identifier }) => identifier);
    expect(new Set(names).size).toBe(names.length);
  });
});
