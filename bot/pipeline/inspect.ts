/**
 * What `inspect` shows: the functions of C files, and those that patches touch, each with its events. A file or an
 * archive goes in; plain data comes out, for reporters to print.
 */

import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CTextRefused } from '../../analyzers/c/parser.ts';
import { type CodeUnit, unitsOfFile, unitsOfHunk } from '../../analyzers/c/units.ts';
import { hunkImage } from '../../analyzers/diff/image.ts';
import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import { extractSequence } from '../../analyzers/events/extract.ts';
import { fileFacts, type ParameterFact, type SlotFact } from '../../analyzers/events/file-facts.ts';
import { type OutlineBlock, outlineOf } from '../../analyzers/events/outline.ts';
import type { Knowledge } from '../../analyzers/knowledge/types.ts';
import { isTouched, pairUnits } from '../../analyzers/review/pair-units.ts';
import type { ImageSide, Sight } from '../../analyzers/vocabulary/finding.ts';
import { readArchive } from '../../corpus/archive/read.ts';
import type { RawMessage } from '../../corpus/archive/types.ts';
import { MailError } from '../../corpus/mail/errors.ts';
import { findPatch } from '../../corpus/mail/patch.ts';
import type { MailMessage } from '../../corpus/mail/types.ts';
import { mendDiff } from '../../corpus/mangled/diff.ts';
import { readText } from '../../corpus/mangled/text.ts';
import { readMessage } from './read-message.ts';

export interface InspectedFunction {
  /** Null where a hunk does not show it. */
  readonly name: string | null;
  readonly startLine: number;
  readonly endLine: number;
  readonly sight: Sight;
  /** Statements that could not be read. */
  readonly unreadable: number;
  readonly parameters: readonly ParameterFact[];
  /** Slots of operations tables in which the function stands. */
  readonly slots: readonly SlotFact[];
  readonly blocks: readonly OutlineBlock[];
}

/** A function, or a piece of one, before and after a patch. */
export interface InspectedChange {
  readonly pre: InspectedFunction | null;
  readonly post: InspectedFunction | null;
}

export type InspectItem =
  | { readonly kind: 'function'; readonly path: string; readonly function: InspectedFunction }
  | {
      readonly kind: 'change';
      readonly subject: string;
      readonly path: string;
      readonly change: InspectedChange;
    }
  | { readonly kind: 'unread'; readonly path: string; readonly line: number | null; readonly reason: string };

/** The functions of a C file's text; those called `name`, if one is given. */
export function inspectFile(
  path: string,
  text: string,
  name: string | null,
  knowledge: Knowledge,
): readonly InspectItem[] {
  let units: readonly CodeUnit[];
  try {
    units = unitsOfFile(text);
  } catch (error) {
    if (!(error instanceof CTextRefused)) throw error;
    return [{ kind: 'unread', path, line: null, reason: error.message }];
  }
  const { slots, signatures } = fileFacts(text);
  return units
    .filter((unit) => name === null || unit.name === name)
    .map((unit) => {
      const near = signatures.filter((signature) => signature.function === unit.name);
      const signature = near.find(({ line }) => line >= unit.startLine && line <= unit.endLine) ?? near[0];
      const inspected = inspectUnit(unit, knowledge);
      const fn: InspectedFunction = {
        ...inspected,
        parameters: signature?.parameters ?? inspected.parameters,
        slots: slots.filter((slot) => slot.function === unit.name),
      };
      return { kind: 'function', path, function: fn };
    });
}

function inspectUnit(unit: CodeUnit, knowledge: Knowledge): InspectedFunction {
  const { name, startLine, endLine, sight, unreadable } = unit;
  const parameters = unit.parameters.map((parameter) => ({ name: parameter, type: '' }));
  const blocks = outlineOf(extractSequence(unit, knowledge), unit);
  return { name, startLine, endLine, sight, unreadable, parameters, slots: [], blocks };
}

/** A C file, or standard input for `-`. */
export async function readSource(path: string): Promise<string> {
  const bytes = path === '-' ? await buffer(process.stdin) : await readFile(path);
  return bytes.toString('utf8');
}

/** The functions that the patches of an archive touch; those called `name`, if one is given. */
export async function* inspectPatches(
  path: string,
  name: string | null,
  knowledge: Knowledge,
): AsyncGenerator<InspectItem> {
  for await (const item of readArchive(path)) {
    if (item.type === 'problem') {
      if (item.isNote !== true) yield { kind: 'unread', path: item.source, line: null, reason: item.reason };
      continue;
    }
    const message = await readMessage(item);
    if (message instanceof MailError) {
      yield { kind: 'unread', path: item.source, line: null, reason: message.message };
      continue;
    }
    for (const diff of diffsOf(message, item.form))
      yield* inspectDiff(message.subject, diff, name, knowledge);
  }
}

function diffsOf(message: MailMessage, form: RawMessage['form']): readonly ParsedDiff[] {
  if (form === 'text') return readText(message.text).patches.map(({ mended }) => mended.diff);
  const found = findPatch(message);
  return found === null ? [] : [mendDiff(found.text, found.diff).diff];
}

function* inspectDiff(
  subject: string,
  diff: ParsedDiff,
  name: string | null,
  knowledge: Knowledge,
): Generator<InspectItem> {
  for (const { path, line, reason } of diff.problems)
    yield { kind: 'unread', path: path ?? subject, line, reason };
  for (const file of diff.files) {
    const path = file.newPath ?? file.oldPath;
    if (path === null || !/\.[ch]$/.test(path)) continue;
    for (const hunk of file.hunks) {
      const read = (side: ImageSide): { units: readonly CodeUnit[]; changed: readonly number[] } => {
        const { lines, startLine } = hunkImage(hunk, side);
        const texts = lines.map(({ text }) => text);
        const changed = lines.filter((line) => line.changed).map(({ line }) => line);
        return { units: unitsOfHunk(texts, startLine, hunk.heading), changed };
      };
      try {
        const pre = read('pre');
        const post = read('post');
        for (const [before, after] of pairUnits(pre.units, post.units)) {
          if (!isTouched(before, pre.changed) && !isTouched(after, post.changed)) continue;
          if (name !== null && before?.name !== name && after?.name !== name) continue;
          const change = {
            pre: before === null ? null : inspectUnit(before, knowledge),
            post: after === null ? null : inspectUnit(after, knowledge),
          };
          yield { kind: 'change', subject, path, change };
        }
      } catch (error) {
        if (!(error instanceof CTextRefused)) throw error;
        yield { kind: 'unread', path, line: hunk.line, reason: error.message };
      }
    }
  }
}
