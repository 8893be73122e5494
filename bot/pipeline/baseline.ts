/**
 * A baseline: the findings that are known and not to be said again, one a line by fingerprint. What stands behind the
 * fingerprint is for people. Lines are in a fixed order and hold no line numbers, so that versions of it compare well.
 */

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { systemReason } from '../../analyzers/source/reason.ts';

/** A baseline that cannot be read or written; the message says which and why. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly treePath: string;
  readonly functionName: string | null;
}

const HEAD =
  '# Findings that are known: fingerprint, rule, file, function. Made by patchwitness lint --write-baseline.';

const FINGERPRINT = /^[0-9a-f]{16}$/;

export function readBaseline(path: string): ReadonlySet<string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new BaselineError(`${path}: ${systemReason(error)}`, { cause: error });
  }
  const known = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    const [fingerprint = ''] = line.trim().split(/\s/, 1);
    if (fingerprint === '' || fingerprint.startsWith('#')) continue;
    if (!FINGERPRINT.test(fingerprint)) {
      throw new BaselineError(`${path}: line ${index + 1} does not begin with a fingerprint`);
    }
    known.add(fingerprint);
  }
  return known;
}

/** By rule, path and function first. */
function sortKey(line: string): string {
  return line.slice(line.indexOf(' ')) + line;
}

/** Replaces the file as a whole, so that nobody ever reads half of it. */
export function writeBaseline(path: string, entries: readonly BaselineEntry[]): void {
  const lines = entries.map(
    ({ fingerprint, rule, treePath, functionName }) =>
      `${fingerprint} ${rule} ${JSON.stringify(treePath).slice(1, -1)} ${functionName ?? '-'}`,
  );
  const sorted = [...new Set(lines)].toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, `${[HEAD, ...sorted].join('\n')}\n`);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new BaselineError(`${path}: ${systemReason(error)}`, { cause: error });
  }
}
