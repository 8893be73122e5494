/**
 * From a rule's hit to the model's verdict: one way to the hit becomes a task, takes the place of the code under review in
 * the scenario that the rule names, and is explored in every era that the code may be of.
 */

import type { Exploration } from '../flow/explore.ts';
import type { State } from '../flow/state.ts';
import { type WayStep, wayTo } from '../flow/way.ts';
import { ERAS, type Era } from '../model/eras.ts';
import { renamed } from '../model/rename.ts';
import { loadScenarios, modelOf, type Scenario } from '../model/scenario.ts';
import { type Decision, decideModel } from '../model/witness.ts';
import type { Hit, Rule } from '../rules/types.ts';
import { compareVersions, type KernelEra } from '../vocabulary/era.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { LockClass, LockClassFacts } from '../vocabulary/lock.ts';
import type { Model, Resource, ResourceName } from '../vocabulary/model.ts';
import type { Witness } from '../vocabulary/witness.ts';
import { RULE_SCENARIOS } from './rule-scenarios.ts';
import { type Subject, subjectOf } from './subject.ts';

export interface Verdict {
  /**
   * `stuck`: the tasks of the scenario and this code stop each other. `clear`: in no order of their steps they do.
   * `bounded`: there are more orders than were looked at.
   */
  readonly kind: 'stuck' | 'clear' | 'bounded';
  readonly witness: Witness | null;
  /** Titles of the eras in which it gets stuck, where the code may also be of others; else empty. */
  readonly onlyIn: readonly string[];
}

/** What of the function a verdict needs. */
export interface JudgedUnit {
  readonly functionName: string | null;
  readonly era: KernelEra;
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
  readonly exploration: Exploration;
}

/** States of the model of one finding in one era. */
const MAX_STATES = 60_000;

let loaded: ReadonlyMap<string, Scenario> | null = null;

function scenarios(): ReadonlyMap<string, Scenario> {
  loaded ??= loadScenarios();
  return loaded;
}

/** Null where the model has nothing to say: no scenario, no single way to the hit, or objects that it does not know. */
export function judgeHit(rule: Rule, hit: Hit, unit: JudgedUnit): Verdict | null {
  const ids = RULE_SCENARIOS.get(rule.meta.id) ?? [];
  if (ids.length === 0) return null;
  const { visits, isBounded } = unit.exploration;
  const isThere = thingsHeld(hit, unit.exploration);
  const isReached = visits.some(({ event, state }) => event === hit.event && isThere(state));
  if (!isReached && !isBounded) return CLEAR;
  const way = wayTo(unit.exploration, (event, state) => event === hit.event && isThere(state));
  if (way === null) return null;
  const verdicts = ids.flatMap((id): Verdict[] => {
    const scenario = scenarios().get(id);
    const verdict = scenario === undefined ? null : judgeIn(scenario, hit, way, unit);
    return verdict === null ? [] : [verdict];
  });
  return (
    verdicts.find(({ kind }) => kind === 'stuck') ??
    verdicts.find(({ kind }) => kind === 'bounded') ??
    verdicts[0] ??
    null
  );
}

const CLEAR: Verdict = { kind: 'clear', witness: null, onlyIn: [] };

/** Whether all that the hit's steps say is held is held in a state. */
function thingsHeld({ event, steps }: Hit, { visits }: Exploration): (state: State) => boolean {
  const taken = steps.flatMap((step) =>
    step.event === event || step.inOtherImage === true ? [] : [step.event],
  );
  // What other functions do is no part of this one's states.
  const own = taken.filter((one) => one.kind === 'acquire' && visits.some((visit) => visit.event === one));
  return ({ held }) => own.every((one) => held.some(({ since }) => since === one));
}

function judgeIn(
  scenario: Scenario,
  hit: Hit,
  way: readonly WayStep[],
  { functionName, era, lockClasses, exploration }: JudgedUnit,
): Verdict | null {
  const name = functionName ?? 'code';
  const buffer = Object.entries(scenario.resources).find(([, { kind }]) => kind === 'buffer')?.[0] ?? 'buf';
  const subject = subjectOf({ way, start: exploration.start, lockClasses, functionName: name, buffer });
  const roles = rolesOf(hit, subject, scenario);
  if (roles === null) return null;
  const eras = ERAS.filter((one) => mayBeOf(era, one));
  const decisions = eras.map(
    (one): Decision => decideModel(composed(scenario, subject, roles, { name, era: one.id }), MAX_STATES),
  );
  const stuck = eras.filter((_, index) => decisions[index]?.verdict === 'stuck');
  const witness = decisions.find(({ verdict }) => verdict === 'stuck')?.witness ?? null;
  if (witness !== null) {
    const onlyIn = stuck.length === eras.length ? [] : stuck.map(({ title }) => title);
    return { kind: 'stuck', witness, onlyIn };
  }
  const isAllKnown = decisions.every(({ verdict }) => verdict === 'clear');
  return { kind: isAllKnown ? 'clear' : 'bounded', witness: null, onlyIn: [] };
}

function mayBeOf({ from, below }: KernelEra, era: Era): boolean {
  const isLater = era.below !== null && from !== null && compareVersions(from, era.below) >= 0;
  const isEarlier = below !== null && compareVersions(below, era.from) <= 0;
  return !isLater && !isEarlier;
}

/** The code under review in the place of the scenario's first task. */
function composed(
  scenario: Scenario,
  { program, resources }: Subject,
  roles: Readonly<Record<ResourceName, ResourceName>>,
  { name, era }: { name: string; era: string },
): Model {
  const own = Object.entries(resources).filter(([resource]) => roles[resource] === undefined);
  const others = scenario.variants[0]?.tasks.slice(1) ?? [];
  const tasks = [{ name: name.slice(0, MAX_NAME), program: renamed(program, roles) }, ...others];
  const all: Record<ResourceName, Resource> = { ...scenario.resources, ...Object.fromEntries(own) };
  return modelOf({ ...scenario, resources: all }, tasks, era);
}

/** As long as a model's names may be. */
const MAX_NAME = 40;

const MMAP_LOCK: LockClass = 'mmap-lock';

/**
 * Which of the task's own resources stand for which of the scenario's: those that the hit's steps are about. By the
 * convention of all scenarios P is the page whose lock the code holds or wants, Q another one of its file, J and K are
 * journals, mm is the mmap lock, L and M are other locks. Null if a step is about something that the way does not have.
 */
function rolesOf(
  { event, steps }: Hit,
  { objects, resources }: Subject,
  scenario: Scenario,
): Readonly<Record<ResourceName, ResourceName>> | null {
  const roles: Record<ResourceName, ResourceName> = {};
  const free = (...names: readonly ResourceName[]): ResourceName | undefined =>
    names.find((name) => scenario.resources[name] !== undefined && !Object.values(roles).includes(name));
  for (const one of new Set([...steps.map((step) => step.event), event])) {
    const own = objects.get(one);
    if (own === undefined) {
      if (one.kind === 'acquire' || one.kind === 'setWriteback') return null;
      continue;
    }
    if (roles[own] !== undefined) continue;
    const role = free(...candidates(one, resources[own]));
    if (role === undefined) return null;
    roles[own] = role;
  }
  return Object.keys(roles).length === 0 ? null : roles;
}

function candidates(event: KernelEvent, resource: Resource | undefined): readonly ResourceName[] {
  if (resource?.kind === 'page') return event.kind === 'setWriteback' ? ['Q'] : ['P', 'Q'];
  if (resource?.kind === 'journal') return ['J', 'K'];
  return event.kind === 'acquire' && event.lock === MMAP_LOCK ? ['mm'] : ['L', 'M'];
}
