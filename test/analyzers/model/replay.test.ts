import { describe, expect, it } from 'vitest';
import { replay } from '../../../analyzers/model/replay.ts';
import { loadScenarios, variantModel } from '../../../analyzers/model/scenario.ts';
import { decideModel } from '../../../analyzers/model/witness.ts';
import { parseWitness } from '../../../analyzers/model/witness-schema.ts';
import type { Witness } from '../../../analyzers/vocabulary/witness.ts';

const scenario = loadScenarios().get('alloc-under-page-lock');
const [variant, fix] = scenario?.variants ?? [];
if (scenario === undefined || variant === undefined || fix === undefined) throw new Error('no such scenario');
const decision = decideModel(variantModel(scenario, variant, 'memcg'));
if (decision.witness === null) throw new Error('it does not get stuck');
const stored: Witness = decision.witness;

/** The stored one, with another value for one step's field. */
function withStep(at: number, change: object): unknown {
  return {
    ...stored,
    steps: stored.steps.map((step, index) => (index === at ? { ...step, ...change } : step)),
  };
}

describe('a stored witness', () => {
  it('is accepted as it stands', () => {
    expect(replay(parseWitness(JSON.stringify(stored))).refusal).toBeNull();
  });

  it.each<[string, () => unknown, string]>([
    ['another node', () => withStep(1, { node: 3 }), 'step 2: flusher stands at node'],
    ['an action that is none', () => withStep(1, { action: 7 }), 'step 2: flusher has no action 7'],
    ['another action', () => withStep(5, { action: 0 }), 'step 6: action 0 of fault'],
    ['another task', () => withStep(0, { task: 'nobody' }), 'step 1: no task is called "nobody"'],
    ['other words', () => withStep(0, { label: { code: 'x' } }), 'step 1: action 0 of fault'],
    ['a step less', () => ({ ...stored, steps: stored.steps.slice(1) }), 'step'],
    ['no last step', () => ({ ...stored, steps: stored.steps.slice(0, -1) }), 'nobody is stuck'],
    ['no step at all', () => ({ ...stored, steps: [] }), 'nobody is stuck'],
    ['another verdict', () => ({ ...stored, verdict: 'broken' }), 'verdict'],
    ['another conclusion', () => ({ ...stored, conclusion: 'x' }), 'conclusion'],
    ['fewer who are blocked', () => ({ ...stored, blocked: stored.blocked.slice(1) }), 'blocked'],
    [
      'another era',
      () => ({ ...stored, model: { ...stored.model, era: 'lumpy' } }),
      'step 1: fault stands at',
    ],
    [
      'an era that is none',
      () => ({ ...stored, model: { ...stored.model, era: 'x' } }),
      'its model makes no sense',
    ],
    [
      'the fix',
      () => {
        const tasks = fix.tasks;
        return { ...stored, model: { ...stored.model, tasks: [...tasks, ...stored.model.tasks.slice(1)] } };
      },
      'step',
    ],
  ])('refuses a witness with %s', (_, witness, reason) => {
    const { refusal } = replay(parseWitness(JSON.stringify(witness())));
    expect(refusal).toContain(reason);
  });

  it.each<[string, () => string, string]>([
    ['no JSON', () => 'steps: 1', 'no JSON: '],
    ['nothing', () => '', 'no JSON: '],
    ['something else', () => '[]', 'Invalid input: expected object'],
    ['a field too much', () => JSON.stringify({ ...stored, x: 1 }), 'Unrecognized key: "x"'],
    ['a field too little', () => JSON.stringify({ ...stored, steps: undefined }), 'steps: Invalid'],
    ['another version', () => JSON.stringify({ ...stored, version: 2 }), 'version: '],
    ['half a node', () => JSON.stringify(withStep(2, { node: 0.5 })), 'steps.2.node: '],
    ['a step of another shape', () => JSON.stringify(withStep(0, { at: 1 })), 'steps.0: Unrecognized'],
    [
      'a great many steps',
      () => JSON.stringify({ ...stored, steps: Array(6_000).fill(stored.steps[0]) }),
      'steps: ',
    ],
    ['brackets in brackets', () => '['.repeat(100_000), 'nested deeper than'],
    ['too many characters', () => JSON.stringify('x'.repeat(9_000_000)), 'longer than'],
  ])('does not take %s for a witness', (_, input, reason) => {
    expect(() => parseWitness(input())).toThrow(reason);
  });
});
