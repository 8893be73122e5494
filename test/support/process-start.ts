/** What tells two processes apart that had the same number. */

import { readFileSync } from 'node:fs';

/** When a process began, in Linux' count; where nobody says, the lock goes by its number alone. */
export function statStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}
