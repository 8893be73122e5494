/** The app in this process beside a GitHub of the tests: installed in a repository, its webhooks delivered for real. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type ServiceConfig } from '../../../bot/server/config.ts';
import { WEBHOOK_PATH } from '../../../bot/server/http.ts';
import { makeLog } from '../../../bot/server/log.ts';
import { makeProbot } from '../../../bot/server/probot.ts';
import { Service, type ServiceParts } from '../../../bot/server/service.ts';
import { type GitHubServer, type NewRepository, startGitHub } from '../github/server.ts';
import type { App, Installation } from '../github/world.ts';

/** Those of app.yml. */
export const PERMISSIONS = {
  checks: 'write',
  contents: 'read',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
  security_events: 'write',
} as const;

export const EVENTS = [
  'check_run',
  'check_suite',
  'issue_comment',
  'pull_request',
  'pull_request_review_comment',
];

export interface RunningOptions extends NewRepository {
  readonly repository?: string;
  /** More variables of the app's environment. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly parts?: Partial<ServiceParts>;
}

/** Milliseconds in which the queue comes to rest on a machine that is busy with other tests. */
const PATIENCE = 90_000;

export class RunningApp {
  readonly github: GitHubServer;
  readonly app: App;
  readonly repository: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Lines of the app's log. */
  readonly log: string[] = [];
  private readonly directory: string;
  private running: Service | null = null;
  private readonly parts: ServiceParts;

  private constructor(
    github: GitHubServer,
    app: App,
    { repository = 'mirror/linux', environment = {}, parts = {} }: RunningOptions,
  ) {
    this.github = github;
    this.app = app;
    this.repository = repository;
    this.directory = mkdtempSync(join(tmpdir(), 'app-'));
    this.environment = appEnvironment(github, app, {
      PATCHWITNESS_DATA: join(this.directory, 'data'),
      ...environment,
    });
    this.parts = { webhooks: true, concurrency: 1, listen: { host: '127.0.0.1', port: 0 }, ...parts };
  }

  static async start(options: RunningOptions): Promise<RunningApp> {
    const github = await startGitHub();
    const { repository = 'mirror/linux' } = options;
    await github.createRepository(repository, options);
    const app = github.createApp({ permissions: PERMISSIONS, events: EVENTS });
    const running = new RunningApp(github, app, options);
    await running.begin();
    await running.install(repository);
    return running;
  }

  install(repository: string): Promise<Installation> {
    return this.github.install(this.app, repository);
  }

  /** Starts the app's process, so to speak; again after `end`. */
  async begin(): Promise<void> {
    const config = this.config;
    const { identity } = config;
    if (identity === null) throw new Error('the app has no identity');
    const log = makeLog(
      'debug',
      [identity.webhookSecret, identity.privateKey],
      (line) => void this.log.push(line),
    );
    const probot = makeProbot(identity, { ...config, log });
    this.running = await Service.start(config, probot, this.parts);
    this.github.setWebhookUrl(this.app, `${this.url}${WEBHOOK_PATH}`);
  }

  async end(): Promise<void> {
    await this.running?.stop();
    this.running = null;
  }

  get config(): ServiceConfig {
    return readConfig(this.environment);
  }

  get url(): string {
    return this.running?.url ?? '';
  }

  /** Resolves when all webhooks are answered and no job waits or is under way. */
  async rest(): Promise<void> {
    await settle(this.github, this.url);
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

/** Variables that make the app one of this GitHub. */
export function appEnvironment(github: GitHubServer, app: App, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhookSecret,
    GHE_HOST: new URL(github.origin).host,
    GHE_PROTOCOL: 'http',
    PATCHWITNESS_THROTTLE: 'off',
    PATCHWITNESS_RETRY_SECONDS: '1',
    ...more,
  };
}

/** Waits for the webhooks' answers and then, by the app's own figures, for its queue; and for webhooks that these caused. */
export async function settle(github: GitHubServer, url: string): Promise<void> {
  const end = Date.now() + PATIENCE;
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
