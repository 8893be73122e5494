/**
 * What a review goes by, as hashes: who changes none of it gets the result that is stored. It is what git's patch-id takes in,
 * with the numbers of the lines, which findings name, and beside it the kernel that the patch is for and the program itself.
 */

import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { versionOf } from '../../analyzers/index/version.ts';
import { eraOfMail } from '../pipeline/beyond-hunks.ts';
import type { PatchJob } from '../pipeline/patch-job.ts';
import { foreignTree } from '../pipeline/review-run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What between a mail and its findings has a say. */
const FOLDERS = ['analyzers', 'corpus/mail', 'corpus/mangled', 'corpus/series', 'bot/pipeline'];

let known: string | null = null;

/** Changes with the rules, with what is known of kernels, and with how patches are read. */
export function engineVersion(): string {
  known ??= versionOf(ROOT, FOLDERS);
  return known;
}

/** Of a patch: two mails with the same one are reviewed alike. */
export function contentOf({ message, patch: { diff, repairs } }: PatchJob): string {
  const { files, problems } = diff;
  // Where in the mail a hunk stands says nothing, unless something is told about it.
  const changes = JSON.stringify(files, (key, value: unknown) => (key === 'line' ? undefined : value));
  const told = JSON.stringify([problems, repairs, message.problems]);
  return hashOf(changes, told, JSON.stringify([eraOfMail(message), foreignTree(message, diff)]));
}

/** Of several texts, as one. */
export function hashOf(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}\0`).update(text);
  return hash.digest('hex').slice(0, LENGTH);
}

/** Hex digits: 128 bits. */
const LENGTH = 32;
