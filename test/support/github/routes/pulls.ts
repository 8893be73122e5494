/** Pull requests: one, as JSON, diff or patch; lists of them, of their files and of their commits. */

import { MAX_PULL_COMMITS, MAX_PULL_FILES } from '../../../../bot/github/limits.ts';
import { type DiffFile, diffText, patchText, tooLarge, withinLimits } from '../diff.ts';
import { commitsBetween } from '../git.ts';
import type { Json } from '../json.ts';
import { api } from '../present.ts';
import { presentCommit } from '../present-commit.ts';
import { presentPull, presentPullSimple, pullDiff } from '../present-pull.ts';
import { Refusal } from '../refusal.ts';
import { type Answer, type Call, listed, ok, type Routes, repositoryOf } from '../route.ts';
import type { Pull, World } from '../world.ts';

const READ = [{ pull_requests: 'read' }] as const;

export function pullOf(call: Call): Pull {
  return call.world.pull(repositoryOf(call).fullName, Number(call.params.pull_number));
}

async function showPull(call: Call): Promise<Answer> {
  const { world, media } = call;
  const pull = pullOf(call);
  if (media !== 'diff' && media !== 'patch') return ok(await presentPull(world, pull));
  const { directory } = world.repository(pull.repository);
  const { base, files } = await pullDiff(world, pull);
  const text = media === 'diff' ? diffText : patchText;
  const bytes = await text(directory, base, pull.head.sha);
  const reason = tooLarge(files, bytes);
  if (reason !== null)
    throw new Refusal(406, {
      message: reason,
      errors: [{ resource: 'PullRequest', field: 'diff', code: 'too_large' }],
    });
  return { status: 200, body: bytes, contentType: `application/vnd.github.v3.${media}; charset=utf-8` };
}

export function presentFile(world: World, repository: string, sha: string, file: DiffFile): Json {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${world.origin}/${repository}/blob/${sha}/${path}`,
    raw_url: `${world.origin}/${repository}/raw/${sha}/${path}`,
    contents_url: api(world, `/repos/${repository}/contents/${path}?ref=${sha}`),
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

async function listFiles(call: Call): Promise<Answer> {
  const { world } = call;
  const pull = pullOf(call);
  const { files } = await pullDiff(world, pull);
  const path = `/repos/${pull.repository}/pulls/${pull.number}/files`;
  return listed(call, withinLimits(files).slice(0, MAX_PULL_FILES), path, (file) =>
    presentFile(world, pull.repository, pull.head.sha, file),
  );
}

async function listCommits(call: Call): Promise<Answer> {
  const { world } = call;
  const pull = pullOf(call);
  const { directory } = world.repository(pull.repository);
  const { base } = await pullDiff(world, pull);
  const commits = await commitsBetween(directory, base, pull.head.sha);
  const path = `/repos/${pull.repository}/pulls/${pull.number}/commits`;
  return listed(call, commits.slice(0, MAX_PULL_COMMITS), path, (commit) =>
    presentCommit(world, pull.repository, commit),
  );
}

function listPulls(call: Call): Answer {
  const { world, query } = call;
  const { fullName, owner } = repositoryOf(call);
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const found = [...world.pulls.values()].filter(
    (pull) =>
      pull.repository === fullName &&
      (state === 'all' || pull.state === state) &&
      (head === null || head === `${pull.head.fork?.split('/')[0] ?? owner.login}:${pull.head.ref}`) &&
      (base === null || base === pull.base.ref),
  );
  const newestFirst = found.toSorted((a, b) => b.number - a.number);
  return listed(call, newestFirst, `/repos/${fullName}/pulls`, (pull) => presentPullSimple(world, pull));
}

export const PULLS: Routes = {
  'GET /repos/{owner}/{repo}/pulls': { needs: READ, handle: listPulls },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': { needs: READ, handle: showPull },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': { needs: READ, handle: listFiles },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits': { needs: READ, handle: listCommits },
};
