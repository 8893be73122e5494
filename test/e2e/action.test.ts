/** The GitHub Action: its steps, read from action.yml, on a checked-out pull request with a runner's environment. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { type JobResult, readAction, runAction } from '../support/runner.ts';

afterAll(removeTempDirs);

const PROGRAM = resolve('dist/bot/cli.js');
const GOOD =
  'static int demofs_fault(struct page *page)\n{\n\tlock_page(page);\n\tunlock_page(page);\n\treturn 0;\n}\n';
const BAD = GOOD.replace('(page);\n', '(page);\n\tdemofs_buffer = kmalloc(64, GFP_KERNEL);\n');

const sarif = z.object({
  runs: z.array(
    z.object({
      results: z.array(
        z.object({
          ruleId: z.string(),
          locations: z.array(
            z.object({ physicalLocation: z.object({ region: z.object({ startLine: z.int() }) }) }),
          ),
        }),
      ),
    }),
  ),
});

interface Pull {
  readonly origin: string;
  readonly event: object;
  readonly base: string;
  readonly head: string;
}

/**
 * A pull request from a fork, three commits behind the branch's tip: the second brings a bug in, the third moves its line.
 * The origin has it below refs/pull alone.
 */
function pullRequest(): Pull {
  const origin = newRepository();
  const id = (): string => git(origin, ['rev-parse', 'HEAD']).toString().trim();
  // GitHub gives commits by their names.
  git(origin, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  write(origin, 'fs/demofs/fault.c', GOOD);
  commit(origin, 'demofs: base');
  git(origin, ['checkout', '-q', '-b', 'fork']);
  write(origin, 'mm/words', 'words\n');
  commit(origin, 'mm: words');
  write(origin, 'fs/demofs/fault.c', BAD);
  commit(origin, 'demofs: allocate');
  write(origin, 'fs/demofs/fault.c', `/* faults */\n\n${BAD}`);
  commit(origin, 'demofs: say what it is');
  const head = id();
  git(origin, ['checkout', '-q', 'main']);
  for (const word of ['one', 'two', 'three']) {
    write(origin, 'words', word);
    commit(origin, word);
  }
  const base = id();
  git(origin, ['update-ref', 'refs/pull/1/head', head]);
  git(origin, ['merge', '-q', '-m', 'merge', 'fork']);
  git(origin, ['update-ref', 'refs/pull/1/merge', 'HEAD']);
  git(origin, ['reset', '-q', '--hard', base]);
  git(origin, ['branch', '-q', '-D', 'fork']);
  return {
    origin,
    base,
    head,
    event: { pull_request: { number: 1, base: { sha: base }, head: { sha: head } } },
  };
}

/** What actions/checkout does: the pull request's merge alone. */
function checkOut({ origin }: Pull): string {
  const directory = tempDir();
  const work = join(directory, 'work');
  mkdirSync(work);
  git(work, ['init', '-q']);
  git(work, ['remote', 'add', 'origin', `file://${origin}`]);
  git(work, [
    'fetch',
    '-q',
    '--no-tags',
    '--depth=1',
    'origin',
    '+refs/pull/1/merge:refs/remotes/pull/1/merge',
  ]);
  git(work, ['checkout', '-q', 'refs/remotes/pull/1/merge']);
  return directory;
}

let pull: Pull;

beforeAll(() => {
  pull = pullRequest();
});

async function review(inputs: Readonly<Record<string, string>> = {}): Promise<JobResult> {
  return await runAction({
    directory: checkOut(pull),
    event: pull.event,
    inputs: { program: PROGRAM, ...inputs },
  });
}

describe('the GitHub Action', () => {
  it('reviews a pull request of a fork in the shallowest of clones, at the lines of its head', async () => {
    const { status, log, outputs, summary } = await review();
    expect(log).toContain(
      '::warning file=fs/demofs/fault.c,line=6,title=likely%3A alloc-fs-under-page-lock::',
    );
    expect(log.match(/^::/gm)).toHaveLength(1);
    expect(status).toBe(1);
    const { base, head } = pull;
    expect(outputs).toMatchObject({ outcome: 'findings', findings: '1', base, head });
    expect(summary).toContain('| likely | `fs/demofs/fault.c:6` | `demofs_fault()` |');
    const { runs } = sarif.parse(JSON.parse(readFileSync(outputs.sarif ?? '', 'utf8')));
    expect(runs[0]?.results).toMatchObject([
      {
        ruleId: 'alloc-fs-under-page-lock',
        locations: [{ physicalLocation: { region: { startLine: 6 } } }],
      },
    ]);
    expect(readFileSync(outputs.json ?? '', 'utf8')).toContain('"subject":"demofs: allocate"');
  });

  it.each([
    ['folders', { paths: ' mm \n\nkernel/' }, 0, 'clean', '0'],
    [
      'rules',
      { rules: 'lock-imbalance\nalloc-fs-under-page-lock', 'without-rules': 'alloc-fs-under-page-lock' },
      0,
      'clean',
      '0',
    ],
    ['what fails', { 'fail-on': 'confirmed', paths: 'fs', index: 'fs' }, 0, 'clean', '1'],
  ])('goes by its inputs: %s', async (_, inputs, status, outcome, findings) => {
    const done = await review(inputs);
    expect(done).toMatchObject({ status, outputs: { outcome, findings } });
    expect(done.summary).toContain('## Summary');
  });

  it('takes text of its inputs for text', async () => {
    const directory = checkOut(pull);
    const inputs = {
      program: PROGRAM,
      paths: '$(touch owned)\n`touch owned`\n; touch owned',
      base: '--output=owned',
    };
    const { status, log } = await runAction({ directory, event: pull.event, inputs });
    expect({ status, log }).toEqual({
      status: 1,
      log: '::error title=patchwitness::a revision cannot begin with a dash\n',
    });
    const { base: _, ...others } = inputs;
    expect(await runAction({ directory, event: pull.event, inputs: others })).toMatchObject({ status: 0 });
    expect(existsSync(join(directory, 'work/owned'))).toBe(false);
    for (const { run } of readAction().runs.steps) expect(run).not.toContain('${{');
  });

  it('says what is missing where the commits cannot be had', async () => {
    const directory = checkOut(pull);
    const inputs = { program: PROGRAM };
    git(join(directory, 'work'), ['remote', 'set-url', 'origin', `file://${directory}/none`]);
    const lost = await runAction({ directory, event: pull.event, inputs });
    expect(lost.status).toBe(1);
    expect(lost.log).toContain('::error title=patchwitness::base and head have no common ancestor here');
    const other = await runAction({ directory, event: {}, inputs, eventName: 'schedule' });
    expect(other.log).toContain('the event schedule names no commits: give base and head');
    const empty = tempDir();
    mkdirSync(join(empty, 'work'));
    const bare = await runAction({ directory: empty, event: pull.event, inputs });
    expect(bare.log).toContain('is no git repository: use actions/checkout before');
  });

  it('installs the release of its own version, or the one that is named', async () => {
    const directory = checkOut(pull);
    // In the place of the registry's client one that notes what it is told and gives the program that was built.
    const bin = join(directory, 'bin');
    mkdirSync(bin);
    const target = join(directory, 'temp/patchwitness/node_modules/.bin');
    writeFileSync(
      join(bin, 'npm'),
      `#!/bin/sh\necho "npm $*"\nmkdir -p '${target}'\nln -sf '${PROGRAM}' '${target}/patchwitness'\n`,
    );
    chmodSync(join(bin, 'npm'), 0o755);
    const env = { PATH: `${bin}:${process.env.PATH ?? ''}` };
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const run = async (inputs: Record<string, string>, event = {}): Promise<JobResult> =>
      await runAction({ directory, event, inputs, env });
    const own = await run({}, pull.event);
    expect(own.log).toMatch(
      new RegExp(`^npm install .*--no-save.* patchwitness@${version.replaceAll('.', '\\.')}$`, 'm'),
    );
    expect(own.outputs.findings).toBe('1');
    expect((await run({ version: '9.8.7' })).log).toContain('patchwitness@9.8.7\n');
    expect((await run({ version: '1 --registry=x' })).log).toContain('version: not the number of a release');
  });

  it('describes its inputs and outputs on its page, and names scripts that are there', () => {
    const { inputs, outputs, runs } = readAction();
    const page = readFileSync('docs/action.md', 'utf8');
    for (const name of [...Object.keys(inputs), ...Object.keys(outputs)])
      expect(page).toContain(`\`${name}\``);
    const scripts = runs.steps.map(({ run }) => /bot\/action\/(\S+\.sh)"$/.exec(run.trim())?.[1]);
    expect(new Set(scripts)).toEqual(new Set(readdirSync('bot/action')));
  });
});
