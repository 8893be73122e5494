/** The program's own package: found by walking up, since sources and build lie at different depths. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const manifest = z.object({ name: z.literal('patchwitness'), version: z.string() });

/** The directory that holds package.json, docs and, in a clone, the sources. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('package.json of patchwitness not found');
    directory = parent;
  }
  return directory;
}

export function packageVersion(): string {
  return manifest.parse(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))).version;
}
