/**
 * The version of what the index keeps: a hash over the program's own modules and data that decide it. Whoever changes
 * the extraction or an entry of the knowledge changes the version, and what was stored before is not looked at.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders of `analyzers`, of which everything but the models and their scenarios has a say. */
const FOLDERS = ['c', 'events', 'flow', 'index', 'knowledge', 'review', 'rules', 'source', 'vocabulary'];

const ANALYZERS = fileURLToPath(new URL('..', import.meta.url));

/** Hex digits; two versions of one user's cache do not meet by chance. */
const LENGTH = 16;

/** Sources, what is built of them, and data; declarations and maps say nothing new. */
const COUNTS = /(?<!\.d)\.(?:ts|js|yml|json)$/;

let known: string | null = null;

export function extractorVersion(): string {
  known ??= computed();
  return known;
}

function computed(): string {
  return versionOf(ANALYZERS, FOLDERS);
}

/** A hash over all modules and data in folders of `root`, and over the versions of the packages that they use. */
export function versionOf(root: string, folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const directory = join(root, folder);
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => COUNTS.test(name)).toSorted()) {
      hash.update(`${folder}/${file}\0`).update(readFileSync(join(directory, file)));
    }
  }
  // It pins the version of the parser.
  hash.update(readFileSync(join(packageRoot(ANALYZERS), 'package.json')));
  return hash.digest('hex').slice(0, LENGTH);
}

function packageRoot(directory: string): string {
  const parent = dirname(directory);
  return existsSync(join(directory, 'package.json')) || parent === directory
    ? directory
    : packageRoot(parent);
}
