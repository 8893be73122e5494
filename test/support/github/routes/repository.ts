/** The repository and what git has in it: commits, comparisons, trees, blobs, files by name, refs. */

import { basename } from 'node:path/posix';
import {
  MAX_BLOB_BYTES,
  MAX_COMMIT_FILES,
  MAX_COMMIT_FILES_PER_PAGE,
  MAX_COMPARE_FILES,
  MAX_CONTENTS_BYTES,
  MAX_PULL_COMMITS,
  MAX_TREE_ENTRIES,
} from '../../../../bot/github/limits.ts';
import { diffFiles, diffText, patchText, tooLarge, withinLimits } from '../diff.ts';
import {
  commitsBetween,
  git,
  mergeBase,
  readBlob,
  readCommit,
  readTree,
  resolveCommit,
  type TreeEntry,
} from '../git.ts';
import type { Json } from '../json.ts';
import { api, presentRepository } from '../present.ts';
import { presentCommit } from '../present-commit.ts';
import { notFound, Refusal, unprocessable } from '../refusal.ts';
import { type Answer, type Call, ok, page, type Routes, repositoryOf } from '../route.ts';
import type { Repository, World } from '../world.ts';
import { presentFile } from './pulls.ts';

const CONTENTS = [{ contents: 'read' }] as const;

/** The empty tree: what the first commit is compared with. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

async function commitAt({ directory, defaultBranch }: Repository, name: string): Promise<string> {
  const revision = name === 'HEAD' || name === '' ? `refs/heads/${defaultBranch}` : name;
  const found = await resolveCommit(directory, revision);
  if (found === null) throw unprocessable(`No commit found for SHA: ${name}`);
  return found;
}

async function bytesOf(call: Call, directory: string, from: string, to: string): Promise<Answer> {
  const text = call.media === 'diff' ? diffText : patchText;
  const bytes = await text(directory, from, to);
  const reason = tooLarge(await diffFiles(directory, from, to), bytes);
  if (reason !== null) throw new Refusal(406, { message: reason });
  return { status: 200, body: bytes, contentType: `application/vnd.github.v3.${call.media}; charset=utf-8` };
}

async function showCommit(call: Call): Promise<Answer> {
  const { world, media, params } = call;
  const repository = repositoryOf(call);
  const { directory, fullName } = repository;
  const sha = await commitAt(repository, params.ref ?? '');
  if (media === 'sha')
    return { status: 200, body: Buffer.from(sha), contentType: 'application/vnd.github.v3.sha' };
  const commit = await readCommit(directory, sha);
  if (commit === null) throw notFound();
  const parent = commit.parents[0] ?? EMPTY_TREE;
  if (media === 'diff' || media === 'patch') return await bytesOf(call, directory, parent, sha);
  const files = withinLimits(await diffFiles(directory, parent, sha)).slice(0, MAX_COMMIT_FILES);
  const [shown, answer] = page(call, files, `/repos/${fullName}/commits/${sha}`);
  const all = files.length <= MAX_COMMIT_FILES_PER_PAGE && !call.query.has('page') ? files : shown;
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...answer,
    body: {
      ...presentCommit(world, fullName, commit),
      stats: { additions, deletions, total: additions + deletions },
      files: all.map((file) => presentFile(world, fullName, sha, file)),
    },
  };
}

async function compare(call: Call): Promise<Answer> {
  const { world, params, media } = call;
  const repository = repositoryOf(call);
  const { directory, fullName } = repository;
  const [from = '', to = ''] = (params.basehead ?? '').split('...');
  const [base, head] = await Promise.all([resolveCommit(directory, from), resolveCommit(directory, to)]);
  if (base === null || head === null) throw notFound();
  const fork = await mergeBase(directory, base, head);
  if (media === 'diff' || media === 'patch') return await bytesOf(call, directory, fork, head);
  const commits = await commitsBetween(directory, base, head);
  const behind = Number((await git(directory, ['rev-list', '--count', `${head}..${base}`])).trim());
  const [baseCommit, forkCommit] = await Promise.all([
    readCommit(directory, base),
    readCommit(directory, fork),
  ]);
  if (baseCommit === null || forkCommit === null) throw notFound();
  const paged = call.query.has('page') || call.query.has('per_page');
  const [shown, answer] = page(call, commits, `/repos/${fullName}/compare/${from}...${to}`);
  const first = !call.query.has('page') || call.query.get('page') === '1';
  const files = first ? withinLimits(await diffFiles(directory, fork, head)).slice(0, MAX_COMPARE_FILES) : [];
  const html = `${world.origin}/${fullName}/compare/${from}...${to}`;
  return {
    ...(paged ? answer : { status: 200 }),
    body: {
      url: api(world, `/repos/${fullName}/compare/${from}...${to}`),
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: presentCommit(world, fullName, baseCommit),
      merge_base_commit: presentCommit(world, fullName, forkCommit),
      status: comparison(commits.length, behind),
      ahead_by: commits.length,
      behind_by: behind,
      total_commits: commits.length,
      commits: (paged ? shown : commits.slice(0, MAX_PULL_COMMITS)).map((commit) =>
        presentCommit(world, fullName, commit),
      ),
      files: files.map((file) => presentFile(world, fullName, head, file)),
    },
  };
}

function comparison(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

async function showBlob(call: Call): Promise<Answer> {
  const { world, params, media } = call;
  const { directory, fullName } = repositoryOf(call);
  const sha = params.file_sha ?? '';
  const bytes = /^[0-9a-f]{40}$/.test(sha) ? await readBlob(directory, sha) : null;
  if (bytes === null) throw notFound();
  if (bytes.length > MAX_BLOB_BYTES)
    throw new Refusal(403, { message: 'This blob is too large to fetch via the API.' });
  if (media === 'raw') return raw(bytes);
  return ok({
    sha,
    node_id: `B_${sha}`,
    size: bytes.length,
    url: api(world, `/repos/${fullName}/git/blobs/${sha}`),
    content: wrapped(bytes),
    encoding: 'base64',
  });
}

function raw(bytes: Buffer): Answer {
  return { status: 200, body: bytes, contentType: 'application/vnd.github.v3.raw; charset=utf-8' };
}

/** Base64 in lines of 60 characters, as GitHub sends it. */
function wrapped(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{60}/g, '$&\n');
}

async function showTree(call: Call): Promise<Answer> {
  const { world, params, query } = call;
  const { directory, fullName } = repositoryOf(call);
  const name = params.tree_sha ?? '';
  const entries = await readTree(directory, name, query.has('recursive'));
  if (entries === null) throw notFound();
  const sha = (await git(directory, ['rev-parse', `${name}^{tree}`])).trim();
  return ok({
    sha,
    url: api(world, `/repos/${fullName}/git/trees/${sha}`),
    truncated: entries.length > MAX_TREE_ENTRIES,
    tree: entries.slice(0, MAX_TREE_ENTRIES).map((entry) => presentTreeEntry(world, fullName, entry)),
  });
}

function presentTreeEntry(
  world: World,
  repository: string,
  { mode, type, sha, size, path }: TreeEntry,
): Json {
  const kind = type === 'tree' ? 'trees' : 'blobs';
  return {
    path,
    mode,
    type,
    sha,
    ...(size === null ? {} : { size }),
    ...(type === 'commit' ? {} : { url: api(world, `/repos/${repository}/git/${kind}/${sha}`) }),
  };
}

async function showContents(call: Call): Promise<Answer> {
  const { params, query, media } = call;
  const repository = repositoryOf(call);
  const path = (params.path ?? '').replace(/\/$/, '');
  const ref = query.get('ref') ?? repository.defaultBranch;
  const commit = await resolveCommit(repository.directory, ref);
  if (commit === null) throw new Refusal(404, { message: `No commit found for the ref ${ref}` });
  const bytes = path === '' ? null : await readBlob(repository.directory, `${commit}:${path}`);
  if (bytes === null) return await showDirectory(call, repository, commit, path);
  if (media === 'raw') return raw(bytes);
  const sha = (await git(repository.directory, ['rev-parse', `${commit}:${path}`])).trim();
  const large = bytes.length > MAX_CONTENTS_BYTES;
  return ok({
    ...links(call, repository, commit, path, sha, 'file'),
    type: 'file',
    size: bytes.length,
    // Over a megabyte the text is left out, and only the raw media type gives it.
    encoding: large ? 'none' : 'base64',
    content: large ? '' : wrapped(bytes),
  });
}

async function showDirectory(
  call: Call,
  repository: Repository,
  commit: string,
  path: string,
): Promise<Answer> {
  const entries = await readTree(repository.directory, `${commit}:${path}`, false);
  if (entries === null) throw notFound();
  return ok(entries.map((entry) => presentEntry(call, repository, commit, path, entry)));
}

function presentEntry(
  call: Call,
  repository: Repository,
  commit: string,
  directory: string,
  { type, path, sha, size }: TreeEntry,
): Json {
  const kind = type === 'tree' ? 'dir' : 'file';
  const full = directory === '' ? path : `${directory}/${path}`;
  return { ...links(call, repository, commit, full, sha, kind), type: kind, size: size ?? 0 };
}

function links(
  { world }: Call,
  { fullName }: Repository,
  commit: string,
  path: string,
  sha: string,
  type: string,
): Json {
  const self = api(world, `/repos/${fullName}/contents/${encodeURI(path)}?ref=${commit}`);
  const gitUrl = api(world, `/repos/${fullName}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`);
  const html = `${world.origin}/${fullName}/blob/${commit}/${encodeURI(path)}`;
  return {
    name: basename(path),
    path,
    sha,
    url: self,
    git_url: gitUrl,
    html_url: html,
    download_url: type === 'dir' ? null : `${world.origin}/${fullName}/raw/${commit}/${encodeURI(path)}`,
    _links: { self, git: gitUrl, html },
  };
}

async function showRef(call: Call): Promise<Answer> {
  const { world, params } = call;
  const { directory, fullName } = repositoryOf(call);
  const ref = `refs/${params.ref ?? ''}`;
  const sha = (await git(directory, ['for-each-ref', '--format=%(refname) %(objectname)', ref]))
    .split('\n')
    .map((line) => line.split(' '))
    .find(([name]) => name === ref)?.[1];
  if (sha === undefined) throw notFound();
  const type = (await git(directory, ['cat-file', '-t', sha])).trim();
  return ok({
    ref,
    node_id: `REF_${ref}`,
    url: api(world, `/repos/${fullName}/git/${ref}`),
    object: { sha, type, url: api(world, `/repos/${fullName}/git/${type}s/${sha}`) },
  });
}

export const REPOSITORY: Routes = {
  'GET /repos/{owner}/{repo}': {
    needs: [{ metadata: 'read' }],
    handle: (call) => ok(presentRepository(call.world, repositoryOf(call))),
  },
  'GET /repos/{owner}/{repo}/commits/{ref}': { needs: CONTENTS, handle: showCommit },
  'GET /repos/{owner}/{repo}/compare/{basehead}': { needs: CONTENTS, handle: compare },
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}': { needs: CONTENTS, handle: showBlob },
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': { needs: CONTENTS, handle: showTree },
  'GET /repos/{owner}/{repo}/git/ref/{ref}': { needs: CONTENTS, handle: showRef },
  'GET /repos/{owner}/{repo}/contents/{path}': { needs: CONTENTS, handle: showContents },
};
