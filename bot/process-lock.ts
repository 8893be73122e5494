/**
 * One process at a time does something with a directory. Whoever wants to says so by a file of his own there, and then looks
 * whether anybody else has: of two that come at once at least one sees the other and leaves. Names say whose a file is, so that
 * one that a killed process left is known.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** What a process does with its directory; files are named by it. */
export type Doing = 'sending' | 'serving';

/** Somebody else is at it. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  /** Number of the process. */
  readonly pid: string;

  constructor(pid: string, message: string) {
    super(message);
    this.pid = pid;
  }
}

const NAME = /^([a-z]+)-(\d{1,10})-(\d{1,20})-(.*)$/;

/** Throws LockedError, and the operating system's errors. The lock is given back by calling the result. */
export function lockDirectory(directory: string, doing: Doing): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const own = `${doing}-${process.pid}-${startOf(process.pid) ?? 0}-${host()}`;
  const path = join(directory, own);
  writeFileSync(path, '', { mode: 0o600 });
  const release = (): void => rmSync(path, { force: true });
  for (const name of readdirSync(directory)) {
    const [, what, pid = '', start = '', on = ''] = NAME.exec(name) ?? [];
    if (what !== doing || name === own) continue;
    if (isGone(Number(pid), start, on)) rmSync(join(directory, name), { force: true });
    else {
      release();
      const remedy = `if it is not, remove ${join(directory, name)}`;
      throw new LockedError(pid, `process ${pid} on ${on} is ${doing}; ${remedy}`);
    }
  }
  return release;
}

function host(): string {
  return hostname().replace(/[^\w.-]/g, '_');
}

/** Whether the process has ended; of another machine nobody knows. */
function isGone(pid: number, start: string, on: string): boolean {
  if (on !== host()) return false;
  const now = startOf(pid);
  if (now !== null) return now !== start;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** When the process began, in Linux' own count, since numbers of processes are given again; null where nobody says. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything: fields 3 and 22 of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; in a container nobody may ever ask for it.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
