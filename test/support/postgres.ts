/**
 * A PostgreSQL server of a test's own, on a port that is free, with its files in a temporary directory. The server refuses to
 * run as root; the account that Debian's package makes is taken then.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian has it, one folder a version. */
const DEBIAN = '/usr/lib/postgresql';

function programs(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  return (
    versions
      .map((version) => join(DEBIAN, version, 'bin'))
      .find((path) => existsSync(join(path, 'postgres'))) ?? null
  );
}

/** The tests that need a server are left out where there is none, and say so. */
export const HAS_POSTGRES = programs() !== null;

export class Postgres {
  readonly url: string;
  private readonly directory: string;
  private readonly port: number;
  private server: ChildProcess | null = null;

  private constructor(directory: string, port: number) {
    this.directory = directory;
    this.port = port;
    this.url = `postgres://test@127.0.0.1:${port}/postgres`;
  }

  static async start(): Promise<Postgres> {
    const directory = mkdtempSync(join(tmpdir(), 'postgres-'));
    const { uid, gid } = account();
    if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
    const data = join(directory, 'data');
    execFileSync(
      join(programs() ?? '', 'initdb'),
      ['-D', data, '-U', 'test', '-A', 'trust', '--no-sync', '-E', 'UTF8'],
      {
        ...account(),
        stdio: 'ignore',
        cwd: directory,
      },
    );
    const postgres = new Postgres(directory, await freePort());
    await postgres.begin();
    return postgres;
  }

  /** Starts the server; again after `kill`. */
  async begin(): Promise<void> {
    const { directory, port } = this;
    const options = [
      '-D',
      join(directory, 'data'),
      '-p',
      String(port),
      '-k',
      directory,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=60',
    ];
    const server = spawn(join(programs() ?? '', 'postgres'), options, {
      ...account(),
      stdio: 'ignore',
      cwd: directory,
    });
    this.server = server;
    for (let tries = 0; !(await this.isReady()); tries++) {
      if (server.exitCode !== null || tries > 600) throw new Error('PostgreSQL does not start');
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGQUIT');
  }

  async stop(): Promise<void> {
    await this.end('SIGINT');
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Rows of one statement, as psql prints them. */
  ask(sql: string, database = 'postgres'): string {
    const url = this.url.replace(/postgres$/, database);
    return execFileSync(join(programs() ?? '', 'psql'), ['-Atq', url, '-c', sql], {
      encoding: 'utf8',
    }).trimEnd();
  }

  private async isReady(): Promise<boolean> {
    try {
      execFileSync(join(programs() ?? '', 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(this.port)]);
      return true;
    } catch {
      return false;
    }
  }

  private async end(signal: 'SIGQUIT' | 'SIGINT'): Promise<void> {
    const { server } = this;
    if (server === null || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
    this.server = null;
  }
}

/** Nothing for whoever is not root. */
function account(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? {} : { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
