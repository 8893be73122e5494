/**
 * Functions that call each other in a circle belong together; all others are alone. A graph and where to begin go in,
 * the groups that can be reached come out, callees before their callers: Tarjan, "Depth-first search and linear graph
 * algorithms" (1972), without recursion, as the kernel's chains are longer than a stack. Which functions make a group, and
 * that callees come first, does not depend on where one begins.
 */

/** Calls `found` with each group once, over all calls of one `visited`. Members are in ascending order. */
export function eachGroup(
  start: number,
  callees: (id: number) => readonly number[],
  visited: Map<number, number>,
  found: (members: readonly number[], isCircle: boolean) => void,
): void {
  if (visited.has(start)) return;
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const frames: { readonly id: number; readonly next: Iterator<number> }[] = [];
  const enter = (id: number): void => {
    visited.set(id, visited.size);
    low.set(id, visited.get(id) ?? 0);
    open.push(id);
    isOpen.add(id);
    frames.push({ id, next: callees(id)[Symbol.iterator]() });
  };
  const lower = (id: number, to: number | undefined): void => {
    low.set(id, Math.min(low.get(id) ?? 0, to ?? Number.POSITIVE_INFINITY));
  };
  enter(start);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { id, next } = frame;
    const step = next.next();
    if (step.done !== true) {
      if (!visited.has(step.value)) enter(step.value);
      else if (isOpen.has(step.value)) lower(id, visited.get(step.value));
      continue;
    }
    frames.pop();
    const above = frames.at(-1);
    if (above !== undefined) lower(above.id, low.get(id));
    if (low.get(id) !== visited.get(id)) continue;
    const members = open.splice(open.lastIndexOf(id)).toSorted((a, b) => a - b);
    for (const member of members) isOpen.delete(member);
    found(members, members.length > 1 || callees(id).includes(id));
  }
}
