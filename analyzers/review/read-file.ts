/**
 * A C file as it is read, before anybody asks what it does: its text in, its functions with their events and its tables out.
 * The index and the analysis of one image read it once.
 */

import { type CodeUnit, unitsOfFile } from '../c/units.ts';
import { extractSequence } from '../events/extract.ts';
import { type FileFacts, fileFacts } from '../events/file-facts.ts';
import type { Sequence } from '../events/sequence.ts';
import type { Knowledge } from '../knowledge/types.ts';
import { sourceText } from '../source/text.ts';

export interface ReadFile {
  readonly text: string;
  /** In order of appearance. */
  readonly functions: readonly { readonly unit: CodeUnit; readonly sequence: Sequence }[];
  readonly facts: FileFacts;
}

/** Throws `CTextRefused` for a text that cannot be parsed within bounds. */
export function readFile(text: string, knowledge: Knowledge): ReadFile {
  const functions = unitsOfFile(text).map((unit) => ({ unit, sequence: extractSequence(unit, knowledge) }));
  return { text, functions, facts: fileFacts(text) };
}

const images = new WeakMap<Buffer, { readonly knowledge: Knowledge; readonly file: ReadFile }>();

/** The same of a file's bytes, which must not change; null where these are no text. */
export function readImage(bytes: Buffer, knowledge: Knowledge): ReadFile | null {
  const known = images.get(bytes);
  if (known?.knowledge === knowledge) return known.file;
  const text = sourceText(bytes);
  if (text === null) return null;
  const file = readFile(text, knowledge);
  images.set(bytes, { knowledge, file });
  return file;
}
