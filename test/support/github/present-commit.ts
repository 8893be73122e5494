/** Commits as the API shows them. */

import type { CommitRecord } from './git.ts';
import type { Json } from './json.ts';
import { api } from './present.ts';
import type { World } from './world.ts';

export function presentCommit(world: World, repository: string, commit: CommitRecord): Json {
  const url = api(world, `/repos/${repository}/commits/${commit.sha}`);
  const html = `${world.origin}/${repository}/commit/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    url,
    html_url: html,
    comments_url: `${url}/comments`,
    commit: {
      url: api(world, `/repos/${repository}/git/commits/${commit.sha}`),
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: api(world, `/repos/${repository}/git/trees/${commit.tree}`) },
    },
    // Nobody here has an account under the address of the commit.
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({
      sha,
      url: api(world, `/repos/${repository}/commits/${sha}`),
      html_url: `${world.origin}/${repository}/commit/${sha}`,
    })),
  };
}
