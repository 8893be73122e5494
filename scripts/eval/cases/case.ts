/**
 * What a labelled case is, in the list (`cases.yml`) and in a folder that `cases-make` has written. Both are checked
 * where they are read.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** How much has to be in sight for the case to be decidable. */
export const VISIBLE = ['hunk', 'function', 'file', 'tree'] as const;

export type Visible = (typeof VISIBLE)[number];

/** One case as its folder says it. */
const labelled = z.object({
  id: z.string().regex(/^[a-z]\d{3}$/),
  kind: z.enum(['positive', 'negative']),
  /** Any of them is right; reviewers could use either. */
  rules: z.array(z.string()).min(1),
  /** Rules that the label leaves out, though what the fix says is theirs: counted apart, and why. */
  amended: z.object({ rules: z.array(z.string()).min(1), why: z.string() }).optional(),
  path: z.string(),
  /** Null for a negative case, which is about no function in particular. */
  function: z.string().nullable(),
  visible: z.enum(VISIBLE).nullable(),
  /** Why the label is in doubt; the case is then shown, but not counted. */
  disputed: z.string().optional(),
});

export type LabelledCase = z.infer<typeof labelled>;

const listed = labelled.extend({
  /** The commit's id in the kernel's own history. */
  commit: z.string().regex(/^[0-9a-f]{12}$/),
  /** Its id in the repository named here, where that is another. */
  found: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
  repository: z.string(),
  /** What is wrong before the commit; of a negative case, why it is right. */
  why: z.string(),
});

export type ListedCase = z.infer<typeof listed>;

/** The list's cases, in its order. */
export function readList(file: string): ListedCase[] {
  return z.array(listed).parse(parse(readFileSync(file, 'utf8')));
}

/** The cases of a directory, by id. Folders without a `case.json` are none. */
export function readCases(directory: string): LabelledCase[] {
  const folders = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
  return folders.flatMap((folder) => {
    const text = textOf(join(directory, folder, 'case.json'));
    if (text === null) return [];
    const read = labelled.parse(JSON.parse(text));
    if (read.id !== folder) throw new Error(`${folder}/case.json is of case ${read.id}`);
    return [read];
  });
}

/** A file's text; null where there is no such file. */
export function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
