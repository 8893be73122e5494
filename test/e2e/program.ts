/** Runs the built program as a user would and returns what it printed and how it ended. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type JsonReport, reportSchema } from '../../bot/reports/json-schema.ts';

const CLI = fileURLToPath(new URL('../../dist/bot/cli.js', import.meta.url));

export interface ProgramResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What standard input gives; nothing when left out. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export function patchwitness(
  args: readonly string[],
  { input, env }: RunOptions = {},
): Promise<ProgramResult> {
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...env } });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A program that ends before it has read everything is part of some tests.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({
        status,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
  });
}

/** Reviews and reads the JSON report, which has to be of the documented shape. */
export async function reviewJson(
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ report: JsonReport; status: number | null }> {
  const { stdout, status } = await patchwitness(['review', '--format', 'json', ...args], options);
  return { report: reportSchema.parse(JSON.parse(stdout)), status };
}

/** The patches of a report, without what could not be read. */
export function patchesOf({
  items,
}: JsonReport): Extract<JsonReport['items'][number], { patch: unknown }>['patch'][] {
  return items.flatMap((item) => ('patch' in item ? [item.patch] : []));
}

/** The reasons of what could not be read. */
export function unreadOf({
  items,
}: JsonReport): Extract<JsonReport['items'][number], { unread: unknown }>['unread'][] {
  return items.flatMap((item) => ('unread' in item ? [item.unread] : []));
}
