/**
 * A second opinion: the GitHub of Vercel's `emulate`, which other people wrote. It has apps, installations, webhooks, check runs
 * and git's objects; it has no diffs of pull requests, no lines for review comments and no graph. Commits are made by git in a
 * repository of ours and sent there object by object, so that both know them by the same names, and the app reads them from
 * that repository as from a mirror. In front stands a server that has the API where an enterprise's GitHub has it, passes
 * webhooks on to wherever the app listens, and answers the graph's questions with an empty conversation.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createEmulator, type Emulator } from 'emulate';
import { listenOnLoopback } from '../loopback.ts';
import { git, type NewCommit, readCommit, writeCommits } from './git.ts';
import { isJson, type Json } from './json.ts';
import { appKeys } from './world.ts';

const OWNER = 'mirror';
const NAME = 'linux';
const TOKEN = 'developer-token';
const APP_ID = 4711;
const INSTALLATION_ID = 42;

export class EmulatedGitHub {
  readonly owner = OWNER;
  readonly repository = `${OWNER}/${NAME}`;
  readonly appId = APP_ID;
  readonly webhookSecret = 'webhook-secret';
  readonly privateKey = appKeys().privateKey;
  /** A bare clone of the repository, so to speak. */
  readonly mirror: string;
  /** Where the app listens. */
  webhookUrl = '';
  /** What it was asked and did not have. */
  readonly unknown: string[] = [];
  origin = '';
  private readonly directory = mkdtempSync(join(tmpdir(), 'emulated-'));
  private readonly front: Server;
  private emulator: Emulator | null = null;

  constructor() {
    this.mirror = join(this.directory, 'linux.git');
    this.front = createServer((request, response) => {
      void this.pass(request, response);
    });
  }

  /** Begins with these files on `main`. */
  static async start(files: NewCommit['files']): Promise<EmulatedGitHub> {
    const github = new EmulatedGitHub();
    github.origin = await listenOnLoopback(github.front);
    github.emulator = await createEmulator({
      service: 'github',
      port: await freePort(),
      seed: github.seed(),
    });
    await git(github.directory, ['init', '-q', '--bare', '-b', 'main', github.mirror]);
    await github.push('main', null, [{ message: 'base\n', files }]);
    return github;
  }

  private seed(): Record<string, unknown> {
    return {
      tokens: { [TOKEN]: { login: OWNER, scopes: ['repo'] } },
      github: {
        users: [{ login: OWNER }],
        repos: [{ owner: OWNER, name: NAME, auto_init: true }],
        apps: [
          {
            app_id: APP_ID,
            slug: 'patchwitness',
            name: 'patchwitness',
            private_key: this.privateKey,
            permissions: { checks: 'write', contents: 'read', issues: 'write', pull_requests: 'write' },
            events: ['pull_request', 'check_run', 'issue_comment'],
            webhook_url: `${this.origin}/webhooks`,
            webhook_secret: this.webhookSecret,
            installations: [
              { installation_id: INSTALLATION_ID, account: OWNER, repository_selection: 'all' },
            ],
          },
        ],
      },
    };
  }

  async close(): Promise<void> {
    this.front.closeAllConnections();
    await new Promise((resolve) => {
      this.front.close(resolve);
    });
    await this.emulator?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Opens a pull request of commits on top of `main`; its number and its head. */
  async openPull(branch: string, commits: readonly NewCommit[]): Promise<{ number: number; head: string }> {
    const head = await this.push(branch, 'main', commits);
    const pull = await this.ask('POST', 'pulls', { title: branch, head: branch, base: 'main' });
    return { number: Number(pull.number), head };
  }

  private async push(branch: string, onto: string | null, commits: readonly NewCommit[]): Promise<string> {
    const parent = onto === null ? null : (await git(this.mirror, ['rev-parse', onto])).trim();
    const ref = `refs/heads/${branch}`;
    const head = await writeCommits(this.mirror, ref, parent, commits, 1_700_000_000);
    const range = parent === null ? head : `${parent}..${head}`;
    const names = await git(this.mirror, ['rev-list', '--reverse', range]);
    for (const name of names.split('\n').filter(Boolean)) await this.send(name);
    // `main` is there already, with a commit of the emulator's own.
    if (onto === null) await this.ask('PATCH', `git/${ref}`, { sha: head, force: true });
    else await this.ask('POST', 'git/refs', { ref, sha: head });
    return head;
  }

  /** Sends a commit with its files; throws where it gets another name there. */
  private async send(name: string): Promise<void> {
    const commit = await readCommit(this.mirror, name);
    if (commit === null) throw new Error(`no commit ${name}`);
    const listed = await git(this.mirror, ['ls-tree', '-r', '-z', name]);
    const tree = await Promise.all(
      listed
        .split('\0')
        .filter(Boolean)
        .map(async (line) => {
          const [mode = '', , rest = ''] = line.split(' ');
          const [sha = '', path = ''] = rest.split('\t');
          return { path, mode, type: 'blob', content: await git(this.mirror, ['cat-file', 'blob', sha]) };
        }),
    );
    const { sha } = await this.ask('POST', 'git/trees', { tree });
    const { author, committer, parents, message } = commit;
    const made = await this.ask('POST', 'git/commits', {
      message: `${message}\n`,
      tree: sha,
      parents,
      author,
      committer,
    });
    if (made.sha !== name) throw new Error(`${name} is ${String(made.sha)} there`);
  }

  /** The check runs of a commit, as the emulator tells people. */
  async checkRuns(sha: string): Promise<readonly Json[]> {
    const { check_runs: runs } = await this.ask('GET', `commits/${sha}/check-runs`);
    return Array.isArray(runs) ? runs.filter(isJson) : [];
  }

  /** The annotations of a check run, which it has in an object, unlike GitHub. */
  async annotations(run: Json): Promise<readonly Json[]> {
    const { check_annotations: found } = await this.ask('GET', `check-runs/${String(run.id)}/annotations`);
    return Array.isArray(found) ? found.filter(isJson) : [];
  }

  async reviewComments(number: number): Promise<readonly Json[]> {
    const found = await this.answer('GET', `pulls/${number}/comments`);
    return Array.isArray(found) ? found.filter(isJson) : [];
  }

  private async ask(method: string, path: string, body?: Json): Promise<Json> {
    const value = await this.answer(method, path, body);
    if (!isJson(value)) throw new Error(`${method} ${path}: no object`);
    return value;
  }

  private async answer(method: string, path: string, body?: Json): Promise<unknown> {
    const response = await fetch(`${this.emulator?.url ?? ''}/repos/${this.repository}/${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(value)}`);
    return value;
  }

  /** Between the app and the emulator, in both directions. */
  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const body = await buffer(request);
    if (url === '/api/graphql') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(NOTHING_SAID));
      return;
    }
    const isWebhook = url === '/webhooks';
    const target = isWebhook
      ? this.webhookUrl
      : `${this.emulator?.url ?? ''}${url.replace(/^\/api\/v3/, '')}`;
    if (target === '') {
      response.writeHead(503).end();
      return;
    }
    const answer = await fetch(target, {
      method,
      headers: headersOf(request),
      ...(body.length === 0 ? {} : { body }),
    });
    if (!isWebhook && answer.status === 404) this.unknown.push(`${method} ${url}`);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }
}

const NO_NODES = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };

const NOTHING_SAID = {
  data: { repository: { pullRequest: { reviewThreads: NO_NODES, reviews: NO_NODES } } },
};

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name, value]) => typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

/** The emulator wants to be told. */
async function freePort(): Promise<number> {
  const server = createServer();
  const url = await listenOnLoopback(server);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return Number(new URL(url).port);
}
