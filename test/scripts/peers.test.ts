/** What the bench takes from the tools that it is put beside: their reports, and what they could not read. */

import { expect, it } from 'vitest';
import { contextLines, flagsForChecker } from '../../scripts/bench/sparse.ts';
import { countFiles, parsedTokens, reportLines } from '../../scripts/bench/spatch.ts';

function parserSays(perfect: number, good: number, bad: number): string {
  return (
    `NB total files = 9; perfect = ${perfect}; pbs = 2; timeout = 0; =========> 77%\n` +
    `nb good = ${good},  nb passed = 3 =========> 0.02% passed\n` +
    `nb good = ${good},  nb bad = ${bad} =========> 99.9% good or passed\n`
  );
}

it('counts the files that spatch tried, passed over and gave up', () => {
  const said = [
    'init_defs_builtins: standard.h',
    'HANDLING: ./fs/demofs/a.c',
    'Skipping: ./fs/demofs/b.c',
    'HANDLING: ./fs/demofs/c.c',
    'EXN: Coccinelle_modules.Common.Timeout in ./fs/demofs/c.c',
    '',
  ].join('\n');
  expect(countFiles(said)).toEqual({ tried: 2, passedOver: 1, givenUp: 1 });
});

it("adds up what several runs of spatch's parser could read", () => {
  expect(parsedTokens(parserSays(7, 1000, 4) + parserSays(8, 500, 1))).toEqual({
    perfect: 15,
    good: 1500,
    bad: 5,
  });
});

it('takes each report of spatch once, and nothing else that it prints', () => {
  const report = 'fs/demofs/a.c:12:1-10: second lock on line 20';
  expect(reportLines(`12 files match\n./${report}\n./${report}\n`)).toEqual([report]);
});

it('takes what sparse says of lock contexts only', () => {
  const imbalance =
    "fs/demofs/a.c:9:5: warning: context imbalance in 'demofs_get' - different lock contexts for basic block";
  const other = "fs/demofs/a.c:3:5: warning: symbol 'demofs_get' was not declared. Should it be static?";
  expect(contextLines(`${other}\n${imbalance}\nfs/demofs/b.c:1:1: error: cannot open\n`)).toEqual([
    imbalance,
  ]);
});

it("keeps of the compiler's command what another file needs as well", () => {
  const command =
    'saved := gcc -Wp,-MMD,a.d -nostdinc -I./include -include ./include/config.h -D__KERNEL__ -Wall -O2 ' +
    `-m64 -DKBUILD_MODNAME='"a"' -D__KBUILD_MODNAME=a -S -o a.s a.c`;
  expect(flagsForChecker(command)).toEqual([
    '-nostdinc',
    '-I./include',
    '-include',
    './include/config.h',
    '-D__KERNEL__',
    '-m64',
  ]);
});
