/**
 * A pull request's commits through the API, within its limits: each commit as `git format-patch` writes it, the files that
 * they touch as they are at the merge base, and the diff of the whole. What GitHub does not give is named, and the rest goes on.
 */

import { z } from 'zod';
import { parseDiff } from '../../analyzers/diff/parse.ts';
import { isSource, MAX_FILE_BYTES } from '../../analyzers/source/types.ts';
import type { PullSource } from './analysis-task.ts';
import { type GitHub, STATUS, statusOf } from './client.ts';
import { MAX_PULL_COMMITS, MAX_PULL_FILES, PAGE } from './limits.ts';
import { type PullFacts, pullAt } from './pull-request.ts';

export interface ApiSource {
  readonly source: PullSource;
  /** What of it could not be had. */
  readonly missing: readonly string[];
}

/** Files of the base that are asked for, one request each; a pull request with more is reviewed by its hunks. */
const MAX_BASE_FILES = 100;

/** Characters of all commits together: they lie in the memory of the process that takes webhooks. */
const MAX_TEXTS = 64 * 1024 * 1024;

const commitList = z.array(z.object({ sha: z.string(), parents: z.array(z.unknown()) }));

const fileList = z.array(
  z.object({
    filename: z.string(),
    previous_filename: z.string().optional(),
    status: z.string(),
    changes: z.int(),
    patch: z.string().optional(),
  }),
);

/** Throws what the API throws, but for what its limits forbid. */
export async function apiSource(github: GitHub, pull: PullFacts): Promise<ApiSource> {
  const missing: string[] = [];
  const commits = await commitTexts(github, pull, missing);
  const diff = await wholeDiff(github, pull, missing);
  const files = await baseFiles(github, pull, commits, missing);
  return { source: { kind: 'texts', commits, files, diff }, missing };
}

async function commitTexts(
  github: GitHub,
  { ref, commits: count }: PullFacts,
  missing: string[],
): Promise<readonly { readonly id: string; readonly text: string }[]> {
  const listed = await github.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', {
    ...pullAt(ref),
    per_page: PAGE,
  });
  if (count > MAX_PULL_COMMITS) {
    missing.push(`${count - MAX_PULL_COMMITS} of ${count} commits: GitHub lists ${MAX_PULL_COMMITS}`);
  }
  const texts: { id: string; text: string }[] = [];
  let size = 0;
  for (const { sha, parents } of commitList.parse(listed)) {
    // A merge brings in what others have reviewed.
    if (parents.length > 1) continue;
    const text = size > MAX_TEXTS ? '' : await commitText(github, ref, sha);
    size += text?.length ?? 0;
    if (size > MAX_TEXTS) missing.push(`commit ${sha.slice(0, 12)}: the commits are too long together`);
    else if (text === null) missing.push(`commit ${sha.slice(0, 12)}: GitHub gives no diff of that size`);
    else texts.push({ id: sha, text });
  }
  return texts;
}

async function commitText(
  github: GitHub,
  { owner, repo }: PullFacts['ref'],
  sha: string,
): Promise<string | null> {
  return textOrNone(
    github.request('GET /repos/{owner}/{repo}/commits/{ref}', {
      owner,
      repo,
      ref: sha,
      mediaType: { format: 'patch' },
    }),
  );
}

/** Null for what GitHub will not render. */
async function textOrNone(asked: Promise<{ readonly data: unknown }>): Promise<string | null> {
  try {
    return String((await asked).data);
  } catch (error) {
    const status = statusOf(error);
    if (status === STATUS.notAcceptable || status === STATUS.unprocessable) return null;
    throw error;
  }
}

async function wholeDiff(github: GitHub, pull: PullFacts, missing: string[]): Promise<string> {
  const diff = await textOrNone(
    github.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...pullAt(pull.ref),
      mediaType: { format: 'diff' },
    }),
  );
  return diff ?? (await diffOfFiles(github, pull, missing));
}

/** File by file, where the diff as a whole is over the limits. */
async function diffOfFiles(
  github: GitHub,
  { ref, changedFiles }: PullFacts,
  missing: string[],
): Promise<string> {
  const listed = await github.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
    ...pullAt(ref),
    per_page: PAGE,
  });
  if (changedFiles > MAX_PULL_FILES) {
    missing.push(`${changedFiles - MAX_PULL_FILES} of ${changedFiles} files: GitHub lists ${MAX_PULL_FILES}`);
  }
  const parts = fileList
    .parse(listed)
    .map(({ filename, previous_filename: before = filename, status, changes, patch }) => {
      if (patch === undefined) {
        // A file that is only renamed has none.
        if (isSource(filename) && changes > 0) missing.push(`${filename}: GitHub gives no diff of that size`);
        return '';
      }
      const from = status === 'added' ? '/dev/null' : quoted(`a/${before}`);
      const to = status === 'removed' ? '/dev/null' : quoted(`b/${filename}`);
      return `diff --git ${quoted(`a/${before}`)} ${quoted(`b/${filename}`)}\n--- ${from}\n+++ ${to}\n${patch}\n`;
    });
  return parts.join('');
}

/** As git quotes a path that could be taken for something else. */
function quoted(path: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what git quotes
  return /["\\\u0000-\u001f]/.test(path) ? JSON.stringify(path) : path;
}

/** The files that the commits touch, at the merge base; null where there are too many. */
async function baseFiles(
  github: GitHub,
  { ref: { owner, repo }, base, head }: PullFacts,
  commits: readonly { readonly text: string }[],
  missing: string[],
): Promise<ReadonlyMap<string, string> | null> {
  const paths = new Set(
    commits
      .flatMap(({ text }) => parseDiff(text).files.flatMap(({ oldPath }) => oldPath ?? []))
      .filter(isSource),
  );
  if (paths.size > MAX_BASE_FILES) {
    missing.push(`the whole of ${paths.size} files: only hunks are in sight of more than ${MAX_BASE_FILES}`);
    return null;
  }
  const compared = await github.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    owner,
    repo,
    basehead: `${base}...${head}`,
    per_page: 1,
  });
  const at = compared.data.merge_base_commit.sha;
  const files = new Map<string, string>();
  // The Makefile says how old the kernel is.
  for (const path of [...paths, 'Makefile']) {
    const text = await fileAt(github, { owner, repo }, path, at);
    if (text !== null && text.length <= MAX_FILE_BYTES) files.set(path, text);
  }
  return files;
}

/** Null where there is none. */
export async function fileAt(
  github: GitHub,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  path: string,
  commit: string,
): Promise<string | null> {
  try {
    const { data } = await github.request('GET /repos/{owner}/{repo}/contents/{path}', {
      owner,
      repo,
      path,
      ref: commit,
      mediaType: { format: 'raw' },
    });
    // With the raw media type the body is text, which the types of the JSON answer do not know.
    const body: unknown = data;
    return typeof body === 'string' ? body : null;
  } catch (error) {
    if (statusOf(error) === STATUS.notFound) return null;
    throw error;
  }
}
