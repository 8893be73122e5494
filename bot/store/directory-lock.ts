/**
 * A directory that one process uses at a time: a file names the process. It is left behind by a process that is killed,
 * and then taken over by the next one.
 */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Two that start at once and find a dead one's file: one of them wins the second or third round. */
const MAX_TRIES = 5;

export class DirectoryLock {
  private readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Throws where a living process has it. */
  static async take(directory: string): Promise<DirectoryLock> {
    const path = join(directory, 'pid');
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      try {
        await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
        return new DirectoryLock(path);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const holder = Number(await readFile(path, 'utf8').catch(() => ''));
      if (holder !== process.pid && isAlive(holder)) {
        throw new Error(
          `process ${holder} uses ${directory}; DATABASE_URL names a server for several processes`,
        );
      }
      await rm(path, { force: true });
    }
    throw new Error(`${directory} is being opened by other processes`);
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
