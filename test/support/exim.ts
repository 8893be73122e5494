/**
 * A real SMTP server on loopback, exim, in a directory of its own and without privileges: what it takes it files, one file a
 * mail. `refused@…` and `later@…` it refuses, for good and for now; mails whose subject says `refused` or `later` likewise, when it
 * has all of them.
 */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const EXIM = ['/usr/sbin/exim4', '/usr/sbin/exim'].find((path) => existsSync(path));

/** Why there is no server here; null where there is one. */
export const WHY_NO_EXIM: string | null = EXIM === undefined ? 'exim is not installed' : null;

export const WHY_NO_OPENSSL: string | null =
  spawnSync('openssl', ['version'], { stdio: 'ignore' }).error === undefined
    ? null
    : 'openssl is not installed';

export const USER = 'ada';
export const PASSWORD = 'correct horse battery';

export interface Exim {
  readonly port: number;
  /** Certificate of the server, where it has TLS. */
  readonly certificate: string;
  /** All mails that it has filed, as they came, with its own trace in front; waits until `count` are there. */
  mails(count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts the server in that directory, which it fills. `hasTls` also asks everybody for the password. */
export async function startExim(directory: string, hasTls = false): Promise<Exim> {
  const port = await freePort();
  const certificate = join(directory, 'cert.pem');
  // A server that root starts drops what root may do, and files as this user.
  const isRoot = userInfo().uid === 0;
  const owner = isRoot
    ? { user: 'nobody', group: 'nogroup' }
    : { user: userInfo().username, group: groupName() };
  for (const name of ['spool', 'log', 'mail']) {
    mkdirSync(join(directory, name));
    chmodSync(join(directory, name), 0o777);
  }
  chmodSync(directory, 0o755);
  if (hasTls) makeCertificate(directory);
  writeFileSync(join(directory, 'exim.conf'), configuration(directory, port, owner, hasTls), { mode: 0o644 });
  const child = spawn(EXIM ?? 'exim', ['-C', join(directory, 'exim.conf'), '-bdf', '-q1h'], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await whenListening(port, () => child.exitCode !== null);
  return {
    port,
    certificate,
    mails: (count) => filed(join(directory, 'mail', 'new'), count),
    async stop() {
      child.kill();
      await ended;
    },
  };
}

function groupName(): string {
  return execFileSync('id', ['-gn']).toString().trim();
}

function makeCertificate(directory: string): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
    {
      stdio: 'ignore',
    },
  );
  chmodSync(join(directory, 'key.pem'), 0o644);
}

function configuration(
  directory: string,
  port: number,
  { user, group }: { readonly user: string; readonly group: string },
  hasTls: boolean,
): string {
  const tls = [
    'tls_advertise_hosts = *',
    `tls_certificate = ${directory}/cert.pem`,
    `tls_privatekey = ${directory}/key.pem`,
  ];
  const login = [
    'begin authenticators',
    'plain:',
    '  driver = plaintext',
    '  public_name = PLAIN',
    `  server_condition = \${if and{{eq{$auth2}{${USER}}}{eq{$auth3}{${PASSWORD}}}}}`,
    '  server_set_id = $auth2',
    '  server_advertise_condition = ${if def:tls_in_cipher}',
  ];
  return `${[
    `spool_directory = ${directory}/spool`,
    `log_file_path = ${directory}/log/%slog`,
    `exim_user = ${user}`,
    `exim_group = ${group}`,
    'primary_hostname = mail.example.org',
    'keep_environment =',
    'never_users =',
    'host_lookup =',
    'rfc1413_query_timeout = 0s',
    'acl_smtp_rcpt = recipients',
    'acl_smtp_data = content',
    'local_interfaces = 127.0.0.1',
    `daemon_smtp_ports = ${port}`,
    ...(hasTls ? tls : ['tls_advertise_hosts =']),
    'begin acl',
    'recipients:',
    ...(hasTls ? ['  deny !authenticated = *'] : []),
    '  deny local_parts = refused',
    '       message = no such user',
    '  defer local_parts = later',
    '  accept',
    'content:',
    '  deny condition = ${if match{$h_subject:}{refused}}',
    '       message = we do not want this',
    '  defer condition = ${if match{$h_subject:}{later}}',
    '  accept',
    'begin routers',
    'all:',
    '  driver = accept',
    '  transport = file',
    'begin transports',
    'file:',
    '  driver = appendfile',
    `  directory = ${directory}/mail`,
    '  maildir_format',
    '  create_directory',
    '  batch_max = 10000',
    '  envelope_to_add',
    ...(hasTls ? login : []),
  ].join('\n')}\n`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return address.port;
}

/** Tries, each a fiftieth of a second: more than any machine needs. */
const MAX_TRIES = 1_000;
const PAUSE = 20;

async function whenListening(port: number, hasEnded: () => boolean): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (hasEnded()) throw new Error('exim does not start');
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await setTimeout(PAUSE);
  }
  throw new Error('exim does not listen');
}

async function filed(directory: string, count: number): Promise<readonly string[]> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const names = existsSync(directory) ? readdirSync(directory) : [];
    if (names.length >= count)
      return names.toSorted().map((name) => readFileSync(join(directory, name), 'utf8'));
    await setTimeout(PAUSE);
  }
  throw new Error(`exim has not filed ${count} mails`);
}
