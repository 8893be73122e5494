/** Accounts, repositories, apps and installations as the API shows them; what nobody looks at the description completes. */

import { timestamp } from './clock.ts';
import type { Json } from './json.ts';
import type { Account, App, Installation, Repository, World } from './world.ts';

/** The address of something in the API. */
export function api({ origin }: World, path: string): string {
  return `${origin}/api/v3${path}`;
}

export function presentAccount(world: World, { id, login, type }: Account): Json {
  const url = api(world, `/users/${login}`);
  return {
    id,
    login,
    type,
    url,
    node_id: `U_${id}`,
    site_admin: false,
    html_url: `${world.origin}/${type === 'Bot' ? `apps/${login.replace(/\[bot\]$/, '')}` : login}`,
    avatar_url: `${world.origin}/avatars/${id}`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    gravatar_id: '',
  };
}

export function presentRepository(world: World, repository: Repository): Json {
  const { id, fullName, name, owner, defaultBranch, directory, createdAt } = repository;
  const at = timestamp(createdAt);
  return {
    id,
    name,
    node_id: `R_${id}`,
    full_name: fullName,
    owner: presentAccount(world, owner),
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    fork: false,
    archived: false,
    disabled: false,
    default_branch: defaultBranch,
    url: api(world, `/repos/${fullName}`),
    html_url: `${world.origin}/${fullName}`,
    clone_url: `file://${directory}`,
    ssh_url: `file://${directory}`,
    git_url: `file://${directory}`,
    compare_url: api(world, `/repos/${fullName}/compare/{base}...{head}`),
    contents_url: api(world, `/repos/${fullName}/contents/{+path}`),
    created_at: at,
    updated_at: at,
    pushed_at: at,
  };
}

/** A repository that exists only as the source of pull requests. */
export function presentFork(world: World, fullName: string, of: Repository): Json {
  const [login = '', name = ''] = fullName.split('/');
  const owner = world.account(login);
  return {
    ...presentRepository(world, { ...of, fullName, name, owner, id: owner.id + 1_000_000 }),
    fork: true,
  };
}

export function presentApp(world: World, app: App): Json {
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: `A_${app.id}`,
    owner: presentAccount(world, app.owner),
    name: app.name,
    description: '',
    external_url: 'https://patchwitness.example/',
    html_url: `${world.origin}/apps/${app.slug}`,
    created_at: timestamp(app.createdAt),
    updated_at: timestamp(app.createdAt),
    permissions: app.permissions,
    events: [...app.events],
  };
}

export function presentInstallation(world: World, installation: Installation): Json {
  const { id, appId, account, permissions, createdAt, suspendedAt } = installation;
  const app = world.app(appId);
  return {
    id,
    account: presentAccount(world, account),
    app_id: appId,
    app_slug: app.slug,
    client_id: app.clientId,
    target_id: account.id,
    target_type: account.type,
    repository_selection: 'selected',
    access_tokens_url: api(world, `/app/installations/${id}/access_tokens`),
    repositories_url: api(world, '/installation/repositories'),
    html_url: `${world.origin}/settings/installations/${id}`,
    permissions,
    events: [...app.events],
    created_at: timestamp(createdAt),
    updated_at: timestamp(createdAt),
    single_file_name: null,
    suspended_at: suspendedAt === null ? null : timestamp(suspendedAt),
    suspended_by: null,
  };
}

export function presentLabel(world: World, repository: string, name: string): Json {
  return {
    id: Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7),
    node_id: `LA_${name}`,
    name,
    color: 'ededed',
    default: false,
    description: null,
    url: api(world, `/repos/${repository}/labels/${encodeURIComponent(name)}`),
  };
}

/** What somebody is to a repository. */
export function association({ owner, collaborators }: Repository, { login }: Account): string {
  if (login === owner.login) return 'OWNER';
  const role = collaborators[login];
  return role === undefined || role === 'none' || role === 'read' ? 'NONE' : 'COLLABORATOR';
}
