/** The app as people start it, beside a GitHub of the tests that delivers its webhooks to it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WEBHOOK_PATH } from '../../../bot/server/http.ts';
import { type GitHubServer, startGitHub } from '../github/server.ts';
import type { App } from '../github/world.ts';
import { askedByManifest } from './manifest.ts';

/** Milliseconds in which the queue comes to rest, and the app starts, on a machine that is busy with other tests. */
const PATIENCE = 90_000;

/** What is started, built. */
const PROGRAMS = {
  serve: ['dist/bot/cli.js', 'serve'],
  worker: ['dist/bot/cli.js', 'worker'],
  probot: ['node_modules/probot/bin/probot.js', 'run', './dist/bot/app.js'],
} as const;

/** One of the programs, in a process of its own. */
export class Process {
  readonly child: ChildProcess;
  /** What it wrote to standard error: its log. */
  readonly log: string[] = [];
  /** Where it listens. */
  readonly url: Promise<string>;

  constructor(program: keyof typeof PROGRAMS, args: readonly string[], environment: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [...PROGRAMS[program], ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: tmpdir(), ...environment },
    });
    const { stdout, stderr } = this.child;
    if (stdout === null || stderr === null) throw new Error('the process has no output');
    createInterface(stderr).on('line', (line) => this.log.push(line));
    this.url = new Promise((resolve, reject) => {
      createInterface(stdout).on('line', (line) => {
        const found = / (?:at|on) (http:\S+)$/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
      this.child.once('exit', () => reject(new Error(`it ended:\n${this.log.join('\n')}`)));
    });
    // Whoever does not ask for it need not handle it.
    this.url.catch(() => undefined);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

export class RunningApp {
  readonly github: GitHubServer;
  readonly app: App;
  readonly environment: NodeJS.ProcessEnv;
  url = '';
  process: Process | null = null;
  private readonly directory: string;
  private repositories = 0;

  private constructor(github: GitHubServer, environment: NodeJS.ProcessEnv) {
    this.github = github;
    this.directory = mkdtempSync(join(tmpdir(), 'app-'));
    this.app = github.createApp(askedByManifest());
    const data = { PATCHWITNESS_DATA: join(this.directory, 'data') };
    this.environment = appEnvironment(github, this.app, { ...data, ...environment });
  }

  static async start(environment: NodeJS.ProcessEnv = {}, args: readonly string[] = []): Promise<RunningApp> {
    const running = new RunningApp(await startGitHub(), environment);
    await running.begin(args);
    return running;
  }

  /** A new repository with the app in it; its full name. */
  async repository(files: Readonly<Record<string, string>>): Promise<string> {
    this.repositories++;
    const name = `mirror-${this.repositories}/linux`;
    await this.github.createRepository(name, { files });
    await this.github.install(this.app, name);
    return name;
  }

  /** Starts the process; again after `end`. */
  async begin(args: readonly string[] = []): Promise<void> {
    this.process = new Process('serve', ['--port', '0', ...args], this.environment);
    this.url = await this.process.url;
    this.github.setWebhookUrl(this.app, `${this.url}${WEBHOOK_PATH}`);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.process?.end(signal);
  }

  /** Resolves when all webhooks are answered and no job waits or is under way. */
  async rest(patience?: number): Promise<void> {
    await settle(this.github, this.url, patience);
  }

  /** Throws where the app asked for something that GitHub does not have, or has otherwise. */
  async stop(): Promise<void> {
    await this.end();
    await this.github.close();
    rmSync(this.directory, { recursive: true, force: true });
    const wrong = [...this.github.unknown, ...this.github.violations];
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  }
}

/** Variables that say where GitHub is. */
export function addressOf({ origin }: { readonly origin: string }): NodeJS.ProcessEnv {
  return { GHE_HOST: new URL(origin).host, GHE_PROTOCOL: 'http' };
}

/** Variables that make the app one of this GitHub. */
export function appEnvironment(github: GitHubServer, app: App, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhookSecret,
    ...addressOf(github),
    PATCHWITNESS_THROTTLE: 'off',
    PATCHWITNESS_RETRY_SECONDS: '1',
    ...more,
  };
}

/** Waits for the webhooks' answers and then, by the app's own figures, for its queue; and for webhooks that these caused. */
export async function settle(github: GitHubServer, url: string, patience = PATIENCE): Promise<void> {
  const end = Date.now() + patience;
  for (let idle = 0; idle < 2; ) {
    if (Date.now() > end) throw new Error('the queue does not come to rest');
    await github.settled();
    const left = await jobsLeft(url);
    idle = left === 0 ? idle + 1 : 0;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

async function jobsLeft(url: string): Promise<number> {
  const text = await fetch(`${url}/metrics`).then(
    (response) => response.text(),
    () => 'patchwitness_queue_jobs{state="waiting"} 1',
  );
  const counts = [...text.matchAll(/^patchwitness_queue_jobs\{state="(\w+)"\} (\d+)$/gm)];
  if (counts.length === 0) return 1;
  return counts
    .filter(([, state]) => state !== 'failed')
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}
