/** What is known of a pull request. */

import { z } from 'zod';
import type { PullRef } from '../store/job.ts';
import type { GitHub } from './client.ts';

const answer = z.object({
  number: z.int(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().optional(),
  title: z.string(),
  user: z.object({ login: z.string(), type: z.string() }).nullable(),
  labels: z.array(z.object({ name: z.string().nullish() })),
  head: z.object({ sha: z.string() }),
  base: z.object({ sha: z.string(), ref: z.string(), repo: z.object({ clone_url: z.string() }) }),
  commits: z.int(),
  changed_files: z.int(),
});

export interface PullFacts {
  readonly ref: PullRef;
  readonly isOpen: boolean;
  readonly isDraft: boolean;
  readonly title: string;
  readonly isByBot: boolean;
  readonly labels: readonly string[];
  /** Full ids. */
  readonly head: string;
  readonly base: string;
  readonly baseBranch: string;
  readonly cloneUrl: string;
  readonly commits: number;
  readonly changedFiles: number;
}

/** How requests name it. */
export function pullAt({ owner, repo, number }: PullRef): {
  readonly owner: string;
  readonly repo: string;
  readonly pull_number: number;
} {
  return { owner, repo, pull_number: number };
}

/** Throws what the API throws. */
export async function readPull(github: GitHub, ref: PullRef): Promise<PullFacts> {
  const { data } = await github.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', pullAt(ref));
  const {
    state,
    draft = false,
    title,
    user,
    labels,
    head,
    base,
    commits,
    changed_files,
  } = answer.parse(data);
  return {
    ref,
    isOpen: state === 'open',
    isDraft: draft,
    title,
    isByBot: user?.type === 'Bot',
    labels: labels.flatMap(({ name }) => name ?? []),
    head: head.sha,
    base: base.sha,
    baseBranch: base.ref,
    cloneUrl: base.repo.clone_url,
    commits,
    changedFiles: changed_files,
  };
}
