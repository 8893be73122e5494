/**
 * Carries out a command of a comment. Only people who may write to the repository are obeyed; others get a thumb down, and no
 * words that could be had again and again. What a command does can be done twice without a trace.
 */

import { z } from 'zod';
import { inlineCode } from '../reports/markdown-text.ts';
import { rulePage as rulePageText } from '../rule-pages.ts';
import type { CommandJob, Job, PullRef } from '../store/job.ts';
import type { Remembered } from '../store/remembered.ts';
import { runsAt } from './check-run.ts';
import { findOrCreate, type GitHub, ONCE, STATUS, statusOf } from './client.ts';
import { type Command, readCommand } from './commands.ts';
import { rulePage } from './comment-text.ts';
import { fingerprintsSaid } from './compose.ts';
import { readConversation } from './conversation.ts';
import { MAX_BODY } from './limits.ts';
import { marker, markersIn } from './markers.ts';
import { readPull } from './pull-request.ts';

export interface CommandMeans {
  readonly remembered: Remembered;
  readonly exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Puts a job into the queue. */
  readonly send: (job: Job) => Promise<void>;
}

type Reaction = '+1' | '-1' | 'eyes' | 'confused';

/** Levels of GitHub that may write. */
const MAY_WRITE: ReadonlySet<string> = new Set(['admin', 'maintain', 'write']);

/** Throws what is worth another try. */
export async function runCommand(github: GitHub, job: CommandJob, means: CommandMeans): Promise<string> {
  const { comment } = job;
  if (!(await mayWrite(github, job))) {
    await react(github, job, '-1');
    return 'refused';
  }
  const command = readCommand(comment.text);
  await means.exclusively(() => obey(github, job, command, means));
  return command.name;
}

const permission = z.object({ permission: z.string(), role_name: z.string().optional() });

async function mayWrite(github: GitHub, { pull: { owner, repo }, comment }: CommandJob): Promise<boolean> {
  try {
    const { data } = await github.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      owner,
      repo,
      username: comment.user,
    });
    return MAY_WRITE.has(permission.parse(data).permission);
  } catch (error) {
    if (statusOf(error) === STATUS.notFound) return false;
    throw error;
  }
}

async function obey(github: GitHub, job: CommandJob, command: Command, means: CommandMeans): Promise<void> {
  const { pull, comment } = job;
  const { remembered, send } = means;
  switch (command.name) {
    case 'recheck':
      await send({ kind: 'review', pull, fromScratch: true });
      return react(github, job, '+1');
    case 'pause':
      await remembered.pause(pull, comment.user);
      return react(github, job, '+1');
    case 'resume':
      await remembered.resume(pull);
      await send({ kind: 'review', pull, fromScratch: false });
      return react(github, job, '+1');
    case 'false-positive': {
      const fingerprint = command.fingerprint ?? (await fingerprintOfThread(github, job));
      if (fingerprint === null) return react(github, job, 'confused');
      if (!(await isOfFinding(github, pull, fingerprint, remembered))) {
        const words = `No finding of this pull request has the fingerprint ${inlineCode(fingerprint)}: nothing is silenced.`;
        return reply(github, job, words);
      }
      await remembered.silence(pull.repository, fingerprint, comment.user);
      await send({ kind: 'review', pull, fromScratch: false });
      return react(github, job, '+1');
    }
    case 'explain':
      return reply(github, job, explanation(command.rule));
    case 'help':
      return reply(github, job, HELP);
    case 'unknown':
      return reply(github, job, `${inlineCode(command.words)} is no command.\n\n${HELP}`);
  }
}

const HELP = [
  'I know these commands, of people who may write to this repository:',
  '',
  '- `/patchwitness recheck` reviews the head once more',
  '- `/patchwitness explain <rule>` tells what a rule is about',
  '- `/patchwitness false-positive [<fingerprint>]` silences a finding in this repository; in its thread the fingerprint may be left out',
  '- `/patchwitness pause` leaves this pull request alone, `/patchwitness resume` goes on',
  '- `/patchwitness help`',
].join('\n');

function explanation(rule: string): string {
  const page = rulePageText(rule);
  const link = `\n\n[The whole page](${rulePage(rule)})`;
  return `${page.slice(0, MAX_BODY / 2)}${link}`;
}

const author = z.object({ type: z.string() }).nullable();
const commentAnswer = z.object({ body: z.string().nullish(), user: author });

/** Of the finding with which the comment's thread begins. */
async function fingerprintOfThread(github: GitHub, { pull, comment }: CommandJob): Promise<string | null> {
  if (comment.of !== 'review' || comment.inReplyTo === null) return null;
  const { data } = await github.request('GET /repos/{owner}/{repo}/pulls/comments/{comment_id}', {
    owner: pull.owner,
    repo: pull.repo,
    comment_id: comment.inReplyTo,
  });
  const { body, user } = commentAnswer.parse(data);
  // Whoever may comment could write a marker of another finding.
  return user?.type === 'Bot' ? (markersIn(body ?? '', 'finding')[0] ?? null) : null;
}

/** Whether the app has told of such a finding here, in words or in the check run of the head; or was asked for the same before. */
async function isOfFinding(
  github: GitHub,
  pull: PullRef,
  fingerprint: string,
  remembered: Remembered,
): Promise<boolean> {
  if ((await remembered.silenced(pull.repository)).has(fingerprint)) return true;
  if (fingerprintsSaid(await readConversation(github, pull)).has(fingerprint)) return true;
  const { head } = await readPull(github, pull);
  const runs = await runsAt(github, pull, head);
  return runs.some(({ summary }) => summary.includes(`\`${fingerprint}\``));
}

/** "A 200 response means that you already reacted with this": it cannot come twice. */
async function react(
  github: GitHub,
  { pull: { owner, repo }, comment }: CommandJob,
  content: Reaction,
): Promise<void> {
  const at = { owner, repo, comment_id: comment.id, content };
  await (comment.of === 'conversation'
    ? github.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', at)
    : github.request('POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions', at));
}

const comments = z.array(commentAnswer);

/** In the conversation, where it can be found again. */
async function reply(github: GitHub, { pull, comment }: CommandJob, text: string): Promise<void> {
  const { owner, repo, number } = pull;
  const mark = `${comment.of}/${comment.id}`;
  await findOrCreate(
    async () => {
      const { data } = await github.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        owner,
        repo,
        issue_number: number,
        since: new Date(Date.now() - LOOK_BACK).toISOString(),
        per_page: 100,
      });
      const isThere = comments
        .parse(data)
        .some(({ body, user }) => user?.type === 'Bot' && markersIn(body ?? '', 'reply').includes(mark));
      return isThere ? true : null;
    },
    async () => {
      await github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        owner,
        repo,
        issue_number: number,
        body: `${text}\n\n${marker('reply', mark)}`,
        ...ONCE,
      });
      return true;
    },
  );
}

/** Milliseconds: a job is given up long before. */
const LOOK_BACK = 3 * 60 * 60 * 1000;
