/**
 * Runs git and streams what it prints. Arguments and perhaps a stream for its standard input go in, chunks of its
 * output come out; when git fails, a GitError with git's own words comes behind them. Consumer, git and producer each wait for the
 * slower one, and a consumer that stops early takes git with it.
 *
 * Nobody's settings get in: variables that point git elsewhere are taken out of the environment, the configuration
 * of user and system is not read, and what a repository's own configuration could make git run or fetch is
 * forbidden.
 */
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { systemReason } from './reason.ts';

/** Git failed, or is not there; the message says which command and why. */
export class GitError extends Error {
  override readonly name = 'GitError';
}

/** Git says what is wrong in its last line; hooks and warnings in front of it may be long. */
const MAX_STDERR_BYTES = 8 * 1024;
const MAX_REASON_CHARACTERS = 300;

interface GitOptions {
  /** What git is to read; its standard input is empty without it. */
  readonly input?: AsyncIterable<string>;
  /** The user's own configuration counts: it may say which directories of other users are safe. */
  readonly withUserConfig?: boolean;
  /** How git may reach other repositories, as in `https:ssh`; by nothing where it is left out. */
  readonly protocols?: string;
  /** Settings for this run, by name; unlike arguments, other users of the machine cannot see them. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Settings of a repository that could run programs, or change what the commands used here print. */
const FIXED_SETTINGS = [
  'core.quotePath=true',
  'core.attributesFile=/dev/null',
  'core.fsmonitor=false',
  'diff.renameLimit=1000',
  'diff.suppressBlankEmpty=false',
  'diff.orderFile=/dev/null',
  'log.showSignature=false',
  'log.showRoot=true',
].flatMap((setting) => ['-c', setting]);

/** What stands before a command that reads the repository at `gitDir`: no work tree, no replaced objects. */
export function inRepository(gitDir: string): string[] {
  return [`--git-dir=${gitDir}`, '--bare', '--no-replace-objects', '--no-pager', ...FIXED_SETTINGS];
}

/**
 * The repository of a directory, as an absolute path: of a bare one, a clone, or a folder of a work tree. Only here the user's own settings
 * count, since they say which repositories of other users are safe.
 */
export function gitDirOf(path: string): Promise<string> {
  return gitText(['-C', path, 'rev-parse', '--absolute-git-dir'], { withUserConfig: true });
}

function environment({
  withUserConfig = false,
  protocols = 'none',
  settings = {},
}: GitOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || name === 'GIT_EXEC_PATH',
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // A partial clone would fetch what it lacks; no transport is allowed to (there is none of this name).
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_CONFIG_COUNT: String(Object.keys(settings).length),
    ...Object.fromEntries(
      Object.entries(settings).flatMap(([name, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, name],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
    ...(withUserConfig ? {} : { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }),
  };
}

export async function* runGit(args: readonly string[], options: GitOptions = {}): AsyncGenerator<Buffer> {
  const { input } = options;
  const child = spawn('git', args, {
    env: environment(options),
    stdio: 'pipe',
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr = (stderr + bytes.toString('utf8')).slice(-MAX_STDERR_BYTES);
  });
  let failure: Error | null = null;
  const closed = new Promise<string | null>((resolve) => {
    child.once('error', (error) => {
      failure ??= new GitError(`git cannot be run: ${systemReason(error)}`, { cause: error });
      resolve(null);
    });
    child.once('close', (code, signal) => {
      resolve(signal === null ? (code === 0 ? null : `status ${code}`) : `ended by ${signal}`);
    });
  });
  const feeding = feed(child.stdin, input).catch((error: unknown) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    child.kill();
  });
  let isWhole = false;
  try {
    try {
      for await (const chunk of child.stdout) yield Buffer.from(chunk);
    } catch (error) {
      // The pipe breaks when git cannot be started; that is said below.
      failure ??= error instanceof Error ? error : new Error(String(error));
    }
    const ending = await closed;
    await feeding;
    isWhole = true;
    if (failure !== null) throw failure;
    if (ending !== null) throw new GitError(failureText(args, ending, stderr));
  } finally {
    if (!isWhole) {
      child.kill();
      child.stdin.destroy();
      await closed;
      await feeding;
    }
  }
}

/** Hands the input on as fast as git takes it; ends, too, when git no longer listens. */
async function feed(stdin: Writable, input: AsyncIterable<string> | undefined): Promise<void> {
  // Git went away: its status tells why.
  stdin.on('error', () => undefined);
  for await (const text of input ?? []) {
    if (stdin.destroyed) return;
    if (stdin.write(text)) continue;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stdin.off('drain', done).off('close', done);
        resolve();
      };
      stdin.on('drain', done).on('close', done);
    });
  }
  stdin.end();
}

function failureText(args: readonly string[], ending: string, stderr: string): string {
  const command = args.find((arg, at) => !arg.startsWith('-') && !/^-[cC]$/.test(args[at - 1] ?? '')) ?? '';
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.findLast((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? ending;
  return `git ${command}: ${said.replace(/^(?:fatal|error): /, '').slice(0, MAX_REASON_CHARACTERS)}`;
}

/** Lines longer than this are no list of objects. */
const MAX_LINE_CHARACTERS = 64 * 1024;

/** The output cut into lines, without their line feeds. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARACTERS) throw new GitError('git lists a path that is too long');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Everything that a command prints, which must be short. */
export async function gitText(args: readonly string[], options: GitOptions = {}): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of runGit(args, options)) {
    parts.push(chunk);
    size += chunk.length;
    if (size > MAX_TEXT_BYTES) throw new GitError('git prints more than was asked for');
  }
  return Buffer.concat(parts).toString('utf8').trimEnd();
}

/** The commands that this is for print a line or two, or a directory of at most 256 folders. */
const MAX_TEXT_BYTES = 64 * 1024;
