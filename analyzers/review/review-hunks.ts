/**
 * A file of a patch at hunk depth: nothing is in sight but its hunks, and, where function tables fit their age, what functions
 * did in a kernel that was indexed before. A finding that is there only because of such functions names them as its
 * assumptions, and is at most `likely`.
 */

import { CTextRefused } from '../c/parser.ts';
import { type CodeUnit, unitsOfHunk } from '../c/units.ts';
import { hunkImage } from '../diff/image.ts';
import type { FileDiff, Hunk } from '../diff/types.ts';
import { extractSequence } from '../events/extract.ts';
import { fileFacts } from '../events/file-facts.ts';
import { eraOfText } from '../knowledge/era-of.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Piece, Rule } from '../rules/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import type { ImageSide } from '../vocabulary/finding.ts';
import { Analyzer, type UnitAnalysis, type UnitInput } from './analyze-unit.ts';
import { compareImages, type FoundInPatch } from './compare-images.ts';
import { limitsOf, type ReviewProblem } from './limits.ts';
import { isTouched, pairUnits } from './pair-units.ts';
import type { FileOutsider, PatchOutsider } from './patch-outsider.ts';
import type { FileReview } from './review-image.ts';

/** Each refused hunk may have cost seconds; a patch with more of them is not C, or is meant to keep us busy. */
export const MAX_REFUSED_HUNKS = 3;

/** One image of one hunk. */
interface Side {
  readonly text: string;
  readonly units: readonly CodeUnit[];
  /** Ascending. */
  readonly changedLines: readonly number[];
  readonly isChanged: ReadonlySet<number>;
}

function readSide(hunk: Hunk, side: ImageSide): Side {
  const image = hunkImage(hunk, side);
  const changedLines = image.lines.filter(({ changed }) => changed).map(({ line }) => line);
  const lines = image.lines.map(({ text }) => text);
  return {
    text: lines.join('\n'),
    units: unitsOfHunk(lines, image.startLine, hunk.heading),
    changedLines,
    isChanged: new Set(changedLines),
  };
}

interface HunkSides {
  readonly pre: Side;
  readonly post: Side;
}

export interface HunkReview extends FileReview {
  /** Hunks of the patch that were refused so far. */
  readonly refused: number;
}

/** What a review at hunk depth goes by. */
interface HunkMeans {
  readonly knowledge: Knowledge;
  readonly rules: readonly Rule[];
  /** Null where nothing is known but the hunks. */
  readonly outsider: PatchOutsider | null;
}

export function reviewHunks(
  file: FileDiff,
  path: string,
  means: HunkMeans,
  refusedBefore: number,
): HunkReview {
  const problems: ReviewProblem[] = [];
  let refused = refusedBefore;
  const hunks: HunkSides[] = [];
  for (const hunk of file.hunks) {
    if (refused >= MAX_REFUSED_HUNKS) {
      problems.push({ path, line: hunk.line, reason: 'not read: too many hunks of this patch were refused' });
      break;
    }
    try {
      hunks.push({ pre: readSide(hunk, 'pre'), post: readSide(hunk, 'post') });
    } catch (error) {
      if (!(error instanceof CTextRefused)) throw error;
      refused++;
      problems.push({ path, line: hunk.line, reason: error.message });
    }
  }
  // Both sides are of one age, whichever shows it.
  const era = eraOfText(file.hunks.flatMap(linesOf).join('\n'), means.knowledge);
  const compared = new ComparedHunks(file, path, hunks, means, era);
  const found: FoundInPatch[] = [];
  let functions = 0;
  for (const { pre, post } of hunks) {
    for (const [before, after] of pairUnits(pre.units, post.units)) {
      if (!isTouched(before, pre.changedLines) && !isTouched(after, post.changedLines)) continue;
      functions++;
      const pair = { before, after, removed: pre.isChanged, added: post.isChanged };
      found.push(...compared.findings(pair));
      const analysis = compared.post(pair);
      if (analysis !== null) problems.push(...limitsOf(path, analysis));
    }
  }
  return { found, functions, problems, refused };
}

/** A function in the two images of a hunk. */
interface UnitPair {
  readonly before: CodeUnit | null;
  readonly after: CodeUnit | null;
  readonly removed: ReadonlySet<number>;
  readonly added: ReadonlySet<number>;
}

type Analyzers = Readonly<Record<ImageSide, Analyzer>>;

/** Functions of tables that are taken away one by one to see what rests on them. */
const MAX_TRIALS = 16;

/** The functions of one file's hunks, compared with what tables say of others, and without. */
class ComparedHunks {
  private readonly file: FileDiff;
  private readonly path: string;
  private readonly hunks: readonly HunkSides[];
  private readonly means: HunkMeans;
  private readonly era: KernelEra;
  private readonly outsider: FileOutsider | null;
  private readonly analyzers: Analyzers;
  private readonly inputs: Readonly<Record<ImageSide, readonly UnitInput[]>>;
  private unaided: Analyzers | null = null;

  constructor(file: FileDiff, path: string, hunks: readonly HunkSides[], means: HunkMeans, era: KernelEra) {
    this.file = file;
    this.path = path;
    this.hunks = hunks;
    this.means = means;
    this.era = era;
    this.outsider = means.outsider?.of(path, era) ?? null;
    const { knowledge } = means;
    this.inputs = { pre: inputsOf(hunks, 'pre', knowledge), post: inputsOf(hunks, 'post', knowledge) };
    this.analyzers = this.analyzersWithout(new Set());
  }

  post({ after }: UnitPair): UnitAnalysis | null {
    return after === null ? null : this.analyzers.post.analyze(after);
  }

  findings(pair: UnitPair): readonly FoundInPatch[] {
    const found = this.compare(pair, this.analyzers);
    const { outsider } = this;
    if (outsider === null || found.length === 0 || outsider.names().length === 0) return found;
    this.unaided ??= this.analyzersWithout(null);
    const unaided = this.compare(pair, this.unaided);
    const own = new Set(unaided.map(identityOf));
    if (found.every((one) => own.has(identityOf(one)))) return found;
    const known = new Set(unaided.map(({ finding }) => finding.fingerprint));
    const trials = this.trials(pair, outsider);
    return found.map((one): FoundInPatch => {
      if (own.has(identityOf(one))) return one;
      return resting(one, trials, outsider, !known.has(one.finding.fingerprint));
    });
  }

  /** What is found without one function of the tables that the code calls, by its name. */
  private trials(pair: UnitPair, outsider: FileOutsider): Trials {
    const { before, after } = pair;
    const sides = [
      after === null ? null : this.analyzers.post.analyze(after),
      before === null ? null : this.analyzers.pre.analyze(before),
    ];
    // Those of the code itself first.
    const events = [
      ...sides.flatMap((side) => side?.events ?? []),
      ...sides.flatMap((side) => side?.beside() ?? []),
    ];
    const answered = new Set(outsider.names());
    const called = events.flatMap((event) => (event.kind === 'call' ? (event.callee ?? []) : []));
    const names = [...new Set(called)].filter((name) => answered.has(name));
    return new Map(
      names.slice(0, MAX_TRIALS).map((name) => {
        const found = this.compare(pair, this.analyzersWithout(new Set([name])));
        return [name, new Set(found.map(identityOf))];
      }),
    );
  }

  private analyzersWithout(names: ReadonlySet<string> | null): Analyzers {
    return { pre: this.analyzerOf('pre', names), post: this.analyzerOf('post', names) };
  }

  private compare({ before, after, removed, added }: UnitPair, { pre, post }: Analyzers): FoundInPatch[] {
    const { file, path, means } = this;
    return compareImages({
      oldPath: file.oldPath ?? path,
      newPath: file.newPath ?? path,
      pre: before === null ? null : pre.analyze(before),
      post: after === null ? null : post.analyze(after),
      addedLines: added,
      removedLines: removed,
      rules: means.rules,
    });
  }

  /** All of one side together: each piece of a function beside its other pieces, calls to functions that are whole. */
  private analyzerOf(side: ImageSide, without: ReadonlySet<string> | null): Analyzer {
    const { knowledge, rules } = this.means;
    const inputs = this.inputs[side];
    return new Analyzer(
      inputs,
      // Tables that the hunks show say what their functions are called as.
      fileFacts(this.hunks.map((hunk) => hunk[side].text).join('\n')),
      knowledge,
      rules,
      this.era,
      false,
      this.outsider?.without(without),
    );
  }
}

/** The pieces of functions on one side, each with what its other pieces show. */
function inputsOf(hunks: readonly HunkSides[], side: ImageSide, knowledge: Knowledge): readonly UnitInput[] {
  const inputs = hunks.flatMap((hunk) => {
    const { units, isChanged } = hunk[side];
    return units.map((unit) => ({ unit, sequence: extractSequence(unit, knowledge), isChanged }));
  });
  const pieces = new Map<string, Piece[]>();
  for (const { unit, sequence, isChanged } of inputs) {
    const { name, sight } = unit;
    if (name === null || sight === 'function') continue;
    const events = sequence.blocks.flatMap((block) => block.events);
    pieces.set(name, [...(pieces.get(name) ?? []), { unit, events, changedLines: isChanged }]);
  }
  const elsewhere = (unit: CodeUnit): readonly Piece[] =>
    (pieces.get(unit.name ?? '') ?? []).filter((other) => other.unit !== unit);
  return inputs.map(({ unit, sequence }) => ({ unit, sequence, elsewhere: elsewhere(unit) }));
}

/** What is found without a function, by the function's name. */
type Trials = ReadonlyMap<string, ReadonlySet<string>>;

/** The same finding, as sure as before. */
function identityOf({ finding: { fingerprint, status, confidence } }: FoundInPatch): string {
  return [fingerprint, status, confidence].join(' ');
}

/** The finding with the functions that it rests on: those without which it is not there. */
function resting(
  found: FoundInPatch,
  trials: Trials,
  { asOf }: FileOutsider,
  isOfTable: boolean,
): FoundInPatch {
  const identity = identityOf(found);
  const needed = [...trials].filter(([, others]) => !others.has(identity)).map(([name]) => `${name}()`);
  const who = needed.length === 0 ? 'the functions that it calls' : needed.join(' and ');
  const { finding } = found;
  return {
    ...found,
    ...(isOfTable && { isOfTable }),
    finding: {
      ...finding,
      confidence: finding.confidence === 'confirmed' ? 'likely' : finding.confidence,
      assumptions: [
        ...finding.assumptions,
        `${who} ${needed.length === 1 ? 'does' : 'do'} what Linux ${asOf} ${asOf.includes(' ') ? 'do' : 'does'} there`,
      ],
    },
  };
}

/** All that a hunk shows, of either side. */
function linesOf({ heading, lines }: Hunk): string[] {
  return [heading, ...lines.map(({ text }) => text)];
}
