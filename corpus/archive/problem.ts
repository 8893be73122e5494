/** What the readers say of what they could not read, in the same words wherever it is. */
import { MAX_MESSAGE_BYTES } from './mbox-splitter.ts';
import type { ReadProblem } from './types.ts';

export function problem(source: string, index: number | null, reason: string): ReadProblem {
  return { type: 'problem', source, index, reason };
}

/** Something was left out, and rightly so. */
export function note(source: string, reason: string): ReadProblem {
  return { type: 'problem', source, index: null, reason, isNote: true };
}

export function tooLong(source: string, index: number, what = 'message'): ReadProblem {
  return problem(
    source,
    index,
    `${what} is longer than ${MAX_MESSAGE_BYTES / 1024 / 1024} MiB and is skipped`,
  );
}

/** `1 message`, `2 messages`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
