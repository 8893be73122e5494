import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';
import { readManifestForm } from '../../support/github-app/manifest.ts';
import { addressOf, Process } from '../../support/github-app/running.ts';

const directory = mkdtempSync(join(tmpdir(), 'setup-'));
const env = join(directory, '.env');
let github: GitHubServer;
let server: Process;
let url = '';
let environment: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  github = await startGitHub();
  environment = { ...addressOf(github), PATCHWITNESS_DATA: join(directory, 'data') };
  server = new Process(
    'serve',
    ['--env', env, '--port', '0', '--public-url', 'https://bot.example.org/'],
    environment,
  );
  url = await server.url;
});

afterAll(async () => {
  await server.end('SIGTERM');
  await github.close();
  rmSync(directory, { recursive: true, force: true });
});

async function get(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, text: await response.text() };
}

it('registers the app by the manifest that its page sends, and keeps the credentials to itself', async () => {
  const { action, manifest, state } = readManifestForm((await get('/')).text);
  expect(action).toBe(`${github.origin}/settings/apps/new?state=${state}`);
  expect(manifest).toMatchObject({
    redirect_url: 'https://bot.example.org/setup',
    hook_attributes: { url: 'https://bot.example.org/api/github/webhooks' },
  });
  const code = github.submitManifest(manifest);
  expect((await get(`/setup?code=${code}&state=0000`)).status).toBe(400);
  expect((await get(`/setup?code=nonsense&state=${state}`)).status).toBe(502);
  expect((await get(`/setup?code=${code}&state=${state}`)).text).toContain('Registered');
  const [app] = [...github.world.apps.values()];
  const written = readFileSync(env, 'utf8');
  expect(written).toContain(`APP_ID=${app?.id}`);
  expect(written).toContain(`WEBHOOK_SECRET=${app?.webhookSecret}`);
  expect(written).toContain('PRIVATE_KEY="-----BEGIN');
  expect(statSync(env).mode & 0o077).toBe(0);
});

it('serves with what was written', async () => {
  const again = new Process('serve', ['--env', env, '--port', '0'], environment);
  expect((await fetch(`${await again.url}/health`)).status).toBe(200);
  await again.end('SIGTERM');
});
