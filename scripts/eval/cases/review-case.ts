/**
 * A labelled case through the review, at two depths: `hunk`, with nothing but the patch in sight, and `file`, with
 * the whole of each touched file before and after it. Introduced findings come out, of the patch as it is
 * (`forward`) or taken back (`reversed`).
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeUnit, unitsOfFile } from '../../../analyzers/c/units.ts';
import { hunkImage, reverseDiff } from '../../../analyzers/diff/image.ts';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { FileDiff, ParsedDiff } from '../../../analyzers/diff/types.ts';
import type { Knowledge } from '../../../analyzers/knowledge/types.ts';
import { analyzeUnit } from '../../../analyzers/review/analyze-unit.ts';
import { compareImages, type FoundInPatch } from '../../../analyzers/review/compare-images.ts';
import { isTouched, pairUnits } from '../../../analyzers/review/pair-units.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import type { Rule } from '../../../analyzers/rules/types.ts';
import type { Finding, ImageSide } from '../../../analyzers/vocabulary/finding.ts';
import { textOf } from './case.ts';

export const DEPTHS = ['hunk', 'file'] as const;

export type Depth = (typeof DEPTHS)[number];

export type Direction = 'forward' | 'reversed';

export interface Engine {
  readonly knowledge: Knowledge;
  readonly rules: readonly Rule[];
}

/** The introduced findings of the case in `folder`. */
export function reviewCase(folder: string, direction: Direction, depth: Depth, engine: Engine): Finding[] {
  const parsed = parseDiff(readFileSync(join(folder, 'fix.patch'), 'utf8'));
  const diff = direction === 'reversed' ? reverseDiff(parsed) : parsed;
  const findings =
    depth === 'hunk'
      ? reviewDiff(diff, engine.knowledge, engine.rules).findings
      : reviewFiles(diff, textsOf(folder, direction), engine);
  return findings.filter(({ status }) => status === 'introduced');
}

/** The text of a file before the patch in that direction, and behind it. */
type Texts = (side: ImageSide, path: string) => string | null;

function textsOf(folder: string, direction: Direction): Texts {
  const isForward = direction === 'forward';
  return (side, path) => textOf(join(folder, (side === 'pre') === isForward ? 'pre' : 'post', path));
}

/** Every touched function of the whole files, before and after. */
function reviewFiles({ files }: ParsedDiff, texts: Texts, engine: Engine): Finding[] {
  const found = files.flatMap((file) => {
    const path = file.newPath ?? file.oldPath;
    return path !== null && /\.[ch]$/.test(path) ? reviewFile(file, path, texts, engine) : [];
  });
  return withoutMoved(found);
}

function reviewFile(
  file: FileDiff,
  path: string,
  texts: Texts,
  { knowledge, rules }: Engine,
): FoundInPatch[] {
  const pre = unitsOf(texts, 'pre', file.oldPath);
  const post = unitsOf(texts, 'post', file.newPath);
  const removedLines = changedLines(file, 'pre');
  const addedLines = changedLines(file, 'post');
  return pairUnits(pre, post).flatMap(([before, after]) => {
    if (!isTouched(before, removedLines) && !isTouched(after, addedLines)) return [];
    return compareImages({
      oldPath: file.oldPath ?? path,
      newPath: file.newPath ?? path,
      pre: before === null ? null : analyzeUnit(before, knowledge, rules),
      post: after === null ? null : analyzeUnit(after, knowledge, rules),
      addedLines: new Set(addedLines),
      removedLines: new Set(removedLines),
      rules,
    });
  });
}

function unitsOf(texts: Texts, side: ImageSide, path: string | null): readonly CodeUnit[] {
  return path === null ? [] : unitsOfFile(texts(side, path) ?? '');
}

function changedLines({ hunks }: FileDiff, side: ImageSide): number[] {
  return hunks.flatMap((hunk) =>
    hunkImage(hunk, side).lines.flatMap(({ changed, line }) => (changed ? [line] : [])),
  );
}

/** What goes away here and comes there, by the same rule and kinds of events, was moved. */
function withoutMoved(found: readonly FoundInPatch[]): Finding[] {
  const gone = found.filter(({ finding }) => finding.status === 'fixed').map(identity);
  return found.flatMap((one) => {
    const at = one.finding.status === 'introduced' ? gone.indexOf(identity(one)) : -1;
    if (at === -1) return [one.finding];
    gone.splice(at, 1);
    return [];
  });
}

function identity({ finding, kinds }: FoundInPatch): string {
  return `${finding.rule} ${finding.functionName} ${kinds}`;
}
