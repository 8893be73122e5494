/** Coccinelle as a process: a pattern and files in, the places that it prints out. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Site, siteLine } from './site.ts';

const PATTERNS = join(import.meta.dirname, 'patterns');

/** Seconds for one file; a few functions have more paths than Coccinelle can follow. */
const SECONDS_A_FILE = 15;

export interface Found {
  readonly sites: readonly Site[];
  /** Files that took too long. */
  readonly given: number;
}

/** Places of `pattern` in the files, which are paths from the tree's root. */
export async function findSites(tree: string, pattern: string, files: readonly string[]): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'patchwitness-mutants-'));
  try {
    const script = join(folder, `${pattern}.cocci`);
    const parts = ['prelude', pattern].map((name) => readFileSync(join(PATTERNS, `${name}.cocci`), 'utf8'));
    writeFileSync(script, parts.join('\n'));
    // Each file a group of its own.
    const groups = join(folder, 'files');
    writeFileSync(groups, files.map((file) => `${join(tree, file)}\n\n`).join(''));
    const { stdout, stderr } = await output('spatch', [
      '--very-quiet',
      '--no-includes',
      '--timeout',
      String(SECONDS_A_FILE),
      '--sp-file',
      script,
      '--file-groups',
      groups,
    ]);
    const sites = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => {
        const site = siteLine.parse(JSON.parse(line));
        site.file = relative(tree, site.file);
        return site;
      });
    return { sites, given: stderr.split('Timeout in ').length - 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function output(
  command: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const parts = { stdout: '', stderr: '' };
    child.stdout.on('data', (bytes: Buffer) => {
      parts.stdout += bytes.toString('utf8');
    });
    child.stderr.on('data', (bytes: Buffer) => {
      parts.stderr += bytes.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(parts);
      else
        reject(new Error(`${command} ended with status ${status ?? 'none'}: ${parts.stderr.slice(0, 2000)}`));
    });
  });
}
