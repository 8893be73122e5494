/**
 * Patches beside the whole files that they change. A tree and the patches of a series go in, one patch after the
 * other; for each file of a patch come out its bytes before and after, which are the tree's with all earlier patches
 * applied, or why there are none. Then both images are analysed as wholes and compared function by function.
 */

import type { CodeUnit } from '../c/units.ts';
import { applyDiff } from '../diff/apply-diff.ts';
import { hunkImage, placedHunks } from '../diff/image.ts';
import type { FileDiff, Hunk } from '../diff/types.ts';
import { eraOfText, eraOfTree } from '../knowledge/era-of.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { HitStep, Rule, TreeLocks } from '../rules/types.ts';
import { NO_TEXT, sourceText } from '../source/text.ts';
import type { SourceTree } from '../source/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import type { ImageSide, Step } from '../vocabulary/finding.ts';
import { keepLatest } from '../vocabulary/keep-latest.ts';
import { analyzeRead, type FileAnalysis } from './analyze-file.ts';
import type { OutsideOfLens, UnitAnalysis } from './analyze-unit.ts';
import { compareImages, type FoundInPatch, sitesOf } from './compare-images.ts';
import { limitsOf, type ReviewProblem } from './limits.ts';
import { isTouched, pairUnits } from './pair-units.ts';
import { readFile, readImage } from './read-file.ts';
import type { ReviewedTree, TreeView } from './tree-view.ts';

/** A file before and after one patch of a series. */
export interface FileImages {
  readonly ok: true;
  /** Null where there is no such file. */
  readonly pre: Buffer | null;
  readonly post: Buffer | null;
  /** The patch's hunks with the lines where they were found. */
  readonly hunks: readonly Hunk[];
}

export interface ImageRefusal {
  readonly ok: false;
  /** Line in the patch text. */
  readonly line: number;
  readonly reason: string;
}

/** The images of one patch. */
export interface PatchImages {
  /** Undefined for a file that is not C. */
  of(file: FileDiff): FileImages | ImageRefusal | undefined;
  /** The image of the file at that path. Throws `CTextRefused` for a text that cannot be parsed within bounds. */
  analyze(image: Buffer, side: ImageSide, path: string): FileAnalysis;
  /** With functions of other files known: those that call what the patch changes. */
  readonly callers?: () => Promise<Callers>;
}

/** A file that the patch leaves alone, and what of it calls what the patch changes. */
export interface CallerFile {
  readonly path: string;
  readonly image: Buffer;
  readonly functions: ReadonlySet<string>;
}

/** Callers of what the patch changes. */
export interface Callers {
  readonly files: readonly CallerFile[];
  /** By file of the patch. */
  readonly own: ReadonlyMap<string, ReadonlySet<string>>;
  readonly problems: readonly ReviewProblem[];
}

const NO_CALLERS: Callers = { files: [], own: new Map(), problems: [] };

/** What is said of one file of a patch. */
export interface FileReview {
  readonly found: readonly FoundInPatch[];
  /** Changed functions that were explored. */
  readonly functions: number;
  readonly problems: readonly ReviewProblem[];
}

/** Image of a path by now: bytes, null for no file, or why nobody knows. */
type Now = Buffer | null | { readonly lost: string };

/** Analyses hold the states of every path; the next patch asks for those of the files that the last ones touched. */
const MAX_KEPT_ANALYSES = 16;

/** The files of one series on one base. */
export class SeriesImages {
  private readonly tree: SourceTree;
  private readonly knowledge: Knowledge;
  private readonly rules: readonly Rule[];
  private readonly now = new Map<string, Now>();
  /** Of the tree; undefined until somebody asks, null where its Makefile does not say. */
  private era: KernelEra | null | undefined;
  private readonly index: ReviewedTree | null;
  /** The tree by now, with an index. */
  private view: TreeView | null = null;
  /** By the tree in which an image stands, or none. Oldest use first. */
  private readonly analyses = new Map<Buffer, Map<TreeView | null, FileAnalysis>>();

  constructor(
    tree: SourceTree,
    knowledge: Knowledge,
    rules: readonly Rule[],
    index: ReviewedTree | null = null,
  ) {
    this.tree = tree;
    this.knowledge = knowledge;
    this.rules = rules;
    this.index = index;
  }

  /** Applies the next patch of the series, as far as it fits. */
  async apply(files: readonly FileDiff[]): Promise<PatchImages> {
    this.era ??= await eraOfTree(this.tree);
    const images = new Map<FileDiff, FileImages | ImageRefusal>();
    const fitting: FileDiff[] = [];
    for (const file of files) {
      const paths = pathsOf(file);
      if (!paths.some(isC)) continue;
      const lost = await this.lostAmong(paths);
      if (lost === null) fitting.push(file);
      else images.set(file, { ok: false, line: file.line, reason: lost });
    }
    const read = (path: string): Buffer | null => {
      const image = this.now.get(path);
      return image instanceof Buffer ? image : null;
    };
    const applied = applyDiff(fitting, read);
    // First what moves away, so that two files may change places.
    for (const { file, result } of applied) {
      if (result.ok && file.change === 'rename' && file.oldPath !== null) this.now.set(file.oldPath, null);
    }
    for (const { file, path, pre, result } of applied) {
      if (result.ok) {
        images.set(file, { ok: true, pre, post: result.post, hunks: placedHunks(file, result.places) });
        this.now.set(path, result.post);
      } else {
        images.set(file, { ok: false, line: result.line, reason: result.reason });
        for (const touched of pathsOf(file)) {
          this.now.set(touched, { lost: 'an earlier patch of the series does not fit it' });
        }
      }
    }
    const views = this.nextViews(applied.length > 0);
    return {
      of: (file) => images.get(file),
      analyze: (image, side, path) => this.analyze(image, path, views[side]),
      ...(this.index !== null && { callers: () => this.callers(files, views) }),
    };
  }

  /** The tree before and after a patch that has been applied just now. */
  private nextViews(isChanged: boolean): Views {
    const { index } = this;
    if (index === null) return { pre: null, post: null };
    const pre = this.view ?? index.replacing(new Map());
    const replaced = new Map<string, Buffer | null>();
    for (const [path, image] of this.now) {
      // What does not fit any more is as it was before.
      if (isC(path) && (image === null || image instanceof Buffer)) replaced.set(path, image);
    }
    const post = isChanged ? index.replacing(replaced) : pre;
    this.view = post;
    return { pre, post };
  }

  /** Callers of what the patch that was applied last has changed. */
  private async callers(files: readonly FileDiff[], { pre, post }: Views): Promise<Callers> {
    if (this.index === null || pre === null || post === null) return NO_CALLERS;
    const paths = files.flatMap(pathsOf).filter(isC);
    const { functions, left } = this.index.affected(pre, post, paths);
    const own = new Map([...functions].filter(([path]) => paths.includes(path)));
    const callers: CallerFile[] = [];
    const problems: ReviewProblem[] = [];
    if (left > 0) {
      const reason = `${left} more files call what the patch changes: they are not looked at`;
      problems.push({ path: null, line: 1, reason });
    }
    for (const [path, names] of functions) {
      if (own.has(path)) continue;
      const lost = await this.lostAmong([path]);
      const image = this.now.get(path);
      if (image instanceof Buffer) callers.push({ path, image, functions: names });
      else problems.push({ path, line: 1, reason: `a caller is not looked at: ${lost ?? 'it is gone'}` });
    }
    return { files: callers, own, problems };
  }

  /** Why one of the paths has no image; reads what was not read yet. */
  private async lostAmong(paths: readonly string[]): Promise<string | null> {
    for (const path of paths) {
      let image = this.now.get(path);
      if (image === undefined) {
        const file = await this.tree.read(path);
        switch (file.state) {
          case 'read':
            image = sourceText(file.bytes) === null ? { lost: NO_TEXT } : file.bytes;
            break;
          case 'absent':
            image = null;
            break;
          case 'refused':
            image = { lost: file.reason };
        }
        this.now.set(path, image);
      }
      if (image !== null && 'lost' in image) return image.lost;
    }
    return null;
  }

  private analyze(image: Buffer, path: string, view: TreeView | null): FileAnalysis {
    const known = this.analyses.get(image) ?? new Map<TreeView | null, FileAnalysis>();
    const outsideOf: OutsideOfLens = (lens) => view?.outsideOf(path, lens) ?? null;
    const analysis = known.get(view) ?? this.analyzeAnew(image, outsideOf, view?.locksOf(path) ?? null);
    // Only the next patch asks again, for the tree after this one.
    if (known.size > 1) known.clear();
    known.set(view, analysis);
    keepLatest(this.analyses, image, known, MAX_KEPT_ANALYSES);
    return analysis;
  }

  private analyzeAnew(image: Buffer, outsideOf: OutsideOfLens, treeLocks: TreeLocks | null): FileAnalysis {
    const { knowledge, rules } = this;
    const file = readImage(image, knowledge) ?? readFile('', knowledge);
    const era = this.era ?? eraOfText(file.text, knowledge);
    return analyzeRead(file, knowledge, rules, era, outsideOf, treeLocks);
  }
}

/** The tree on both sides of a patch; null without an index. */
interface Views {
  readonly pre: TreeView | null;
  readonly post: TreeView | null;
}

function pathsOf({ oldPath, newPath }: FileDiff): string[] {
  return [...new Set([oldPath, newPath])].filter((path) => path !== null);
}

export function isC(path: string): boolean {
  return path.endsWith('.c') || path.endsWith('.h');
}

/** Compares the two whole images of one file; `callers` are those of what the patch changes anywhere. */
export function reviewImages(
  file: FileDiff,
  { pre, post, hunks }: FileImages,
  images: PatchImages,
  rules: readonly Rule[],
  callers: Callers = NO_CALLERS,
): FileReview {
  const path = file.newPath ?? file.oldPath ?? '';
  const before = readSide(pre, hunks, 'pre', images, file.oldPath ?? path);
  const after = readSide(post, hunks, 'post', images, path);
  const sides = { pre: before, post: after };
  const pairs = pairUnits(before.functions, after.functions).map(([old, current]) => ({
    pre: old,
    post: current,
    touched: isTouched(old, before.changed) || isTouched(current, after.changed),
  }));
  for (const pair of pairs) {
    if (!pair.touched) continue;
    if (pair.pre !== null) before.touched.push(pair.pre);
    if (pair.post !== null) after.touched.push(pair.post);
  }
  const isConcerned = concernedBy(sides, callers.own.get(path) ?? NO_NAMES);
  const found: FoundInPatch[] = [];
  const problems: ReviewProblem[] = [];
  for (const pair of pairs) {
    const { touched } = pair;
    if (!touched && !isConcerned(pair.pre) && !isConcerned(pair.post)) continue;
    const analyses = { pre: before.of(pair.pre), post: after.of(pair.post) };
    // With the tree in sight, a function may do something else because of another file.
    const leadsThere =
      touched ||
      images.callers !== undefined ||
      leadsToPatch(analyses.pre, 'pre', sides) ||
      leadsToPatch(analyses.post, 'post', sides);
    if (!leadsThere) continue;
    const compared = compareImages({
      oldPath: file.oldPath ?? path,
      newPath: file.newPath ?? path,
      ...analyses,
      addedLines: after.isChanged,
      removedLines: before.isChanged,
      rules,
      isWholeFile: true,
      ...(isNew(pair, pre) && { isNewFunction: true }),
    });
    for (const one of compared) {
      const { steps, status } = one.finding;
      const isHere = (step: Step): boolean => step.path === path || step.path === file.oldPath;
      const isOurs =
        touched ||
        steps.some((step) => isHere(step) && isInPatch(step.line, sides[step.side])) ||
        (status !== 'pre-existing' && !steps.every(isHere));
      if (isOurs) found.push(one);
    }
    if (touched && analyses.post !== null) problems.push(...limitsOf(path, analyses.post));
  }
  return { found, functions: pairs.filter(({ touched }) => touched).length, problems };
}

/** Whether the name of the function that only the new image has is nowhere in the old one. */
function isNew(
  { pre, post }: { readonly pre: CodeUnit | null; readonly post: CodeUnit | null },
  before: Buffer | null,
): boolean {
  const name = post?.name ?? null;
  return pre === null && name !== null && before !== null && !before.includes(name);
}

/** What changes in a file that the patch leaves alone, by what it calls. */
export function reviewCaller(
  { path, image, functions }: CallerFile,
  images: PatchImages,
  rules: readonly Rule[],
): readonly FoundInPatch[] {
  const before = images.analyze(image, 'pre', path);
  const after = images.analyze(image, 'post', path);
  const callers = after.functions.filter(({ name }) => functions.has(name ?? ''));
  const above = after.callersOf(callers);
  const found = after.functions.flatMap((post, index) =>
    !above.has(post)
      ? []
      : compareImages({
          oldPath: path,
          newPath: path,
          pre: sideOf(before, index),
          post: after.of(post),
          addedLines: NO_LINES,
          removedLines: NO_LINES,
          rules,
          isWholeFile: true,
        }),
  );
  return found.filter(({ finding }) => finding.status !== 'pre-existing');
}

function sideOf(analysis: FileAnalysis, index: number): UnitAnalysis | null {
  const unit = analysis.functions[index];
  return unit === undefined ? null : analysis.of(unit);
}

const NO_LINES: ReadonlySet<number> = new Set();
const NO_NAMES: ReadonlySet<string> = new Set();

/** One image of a file beside the patch. */
interface Side {
  readonly analysis: FileAnalysis | null;
  readonly functions: readonly CodeUnit[];
  of(unit: CodeUnit | null): UnitAnalysis | null;
  /** Ascending. */
  readonly changed: readonly number[];
  readonly isChanged: ReadonlySet<number>;
  /** Functions that the patch touches. */
  readonly touched: CodeUnit[];
  /** A directive of the preprocessor is among the changed lines: any function may read otherwise. */
  readonly hasDirective: boolean;
}

/** What a line that belongs to a directive looks like; what is included is not read. */
const DIRECTIVE = /^[ \t]*#(?![ \t]*include\b)|\\$/;

function readSide(
  image: Buffer | null,
  hunks: readonly Hunk[],
  side: ImageSide,
  images: PatchImages,
  path: string,
): Side {
  const analysis = image === null ? null : images.analyze(image, side, path);
  const lines = hunks.flatMap((hunk) => hunkImage(hunk, side).lines.filter(({ changed }) => changed));
  const changed = lines.map(({ line }) => line);
  return {
    analysis,
    functions: analysis?.functions ?? [],
    of: (unit) => (unit === null ? null : (analysis?.of(unit) ?? null)),
    changed,
    isChanged: new Set(changed),
    touched: [],
    hasDirective: lines.some(({ text }) => DIRECTIVE.test(text)),
  };
}

/**
 * Functions about which the patch may decide, though it leaves their code alone: callers of what it touches or changes,
 * and all, where it changes what decides about all.
 */
function concernedBy(
  { pre, post }: Readonly<Record<ImageSide, Side>>,
  names: ReadonlySet<string>,
): (unit: CodeUnit | null) => boolean {
  const isForAll =
    pre.hasDirective ||
    post.hasDirective ||
    pre.analysis?.sharedFacts() !== post.analysis?.sharedFacts() ||
    [pre, post].some(({ analysis, touched }) => {
      const shared = analysis?.shared();
      return shared !== undefined && touched.some((unit) => shared.has(unit));
    });
  if (isForAll) return () => true;
  const concerned = new Set<CodeUnit>();
  for (const { analysis, functions, touched } of [pre, post]) {
    const starts = [...touched, ...functions.filter(({ name }) => names.has(name ?? ''))];
    for (const unit of analysis?.callersOf(starts) ?? []) concerned.add(unit);
  }
  return (unit) => unit !== null && concerned.has(unit);
}

/** Whether a hit of a function that the patch leaves alone has a step where the patch works. */
function leadsToPatch(
  analysis: UnitAnalysis | null,
  side: ImageSide,
  sides: Readonly<Record<ImageSide, Side>>,
): boolean {
  const other: ImageSide = side === 'pre' ? 'post' : 'pre';
  const isStepThere = ({ event, inOtherImage, path }: HitStep): boolean =>
    path === undefined &&
    sitesOf(event).some(({ line }) => isInPatch(line, sides[inOtherImage === true ? other : side]));
  return analysis?.hits.some(({ hit }) => hit.steps.some(isStepThere)) ?? false;
}

/** A line that the patch changes, or of a function that it touches. */
function isInPatch(line: number, { isChanged, touched }: Side): boolean {
  return (
    isChanged.has(line) || touched.some(({ startLine, endLine }) => line >= startLine && line <= endLine)
  );
}
