import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkModel, type Gate } from '../../../analyzers/model/check.ts';
import {
  loadEnvironment,
  loadScenarios,
  ScenarioError,
  type Variant,
  variantModel,
} from '../../../analyzers/model/scenario.ts';
import { decideModel } from '../../../analyzers/model/witness.ts';
import { loadThreadCards } from '../../../corpus/threads/load.ts';

const scenarios = loadScenarios();
const environment = loadEnvironment();

function wrong(gates: Iterable<Gate>): string[] {
  return [...gates]
    .filter(({ ok }) => !ok)
    .map(({ name, expected, got }) => `${name}: ${got}, not ${expected}`);
}

describe('the scenarios', () => {
  it.each([...scenarios.values()])('$id comes out as it says, in each variant and era', (scenario) => {
    expect(wrong(checkModel([scenario], { ...environment, settings: [] }))).toEqual([]);
  });

  it.each([...scenarios.values()])('$id fails in the way that its thread describes', async (scenario) => {
    const failing = scenario.variants.filter(({ expect: outcome }) => outcome !== 'clear');
    const text = failing
      .map((variant) => [`## ${variant.title}`, ...waysOf(scenario.id, variant)].join('\n'))
      .join('\n\n');
    await expect(`${text}\n`).toMatchFileSnapshot(`witnesses/${scenario.id}.txt`);
  });

  it('have a text that fails and one that does not', () => {
    const partial = [...scenarios.values()].filter(({ variants }) => {
      const clear = variants.filter(({ expect: outcome }) => outcome === 'clear').length;
      return clear === 0 || clear === variants.length;
    });
    expect(partial.map(({ id }) => id)).toEqual([]);
  });

  it('name threads that there are, which name them', () => {
    const cards = loadThreadCards();
    for (const { id, threads } of scenarios.values()) {
      for (const thread of threads) expect(cards.get(thread)?.scenarios).toContain(id);
    }
    for (const card of cards.values()) {
      for (const id of card.scenarios) expect(scenarios.get(id)?.threads).toContain(card.id);
    }
  });

  it('follow the convention of names', () => {
    const kinds: Readonly<Record<string, readonly string[]>> = {
      P: ['page'],
      Q: ['page'],
      J: ['journal'],
      K: ['journal'],
      L: ['mutex', 'rwsem'],
      M: ['mutex', 'rwsem'],
      mm: ['rwsem'],
      buf: ['buffer'],
      X: ['index'],
      Y: ['index'],
    };
    const others = [...scenarios.values()].flatMap(({ id, resources }) =>
      Object.entries(resources)
        .filter(([name, { kind }]) => kinds[name]?.includes(kind) !== true)
        .map(([name, { kind }]) => `${id}: ${name} is a ${kind}`),
    );
    expect(others).toEqual([]);
  });
});

/** Steps and conclusion of the shortest way, once for all eras that have the same one. */
function waysOf(id: string, variant: Variant): string[] {
  const scenario = scenarios.get(id);
  if (scenario === undefined) throw new Error(`no scenario "${id}"`);
  const byWay = new Map<string, string[]>();
  for (const era of variant.eras) {
    const { witness } = decideModel(variantModel(scenario, variant, era));
    const steps = (witness?.steps ?? []).map(({ task, label }) => {
      const note = label.note === undefined ? '' : ` [${label.note}]`;
      return `${task}: ${label.code}${note}`;
    });
    const way = [...steps, `=> ${witness?.conclusion ?? ''}`].join('\n');
    byWay.set(way, [...(byWay.get(way) ?? []), era]);
  }
  return [...byWay].map(([way, eras]) => `${eras.join(', ')}:\n${way}`);
}

describe('the environment', () => {
  it('never gets stuck, any two of its tasks beside each other', () => {
    expect(wrong(checkModel([], environment))).toEqual([]);
  });

  it('says of each task what of the kernel it stands for', () => {
    const silent = [...environment.tasks.values()].filter(({ source }) => !/\w\(\)/.test(source));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

describe('a file of scenarios', () => {
  let directory = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'patchwitness-scenarios-'));
    writeFileSync(join(directory, 'environment.yml'), ENVIRONMENT);
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('is read', () => {
    writeFileSync(join(directory, 'a.yml'), SCENARIO);
    expect([...loadScenarios(directory).keys()]).toEqual(['a']);
  });

  it.each([
    ['text that is no YAML', SCENARIO, 'id: [', /a\.yml: /],
    ['a field that nobody reads', 'id: a', 'id: a\ncolour: red', /a\.yml: .*colour/],
    ['an id that is not its name', 'id: a', 'id: b', /a\.yml: id: is not the name of the file, "b"/],
    ['an era that there is not', 'eras: [memcg]', 'eras: [today]', /a\.yml: eras\.0: /],
    [
      'a task that nobody has',
      'environment: [other]',
      'environment: [flusher]',
      /environment: no task .*"flusher"/,
    ],
    [
      'a resource without explanation',
      'resources: { L:',
      'resources: { M: { kind: mutex }, L:',
      /legend: "M" is not explained/,
    ],
    [
      'an explanation of nothing',
      'legend: { L:',
      'legend: { K: a lock, L:',
      /legend: no resource is called "K"/,
    ],
    ['an unknown outcome', 'expect: stuck', 'expect: bad', /variants\.0\.expect: /],
    ['an unknown statement', 'do: acquire', 'do: grab', /variants\.0\.tasks\.0\.program\.0/],
    [
      'a variant in another era',
      'expect: stuck',
      'expect: stuck\n    eras: [early]',
      /variants\.0\.eras: "early"/,
    ],
  ])('is refused for %s, with file, field and reason', (_, from, to, reason) => {
    writeFileSync(join(directory, 'a.yml'), SCENARIO.replace(from, to));
    expect(() => loadScenarios(directory)).toThrow(ScenarioError);
    expect(() => loadScenarios(directory)).toThrow(reason);
  });

  it.each([
    ['two tasks of one name', TASKS, TASKS + TASKS.replace('tasks:\n', ''), /tasks: two have the same name/],
    [
      'a version that is none',
      'source: code()',
      "source: code()\n    from: 'new'",
      /tasks\.0\.from: is no version/,
    ],
    ['a task without a source', '    source: code()\n', '', /tasks\.0\.source/],
  ])('of the environment is refused for %s', (_, from, to, reason) => {
    writeFileSync(join(directory, 'environment.yml'), ENVIRONMENT.replace(from, to));
    expect(() => loadEnvironment(directory)).toThrow(ScenarioError);
    expect(() => loadEnvironment(directory)).toThrow(reason);
  });
});

const TASKS = `tasks:
  - name: other
    eras: [memcg]
    source: code()
    program:
      - { do: acquire, lock: L }
`;

const ENVIRONMENT = `settings: []\n${TASKS}`;

const SCENARIO = `id: a
title: A title
summary: What happens
threads: []
eras: [memcg]
resources: { L: { kind: mutex } }
legend: { L: a lock }
environment: [other]
variants:
  - title: wrong
    expect: stuck
    tasks:
      - name: task
        program:
          - { do: acquire, lock: L }
`;
