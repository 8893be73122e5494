import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KnowledgeError, loadKnowledge, mergeKnowledge } from '../../../analyzers/knowledge/load.ts';

/** The problems of files `a.yml`, `b.yml` …; none if they are good. */
function problems(...texts: string[]): string[] {
  const files = texts.map((text, index) => ({ file: `${'abc'[index] ?? 'x'}.yml`, text }));
  try {
    mergeKnowledge(files);
    return [];
  } catch (error) {
    if (!(error instanceof KnowledgeError)) throw error;
    return error.message.split('\n');
  }
}

const GOOD = `about: test
lockClasses:
  - { id: page-lock, title: the page lock, family: page, source: x.h }
gfpFlags:
  - { names: [GFP_KERNEL], reclaim: "yes", io: "yes", fs: "yes" }
`;

function withApi(...lines: string[]): string {
  return `${GOOD}apis:\n  - names: [demofs_call]\n    source: x.c\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

describe('mergeKnowledge', () => {
  it('takes good files, in any order', () => {
    const api =
      'about: b\napis:\n  - { names: [x], effects: [{ acquire: page-lock, object: 1 }], source: x.c }\n';
    expect(problems(GOOD, api)).toEqual([]);
    expect(problems(api, GOOD)).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['an unknown key', withApi('effect: []'), ['a.yml:7: apis.0: Unrecognized key: "effect"']],
    ['an unknown section', `${GOOD}api: []\n`, ['a.yml:1: Unrecognized key: "api"']],
    [
      'an unknown verb',
      withApi('effects:', '  - { grab: page-lock }'),
      ['a.yml:10: apis.0.effects.0: names no effect'],
    ],
    [
      'an effect that is no mapping',
      withApi('effects: [lock]'),
      ['a.yml:9: apis.0.effects.0: names no effect'],
    ],
    ['a second verb', withApi('effects:', '  - { stop: true, fault: copy }'), ['a.yml:10: apis.0.effects.0']],
    [
      'an undeclared lock',
      withApi('effects:', '  - { release: page-lok }'),
      ['a.yml:10: no lock class page-lok is declared'],
    ],
    [
      'an undeclared mask',
      withApi('effects:', '  - { alloc: GFP_DEMO }'),
      ['a.yml:10: no gfp flag GFP_DEMO is declared'],
    ],
    [
      'an argument number of 0',
      withApi('effects:', '  - { alloc: 0 }'),
      ['a.yml:10: apis.0.effects.0.alloc'],
    ],
    [
      'a wrong success sign',
      withApi('effects:', '  - { acquire: page-lock, succeeds: maybe }'),
      ['a.yml:10: apis.0.effects.0.succeeds'],
    ],
    [
      'a wrong scope',
      withApi('effects:', '  - { enterScope: nofss }'),
      ['a.yml:10: apis.0.effects.0.enterScope'],
    ],
    [
      'a name that is none',
      `${GOOD}apis:\n  - { names: ["a-b"], source: x.c }\n`,
      ['a.yml:7: apis.0.names.0: is no C identifier'],
    ],
    ['no name', `${GOOD}apis:\n  - { names: [], source: x.c }\n`, ['a.yml:7: apis.0.names']],
    ['no source', `${GOOD}apis:\n  - { names: [x] }\n`, ['a.yml:7: apis.0.source']],
    ['a version that is none', withApi('since: 4.12'), ['a.yml:9: apis.0.since']],
    [
      'a name twice in one file',
      `${withApi()}  - { names: [demofs_call], source: x.c }\n`,
      ['a.yml:9: demofs_call stands twice'],
    ],
    [
      'a lock class twice',
      GOOD.replace('gfpFlags', '  - { id: page-lock, title: again, family: page, source: x.h }\ngfpFlags'),
      ['a.yml:4: page-lock is declared twice'],
    ],
    [
      'a flag twice',
      `${GOOD}  - { names: [GFP_KERNEL], reclaim: "no", io: "no", fs: "no" }\n`,
      ['a.yml:6: GFP_KERNEL stands twice'],
    ],
    [
      'a bit that is neither yes nor no',
      `${GOOD}  - { names: [X], reclaim: yes please, io: "no", fs: "no" }\n`,
      ['a.yml:6: gfpFlags.1.reclaim'],
    ],
    [
      'a ranking of a lock that nobody declares',
      `${GOOD}rankings:\n  - { before: page-lock, after: page-lok, source: x.c }\n`,
      ['a.yml:7: no lock class page-lok is declared'],
    ],
    [
      'rankings that contradict each other by a chain',
      `${GOOD.replace('gfpFlags', '  - { id: b, title: b, family: mutex, source: x.h }\n  - { id: c, title: c, family: mutex, source: x.h }\ngfpFlags')}rankings:
  - { before: page-lock, after: b, source: x.c }
  - { before: [b], after: [c], source: x.c }
  - { before: c, after: page-lock, source: x.c }
`,
      [
        'a.yml:9: page-lock before b contradicts other rankings',
        'a.yml:10: b before c contradicts other rankings',
        'a.yml:11: c before page-lock contradicts other rankings',
      ],
    ],
    [
      'two contracts for one call of a method',
      `${GOOD}opsSlots:
  - { struct: a, slots: [x], sleeps: "yes", calls: [{ arity: 1 }, { arity: 2, through: [ops] }], source: x.c }
  - { struct: b, slots: [x], sleeps: "yes", calls: [{ arity: 2 }], source: x.c }
`,
      ['a.yml:8: calls of x stand twice'],
    ],
    [
      'a method that takes a lock nobody declares',
      `${GOOD}opsSlots:
  - { struct: a, slots: [x], sleeps: "yes", calls: [{ arity: 1, effects: [{ acquire: y }] }], source: x.c }
`,
      ['a.yml:7: no lock class y is declared'],
    ],
    ['broken YAML', 'about: [\n', ['a.yml:2: ']],
    ['a key twice', 'about: x\nabout: y\n', ['a.yml:2: Map keys must be unique']],
    ['an empty file', '', ['a.yml:1: ']],
    ['a list', '- x\n', ['a.yml:1: ']],
  ])('refuses %s', (_, text, wanted) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThanOrEqual(wanted.length);
    expect(found.map((problem, index) => problem.slice(0, wanted[index]?.length))).toEqual(wanted);
  });

  it('refuses a name that two files have, and names all that is wrong', () => {
    expect(problems(withApi(), 'about: b\napis:\n  - { names: [demofs_call], source: y.c }\n')).toEqual([
      'b.yml:3: demofs_call stands twice',
    ]);
    expect(problems(withApi('effects: [{ alloc: GFP_DEMO }, { release: other }]'), 'about: 1\n').length).toBe(
      3,
    );
  });
});

describe('loadKnowledge', () => {
  it('reads every YAML file of a directory and nothing else', () => {
    const directory = mkdtempSync(join(tmpdir(), 'patchwitness-'));
    try {
      writeFileSync(join(directory, 'a.yml'), withApi());
      writeFileSync(join(directory, 'notes.txt'), 'not: [yaml');
      expect([...loadKnowledge(directory).apis.keys()]).toEqual(['demofs_call']);
      writeFileSync(join(directory, 'b.yml'), 'about: [');
      expect(() => loadKnowledge(directory)).toThrow(/^b\.yml:1: /);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('takes the files that come with the program', () => {
    const { apis, gfpFlags, lockClasses } = loadKnowledge();
    expect(apis.get('lock_page')?.map(({ effects }) => effects)).toEqual([
      [
        {
          verb: 'acquire',
          lock: 'page-lock',
          object: 1,
          succeeds: 'always',
          blocks: true,
          mode: 'exclusive',
          when: null,
        },
      ],
    ]);
    expect(gfpFlags.get('GFP_NOFS')).toEqual({ reclaim: 'yes', io: 'yes', fs: 'no' });
    expect(lockClasses.get('transaction(jbd)')?.nofsScopeSince).toBeNull();
    expect(lockClasses.get('transaction(jbd2)')?.nofsScopeSince).toBe('4.12');
  });

  it('has for each lock that is taken somebody who gives it back', () => {
    const { apis } = loadKnowledge();
    const locks = (verb: 'acquire' | 'release'): string[] => {
      const found = [...apis.values()]
        .flat()
        .flatMap(({ effects }) =>
          effects.flatMap((effect) => (effect.verb === verb && 'lock' in effect ? [effect.lock] : [])),
        );
      return [...new Set(found)].toSorted();
    };
    expect(locks('release')).toEqual(locks('acquire'));
  });
});
