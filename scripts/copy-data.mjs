/** Puts the data files beside the compiled modules that read them, the knowledge checked and in one piece. */

import { chmodSync, cpSync } from 'node:fs';

for (const directory of ['analyzers/knowledge', 'corpus/series', 'corpus/threads']) {
  cpSync(directory, `dist/${directory}`, {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
}
chmodSync('dist/bot/cli.js', 0o755);
const { compileKnowledge } = await import('../dist/analyzers/knowledge/load.js');
compileKnowledge();
