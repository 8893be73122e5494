/** A program run once: how long it took, what it held in memory at most, and what it printed. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Characters of reports; a kernel's worth of them is a hundredth of this. */
const MAX_OUTPUT = 256 * 1024 * 1024;

export interface Cost {
  readonly milliseconds: number;
  /** Milliseconds of processor time, which other work on the machine changes less. */
  readonly processor: number;
  readonly peakMegabytes: number;
}

export interface Measured extends Cost {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether a program is installed and says its version. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0;
}

/** Runs a program under GNU time, which is what knows its memory. */
export function measure(command: string, args: readonly string[], cwd: string): Measured {
  const scratch = mkdtempSync(join(tmpdir(), 'patchwitness-measure-'));
  try {
    const report = join(scratch, 'time');
    const started = performance.now();
    const { status, stdout, stderr, error } = spawnSync(
      'time',
      ['--quiet', '-o', report, '-f', '%M %U %S', command, ...args],
      { cwd, encoding: 'utf8', maxBuffer: MAX_OUTPUT, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const milliseconds = performance.now() - started;
    if (error !== undefined) throw error;
    const [kilobytes = 0, user = 0, system = 0] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
    return {
      milliseconds,
      processor: (user + system) * 1000,
      peakMegabytes: (kilobytes * 1024) / 1_000_000,
      status,
      stdout,
      stderr,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Programs that run one after the other, as one. */
export function sum(costs: readonly Cost[]): Cost {
  return {
    milliseconds: costs.reduce((total, { milliseconds }) => total + milliseconds, 0),
    processor: costs.reduce((total, { processor }) => total + processor, 0),
    peakMegabytes: Math.max(0, ...costs.map(({ peakMegabytes }) => peakMegabytes)),
  };
}
