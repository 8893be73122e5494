/**
 * GitHub on loopback, as strict as the real one is documented to be: a real HTTP server with the API at `/api/v3` and the graph
 * at `/api/graphql`, a real bare git repository behind each of its own, real webhooks with signatures. The head of each pull
 * request can be fetched from the repository's `clone_url` as `refs/pull/NUMBER/head`.
 *
 *     const github = await startGitHub();
 *     await github.createRepository('mirror/linux', { files: { 'fs/demofs/file.c': '…' } });
 *     const app = github.createApp({ webhookUrl, permissions: { checks: 'write', pull_requests: 'write', contents: 'read' } });
 *     await github.install(app, 'mirror/linux');
 *     await github.people.push('mirror/linux', 'topic', [{ message: 'demofs: …', files: { … } }]);
 *     const pull = await github.people.openPull({ repository: 'mirror/linux', head: 'topic' });
 *     expect(github.checkRuns('mirror/linux', pull.head.sha)).toMatchObject([{ conclusion: 'success' }]);
 *     await github.close();   // throws where an answer of this server was not as GitHub describes it
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listenOnLoopback } from '../loopback.ts';
import { grantedTo } from './auth.ts';
import { MovableClock } from './clock.ts';
import { shortRepositories, tellInstallation } from './events.ts';
import type { Fault } from './faults.ts';
import { commitFolder, git, type NewCommit, writeCommits } from './git.ts';
import { isOutdated } from './graphql/schema.ts';
import { Api } from './http.ts';
import type { Json } from './json.ts';
import { People } from './people.ts';
import { forget } from './remembered.ts';
import { type Event, Webhooks } from './webhooks.ts';
import {
  type App,
  appKeys,
  type CheckRun,
  type CheckSuite,
  change,
  type Installation,
  type IssueComment,
  type Permissions,
  type Pull,
  type Repository,
  type Review,
  type ReviewComment,
  type Sarif,
  type Thread,
  World,
} from './world.ts';

export interface Options {
  readonly clock?: MovableClock;
  /** Resolving threads takes `contents: write` too, as people report of the real one. */
  readonly resolvingNeedsContents?: boolean;
}

export interface NewApp {
  readonly name?: string;
  readonly webhookUrl?: string | null;
  readonly webhookSecret?: string;
  readonly permissions: Permissions;
  readonly events?: readonly string[];
}

export interface NewRepository {
  /** The files of the first commit. */
  readonly files?: NewCommit['files'];
  /** A folder that becomes the first commit. */
  readonly folder?: string;
  /** A git repository that is cloned, branches and all. */
  readonly clone?: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
}

/** A thread with its comments, as a person sees it. */
export interface ShownThread extends Thread {
  readonly isOutdated: boolean;
  readonly comments: readonly ReviewComment[];
}

export async function startGitHub(options: Options = {}): Promise<GitHubServer> {
  const server = new GitHubServer(options);
  await server.start();
  return server;
}

export class GitHubServer {
  readonly clock: MovableClock;
  readonly world: World;
  readonly people: People;
  readonly webhooks: Webhooks;
  readonly api: Api;
  private readonly directory = mkdtempSync(join(tmpdir(), 'github-'));
  private readonly server: Server;

  constructor({ clock = new MovableClock(), resolvingNeedsContents = false }: Options) {
    this.clock = clock;
    this.world = new World(clock);
    this.webhooks = new Webhooks(this.world);
    this.people = new People(this.world, this.webhooks);
    this.api = new Api(this.world, this.webhooks, { resolvingNeedsContents });
    this.server = createServer((request, response) => {
      void this.api.serve(request, response);
    });
  }

  async start(): Promise<void> {
    this.world.origin = await listenOnLoopback(this.server);
  }

  /** Ends the server and takes its repositories away. Throws where this server itself was at fault. */
  async close(): Promise<void> {
    await this.webhooks.settled();
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
    forget(this.directory);
    rmSync(this.directory, { recursive: true, force: true });
    if (this.api.broken.length > 0) throw new Error(this.api.broken.join('\n'));
  }

  /** `http://127.0.0.1:PORT`. */
  get origin(): string {
    return this.world.origin;
  }

  /** What clients of the API take as their base. */
  get baseUrl(): string {
    return `${this.world.origin}/api/v3`;
  }

  /** Requests for which there is no route or no field: what the app asks and this GitHub does not have. */
  get unknown(): readonly string[] {
    return this.api.unknown;
  }

  /** Requests that are not as GitHub describes them. */
  get violations(): readonly string[] {
    return this.api.violations;
  }

  get requests(): Api['requests'] {
    return this.api.requests;
  }

  get deliveries(): Webhooks['deliveries'] {
    return this.webhooks.deliveries;
  }

  createApp(wanted: NewApp): App {
    const { world } = this;
    const {
      name = 'patchwitness',
      webhookUrl = null,
      webhookSecret = 'webhook-secret',
      permissions,
    } = wanted;
    const id = world.nextId();
    const app: App = {
      id,
      slug: name,
      name,
      owner: world.account('maintainer'),
      bot: world.account(`${name}[bot]`, 'Bot'),
      clientId: `Iv1.${id}`,
      ...appKeys(),
      webhookSecret,
      webhookUrl,
      permissions,
      events: wanted.events ?? ['pull_request', 'issue_comment', 'pull_request_review_comment', 'check_run'],
      createdAt: this.clock.now(),
    };
    const granted = { ...app, permissions: grantedTo(app) };
    world.apps.set(id, granted);
    return granted;
  }

  /** Where the app listens, when that is known only later. */
  setWebhookUrl({ id }: App, webhookUrl: string | null): void {
    change(this.world.apps, id, { webhookUrl });
  }

  /** Installs the app in repositories of one owner; it is told. */
  async install(
    { id: appId }: App,
    repositories: string | readonly string[],
    granted?: Permissions,
  ): Promise<Installation> {
    const { world } = this;
    const names = typeof repositories === 'string' ? [repositories] : repositories;
    const app = world.app(appId);
    const installation: Installation = {
      id: world.nextId(),
      appId,
      account: world.repository(names[0] ?? '').owner,
      repositories: names,
      permissions: granted === undefined ? app.permissions : { metadata: 'read', ...granted },
      createdAt: this.clock.now(),
      suspendedAt: null,
    };
    world.installations.set(installation.id, installation);
    await tellInstallation(world, this.webhooks, installation, 'created');
    return installation;
  }

  async uninstall({ id }: Installation): Promise<void> {
    const installation = change(this.world.installations, id, {});
    await tellInstallation(this.world, this.webhooks, installation, 'deleted');
    this.world.installations.delete(id);
  }

  async suspend({ id }: Installation, suspended = true): Promise<void> {
    const suspendedAt = suspended ? this.clock.now() : null;
    const installation = change(this.world.installations, id, { suspendedAt });
    await tellInstallation(this.world, this.webhooks, installation, suspended ? 'suspend' : 'unsuspend');
  }

  async addToInstallation({ id }: Installation, name: string): Promise<void> {
    const { repositories } = change(this.world.installations, id, {});
    const installation = change(this.world.installations, id, { repositories: [...repositories, name] });
    await tellInstallation(this.world, this.webhooks, installation, 'added', 'installation_repositories', {
      repositories: undefined,
      repositories_added: shortRepositories(this.world, [name]),
      repositories_removed: [],
      repository_selection: 'selected',
      requester: null,
    });
  }

  async createRepository(fullName: string, wanted: NewRepository = {}): Promise<Repository> {
    const { world } = this;
    const [owner = '', name = ''] = fullName.split('/');
    const defaultBranch = wanted.defaultBranch ?? 'main';
    const directory = join(this.directory, `${fullName}.git`);
    mkdirSync(dirname(directory), { recursive: true });
    const ref = `refs/heads/${defaultBranch}`;
    const seconds = Math.floor(this.clock.now() / 1000);
    if (wanted.clone === undefined)
      await git(this.directory, ['init', '-q', '--bare', '-b', defaultBranch, directory]);
    else await git(this.directory, ['clone', '-q', '--bare', wanted.clone, directory]);
    // Commits that were pushed away must stay: comments name them.
    await git(directory, ['config', 'gc.auto', '0']);
    await git(directory, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    if (wanted.folder !== undefined) await commitFolder(directory, ref, wanted.folder, seconds);
    else if (wanted.clone === undefined)
      await writeCommits(directory, ref, null, [{ message: 'base', files: wanted.files ?? {} }], seconds);
    const repository: Repository = {
      id: world.nextId(),
      fullName,
      owner: world.account(owner, 'Organization'),
      name,
      private: wanted.private ?? false,
      defaultBranch,
      directory,
      createdAt: this.clock.now(),
      collaborators: {},
    };
    world.repositories.set(fullName, repository);
    return repository;
  }

  /** Sends an event to an app as it is, whatever it says; completed and checked where the description has it. */
  async deliver(
    { id }: App,
    event: Event,
    installationId: number | null = null,
  ): ReturnType<Webhooks['send']> {
    return await this.webhooks.send(this.world.app(id), installationId, event);
  }

  /** The next requests that match go wrong. */
  fail(fault: Fault): void {
    this.api.faults.add(fault);
  }

  /** From now on the app's address cannot be reached, or can again. */
  loseDeliveries(lost: boolean): void {
    this.webhooks.down = lost;
  }

  /** Resolves when all webhooks are answered, also those that were caused meanwhile. */
  async settled(): Promise<void> {
    await this.webhooks.settled();
  }

  checkRuns(repository: string, sha?: string): CheckRun[] {
    return [...this.world.checkRuns.values()].filter(
      (run) => run.repository === repository && (sha === undefined || run.headSha === sha),
    );
  }

  checkSuites(repository: string): CheckSuite[] {
    return [...this.world.checkSuites.values()].filter((suite) => suite.repository === repository);
  }

  reviews(pull: Pull): Review[] {
    return of(pull, this.world.reviews);
  }

  reviewComments(pull: Pull): ReviewComment[] {
    return of(pull, this.world.reviewComments);
  }

  issueComments(pull: Pull): IssueComment[] {
    return of(pull, this.world.issueComments);
  }

  threads(pull: Pull): ShownThread[] {
    const comments = this.reviewComments(pull);
    return of(pull, this.world.threads).map((thread) => shownThread(this.world, thread, comments));
  }

  sarifs(repository: string): Sarif[] {
    return [...this.world.sarifs.values()].filter((sarif) => sarif.repository === repository);
  }

  /** A manifest as GitHub's page for new apps would have taken it; the code that it leads back with. */
  submitManifest(manifest: Json): string {
    const code = `code-${this.world.nextId()}`;
    this.world.manifests.set(code, manifest);
    return code;
  }
}

function shownThread(world: World, thread: Thread, comments: readonly ReviewComment[]): ShownThread {
  const own = comments.filter(({ threadId }) => threadId === thread.id);
  return { ...thread, isOutdated: isOutdated(world, thread), comments: own };
}

function of<Item extends { readonly repository: string; readonly number: number }>(
  { repository, number }: Pull,
  items: ReadonlyMap<number, Item>,
): Item[] {
  return [...items.values()].filter((item) => item.repository === repository && item.number === number);
}
