/** Puts the data files beside the compiled modules that read them. */

import { chmodSync, cpSync } from 'node:fs';

for (const directory of ['analyzers/knowledge', 'corpus/series', 'corpus/threads']) {
  cpSync(directory, `dist/${directory}`, {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
}
chmodSync('dist/bot/cli.js', 0o755);
