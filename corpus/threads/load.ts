/**
 * Thread cards: what each source thread taught, in this project's own words. Rules name threads by id; the
 * outputs look the title up here.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'is no id');

const threadCard = z.strictObject({
  id,
  title: z.string().min(1),
  /** Day of the first mail, `YYYY-MM-DD`. */
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is no date'),
  list: z.string().min(1),
  subject: z.string().min(1),
  /** Of the first mail, without brackets; left out where it is not known. */
  messageId: z
    .string()
    .regex(/^[^\s<>]+@[^\s<>]+$/, 'is no Message-ID')
    .optional(),
  summary: z.string().min(1),
  facts: z.array(z.strictObject({ id, text: z.string().min(1) })),
  rulings: z.array(z.strictObject({ id, who: z.string().min(1), text: z.string().min(1) })),
  rules: z.array(id).min(1),
  /** Of the executable model: what the thread describes, and what it accepted instead. */
  scenarios: z.array(id).min(1),
});

export type ThreadCard = z.infer<typeof threadCard>;

/** A card that cannot be used; the message names file, field and reason. */
export class ThreadCardError extends Error {
  constructor(file: string, cause: unknown) {
    super(`${file}: ${reasonOf(cause)}`, { cause });
    this.name = 'ThreadCardError';
  }
}

const DIRECTORY = fileURLToPath(new URL('.', import.meta.url));

/** All cards by id, in order of id, which begins with their date. */
export function loadThreadCards(directory: string = DIRECTORY): Map<string, ThreadCard> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yml'));
  return new Map(
    files.toSorted().map((file) => {
      const card = readCard(join(directory, file));
      return [card.id, card];
    }),
  );
}

function readCard(file: string): ThreadCard {
  try {
    return threadCard.parse(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ThreadCardError(file, error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
