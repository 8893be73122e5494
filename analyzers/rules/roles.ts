/**
 * As what a function is called: a method of an operations table, by the tables of its file or by the types of its
 * parameters. A name that only sounds like one proves nothing.
 */

import type { CodeUnit } from '../c/units.ts';
import type { AccessPath } from '../vocabulary/event.ts';
import type { Role } from './types.ts';

/** A parameter of flags, and who calls the method without one of them. */
export interface LackedByCallers {
  readonly parameter: AccessPath;
  readonly assumption: string;
}

/** Whether each of its tables has it at one of these members of `struct`, and at least one does. */
export function standsAt({ slots }: Role, struct: string, members: readonly string[]): boolean {
  return slots.length > 0 && slots.every((one) => one.struct === struct && members.includes(one.slot));
}

/** A `->writepage` by its table or, where no table is in sight, by its type, which nothing but it and its helpers have. */
export function isWritepage(role: Role): boolean {
  if (role.slots.length > 0) return standsAt(role, 'address_space_operations', ['writepage']);
  // The table of the file names another one: this is its helper.
  if (role.filled.has('address_space_operations.writepage')) return false;
  const [page = '', control = '', ...rest] = role.unit.parameterTypes.values();
  return (
    rest.length === 0 &&
    /^struct (?:page|folio) ?\*$/.test(page) &&
    /^struct writeback_control ?\*$/.test(control)
  );
}

/** The same for a `->releasepage` or `->release_folio`. */
export function isReleasepage(role: Role): boolean {
  const [page = '', mask = '', ...rest] = role.unit.parameterTypes.values();
  if (role.slots.length > 0) {
    return standsAt(role, 'address_space_operations', ['releasepage', 'release_folio']);
  }
  return rest.length === 0 && /^struct (?:page|folio) ?\*$/.test(page) && mask === 'gfp_t';
}

/** Parameters of a method whose callers leave a flag out, as each of its tables says. */
export function lackedFlags({ unit, slots }: Pick<Role, 'unit' | 'slots'>): readonly LackedByCallers[] {
  const { name, parameters } = unit;
  const [first, ...others] = slots;
  return (first?.lacks ?? []).flatMap(({ argument, arity, flag, by }): LackedByCallers[] => {
    const parameter = parameters[argument - 1];
    const isEverywhere = others.every(({ lacks }) => lacks.some((one) => one.flag === flag));
    if (parameters.length !== arity || parameter === undefined || parameter === '' || !isEverywhere)
      return [];
    return [{ parameter, assumption: `${by} calls ${name ?? 'the method'}() without ${flag}` }];
  });
}

/** What the method calls its page, or its first argument in general. */
export function firstParameter({ parameterTypes }: CodeUnit): string | null {
  const [name] = parameterTypes.keys();
  return name === undefined || name === '' ? null : name;
}
