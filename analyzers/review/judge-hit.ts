/**
 * From a rule's hit to the model's verdict: one way to the hit becomes a task, takes the place of the code under review in
 * the scenarios that the rule names, and is explored in every era that the code may be of.
 */

import type { Exploration, Visit } from '../flow/explore.ts';
import { type Held, hasPendingBio, type State } from '../flow/state.ts';
import { wayTo } from '../flow/way.ts';
import { compile } from '../model/compile.ts';
import { ERAS, type Era, erasTitle } from '../model/eras.ts';
import { loadScenarios, type Scenario, type Variant } from '../model/scenario.ts';
import { type Decision, decideMachine } from '../model/witness.ts';
import { isForeign } from '../rules/conditions.ts';
import type { Hit, Rule } from '../rules/types.ts';
import { compareVersions, isBefore, type KernelEra } from '../vocabulary/era.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { LockClass, LockClassFacts } from '../vocabulary/lock.ts';
import type { Model } from '../vocabulary/model.ts';
import type { Witness } from '../vocabulary/witness.ts';
import { composed, MMAP_LOCK, type Part } from './compose.ts';
import { dataSubject } from './data-subject.ts';
import { type Subject, shownIn, subjectOf } from './subject.ts';

export interface Verdict {
  /**
   * `stuck`: the tasks of a scenario and this code stop each other, or one sees an invariant broken. `clear`: in no order
   * of their steps they do. `bounded`: there are more orders than were looked at.
   */
  readonly kind: 'stuck' | 'clear' | 'bounded';
  readonly witness: Witness | null;
  /** What has to be true for the witness, beyond what the code shows. */
  readonly assumptions: readonly string[];
}

/** What of the function a verdict needs. */
export interface JudgedUnit {
  readonly functionName: string | null;
  readonly era: KernelEra;
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
  readonly exploration: Exploration;
  /** As of `RuleContext`. */
  readonly isHeld: (visit: Visit, held: Held) => boolean;
}

/** States of the model of one finding in one era. */
const MAX_STATES = 60_000;

const CLEAR: Verdict = { kind: 'clear', witness: null, assumptions: [] };

let loaded: ReadonlyMap<string, Scenario> | null = null;

function scenarios(): ReadonlyMap<string, Scenario> {
  loaded ??= loadScenarios();
  return loaded;
}

/** Null where the model has nothing to say: no scenario, no single way to the hit, or objects that it does not know. */
export function judgeHit(rule: Rule, hit: Hit, unit: JudgedUnit): Verdict | null {
  const ids = hit.scenarios ?? rule.meta.scenarios ?? [];
  if (ids.length === 0) return null;
  const part = rule.lens === 'data' ? dataPart(hit, unit) : partOf(hit, unit);
  if (part === null || part === 'none') return part === null ? null : CLEAR;
  const verdicts = ids.map((id) => judgeIn(scenarios().get(id), part, unit.era));
  const stuck = verdicts.filter((verdict) => verdict?.kind === 'stuck');
  const best = stuck.find((verdict) => verdict?.assumptions.length === 0) ?? stuck[0];
  if (best !== undefined) return best;
  const unknown = verdicts.find((verdict) => verdict === null || verdict.kind === 'bounded');
  return unknown === undefined ? CLEAR : unknown;
}

function dataPart(hit: Hit, { functionName }: JudgedUnit): Part | null {
  const name = functionName ?? 'code';
  const program = dataSubject(hit, (event) => shownIn(name, event));
  return program === null ? null : { name, program, resources: {}, about: [] };
}

/** The code as a part for the scenario; `none` if no path leads to the hit, null if none can be shown. */
function partOf(hit: Hit, unit: JudgedUnit): Part | 'none' | null {
  const { exploration, functionName, lockClasses } = unit;
  const name = functionName ?? 'code';
  const there = exploration.visits.filter(({ event }) => event === hit.event);
  // Of code alone, or of what the model has no words for.
  if (there.length === 0 || hit.event.kind === 'release' || isDoubtful(hit.event)) return null;
  const taken = takenBy(hit, exploration);
  const isPending = hit.steps.some((step) => step.event.kind === 'setWriteback');
  const isThere = (state: State): boolean =>
    (!isPending || hasPendingBio(state)) &&
    taken.every((one) => state.held.some(({ since }) => since === one));
  const visits = there.filter(({ state }) => isThere(state));
  if (visits.length === 0) return exploration.isBounded ? null : 'none';
  const isSure = (visit: Visit): boolean =>
    visit.state.held.every((held) => !taken.includes(held.since) || isSurelyHeld(visit, held, unit));
  if (!visits.some(isSure)) return null;
  const way = wayTo(exploration, (event, state) => event === hit.event && isThere(state));
  const last = way?.at(-1);
  if (way === null || last === undefined || way.some(({ event }) => event.kind === 'unreadable')) return null;
  const { start } = exploration;
  const subject = subjectOf({ way, start, lockClasses, functionName: name, buffer: 'buf' });
  // Locks that the model has no words for.
  const isUnknown = (event: KernelEvent): boolean => isTaken(event) && !subject.objects.has(event);
  if ([hit.event, ...taken].some(isUnknown)) return null;
  const about = aboutOf(hit, subject, last.before, start);
  return { name, program: subject.program, resources: subject.resources, about };
}

/** What the hit is about; what nobody else can see is nobody else's, and nor is the address space of another process. */
function aboutOf(hit: Hit, { objects }: Subject, state: State, start: State): Part['about'] {
  const isOwn = (event: KernelEvent): boolean =>
    state.held.some(
      (one) =>
        one.since === event &&
        (one.isPrivate || one.isInherited === true || (one.lock === MMAP_LOCK && isForeign(one, state))),
    );
  const named = new Set([...hit.steps.map((step) => step.event), hit.event]);
  const events = new Set([...named, ...start.held.map(({ since }) => since)]);
  return [...events].flatMap((event) => {
    const resource = objects.get(event);
    const isCallers = !named.has(event);
    return resource === undefined || isOwn(event) ? [] : [{ event, resource, isCallers }];
  });
}

function isTaken({ kind }: KernelEvent): boolean {
  return kind === 'acquire' || kind === 'setWriteback';
}

/** For some arguments a callee does not take it, or somebody may have released what is held. */
function isDoubtful(event: KernelEvent): boolean {
  return event.kind === 'acquire' && (event.isOptional === true || event.isBehindUnknown === true);
}

/** What is taken again was released, by whoever has got it in between. */
function isSurelyHeld(visit: Visit, held: Held, { isHeld }: JudgedUnit): boolean {
  const { event } = visit;
  if (event.kind === 'acquire' && event.lock === held.lock) return held.handedTo.length === 0;
  return isHeld(visit, held);
}

/** What the hit's steps have taken, as far as it is this function that does it. */
function takenBy({ event, steps }: Hit, { visits, start }: Exploration): readonly KernelEvent[] {
  return steps.flatMap((step) => {
    const one = step.event;
    if (one === event || step.inOtherImage === true || one.kind !== 'acquire') return [];
    const isOurs =
      visits.some((visit) => visit.event === one) || start.held.some(({ since }) => since === one);
    return isOurs ? [one] : [];
  });
}

/** In any of the texts of the code that go wrong there; null for a scenario that is not about such objects. */
function judgeIn(scenario: Scenario | undefined, part: Part, era: KernelEra): Verdict | null {
  // The newest first: its names are those that most readers know.
  const eras = ERAS.filter((one) => mayBeOf(era, one)).toReversed();
  const failing = scenario?.variants.filter(({ expect }) => expect !== 'clear') ?? [];
  let isBounded = false;
  for (const variant of failing) {
    if (scenario === undefined) break;
    const models = eras.map((one) => composed(scenario, variant, part, one.id));
    if (models.includes(null)) return null;
    const decisions = decideAll(models.filter((model) => model !== null && model !== 'apart'));
    isBounded ||= decisions.some(({ verdict }) => verdict === 'bounded');
    const isStuck = decisions.map(({ verdict }) => verdict === variant.expect);
    const witness = decisions[isStuck.indexOf(true)]?.witness ?? null;
    if (witness === null) continue;
    const only = eras.filter((_, index) => isStuck[index]).map(({ id }) => id);
    const assumptions = only.length === eras.length ? [] : [`the kernel is of ${erasTitle(only)}`];
    assumptions.push(...partnersAssumed(variant, witness, era));
    return { kind: 'stuck', witness, assumptions: [...assumptions, ...scenario.assumes] };
  }
  return isBounded ? { kind: 'bounded', witness: null, assumptions: [] } : CLEAR;
}

/** Tasks of the witness that only some kernels have, where the code may be of others. */
function partnersAssumed({ environment }: Variant, { blocked }: Witness, era: KernelEra): readonly string[] {
  return environment.flatMap(({ name, from = null, below = null, source }) => {
    const isPartner = blocked.some(({ task }) => task === name);
    return !isPartner || isWithin(era, { from, below }) ? [] : [`the kernel has a ${name} as in ${source}`];
  });
}

function isWithin({ from, below }: KernelEra, kernels: KernelEra): boolean {
  const isYoungEnough = kernels.from === null || (from !== null && compareVersions(from, kernels.from) >= 0);
  return isYoungEnough && (kernels.below === null || isBefore({ from, below }, kernels.below));
}

/** Most eras differ in nothing that the tasks do: such models are the same machine. */
function decideAll(models: readonly Model[]): readonly Decision[] {
  const decided = new Map<string, Decision>();
  return models.map((model) => {
    const machine = compile(model);
    const key = JSON.stringify([machine.tasks, machine.cells]);
    const decision = decided.get(key) ?? decideMachine(model, machine, MAX_STATES);
    decided.set(key, decision);
    return decision;
  });
}

function mayBeOf({ from, below }: KernelEra, era: Era): boolean {
  const isLater = era.below !== null && from !== null && compareVersions(from, era.below) >= 0;
  const isEarlier = below !== null && compareVersions(below, era.from) <= 0;
  return !isLater && !isEarlier;
}
