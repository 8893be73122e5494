/**
 * What a stored witness looks like, version 1: `docs/witness-v1.schema.json` is made from it. Fields may be added within a
 * version, none changes its meaning or goes away.
 */

import { z } from 'zod';
import type { Witness } from '../vocabulary/witness.ts';
import { modelSchema, textSchema } from './schema.ts';

/** The longest that the scenarios give has some 30 steps; a state space has no way of this length without a loop. */
const MAX_STEPS = 5_000;

/** A witness of that many steps has a megabyte or two. */
const MAX_LENGTH = 8_000_000;

/** Brackets within each other: four a level of statements, and nobody nests those so deep. */
const MAX_DEPTH = 300;

/** A text that is no witness; the message names the field. */
export class WitnessError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'WitnessError';
  }
}

const task = z.string().min(1).max(60);

const label = z.strictObject({
  code: textSchema.describe('The call, short'),
  in: textSchema.optional().describe('The function that it stands in'),
  at: textSchema.optional().describe('The kernel file, with its line where there is one'),
  note: textSchema.optional().describe('What it does, if that is more than the call says'),
  depth: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('How deep it lies in what its task has entered, reclaim or a page fault'),
  of: textSchema.optional().describe('The resource that it is about, where the call has another name for it'),
  isRest: z.boolean().optional().describe('The rest of a call that had to wait'),
});

const step = z.strictObject({
  task,
  node: z.int().min(0).max(65_535).describe('Where the task stands in its compiled program'),
  action: z.int().min(0).max(1_000).describe('Which of the actions there it takes'),
  label,
});

const blockedTask = z.strictObject({
  task,
  label: label.describe('What it is about to do'),
  waitsFor: z.array(z.strictObject({ task, what: textSchema })).max(20),
});

export const witnessSchema: z.ZodType<Witness> = z
  .strictObject({
    version: z.literal(1),
    model: modelSchema.describe('Resources and tasks: what docs/model.md says of them is their meaning'),
    verdict: z.enum(['stuck', 'broken']),
    steps: z.array(step).max(MAX_STEPS).describe('In the order in which they are made'),
    blocked: z
      .array(blockedTask)
      .min(1)
      .max(20)
      .describe('Who never moves on, each waiting for the next; or who sees the broken invariant'),
    conclusion: z
      .string()
      .min(1)
      .max(4_000)
      .describe('Why nobody moves on, in one sentence; or what is seen'),
  })
  .describe('A patchwitness witness: the way in which a model gets stuck or breaks an invariant');

/** Throws `WitnessError`. */
export function parseWitness(text: string): Witness {
  if (text.length > MAX_LENGTH) throw new WitnessError(`longer than ${MAX_LENGTH} characters`);
  if (isDeeperThan(text, MAX_DEPTH)) throw new WitnessError(`nested deeper than ${MAX_DEPTH}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WitnessError(`no JSON: ${error instanceof Error ? error.message : ''}`, error);
  }
  const parsed = witnessSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  throw new WitnessError(`${field === '' ? '' : `${field}: `}${issue?.message ?? ''}`, parsed.error);
}

/** Looked at before it is parsed, since the parser takes a level of the stack for each bracket. */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at++;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '{' || character === '[') {
      if (++depth > limit) return true;
    } else if (character === '}' || character === ']') depth--;
  }
  return false;
}

/** The JSON Schema (draft 2020-12) of a witness. */
export function witnessJsonSchema(): object {
  return z.toJSONSchema(witnessSchema, { target: 'draft-2020-12' });
}
