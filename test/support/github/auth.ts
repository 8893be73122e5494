/**
 * Who asks. Apps sign tokens of their own (RS256), which live ten minutes at most; for an installation they get one that lives
 * an hour and may do what the installation was granted, in its repositories.
 */

import { createPublicKey, verify } from 'node:crypto';
import { MAX_JWT_SECONDS } from '../../../bot/github/limits.ts';
import { isJson, type Json } from './json.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Actor, Route } from './route.ts';
import type { App, Level, Permissions, World } from './world.ts';

/** GitHub forgives clocks that are a little fast. */
const LEEWAY_SECONDS = 5;

const STRENGTH: Readonly<Record<Level, number>> = { read: 1, write: 2, admin: 3 };

/** Reads the Authorization header; throws 401 as GitHub does. */
export function authenticate(world: World, authorization: string | undefined): Actor {
  if (authorization === undefined) return { kind: 'nobody' };
  const [, scheme = '', value = ''] = /^(bearer|token) (\S+)$/i.exec(authorization) ?? [];
  if (scheme === '') throw badCredentials();
  return value.split('.').length === 3 ? fromAppToken(world, value) : fromInstallationToken(world, value);
}

function fromInstallationToken(world: World, value: string): Actor {
  const token = world.tokens.get(value);
  if (token === undefined || token.expiresAt <= world.clock.now()) throw badCredentials();
  const installation = world.installations.get(token.installationId);
  if (installation === undefined) throw badCredentials();
  if (installation.suspendedAt !== null)
    throw new Refusal(403, { message: 'This installation has been suspended' });
  return { kind: 'installation', app: world.app(installation.appId), installation, token };
}

function fromAppToken(world: World, jwt: string): Actor {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const header = decoded(head);
  const { iss, iat, exp } = decoded(claims);
  if (header.alg !== 'RS256') throw unauthorized('A JSON web token could not be decoded');
  const app = [...world.apps.values()].find(
    ({ id, clientId }) => String(id) === String(iss) || clientId === iss,
  );
  if (app === undefined) throw new Refusal(404, { message: 'Integration not found' });
  const signed = Buffer.from(`${head}.${claims}`);
  if (!verify('RSA-SHA256', signed, createPublicKey(app.publicKey), Buffer.from(signature, 'base64url')))
    throw unauthorized('A JSON web token could not be decoded');
  checkTimes(iat, exp, world.clock.now() / 1000);
  return { kind: 'app', app };
}

function checkTimes(iat: unknown, exp: unknown, now: number): void {
  if (typeof exp !== 'number' || exp <= now)
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > now + MAX_JWT_SECONDS + LEEWAY_SECONDS)
    throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== 'number' || iat > now + LEEWAY_SECONDS)
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
}

function decoded(part: string): Json {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (isJson(value)) return value;
  } catch {
    // Falls through to the refusal: it is no token of any kind.
  }
  throw unauthorized('A JSON web token could not be decoded');
}

function unauthorized(message: string): Refusal {
  return new Refusal(401, { message });
}

function badCredentials(): Refusal {
  return unauthorized('Bad credentials');
}

/** Throws unless the actor may use the route, in the repository that its path names. */
export function authorize(actor: Actor, { needs }: Route, repository: string | null): void {
  if (needs === 'anybody') return;
  if (actor.kind === 'nobody') throw unauthorized('Requires authentication');
  if (needs === 'app') {
    if (actor.kind !== 'app') throw unauthorized('A JSON web token could not be decoded');
    return;
  }
  if (actor.kind !== 'installation') throw badCredentials();
  if (repository !== null && !mayReach(actor, repository)) throw notFound();
  if (needs !== 'installation') requirePermissions(actor.token.permissions, needs);
}

export function mayReach(actor: Actor, repository: string): boolean {
  if (actor.kind !== 'installation') return false;
  const { installation, token } = actor;
  return installation.repositories.includes(repository) && (token.repositories?.includes(repository) ?? true);
}

/** Throws unless one of the sets is granted. */
function requirePermissions(granted: Permissions, sets: readonly Permissions[]): void {
  if (sets.some((set) => Object.entries(set).every(([name, level]) => atLeast(granted[name], level)))) return;
  const accepted = sets.map((set) =>
    Object.entries(set)
      .map(([name, level]) => `${name}=${level}`)
      .join(','),
  );
  throw new Refusal(
    403,
    { message: 'Resource not accessible by integration' },
    { 'x-accepted-github-permissions': accepted.join('; ') },
  );
}

export function atLeast(granted: Level | undefined, needed: Level): boolean {
  return granted !== undefined && STRENGTH[granted] >= STRENGTH[needed];
}

/** What an app has of metadata even when it does not ask. */
export function grantedTo(app: App): Permissions {
  return { metadata: 'read', ...app.permissions };
}
