import { describe, expect, it } from 'vitest';
import { explore } from '../../../analyzers/model/explore.ts';
import { promela } from '../../../analyzers/model/promela.ts';
import { panErrors, WHY_NO_SPIN } from '../../support/spin.ts';
import { agreementOf, generatedSubjects, scenarioSubjects } from './agreement.ts';

const GENERATED = 2000;

const SEED = 20181030;

/** Most of it goes into compiling what SPIN writes; on two busy cores it takes two minutes. */
const TIMEOUT_MILLISECONDS = 1_200_000;

/** A list of tests that were passed over says why, and so does a short summary. */
const where = WHY_NO_SPIN === null ? '' : ` (left out: ${WHY_NO_SPIN})`;
if (WHY_NO_SPIN !== null) console.warn(`SPIN's opinion of the model is left out: ${WHY_NO_SPIN}`);

describe.skipIf(WHY_NO_SPIN !== null)(`the explorer and SPIN${where}`, () => {
  it('agree about every scenario', { timeout: TIMEOUT_MILLISECONDS }, async () => {
    const agreement = await agreementOf(scenarioSubjects());
    expect(agreement.disagreements).toEqual([]);
    expect(agreement.compared).toBeGreaterThan(0);
  });

  it(`agree about ${GENERATED} generated models`, { timeout: TIMEOUT_MILLISECONDS }, async () => {
    const { disagreements, compared, clear, failing, broken } = await agreementOf(
      generatedSubjects(GENERATED, SEED).subjects,
    );
    expect(disagreements).toEqual([]);
    expect(compared).toBe(GENERATED);
    // A comparison in which nearly all come out alike would say little.
    expect(Math.min(clear, failing - broken, broken)).toBeGreaterThan(GENERATED / 10);
  });

  it('agree about files as they are exported', { timeout: TIMEOUT_MILLISECONDS }, async () => {
    const { subjects } = generatedSubjects(40, SEED);
    const verdicts = subjects.map(({ machine }) => explore(machine).verdict);
    const chosen = (['clear', 'stuck', 'broken'] as const).flatMap((verdict) => {
      const subject = subjects[verdicts.indexOf(verdict)];
      return subject === undefined ? [] : [{ ...subject, verdict }];
    });
    expect(chosen).toHaveLength(3);
    const said = await Promise.all(
      chosen.map(async ({ title, machine, verdict, census }) => {
        const { errors, states } = await panErrors(promela(machine, title));
        return { title, errors, states: verdict === 'clear' ? states : census.states };
      }),
    );
    expect(said).toEqual(
      chosen.map(({ title, census, verdict }) => {
        return { title, errors: verdict === 'clear' ? 0 : 1, states: census.states };
      }),
    );
  });
});
