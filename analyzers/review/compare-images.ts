/**
 * What one function's two images say, as findings: introduced, pre-existing or fixed. The comparison goes by
 * fingerprint, so that lines may move.
 */

import { callsOf } from '../rules/calls.ts';
import type { HitStep, Rule, Run } from '../rules/types.ts';
import type { EventSite, KernelEvent } from '../vocabulary/event.ts';
import type { Finding, FindingStatus, ImageSide } from '../vocabulary/finding.ts';
import type { RuleHit, UnitAnalysis } from './analyze-unit.ts';
import { assumingEachOther } from './locks-at-start.ts';
import { type Identified, identify, makeFinding } from './make-findings.ts';

export interface ImagePair {
  readonly oldPath: string;
  readonly newPath: string;
  /** Null where the function does not exist on that side of the hunk. */
  readonly pre: UnitAnalysis | null;
  readonly post: UnitAnalysis | null;
  readonly addedLines: ReadonlySet<number>;
  readonly removedLines: ReadonlySet<number>;
  readonly rules: readonly Rule[];
  /** The images are those of whole files. */
  readonly isWholeFile?: true;
  /** The file had no function of that name. */
  readonly isNewFunction?: true;
}

/** A finding with the kinds of its steps' events, by which it is recognised after a rewrite. */
export interface FoundInPatch {
  readonly finding: Finding;
  readonly kinds: string;
  /** The function itself is gone: nothing was mended, but it may have moved. */
  readonly isRemoved: boolean;
  /**
   * All its steps stand on lines that were there before, in a function that is new: it comes with the patch, unless it
   * stood in a function that is gone.
   */
  readonly isInherited?: true;
  /** Only what other kernels do shows it: of code that the patch leaves as it was, that is no evidence. */
  readonly isOfTable?: true;
}

/** The findings of one function, in order of line. */
export function compareImages(given: ImagePair): FoundInPatch[] {
  const pair = { ...given, ...assumingEachOther(given.pre, given.post) };
  const { pre, post } = pair;
  const before = identified(pair, pre, pre?.hits ?? [], pair.removedLines);
  const after = identified(pair, post, post?.hits ?? [], pair.addedLines);
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  const remaining = new Set(after.map(({ fingerprint }) => fingerprint));
  const findings = after.map((hit) => {
    const isOld = known.has(hit.fingerprint) || !isPatchsDoing(pair, hit);
    return finding(pair, hit, isOld ? 'pre-existing' : 'introduced', 'post');
  });
  for (const hit of before) {
    if (!remaining.has(hit.fingerprint)) findings.push(finding(pair, hit, 'fixed', 'pre'));
  }
  return [...findings, ...comparisonFindings(pair, new Set([...known, ...remaining]))];
}

/** What the rules see only by comparing the images. */
function comparisonFindings(pair: ImagePair, said: ReadonlySet<string>): FoundInPatch[] {
  const { pre, post } = pair;
  if (pre === null || post === null) return [];
  const findings: FoundInPatch[] = [];
  for (const rule of pair.rules) {
    if (rule.compare === undefined) continue;
    const before = runOf(pre, rule);
    const after = runOf(post, rule);
    const introduced = rule.compare(before, after).map((hit) => ({ rule, hit, verdict: null }));
    for (const hit of identified(pair, post, introduced, pair.addedLines)) {
      if (!said.has(hit.fingerprint)) findings.push(finding(pair, hit, 'introduced', 'post'));
    }
    const fixed = rule.compare(after, before).map((hit) => ({ rule, hit, verdict: null }));
    for (const hit of identified(pair, pre, fixed, pair.removedLines)) {
      if (!said.has(hit.fingerprint)) findings.push(finding(pair, hit, 'fixed', 'pre'));
    }
  }
  return findings;
}

function runOf(analysis: UnitAnalysis, { lens }: Rule): Run {
  const { explorations, events, elsewhere, unit, lockClasses } = analysis;
  const exploration = explorations.get(lens) ?? null;
  const visits = exploration?.visits ?? [];
  return {
    exploration,
    visits,
    events,
    elsewhere,
    unit,
    lockClasses,
    functionNamed: (name) => analysis.functionNamed(name),
    beside: () => analysis.beside(),
  };
}

/**
 * Whether the patch brought the hit about: a step stands on an added line, a removed line undid a state (an
 * unlock, a scope, a submission), or a changed line decides a mask. Else, if the old image has lines that may
 * have hidden it (a call that nobody knows), it was there before; if none was removed, the patch must have
 * opened the path to it.
 */
function isPatchsDoing(
  { pre, post, addedLines, removedLines }: ImagePair,
  { rule, hit: { steps } }: RuleHit,
): boolean {
  const isAdded = ({ event, path }: HitStep): boolean =>
    path === undefined && sitesOf(event).some(({ line }) => addedLines.has(line));
  if (steps.some(isAdded)) return true;
  if (pre === null) return false;
  const removed = eventsOn(pre, removedLines);
  if (removed.some((event) => UNDOING.has(event.kind) || storesMask(event))) return true;
  if (eventsOn(post, addedLines).some(storesMask)) return true;
  const { undoneBy } = rule;
  if (undoneBy !== undefined && removedCalls(pre, removedLines).some((name) => undoneBy.test(name)))
    return true;
  return !removed.some((event) => HIDING.has(event.kind));
}

/** Where it stands, and where in callees of the same file it is done. */
export function sitesOf({ site, via = [] }: KernelEvent): readonly EventSite[] {
  return [site, ...via.flatMap((step) => (step.path === undefined ? [step.site] : []))];
}

function eventsOn(analysis: UnitAnalysis | null, lines: ReadonlySet<number>): KernelEvent[] {
  return lines.size === 0 ? [] : (analysis?.events ?? []).filter(({ site }) => lines.has(site.line));
}

function removedCalls({ unit }: UnitAnalysis, lines: ReadonlySet<number>): readonly string[] {
  return callsOf(unit).flatMap(({ name, call }) => (lines.has(unit.lineAt(call.start)) ? [name] : []));
}

function storesMask(event: KernelEvent): boolean {
  return event.kind === 'assign' && event.value.kind === 'gfp';
}

const UNDOING: ReadonlySet<KernelEvent['kind']> = new Set([
  'release',
  'scopeEnter',
  'bioSubmit',
  'endWriteback',
]);

/** After these, less is known of what is held. */
const HIDING: ReadonlySet<KernelEvent['kind']> = new Set(['call', 'write', 'assign', 'unreadable']);

function identified(
  { newPath }: ImagePair,
  analysis: UnitAnalysis | null,
  hits: readonly RuleHit[],
  changedLines: ReadonlySet<number>,
): Identified[] {
  return identify(newPath, analysis?.unit.name ?? null, hits, changedLines);
}

function finding(
  pair: ImagePair,
  identifiedHit: Identified,
  status: FindingStatus,
  side: ImageSide,
): FoundInPatch {
  const unit = (side === 'pre' ? pair.pre : pair.post)?.unit ?? null;
  return {
    finding: makeFinding(identifiedHit, {
      paths: { pre: pair.oldPath, post: pair.newPath },
      side,
      status,
      unit,
      sight: pair.isWholeFile === true ? 'file' : (unit?.sight ?? 'hunk'),
    }),
    kinds: identifiedHit.hit.steps.map(({ event }) => event.kind).join(' '),
    isRemoved: side === 'pre' && pair.post === null,
    ...(pair.isNewFunction === true && status === 'pre-existing' && { isInherited: true }),
  };
}
