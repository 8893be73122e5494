/**
 * Hits of rules in, findings out: complete for every output, each with the fingerprint under which it is looked for
 * in the other image, in the next version of a series and in a baseline.
 */

import { createHash } from 'node:crypto';
import type { CodeUnit } from '../c/units.ts';
import { withAccessors } from '../events/accessor.ts';
import type { Hit, HitStep } from '../rules/types.ts';
import type { ViaStep } from '../vocabulary/event.ts';
import type { Finding, FindingStatus, ImageSide, Sight, Step } from '../vocabulary/finding.ts';
import type { RuleHit } from './analyze-unit.ts';
import type { Verdict } from './judge-hit.ts';
import { placed } from './place-witness.ts';

/** Hex digits of a fingerprint: 64 bits, enough for every finding of a list's history. */
const FINGERPRINT_LENGTH = 16;

/** A hit with the identity under which it is looked for in the other image. */
export interface Identified extends RuleHit {
  readonly fingerprint: string;
}

const NONE_CHANGED: ReadonlySet<number> = new Set();

/**
 * Gives each hit of one function its fingerprint. Equal ones are numbered, those that the patch left alone
 * first, so that a copy put above an old one is the new one; the order of the result is that of the hits.
 */
export function identify(
  path: string,
  functionName: string | null,
  hits: readonly RuleHit[],
  changedLines = NONE_CHANGED,
): Identified[] {
  const isChanged = ({ hit }: RuleHit): boolean => changedLines.has(hit.event.site.line);
  const counts = new Map<string, number>();
  const fingerprints = new Map<RuleHit, string>();
  for (const ruleHit of [...hits.filter((hit) => !isChanged(hit)), ...hits.filter(isChanged)]) {
    const codes = ruleHit.hit.steps.map(({ event }) => event.site.code);
    const text = [ruleHit.rule.meta.id, path, functionName ?? '', ...codes].join('\0');
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    const hash = createHash('sha256').update(count === 1 ? text : `${text}\0${count}`);
    fingerprints.set(ruleHit, hash.digest('hex').slice(0, FINGERPRINT_LENGTH));
  }
  return hits.map((ruleHit) => ({ ...ruleHit, fingerprint: fingerprints.get(ruleHit) ?? '' }));
}

/** What a finding says beyond its hit. */
export interface FindingPlace {
  /** Path of each image. */
  readonly paths: Readonly<Record<ImageSide, string>>;
  readonly side: ImageSide;
  readonly status: FindingStatus;
  /** The function in the image of that side. */
  readonly unit: CodeUnit | null;
  readonly sight: Sight;
}

/** A step as it is printed, with the calls that lead to it where a callee does it. */
function stepsOf({ event: { site, via = [] }, what }: HitStep, path: string, side: ImageSide): Step[] {
  const shown = via.filter(({ asOf }) => asOf === undefined);
  const told = withAccessors(what) + toldOf(via);
  return [
    { path, line: site.line, side, code: site.code, what: shown.length === 0 ? told : withAccessors(what) },
    ...shown.map(({ callee, site: inner, path: other }, index): Step => {
      const isLast = index === shown.length - 1;
      const does = isLast ? `${callee}() does it here${toldOf(via)}` : `${callee}() calls on`;
      return { path: other ?? path, line: inner.line, side, code: inner.code, what: does };
    }),
  ];
}

/** What only a table knows of the way to an operation. */
function toldOf(via: readonly ViaStep[]): string {
  const told = via.filter(({ asOf }) => asOf !== undefined);
  const [first] = told;
  if (first === undefined) return '';
  const calls = [`${first.callee}()`, ...told.map(({ site }) => site.code).filter((code) => code !== '')];
  return `; as of Linux ${first.asOf ?? ''}: ${calls.join(' calls ')} (${first.path ?? ''})`;
}

/** Code that tests the kernel runs on objects of its own: nothing of the kernel meets it there. */
const SELF_TEST = /(?:^|\/)(?:tests|selftests|kunit)\/|[-_](?:test|kunit)\.c$/;

export function isSelfTest(path: string): boolean {
  return SELF_TEST.test(path);
}

function isAdvice({ isByRuling }: Hit, status: FindingStatus, path: string): boolean {
  return isSelfTest(path) || (isByRuling === true && status === 'pre-existing');
}

/** What is still to be believed: what the model's scenario shows by itself is not. */
function assumptionsOf({ assumptions }: Hit, verdict: Verdict | null): string[] {
  const open = assumptions.flatMap((one) => {
    if (typeof one === 'string') return [one];
    return verdict?.kind === 'stuck' ? [] : [one.ofScenario];
  });
  if (verdict?.kind === 'bounded') return [...open, 'the executable model was explored only in part'];
  return [...open, ...(verdict?.assumptions ?? [])];
}

export function makeFinding(
  { rule, hit, fingerprint, verdict }: Identified,
  { paths, side, status, unit, sight }: FindingPlace,
): Finding {
  const other: ImageSide = side === 'pre' ? 'post' : 'pre';
  const steps = hit.steps.flatMap((step) => {
    const image = step.inOtherImage === true ? other : side;
    return stepsOf(step, step.path ?? paths[image], image);
  });
  const { id, why, fix, threads } = rule.meta;
  const assumptions = assumptionsOf(hit, verdict);
  const witness = verdict?.witness ?? null;
  const isConfirmed = verdict?.kind === 'stuck' && assumptions.length === 0 && sight !== 'hunk';
  return {
    rule: id,
    // Nothing is surer than its rule claims, unless the executable model confirms it.
    confidence: isAdvice(hit, status, paths[side])
      ? 'advice'
      : isConfirmed
        ? 'confirmed'
        : rule.meta.confidence,
    status,
    path: paths[side],
    line: hit.event.site.line,
    side,
    functionName: unit?.name ?? null,
    message: withAccessors(hit.message),
    why,
    fix,
    steps,
    assumptions: assumptions.map(withAccessors),
    sight,
    witness: witness === null || status === 'fixed' ? null : placed(witness, paths[side]),
    threads,
    fingerprint,
  };
}
