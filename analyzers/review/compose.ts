/** The code under review in the place of a scenario's first task. */

import { renamed } from '../model/rename.ts';
import { type Scenario, type Variant, variantModel } from '../model/scenario.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import type { Model, Resource, ResourceName, Statement } from '../vocabulary/model.ts';

/** The code under review, for a scenario. */
export interface Part {
  readonly name: string;
  readonly program: readonly Statement[];
  readonly resources: Readonly<Record<ResourceName, Resource>>;
  /** What the hit is about, of `resources`; all else is the code's own. Empty if the program has the scenario's names already. */
  readonly about: readonly {
    readonly event: KernelEvent;
    readonly resource: ResourceName;
    /** The code was called with it: a scenario need not have such a thing. */
    readonly isCallers: boolean;
  }[];
}

/** As long as a model's names may be. */
const MAX_NAME = 40;

export const MMAP_LOCK: LockClass = 'mmap-lock';

/**
 * Null for a scenario that has none of the resources that the part needs; `apart` for one in which two of them are one, and
 * in the code they are not.
 */
export function composed(
  scenario: Scenario,
  variant: Variant,
  part: Part,
  era: string,
): Model | 'apart' | null {
  const resources = { ...scenario.resources, ...variant.resources };
  const needed = part.about.length === 0 ? namesIn(part.program) : [];
  if (needed.some((name) => resources[name] === undefined)) return null;
  const roles = rolesOf(part, resources);
  if (roles === null || roles === 'apart') return roles;
  const all: Record<ResourceName, Resource> = { ...resources };
  for (const [name, role] of Object.entries(roles)) {
    const own = part.resources[name];
    if (own !== undefined) all[role] = merged(own, resources[role]);
  }
  const isUsed = (name: string): boolean => variant.tasks.slice(1).every((task) => task.name !== name);
  const name = part.name.slice(0, MAX_NAME);
  const isShared = (resource: ResourceName): boolean =>
    part.resources[resource] === undefined || roles[resource] !== undefined;
  const program = renamed(withoutOwn(part.program, isShared), roles);
  const task = { name: isUsed(name) ? name : 'reviewed', program };
  const legend = legendOf(scenario.legend, part, roles);
  const tasks = [task, ...variant.tasks.slice(1)];
  return variantModel({ ...scenario, legend, resources: all }, { ...variant, resources: {}, tasks }, era);
}

/** A page and a journal are as the scenario has them, but for what the code's era makes of a transaction; a lock is as the code takes it. */
function merged(own: Resource, given: Resource | undefined): Resource {
  if (given?.kind === 'journal' && own.kind === 'journal') return { ...given, isNofsScope: own.isNofsScope };
  return given === undefined || given.kind !== own.kind ? own : given;
}

/** Locks and pages that nobody else uses keep nobody waiting, and need not be shown. */
function withoutOwn(
  program: readonly Statement[],
  isShared: (resource: ResourceName) => boolean,
): readonly Statement[] {
  return program.flatMap((statement): readonly Statement[] => {
    const of = 'lock' in statement ? statement.lock : 'page' in statement ? statement.page : undefined;
    const isKept = of === undefined || isShared(of);
    if (statement.do !== 'tryAcquire') return isKept ? [statement] : [];
    const got = withoutOwn(statement.got, isShared);
    return isKept ? [{ ...statement, got, busy: withoutOwn(statement.busy, isShared) }] : got;
  });
}

/** With the names by which the code calls them. */
function legendOf(
  legend: Scenario['legend'],
  { about, name }: Part,
  roles: Readonly<Record<ResourceName, ResourceName>>,
): Scenario['legend'] {
  const named: Record<ResourceName, string> = { ...legend };
  for (const { event, resource } of about) {
    const role = roles[resource];
    const path = 'object' in event ? event.object : null;
    const text = role === undefined ? undefined : legend[role];
    if (role !== undefined && text !== undefined && path !== null && path !== undefined)
      named[role] = `${text}; ${path} in ${name}()`;
  }
  return named;
}

/**
 * Which of the code's own resources stand for which of the scenario's. By the convention of all scenarios P is the page whose
 * lock the code holds or wants, Q another one of its file, J and K are journals, mm is the mmap lock, L and M are other locks.
 */
function rolesOf(
  { about, resources }: Part,
  given: Readonly<Record<ResourceName, Resource>>,
): Readonly<Record<ResourceName, ResourceName>> | 'apart' | null {
  const roles: Record<ResourceName, ResourceName> = {};
  for (const { event, resource, isCallers } of about) {
    if (roles[resource] !== undefined) continue;
    const known = candidates(event, resources[resource]).filter((name) => given[name] !== undefined);
    const role = known.find((name) => !Object.values(roles).includes(name));
    if (role !== undefined) roles[resource] = role;
    else if (!isCallers) return known.length === 0 ? null : 'apart';
  }
  return roles;
}

function candidates(event: KernelEvent, resource: Resource | undefined): readonly ResourceName[] {
  const locks = ['L', 'M'];
  if (resource?.kind === 'page') return event.kind === 'setWriteback' ? ['Q'] : ['P', 'Q', ...locks];
  if (resource?.kind === 'journal') return ['J', 'K', ...locks];
  return event.kind === 'acquire' && event.lock === MMAP_LOCK ? ['mm', ...locks] : locks;
}

/** Of pages and DAX blocks that a program speaks of. */
function namesIn(program: readonly Statement[]): readonly ResourceName[] {
  return program.flatMap((statement) => {
    if ('page' in statement && statement.page !== undefined) return [statement.page];
    if ('index' in statement) return [statement.index];
    return 'indexes' in statement ? statement.indexes : [];
  });
}
