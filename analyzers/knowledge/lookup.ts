/** What the knowledge says of one call: by the name that is called and the number of arguments. */

import type { LockClass } from '../vocabulary/lock.ts';
import type { ApiEntry, Effect, Knowledge, MethodCall } from './types.ts';

/** Under which {@link Knowledge.lockMembers} has a member that locks of that class are. */
export function memberKey(lock: LockClass, member: string): string {
  return `${lock} ${member}`;
}

const HARMLESS: readonly Effect[] = [];

/** The entry that speaks of a call of `name` with so many arguments; null if there is none. */
function entryOf(knowledge: Knowledge, name: string, args: number): ApiEntry | null {
  const entries = knowledge.apis.get(name) ?? [];
  return entries.find(({ arity }) => arity === null || arity === args) ?? null;
}

/** The effects of such a call; null if nothing is known of it. */
export function knownEffects(knowledge: Knowledge, name: string, args: number): readonly Effect[] | null {
  const entry = entryOf(knowledge, name, args);
  if (entry !== null) return entry.effects;
  // A name that has entries is known by them alone.
  if (knowledge.apis.has(name)) return null;
  return knowledge.harmlessPrefixes.some((prefix) => name.startsWith(prefix)) ? HARMLESS : null;
}

/** What a call of that slot does through a table of that name; null if nothing is known of it. */
export function knownMethod(
  knowledge: Knowledge,
  slot: string,
  table: string | null,
  args: number,
): MethodCall | null {
  const methods = knowledge.methods.get(slot);
  if (methods === undefined) return null;
  const isMeant = ({ arity, through }: MethodCall): boolean =>
    arity === args && (through.length === 0 || (table !== null && through.includes(table)));
  return methods.find(isMeant) ?? null;
}
