/**
 * `npm run demo`: the GitHub app at work without GitHub. Starts the GitHub of the tests, makes a repository with a small
 * filesystem, registers the app by its manifest, opens a pull request with a bug, and shows what the app says of it.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitHub } from '../test/support/github/server.ts';
import { file, growing, MAKEFILE, plain } from '../test/support/github-app/code.ts';
import { readManifestForm } from '../test/support/github-app/manifest.ts';
import { addressOf, Process, settle } from '../test/support/github-app/running.ts';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const directory = mkdtempSync(join(tmpdir(), 'demo-'));
const github = await startGitHub();
const environment = {
  ...addressOf(github),
  PATCHWITNESS_DATA: join(directory, 'data'),
  PORT: '0',
};
const env = join(directory, '.env');

say(`GitHub:   ${github.baseUrl} (that of the tests)`);
const setup = new Process('serve', ['--env', env], environment);
const { manifest, state } = readManifestForm(await (await fetch(await setup.url)).text());
const code = github.submitManifest(manifest);
await (await fetch(`${await setup.url}/setup?code=${code}&state=${state}`)).text();
await setup.end('SIGTERM');
const [app] = [...github.world.apps.values()];
if (app === undefined) throw new Error('the app was not registered');
say(`App:      registered as number ${app.id}, its credentials are in ${env}`);

const serve = new Process('serve', ['--env', env], environment);
const url = await serve.url;
github.setWebhookUrl(app, `${url}/api/github/webhooks`);
say(`Server:   ${url} (patchwitness serve)`);

await github.createRepository('mirror/linux', {
  files: { Makefile: MAKEFILE, 'fs/demofs/a.c': file(plain('demofs_count')) },
});
await github.install(app, 'mirror/linux');
const files = { 'fs/demofs/a.c': file(plain('demofs_count'), growing('demofs_grow', 'GFP_KERNEL')) };
await github.people.push('mirror/linux', 'topic', [{ message: 'demofs: grow', files }]);
const pull = await github.people.openPull({
  repository: 'mirror/linux',
  head: 'topic',
  title: 'demofs: grow',
});
say('Pull:     mirror/linux#1 opened, with an allocation under a page lock\n');
await settle(github, url);
for (const run of github.checkRuns('mirror/linux')) say(`Check run: ${run.conclusion}: ${run.title}`);
for (const { path, line, body } of github.reviewComments(pull))
  say(`Comment at ${path}:${line}:\n\n${body}\n`);

await serve.end('SIGTERM');
await github.close();
rmSync(directory, { recursive: true, force: true });
