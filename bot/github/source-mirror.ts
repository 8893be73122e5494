/**
 * A pull request's commits from a bare clone on this machine: what is missing is fetched from the clone's own `origin`, the
 * rest is there. Nothing is checked out, and only refs below `refs/patchwitness/` are written.
 */

import { commitNamed } from '../../analyzers/source/git-commit.ts';
import { GitError, gitDirOf, gitText, inRepository } from '../../analyzers/source/git-process.ts';
import type { PullSource } from './analysis-task.ts';
import type { PullFacts } from './pull-request.ts';

export interface Mirror {
  /** Of a bare clone. */
  readonly directory: string;
  /** The repository that it is of, as `owner/name`; null for whatever the app is installed in. */
  readonly of: string | null;
}

/** How git may reach the origin; what else it can do runs programs. */
const PROTOCOLS = 'https:http:ssh:git:file';

/** `PATH` or `owner/name=PATH,…`, as `PATCHWITNESS_MIRROR` has it. Throws where it says nothing. */
export function readMirrors(text: string): readonly Mirror[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, of = null, directory = part] = /^([\w.-]+\/[\w.-]+)=(.+)$/.exec(part) ?? [];
      return { directory, of };
    });
}

export function mirrorOf(mirrors: readonly Mirror[], { owner, repo }: PullFacts['ref']): Mirror | null {
  const name = `${owner}/${repo}`.toLowerCase();
  return (
    mirrors.find(({ of }) => of?.toLowerCase() === name) ?? mirrors.find(({ of }) => of === null) ?? null
  );
}

/** What a pull request's commits are taken from. Throws GitError where git cannot give them. */
export async function mirrorSource(
  { directory }: Mirror,
  { ref: { number }, head, base, baseBranch, cloneUrl }: PullFacts,
  index: readonly string[],
  token: string | null,
): Promise<PullSource & { readonly kind: 'repository' }> {
  const gitDir = await gitDirOf(directory);
  const known = await Promise.all([head, base].map((id) => commitNamed(directory, id)));
  if (known.includes(null)) await fetchPull(gitDir, { number, baseBranch, cloneUrl }, token);
  const missing =
    (await commitNamed(directory, head)) === null
      ? head
      : (await commitNamed(directory, base)) === null
        ? base
        : null;
  if (missing !== null)
    throw new GitError(`the mirror has no commit ${missing.slice(0, 12)}, even after a fetch`);
  const mergeBase = await gitText([...inRepository(gitDir), 'merge-base', base, head]);
  return { kind: 'repository', repository: directory, base: mergeBase, head, index };
}

async function fetchPull(
  gitDir: string,
  { number, baseBranch: branch, cloneUrl }: Pick<PullFacts, 'baseBranch' | 'cloneUrl'> & { number: number },
  token: string | null,
): Promise<void> {
  const url = await gitText([`--git-dir=${gitDir}`, 'config', '--get', 'remote.origin.url']);
  const refs = [
    `+refs/pull/${number}/head:refs/patchwitness/pull/${number}`,
    `+refs/heads/${branch}:refs/patchwitness/base/${number}`,
  ];
  const settings = {
    // Nothing else is to happen in somebody's clone.
    'gc.auto': '0',
    'maintenance.auto': 'false',
    ...(token !== null && mayHaveToken(url, cloneUrl)
      ? {
          'http.extraHeader': `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
        }
      : {}),
  };
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  await gitText([...inRepository(gitDir), 'fetch', ...options, '--end-of-options', 'origin', ...refs], {
    protocols: PROTOCOLS,
    settings,
  });
}

/** GitHub's token is for GitHub: an origin on another server does not get it. Both are URLs, or what git takes for one. */
export function mayHaveToken(origin: string, cloneUrl: string): boolean {
  if (!URL.canParse(origin) || !URL.canParse(cloneUrl)) return false;
  const at = new URL(origin);
  return at.protocol === 'https:' && at.host === new URL(cloneUrl).host;
}
