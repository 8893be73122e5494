/** A mirror with an open pull request and the app installed: what most tests of the GitHub of the tests begin with. */

import { type Ask, askingFor } from './plain-client.ts';
import { type GitHubServer, type Options, startGitHub } from './server.ts';
import type { App, Installation, Permissions, Pull } from './world.ts';

export interface Mirror {
  readonly github: GitHubServer;
  readonly app: App;
  readonly installation: Installation;
  readonly pull: Pull;
  readonly ask: Ask;
  /** `/repos/mirror/linux`. */
  readonly repository: string;
  /** The pull request's path. */
  readonly path: string;
}

export const MIRROR = 'mirror/linux';

const ALL: Permissions = {
  checks: 'write',
  contents: 'read',
  pull_requests: 'write',
  security_events: 'write',
};

/** Twenty numbered lines. */
export function numbered(change: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: 20 }, (_, index) => `${change[index + 1] ?? `line ${index + 1}`}\n`).join('');
}

/** Lines 3 and 17 of `fs/a.c` are changed, `fs/new.c` is new, `fs/old.c` goes away. */
export async function startMirror(
  options: Options & { readonly webhookUrl?: string; readonly permissions?: Permissions } = {},
): Promise<Mirror> {
  const github = await startGitHub(options);
  const { webhookUrl = null, permissions = ALL } = options;
  await github.createRepository(MIRROR, { files: { 'fs/a.c': numbered(), 'fs/old.c': 'old\n' } });
  const app = github.createApp({ permissions, webhookUrl });
  const installation = await github.install(app, MIRROR);
  await github.people.push(MIRROR, 'topic', [
    {
      message: 'fs: change',
      files: { 'fs/a.c': numbered({ 3: 'three', 17: 'seventeen' }), 'fs/new.c': 'new\n', 'fs/old.c': null },
    },
  ]);
  const pull = await github.people.openPull({ repository: MIRROR, head: 'topic' });
  const repository = `/repos/${MIRROR}`;
  return {
    github,
    app,
    installation,
    pull,
    repository,
    path: `${repository}/pulls/${pull.number}`,
    ask: await askingFor(github, app, installation),
  };
}
