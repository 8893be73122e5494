/** Puts the data files beside the compiled modules that read them, the knowledge checked and in one piece. */

import { chmodSync, copyFileSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePage } from './bundle-page.mjs';

for (const directory of [
  'analyzers/knowledge',
  'analyzers/model',
  'corpus/series',
  'corpus/threads',
  'corpus/objections',
]) {
  // A data file that was renamed must not be read under its old name too.
  const target = `dist/${directory}`;
  const old = existsSync(target) ? readdirSync(target, { recursive: true, encoding: 'utf8' }) : [];
  for (const file of old) if (file.endsWith('.yml')) rmSync(join(target, file));
  cpSync(directory, target, {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
}
for (const style of ['bot/reports/html/style.css', 'bot/web/web.css']) copyFileSync(style, `dist/${style}`);
bundlePage();
chmodSync('dist/bot/cli.js', 0o755);
const { compileKnowledge } = await import('../dist/analyzers/knowledge/load.js');
compileKnowledge();
