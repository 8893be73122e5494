/** What the app has to do: made of a webhook, kept in the queue, done by a worker. */

import { z } from 'zod';

const pull = z.object({
  installation: z.int().positive(),
  /** GitHub's number of the repository, which stays when it is renamed. */
  repository: z.int().positive(),
  owner: z.string(),
  repo: z.string(),
  number: z.int().positive(),
});

/** A pull request, and the installation that may speak there. */
export type PullRef = z.infer<typeof pull>;

const review = z.object({
  kind: z.literal('review'),
  pull,
  /** Again, even where nothing has changed since the last time. */
  fromScratch: z.boolean(),
});

const command = z.object({
  kind: z.literal('command'),
  pull,
  comment: z.object({
    id: z.int().positive(),
    /** In the conversation, or at a line of the diff. */
    of: z.enum(['conversation', 'review']),
    /** Of a reply at a line: the comment that the thread begins with. */
    inReplyTo: z.int().positive().nullable(),
    user: z.string(),
    /** The line that holds the command. */
    text: z.string(),
  }),
});

const schema = z.discriminatedUnion('kind', [review, command]);

/** Jobs of the app. */
export const APP_JOBS = { work: 'work', givenUp: 'given-up', schema } as const;

export type ReviewJob = z.infer<typeof review>;
export type CommandJob = z.infer<typeof command>;
export type Job = z.infer<typeof schema>;

/** What their keys begin with. */
export const APP_KEYS: readonly string[] = schema.options.map(({ shape }) => shape.kind.value);

/** Jobs with the same key are not done at the same time. */
export function keyOf(job: Job): string {
  switch (job.kind) {
    case 'review':
      return `review ${job.pull.repository}/${job.pull.number}`;
    case 'command':
      return `command ${job.comment.of}/${job.comment.id}`;
  }
}
