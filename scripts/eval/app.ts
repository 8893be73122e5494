/**
 * `npm run eval -- app LINUX`: the GitHub app on a real tree, against the GitHub of the tests. A pull request of ten commits
 * with three planted bugs, and a second push that mends one and plants one; one of 3,000 files; 500 in a minute over 25
 * installations, on PostgreSQL with two workers. LINUX is a kernel tree; of it fs/ext4, fs/nilfs2, fs/fuse and mm are taken. The status tells
 * whether all is as it should be. `docs/evidence/app.md` has the last result.
 */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Pull } from '../../test/support/github/world.ts';
import { file, growing, MAKEFILE, plain } from '../../test/support/github-app/code.ts';
import { Process, RunningApp } from '../../test/support/github-app/running.ts';
import { HAS_POSTGRES, Postgres } from '../../test/support/postgres.ts';

const FOLDERS = ['fs/ext4', 'fs/nilfs2', 'fs/fuse', 'mm'];

let wrong = 0;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { only: { type: 'string' }, pulls: { type: 'string', default: '500' } },
  });
  const [tree] = positionals;
  if (tree === undefined) {
    process.stderr.write('usage: npm run eval -- app LINUX [--only series|files|load] [--pulls NUMBER]\n');
    return 2;
  }
  if (values.only === undefined || values.only === 'series') await series(tree);
  if (values.only === undefined || values.only === 'files') await manyFiles();
  if (values.only === undefined || values.only === 'load') await load(Number(values.pulls));
  say(wrong === 0 ? 'all as it should be' : `${wrong} not as it should be`);
  return wrong === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function check(what: string, isSo: boolean): void {
  if (!isSo) wrong++;
  say(`${isSo ? 'ok   ' : 'WRONG'} ${what}`);
}

/** The first place of a lock in a file, and the same text with an allocation behind it. */
function planted(text: string, lock: RegExp, mask: string): string {
  const match = lock.exec(text);
  if (match === null) throw new Error(`there is no ${lock.source}`);
  const end = match.index + match[0].length;
  const [, indent = '\t', object = 'page'] = match;
  return `${text.slice(0, end)}${indent}${object}->private = kmalloc(64, ${mask});\n${text.slice(end)}`;
}

const FOLIO_LOCK = /^(\t+)folio_lock\((\w+)\);\n/m;
const PAGE_LOCK = /^(\t+)lock_page\((\w+)\);\n/m;

async function series(tree: string): Promise<void> {
  say('\n# ten commits with three planted bugs');
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  for (const name of FOLDERS) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    cpSync(join(tree, name), join(folder, name), { recursive: true });
  }
  cpSync(join(tree, 'Makefile'), join(folder, 'Makefile'));
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const running = await RunningApp.start();
  const { github } = running;
  const repository = 'mirror/linux';
  await github.createRepository(repository, { folder });
  await github.install(running.app, repository);
  const bugs = {
    'mm/shmem.c': planted(read('mm/shmem.c'), FOLIO_LOCK, 'GFP_KERNEL'),
    'fs/nilfs2/dir.c': planted(read('fs/nilfs2/dir.c'), FOLIO_LOCK, 'GFP_KERNEL'),
    'fs/fuse/file.c': planted(read('fs/fuse/file.c'), PAGE_LOCK, 'GFP_KERNEL'),
  };
  const harmless = (path: string, at: number) => ({ [path]: `${read(path)}\n${plain(`added_${at}`)}` });
  const steps: readonly Readonly<Record<string, string>>[] = [
    harmless('mm/truncate.c', 1),
    { 'mm/shmem.c': bugs['mm/shmem.c'] },
    harmless('fs/ext4/inode.c', 2),
    harmless('fs/ext4/namei.c', 3),
    { 'fs/nilfs2/dir.c': bugs['fs/nilfs2/dir.c'] },
    harmless('fs/ext4/super.c', 4),
    harmless('fs/nilfs2/segment.c', 5),
    { 'fs/fuse/file.c': bugs['fs/fuse/file.c'] },
    harmless('mm/migrate.c', 6),
    // Lines of an earlier commit move.
    { 'mm/shmem.c': bugs['mm/shmem.c'].replace('\n', '\n/* A line in front of all. */\n') },
  ];
  await github.people.push(
    repository,
    'topic',
    steps.map((files, at) => ({ message: `Step ${at + 1}`, files })),
  );
  const started = performance.now();
  const pull = await github.people.openPull({ repository, head: 'topic' });
  await running.rest();
  say(`reviewed in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const isPlanted = (pullNow: Pull): boolean =>
    github
      .threads(pullNow)
      .every(({ comments: [first] }) => /GFP_KERNEL/.test(lineAt(first?.diffHunk ?? '')));
  for (const line of commentsOf(running, pull)) say(`  ${line}`);
  check('three comments', github.threads(pull).length === 3);
  check('each at the planted line', isPlanted(pull));
  check(
    'each with a witness',
    github.reviewComments(pull).every(({ body }) => body.includes('*** blocked by')),
  );

  await github.people.push(repository, 'topic', [
    { message: 'Mends one', files: { 'fs/fuse/file.c': read('fs/fuse/file.c') } },
    {
      message: 'Plants one',
      files: { 'mm/truncate.c': planted(read('mm/truncate.c'), FOLIO_LOCK, 'GFP_KERNEL') },
    },
  ]);
  await running.rest();
  const threads = github.threads(pull);
  for (const line of commentsOf(running, pull)) say(`  ${line}`);
  check('one comment more', threads.length === 4 && threads.at(-1)?.comments[0]?.path === 'mm/truncate.c');
  const closed = threads.filter(({ isResolved }) => isResolved).map(({ comments: [first] }) => first?.path);
  check('the thread of the one that was mended is closed', closed.join() === 'fs/fuse/file.c');

  const before = github.requests.length;
  const opened = github.deliveries.find(
    ({ event, action }) => event === 'pull_request' && action === 'opened',
  );
  await github.webhooks.redeliver(opened?.id ?? 0, 100);
  await running.rest();
  check('a hundred redeliveries change nothing', github.requests.length === before);
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The last line of a hunk is the one that a comment is about. */
function lineAt(hunk: string): string {
  return hunk.trimEnd().split('\n').at(-1) ?? '';
}

function commentsOf({ github }: RunningApp, pull: Pull): readonly string[] {
  return github.threads(pull).map(({ isResolved, comments: [first] }) => {
    const rule = /\[([\w-]+)\]/.exec(first?.body ?? '')?.[1];
    return `${first?.path}:${first?.line ?? first?.originalLine} ${rule} ${isResolved ? '(closed)' : ''}${lineAt(first?.diffHunk ?? '').trim()}`;
  });
}

async function manyFiles(): Promise<void> {
  say('\n# 3,000 files');
  const running = await RunningApp.start();
  const repository = await running.repository({ Makefile: MAKEFILE });
  const files = Object.fromEntries(
    Array.from({ length: 3000 }, (_, at) => [
      `fs/demofs/part-${at}.c`,
      file(at % 1000 === 7 ? growing(`demofs_${at}`, 'GFP_KERNEL') : plain(`demofs_${at}`)),
    ]),
  );
  await running.github.people.push(repository, 'topic', [{ message: 'All at once', files }]);
  const started = performance.now();
  const pull = await running.github.people.openPull({ repository, head: 'topic' });
  await running.rest();
  const [one] = running.github.checkRuns(repository, running.github.people.now(pull).head.sha);
  say(
    `reviewed in ${((performance.now() - started) / 1000).toFixed(1)} s: ${one?.conclusion}, ${one?.title}`,
  );
  say(`  ${(one?.summary ?? '').replaceAll('\n', '\n  ')}`);
  check('the check run ends', one?.status === 'completed');
  check('and says what GitHub did not give', /GitHub|Not reviewed/.test(one?.summary ?? ''));
  await running.stop();
}

/** Milliseconds: GitHub's limits alone make it take minutes. */
const LOAD_PATIENCE = 1_200_000;

const INSTALLATIONS = 25;
/** Of 20 pull requests one has a finding: 5 %. */
const WITH_FINDINGS = 20;

async function load(pulls: number): Promise<void> {
  say(`\n# ${pulls} pull requests in one minute, ${INSTALLATIONS} installations`);
  if (!HAS_POSTGRES) {
    check('PostgreSQL is here', false);
    return;
  }
  const postgres = await Postgres.start();
  const running = await RunningApp.start({ DATABASE_URL: postgres.url, PATCHWITNESS_THROTTLE: 'on' }, [
    '--jobs',
    '0',
  ]);
  const workers = [1, 2].map(() => new Process('worker', ['--jobs', '4'], running.environment));
  const { github } = running;
  const repositories: string[] = [];
  for (let count = 0; count < INSTALLATIONS; count++) {
    repositories.push(
      await running.repository({ Makefile: MAKEFILE, 'fs/demofs/a.c': file(plain('demofs_one')) }),
    );
  }
  for (let at = 0; at < pulls; at++) {
    const mask = at % WITH_FINDINGS === 0 ? 'GFP_KERNEL' : 'GFP_NOFS';
    const files = { 'fs/demofs/a.c': file(plain('demofs_one'), growing(`demofs_${at}`, mask)) };
    await github.people.push(repositories[at % INSTALLATIONS] ?? '', `topic-${at}`, [
      { message: `Step ${at}`, files },
    ]);
  }
  const started = performance.now();
  const opened: Pull[] = [];
  const sent: Promise<unknown>[] = [];
  for (let at = 0; at < pulls; at++) {
    const due = started + (at * 60_000) / pulls;
    if (due > performance.now()) await pause(due - performance.now());
    const repository = repositories[at % INSTALLATIONS] ?? '';
    sent.push(github.people.openPull({ repository, head: `topic-${at}` }).then((pull) => opened.push(pull)));
  }
  await Promise.all(sent);
  say(`sent in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  await running.rest(LOAD_PATIENCE);
  say(
    `reviewed in ${((performance.now() - started) / 1000).toFixed(0)} s on ${availableParallelism()} cores`,
  );
  const answers = github.deliveries
    .filter(({ event, action }) => event === 'pull_request' && action === 'opened')
    .map(({ milliseconds }) => milliseconds)
    .toSorted((a, b) => a - b);
  say(
    `webhooks answered: median ${quantile(answers, 0.5)} ms, p99 ${quantile(answers, 0.99)} ms, longest ${quantile(answers, 1)} ms`,
  );
  check('all are acknowledged', answers.length === pulls && Number.isFinite(quantile(answers, 1)));
  const ends = opened.map((pull) =>
    github.checkRuns(pull.repository, pull.head.sha).map(({ conclusion }) => conclusion),
  );
  check(
    'each has one check run that ended',
    ends.every(([end, ...more]) => more.length === 0 && end !== null && end !== undefined),
  );
  const failing = ends.filter(([end]) => end === 'failure').length;
  check(`those with findings fail (${failing})`, failing === Math.ceil(pulls / WITH_FINDINGS));
  const said = opened.map((pull) => github.reviewComments(pull).length);
  check(
    'each finding is said once',
    said.every((count) => count <= 1) && said.filter((count) => count === 1).length === failing,
  );
  const limited = github.requests.filter(({ status }) => status === 403 || status === 429).length;
  check(`GitHub's limits are kept (${limited} requests refused for them)`, limited === 0);
  for (const worker of workers) await worker.end('SIGTERM');
  await running.stop();
  await postgres.stop();
}

function quantile(sorted: readonly number[], part: number): number {
  return Math.round(
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.POSITIVE_INFINITY,
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
