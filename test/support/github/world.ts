/** Everything that this GitHub knows: plain records in maps; a change puts a new record in the old one's place. */

import { generateKeyPairSync } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Side } from './diff.ts';
import type { Json } from './json.ts';
import { notFound } from './refusal.ts';

export type Level = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, Level>>;

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: Account;
  /** The account that the app's comments are from, `slug[bot]`. */
  readonly bot: Account;
  readonly clientId: string;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly webhookSecret: string;
  /** Null: nobody listens. */
  readonly webhookUrl: string | null;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: number;
}

export interface Installation {
  readonly id: number;
  readonly appId: number;
  readonly account: Account;
  /** Full names. */
  readonly repositories: readonly string[];
  readonly permissions: Permissions;
  readonly createdAt: number;
  readonly suspendedAt: number | null;
}

export interface Token {
  readonly value: string;
  readonly installationId: number;
  readonly permissions: Permissions;
  /** Full names; null for all of the installation's. */
  readonly repositories: readonly string[] | null;
  readonly expiresAt: number;
}

export interface Repository {
  readonly id: number;
  readonly fullName: string;
  readonly owner: Account;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  /** The bare git repository. */
  readonly directory: string;
  readonly createdAt: number;
  /** What people may do, by login: nobody is `read` in a public repository and `none` in a private one. */
  readonly collaborators: Readonly<Record<string, Role>>;
}

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

export interface Pull {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly user: Account;
  readonly state: 'open' | 'closed';
  readonly draft: boolean;
  readonly merged: boolean;
  readonly labels: readonly string[];
  readonly base: { readonly ref: string; readonly sha: string };
  /** `fork` is the full name of another repository, null for a branch of the same. */
  readonly head: { readonly ref: string; readonly sha: string; readonly fork: string | null };
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
}

export interface Stamped {
  readonly id: number;
  readonly repository: string;
  readonly user: Account;
  /** The app that wrote it. */
  readonly appId: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface IssueComment extends Stamped {
  readonly number: number;
  readonly body: string;
  /** Why it is folded away, as `minimizeComment` was told. */
  readonly minimized: string | null;
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';

export interface Review extends Stamped {
  readonly number: number;
  readonly body: string;
  readonly state: ReviewState;
  readonly commitId: string;
  readonly submittedAt: number | null;
}

export interface ReviewComment extends Stamped {
  readonly number: number;
  readonly reviewId: number;
  readonly threadId: number;
  readonly body: string;
  readonly path: string;
  readonly subjectType: 'line' | 'file';
  readonly side: Side;
  readonly startSide: Side | null;
  /** Null once the line is no more part of the diff: the comment is outdated. */
  readonly line: number | null;
  readonly startLine: number | null;
  readonly position: number | null;
  readonly originalLine: number | null;
  readonly originalStartLine: number | null;
  readonly originalPosition: number | null;
  readonly commitId: string;
  readonly originalCommitId: string;
  readonly diffHunk: string;
  readonly inReplyTo: number | null;
  readonly minimized: string | null;
}

export interface Thread {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly isResolved: boolean;
  readonly resolvedBy: Account | null;
  /** A file's thread: the file is no more part of the diff. */
  readonly fileGone: boolean;
}

export interface Reaction {
  readonly id: number;
  readonly commentId: number;
  readonly user: Account;
  readonly content: string;
  readonly createdAt: number;
}

export interface CheckSuite {
  readonly id: number;
  readonly repository: string;
  readonly appId: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly createdAt: number;
}

export interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly repository: string;
  readonly appId: number;
  readonly name: string;
  readonly headSha: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly externalId: string | null;
  readonly detailsUrl: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  readonly annotations: readonly Json[];
  readonly actions: readonly Json[];
}

export interface Sarif {
  readonly id: string;
  readonly repository: string;
  readonly ref: string;
  readonly commitSha: string;
  /** The log itself, unpacked. */
  readonly log: unknown;
  readonly errors: readonly string[];
}

export class World {
  readonly clock: Clock;
  readonly accounts = new Map<string, Account>();
  readonly apps = new Map<number, App>();
  readonly installations = new Map<number, Installation>();
  readonly tokens = new Map<string, Token>();
  /** Manifests that wait for their code to be exchanged. */
  readonly manifests = new Map<string, Json>();
  readonly repositories = new Map<string, Repository>();
  /** By `owner/name#number`. */
  readonly pulls = new Map<string, Pull>();
  readonly issueComments = new Map<number, IssueComment>();
  readonly reviews = new Map<number, Review>();
  /** Why reviews are folded away. */
  readonly minimizedReviews = new Map<number, string | null>();
  readonly reviewComments = new Map<number, ReviewComment>();
  readonly threads = new Map<number, Thread>();
  readonly reactions = new Map<number, Reaction>();
  readonly checkSuites = new Map<number, CheckSuite>();
  readonly checkRuns = new Map<number, CheckRun>();
  readonly sarifs = new Map<string, Sarif>();
  /** The server's own address, without a path. */
  origin = '';
  private lastId = 1000;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** One number for everything, so that a test that runs again sees the same ones. */
  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  account(login: string, type: Account['type'] = 'User'): Account {
    const known = this.accounts.get(login) ?? { id: this.nextId(), login, type };
    this.accounts.set(login, known);
    return known;
  }

  repository(fullName: string): Repository {
    const found = this.repositories.get(fullName);
    if (found === undefined) throw notFound();
    return found;
  }

  pull(repository: string, number: number): Pull {
    const found = this.pulls.get(pullKey({ repository, number }));
    if (found === undefined) throw notFound();
    return found;
  }

  app(id: number): App {
    const found = this.apps.get(id);
    if (found === undefined) throw notFound();
    return found;
  }
}

export function pullKey({ repository, number }: { repository: string; number: number }): string {
  return `${repository}#${number}`;
}

/** Puts a changed record in the old one's place and returns it. */
export function change<Key, Record extends object>(
  map: Map<Key, Record>,
  key: Key,
  changes: Partial<Record>,
): Record {
  const old = map.get(key);
  if (old === undefined) throw notFound();
  const changed = { ...old, ...changes };
  map.set(key, changed);
  return changed;
}

export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

let sharedKeys: KeyPair | null = null;

/** The keys of apps of tests: made once a process, since making one takes a tenth of a second and more. */
export function appKeys(): KeyPair {
  sharedKeys ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return sharedKeys;
}
