import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replay } from '../../../analyzers/model/replay.ts';
import { decideModel } from '../../../analyzers/model/witness.ts';
import { parseWitness } from '../../../analyzers/model/witness-schema.ts';
import type { Witness, WitnessStep } from '../../../analyzers/vocabulary/witness.ts';
import { witnessText } from '../../../bot/reports/witness-text.ts';
import { models } from './generate.ts';

const RUNS = 400;

/** Models with this many states and more take too long for so many. */
const MAX_STATES = 3_000;

const failing = models.map((model) => decideModel(model, MAX_STATES).witness);

/** Every way in which one field of a step may be something else. */
function otherSteps(step: WitnessStep, tasks: readonly string[]): readonly WitnessStep[] {
  const { label } = step;
  return [
    ...tasks
      .filter((task) => task !== step.task)
      .map((task) => ({ task, node: step.node, action: step.action, label })),
    { ...step, node: step.node + 1 },
    { ...step, node: Math.max(0, step.node - 1) },
    { ...step, action: step.action + 1 },
    { ...step, action: Math.max(0, step.action - 1) },
    { ...step, label: { ...label, code: `${label.code}.` } },
    { ...step, label: { ...label, note: `${label.note ?? ''}.` } },
    { ...step, label: { ...label, in: `${label.in ?? ''}.` } },
    { ...step, label: { ...label, at: `${label.at ?? ''}.` } },
    { ...step, label: { ...label, depth: (label.depth ?? 0) + 1 } },
  ].filter((other) => JSON.stringify(other) !== JSON.stringify(step));
}

describe('the witness of any model that fails', () => {
  it('is accepted after it was written and read again', () => {
    let count = 0;
    fc.assert(
      fc.property(failing, (witness) => {
        if (witness === null) return;
        count++;
        expect(replay(parseWitness(JSON.stringify(witness))).refusal).toBeNull();
        expect(witnessText(witness)).toContain('*** ');
      }),
      { numRuns: RUNS },
    );
    expect(count).toBeGreaterThan(RUNS / 4);
  });

  it('is refused with any change of one step, without its last step, and with one twice', () => {
    const changed = failing.chain((witness) =>
      witness === null || witness.steps.length === 0
        ? fc.constant(null)
        : fc.record({
            witness: fc.constant<Witness>(witness),
            at: fc.nat({ max: witness.steps.length - 1 }),
          }),
    );
    fc.assert(
      fc.property(changed, (one) => {
        if (one === null) return;
        const { witness, at } = one;
        const { steps } = witness;
        const step = steps[at];
        if (step === undefined) return;
        const names = witness.model.tasks.map(({ name }) => name);
        const others = [
          ...otherSteps(step, names).map((other) => steps.with(at, other)),
          steps.slice(0, -1),
          steps.toSpliced(at, 0, step),
        ];
        for (const other of others) {
          const { refusal } = replay({ ...witness, steps: other });
          expect({ refusal, step: other[at] }).not.toMatchObject({ refusal: null });
        }
      }),
      { numRuns: RUNS },
    );
  });
});
