/** Changes to a model that mean nothing change nothing of what is found. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../analyzers/model/compile.ts';
import { explore } from '../../../analyzers/model/explore.ts';
import { renamed } from '../../../analyzers/model/rename.ts';
import { decideModel } from '../../../analyzers/model/witness.ts';
import type { Model, Resource, ResourceName, Statement } from '../../../analyzers/vocabulary/model.ts';
import type { Census } from '../../support/spin.ts';
import { censusOf } from './census.ts';
import { models, withTwins } from './generate.ts';

const MAX_STATES = 600;

const RUNS = 100;

/** Leaving out too much shows in few models only. */
const REDUCED_RUNS = 400;

/** Too many states for a comparison are no failure of it. */
function ofAllModels(
  changed: fc.Arbitrary<readonly [Model, Model]>,
  isSame: (a: Model, b: Model) => void,
  numRuns = RUNS,
): void {
  let looked = 0;
  fc.assert(
    fc.property(changed, ([before, after]) => {
      if (censusOf(compile(before), MAX_STATES) === null) return;
      looked++;
      isSame(before, after);
    }),
    { numRuns },
  );
  expect(looked).toBeGreaterThan(numRuns / 2);
}

function changedBy(change: (model: Model) => Model): fc.Arbitrary<readonly [Model, Model]> {
  return models.map((model) => [model, change(model)] as const);
}

function counted(model: Model): Census {
  const census = censusOf(compile(model), Number.POSITIVE_INFINITY);
  if (census === null) throw new Error('there is no end to it');
  return census;
}

/** What can become of it. */
function outcomes(model: Model): object {
  const { failed, broken } = counted(model);
  const isClear = explore(compile(model), { reduce: true }).verdict === 'clear';
  return { isClear, canGetStuck: failed > broken, canBreak: broken > 0 };
}

function withTasks(model: Model, change: (program: readonly Statement[]) => readonly Statement[]): Model {
  return { ...model, tasks: model.tasks.map((task) => ({ ...task, program: change(task.program) })) };
}

function withNames(model: Model, name: (old: ResourceName) => ResourceName): Model {
  const { resources, reclaim = {} } = model;
  const names = Object.fromEntries(Object.keys(resources).map((old) => [old, name(old)]));
  const all = (some: readonly ResourceName[] | undefined): readonly ResourceName[] | undefined =>
    some?.map(name);
  const { pages, evicts, takes, writepage } = reclaim;
  return {
    ...withTasks(model, (program) => renamed(program, names)),
    resources: Object.fromEntries(
      Object.entries(resources).map(([old, resource]) => [name(old), withNamesOf(resource, name)]),
    ),
    reclaim: {
      pages: all(pages),
      evicts: all(evicts),
      takes: all(takes),
      writepage: writepage === undefined ? undefined : renamed(writepage, names),
    },
  };
}

function withNamesOf(resource: Resource, name: (old: ResourceName) => ResourceName): Resource {
  const one = (some: ResourceName | undefined): ResourceName | undefined =>
    some === undefined ? undefined : name(some);
  if (resource.kind === 'journal') return { ...resource, ordered: resource.ordered?.map(name) };
  if (resource.kind !== 'buffer') return resource;
  const { mm, maps, startsTransaction, faultLocks } = resource;
  return {
    ...resource,
    mm: one(mm),
    maps: one(maps),
    startsTransaction: one(startsTransaction),
    faultLocks: faultLocks?.map(name),
  };
}

/** It takes what nobody else takes. */
const UNRELATED: readonly Statement[] = [
  { do: 'acquire', lock: 'own-mutex' },
  { do: 'acquire', lock: 'own-page' },
  { do: 'setWriteback', page: 'own-page' },
  { do: 'release', lock: 'own-page' },
  { do: 'bioSubmit' },
  { do: 'release', lock: 'own-mutex' },
];

function withUnrelated(model: Model): Model {
  return {
    ...model,
    resources: { ...model.resources, 'own-mutex': { kind: 'mutex' }, 'own-page': { kind: 'page' } },
    tasks: [{ name: 'unrelated', program: UNRELATED }, ...model.tasks],
  };
}

function withOtherTaskNames(model: Model): Model {
  return {
    ...model,
    tasks: model.tasks.map(({ program }, index) => ({ name: `other ${7 - index}`, program })),
  };
}

function withTasksReversed(model: Model): Model {
  return { ...model, tasks: model.tasks.toReversed() };
}

function withOtherResourceNames(model: Model): Model {
  return withNames(model, (old) => `z${old.toLowerCase()}-${old}`);
}

function withResourcesReversed(model: Model): Model {
  return { ...model, resources: Object.fromEntries(Object.entries(model.resources).toReversed()) };
}

const withStep: fc.Arbitrary<readonly [Model, Model]> = fc
  .tuple(models, fc.nat(), fc.nat())
  .map(([model, which, where]) => {
    const tasks = model.tasks.map((task, at) => {
      const place = where % (task.program.length + 1);
      return at === which % model.tasks.length
        ? { ...task, program: task.program.toSpliced(place, 0, { do: 'nothing' }) }
        : task;
    });
    return [model, { ...model, tasks }] as const;
  });

const RENAMINGS: readonly (readonly [string, (model: Model) => Model])[] = [
  ['tasks have other names', withOtherTaskNames],
  ['tasks stand in another order', withTasksReversed],
  ['resources have other names', withOtherResourceNames],
  ['resources stand in another order', withResourcesReversed],
];

describe('changes that mean nothing', () => {
  it.each(RENAMINGS)('%s', (_, change) => {
    ofAllModels(changedBy(change), (before, after) => {
      expect(counted(after)).toEqual(counted(before));
      expect(outcomes(after)).toEqual(outcomes(before));
    });
  });

  it('another task does something else', () => {
    ofAllModels(changedBy(withUnrelated), (before, after) => {
      expect(outcomes(after)).toEqual(outcomes(before));
    });
  });

  it('a task does nothing for a step', () => {
    ofAllModels(withStep, (before, after) => expect(outcomes(after)).toEqual(outcomes(before)));
  });

  it('orders and twins that make no difference are left out', () => {
    let left = 0;
    const compare = (_: Model, model: Model): void => {
      const machine = compile(model);
      const whole = explore(machine);
      const isClear = whole.verdict === 'clear';
      const ways = ([true, 'orders', 'twins'] as const).map((reduce) => explore(machine, { reduce }));
      expect(ways.map(({ verdict }) => verdict === 'clear')).toEqual([isClear, isClear, isClear]);
      if (isClear && ways.every(({ states }) => states < whole.states)) left++;
    };
    ofAllModels(changedBy(withTwins), compare, REDUCED_RUNS);
    expect(left).toBeGreaterThan(0);
  });

  it('the same question comes twice', () => {
    ofAllModels(
      changedBy((model) => structuredClone(model)),
      (before, after) => expect(JSON.stringify(decideModel(after))).toBe(JSON.stringify(decideModel(before))),
    );
  });
});
