/** A witness at one moment: what has happened by then, who has what and who waits, and how that is said. */

import type { MomentData, PlayerData, WaitData } from '../data.ts';

/** Where a task stands, in the order in which one gets there. */
export type TaskState = 'not started' | 'running' | 'waiting' | 'blocked' | 'sees it';

export function momentOf(data: PlayerData, made: number): MomentData {
  return made === 0 ? data.start : (data.steps[made - 1]?.after ?? data.start);
}

export function isOver({ steps }: PlayerData, made: number): boolean {
  return made >= steps.length;
}

export function isDeadlock({ circle, ends }: PlayerData): boolean {
  const blocked = new Set(ends.map(({ task }) => task));
  return circle.length > 0 && circle.every(([, on]) => blocked.has(on));
}

export function stateOf(data: PlayerData, made: number, task: number): TaskState {
  if (isOver(data, made) && data.ends.some((end) => end.task === task)) {
    return data.circle.length === 0 ? 'sees it' : 'blocked';
  }
  if (momentOf(data, made).waits.some(([from]) => from === task)) return 'waiting';
  return data.steps.slice(0, made).some((step) => step.task === task) ? 'running' : 'not started';
}

/** Those of the circle at the end; before it, whatever the machine has them wait for. */
export function waitsAt(data: PlayerData, made: number): readonly WaitData[] {
  const { waits } = momentOf(data, made);
  if (!isOver(data, made)) return waits;
  const inCircle = new Set(data.circle.map(([from]) => from));
  return [...data.circle, ...waits.filter(([from]) => !inCircle.has(from))];
}

/** `flusher waits for the lock of P, which demofs_fault holds` */
export function waitText({ tasks }: PlayerData, [from, on, what, how]: WaitData): string {
  const other = from === on ? 'it' : (tasks[on] ?? '');
  return `${tasks[from] ?? ''} waits for ${what}${how === '' ? '' : `, ${how.replace('%', other)}`}`;
}

/** What a step has brought, for those who do not see the page. */
export function stepText(data: PlayerData, made: number): string {
  const { tasks, steps } = data;
  if (made === 0) return 'Start: nobody has done anything yet.';
  const step = steps[made - 1];
  if (step === undefined) return '';
  const { code, note, isRest } = step.call;
  const before = momentOf(data, made - 1);
  const got = step.after.holds.filter((hold) => !has(before.holds, hold));
  const dropped = before.holds.filter((hold) => !has(step.after.holds, hold));
  const parts = [
    `Step ${made} of ${steps.length}. ${tasks[step.task] ?? ''}${isRest === true ? ' goes on' : ''}: ${code}${note === undefined ? '' : `, ${note}`}.`,
    ...got.map(([task, what]) => `${tasks[task] ?? ''} now has ${what}.`),
    ...dropped.map(([task, what]) => `${tasks[task] ?? ''} gives back ${what}.`),
  ];
  return parts.join(' ');
}

function has(holds: MomentData['holds'], [task, what]: MomentData['holds'][number]): boolean {
  return holds.some(([otherTask, otherWhat]) => otherTask === task && otherWhat === what);
}
