/**
 * What people do to pull requests: push, open, close, edit, comment, click. Apps are told as GitHub would tell them; each of
 * these resolves when they have answered.
 */

import { type Author, addIssueComment, addReply, addReviewComment } from './commenting.ts';
import { anchorOf, followLine } from './diff.ts';
import { tellCheckRun, tellCheckSuite, tellPull } from './events.ts';
import { git, mergeBase, type NewCommit, resolveCommit, writeCommits } from './git.ts';
import type { Json } from './json.ts';
import type { Wanted } from './place.ts';
import { presentLabel } from './present.ts';
import { pullDiff } from './present-pull.ts';
import { suiteFor } from './routes/checks.ts';
import type { Webhooks } from './webhooks.ts';
import {
  type CheckRun,
  type CheckSuite,
  change,
  type IssueComment,
  type Pull,
  pullKey,
  type Repository,
  type ReviewComment,
  type World,
} from './world.ts';

export interface NewPull {
  readonly repository: string;
  /** A branch, or `owner:branch` for one of a fork. */
  readonly head: string;
  /** The default branch when nothing is said. */
  readonly base?: string;
  readonly title?: string;
  readonly body?: string | null;
  readonly user?: string;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
}

export class People {
  private readonly world: World;
  private readonly webhooks: Webhooks;

  constructor(world: World, webhooks: Webhooks) {
    this.world = world;
    this.webhooks = webhooks;
  }

  /**
   * Puts commits on a branch, which is made from the default branch if it is new; the new tip. With `onto` the branch is reset
   * to that revision first, as a forced push does. Pull requests of the branch follow.
   */
  async push(
    repository: string,
    branch: string,
    commits: readonly NewCommit[],
    { onto }: { readonly onto?: string } = {},
  ): Promise<string> {
    const { directory, defaultBranch } = this.world.repository(repository);
    const ref = refOf(branch);
    const wanted = onto === undefined ? [ref, `refs/heads/${defaultBranch}`] : [onto];
    const parents = await Promise.all(wanted.map((revision) => resolveCommit(directory, revision)));
    const parent = parents.find((found) => found !== null) ?? null;
    if (onto !== undefined && parent === null) throw new Error(`${repository} has no ${onto}`);
    const tip = await writeCommits(
      directory,
      ref,
      parent,
      commits,
      Math.floor(this.world.clock.now() / 1000),
    );
    await this.follow(repository, branch, tip);
    return tip;
  }

  /** Moves a branch to a commit that the repository has, or gets from another one; pull requests of the branch follow. */
  async pushFrom(repository: string, branch: string, from: string, revision: string): Promise<string> {
    const { directory } = this.world.repository(repository);
    await git(directory, ['fetch', '-q', '--no-tags', from, `+${revision}:${refOf(branch)}`]);
    const tip = (await git(directory, ['rev-parse', refOf(branch)])).trim();
    await this.follow(repository, branch, tip);
    return tip;
  }

  private async follow(repository: string, branch: string, tip: string): Promise<void> {
    const pulls = [...this.world.pulls.values()].filter(
      (pull) => pull.repository === repository && pull.state === 'open' && headName(pull) === branch,
    );
    await Promise.all(pulls.map((pull) => this.synchronize(pull, tip)));
    if (pulls.length === 0) await this.requestSuites(repository, branch, tip);
  }

  private async synchronize(pull: Pull, sha: string): Promise<void> {
    const { directory } = this.world.repository(pull.repository);
    const baseTip = await resolveCommit(directory, `refs/heads/${pull.base.ref}`);
    await git(directory, ['update-ref', `refs/pull/${pull.number}/head`, sha]);
    const changed = this.changePull(pull, {
      head: { ...pull.head, sha },
      base: { ...pull.base, sha: baseTip ?? pull.base.sha },
    });
    await this.followComments(changed);
    await Promise.all([
      tellPull(this.world, this.webhooks, changed, 'synchronize', { before: pull.head.sha, after: sha }),
      this.requestSuites(pull.repository, pull.head.ref, sha),
    ]);
  }

  /** Each push makes a suite for each app that may write checks, and tells it. */
  private async requestSuites(repository: string, branch: string, sha: string): Promise<void> {
    const apps = [...this.world.installations.values()]
      .filter(
        ({ repositories, permissions }) =>
          repositories.includes(repository) && permissions.checks === 'write',
      )
      .map(({ appId }) => appId);
    const sender = this.world.repository(repository).owner;
    await Promise.all(
      apps.map((appId) => {
        const suite = suiteFor(this.world, repository, appId, sha, branch);
        return tellCheckSuite(this.world, this.webhooks, suite, 'requested', sender);
      }),
    );
  }

  private changePull(pull: Pull, changes: Partial<Pull>): Pull {
    return change(this.world.pulls, pullKey(pull), { ...changes, updatedAt: this.world.clock.now() });
  }

  /** Finds the places of review comments in the new diff; those that have none are outdated. */
  private async followComments(pull: Pull): Promise<void> {
    const { world } = this;
    const { directory } = world.repository(pull.repository);
    const { files, base } = await pullDiff(world, pull);
    const own = [...world.reviewComments.values()].filter(
      ({ repository, number }) => repository === pull.repository && number === pull.number,
    );
    for (const comment of own) {
      const file = files.find(({ path }) => path === comment.path);
      if (comment.subjectType === 'file') {
        change(world.threads, comment.threadId, { fileGone: file === undefined });
        continue;
      }
      const moved = async (line: number | null): Promise<number | null> => {
        if (line === null || file === undefined) return null;
        const left = comment.side === 'LEFT';
        const from = left
          ? await mergeBase(directory, pull.base.sha, comment.originalCommitId)
          : comment.originalCommitId;
        const found = await followLine(directory, from, left ? base : pull.head.sha, comment.path, line);
        return found !== null && anchorOf(file, comment.side, found) !== null ? found : null;
      };
      const line = await moved(comment.originalLine);
      const anchor = line === null || file === undefined ? null : anchorOf(file, comment.side, line);
      change(world.reviewComments, comment.id, {
        line,
        startLine: await moved(comment.originalStartLine),
        position: anchor?.position ?? null,
        ...(line === null ? {} : { commitId: pull.head.sha }),
      });
    }
  }

  async openPull(wanted: NewPull): Promise<Pull> {
    const { world } = this;
    const repository = world.repository(wanted.repository);
    const { directory } = repository;
    const [branch = '', owner = null] = wanted.head.split(':').toReversed();
    const baseRef = wanted.base ?? repository.defaultBranch;
    const [sha, baseSha] = await Promise.all([
      resolveCommit(directory, refOf(wanted.head)),
      resolveCommit(directory, `refs/heads/${baseRef}`),
    ]);
    if (sha === null || baseSha === null)
      throw new Error(`${wanted.repository} lacks ${wanted.head} or ${baseRef}`);
    const number =
      [...world.pulls.values()].filter((pull) => pull.repository === wanted.repository).length + 1;
    const now = world.clock.now();
    const pull: Pull = {
      id: world.nextId(),
      repository: wanted.repository,
      number,
      title: wanted.title ?? `Pull request ${number}`,
      body: wanted.body ?? null,
      user: world.account(wanted.user ?? owner ?? 'developer'),
      state: 'open',
      draft: wanted.draft ?? false,
      merged: false,
      labels: wanted.labels ?? [],
      base: { ref: baseRef, sha: baseSha },
      head: { ref: branch, sha, fork: owner === null ? null : `${owner}/${repository.name}` },
      createdAt: now,
      updatedAt: now,
      closedAt: null,
    };
    world.pulls.set(pullKey(pull), pull);
    await git(directory, ['update-ref', `refs/pull/${number}/head`, sha]);
    await tellPull(world, this.webhooks, pull, 'opened');
    return pull;
  }

  /** The pull request as it is now. */
  now({ repository, number }: Pull): Pull {
    return this.world.pull(repository, number);
  }

  private async changeAndTell(
    pull: Pull,
    action: string,
    changes: Partial<Pull>,
    more: Json = {},
  ): Promise<Pull> {
    const changed = this.changePull(pull, changes);
    await tellPull(this.world, this.webhooks, changed, action, more);
    return changed;
  }

  async close(pull: Pull, { merged = false } = {}): Promise<Pull> {
    const closedAt = this.world.clock.now();
    return await this.changeAndTell(pull, 'closed', { state: 'closed', merged, closedAt });
  }

  async reopen(pull: Pull): Promise<Pull> {
    return await this.changeAndTell(pull, 'reopened', { state: 'open', closedAt: null });
  }

  async readyForReview(pull: Pull): Promise<Pull> {
    return await this.changeAndTell(pull, 'ready_for_review', { draft: false });
  }

  async convertToDraft(pull: Pull): Promise<Pull> {
    return await this.changeAndTell(pull, 'converted_to_draft', { draft: true });
  }

  async retitle(pull: Pull, title: string): Promise<Pull> {
    const changes = { title: { from: this.now(pull).title } };
    return await this.changeAndTell(pull, 'edited', { title }, { changes });
  }

  /** Aims the pull request at another branch. */
  async changeBase(pull: Pull, ref: string): Promise<Pull> {
    const { directory } = this.world.repository(pull.repository);
    const sha = await resolveCommit(directory, `refs/heads/${ref}`);
    if (sha === null) throw new Error(`${pull.repository} has no branch ${ref}`);
    const { base: old } = this.now(pull);
    const changed = this.changePull(pull, { base: { ref, sha } });
    await this.followComments(changed);
    const changes = { base: { ref: { from: old.ref }, sha: { from: old.sha } } };
    await tellPull(this.world, this.webhooks, changed, 'edited', { changes });
    return changed;
  }

  async label(pull: Pull, name: string): Promise<Pull> {
    const labels = [...new Set([...this.now(pull).labels, name])];
    const label = presentLabel(this.world, pull.repository, name);
    return await this.changeAndTell(pull, 'labeled', { labels }, { label });
  }

  async unlabel(pull: Pull, name: string): Promise<Pull> {
    const labels = this.now(pull).labels.filter((known) => known !== name);
    const label = presentLabel(this.world, pull.repository, name);
    return await this.changeAndTell(pull, 'unlabeled', { labels }, { label });
  }

  private author(user: string): Author {
    return { user: this.world.account(user), appId: null };
  }

  /** A comment under the pull request. */
  async comment(pull: Pull, user: string, body: string): Promise<IssueComment> {
    const { comment, told } = addIssueComment(this.world, this.webhooks, pull, this.author(user), body);
    await told;
    return comment;
  }

  /** A comment at a line, or on a file. */
  async reviewComment(
    pull: Pull,
    user: string,
    wanted: Wanted & { readonly body: string },
  ): Promise<ReviewComment> {
    const now = this.now(pull);
    const placed = { ...wanted, commitId: now.head.sha };
    const { comment, told } = await addReviewComment(
      this.world,
      this.webhooks,
      now,
      this.author(user),
      placed,
    );
    await told;
    return comment;
  }

  /** An answer in the thread of a review comment. */
  async reply(to: ReviewComment, user: string, body: string): Promise<ReviewComment> {
    const { comment, told } = addReply(this.world, this.webhooks, to, this.author(user), body);
    await told;
    return comment;
  }

  setResolved(threadId: number, user: string, isResolved = true): void {
    const resolvedBy = isResolved ? this.world.account(user) : null;
    change(this.world.threads, threadId, { isResolved, resolvedBy });
  }

  /** Somebody asks for a check run again. */
  async rerequestRun(run: CheckRun, user: string): Promise<void> {
    await tellCheckRun(this.world, this.webhooks, run, 'rerequested', this.world.account(user));
  }

  /** Somebody presses one of the buttons that a check run shows. */
  async requestAction(run: CheckRun, user: string, identifier: string): Promise<void> {
    const more = { requested_action: { identifier } };
    await tellCheckRun(this.world, this.webhooks, run, 'requested_action', this.world.account(user), more);
  }

  /** Somebody asks for all checks of a commit again. */
  async rerequestSuite(suite: CheckSuite, user: string): Promise<void> {
    await tellCheckSuite(this.world, this.webhooks, suite, 'rerequested', this.world.account(user));
  }

  setRole(repository: string, user: string, role: Repository['collaborators'][string]): void {
    this.world.account(user);
    const { collaborators } = this.world.repository(repository);
    change(this.world.repositories, repository, { collaborators: { ...collaborators, [user]: role } });
  }
}

/** Branches of forks are kept apart: they are no branches of the repository. */
function refOf(head: string): string {
  const [branch = '', owner = null] = head.split(':').toReversed();
  return owner === null ? `refs/heads/${branch}` : `refs/forks/${owner}/${branch}`;
}

function headName({ head }: Pull): string {
  return head.fork === null ? head.ref : `${head.fork.split('/')[0] ?? ''}:${head.ref}`;
}
