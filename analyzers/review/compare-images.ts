/**
 * What one function's two images say, as findings: introduced, pre-existing or fixed. The comparison goes by
 * fingerprint, so that lines may move.
 */

import { createHash } from 'node:crypto';
import type { Hit, HitStep, Rule, Run } from '../rules/types.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { Finding, FindingStatus, ImageSide, Step } from '../vocabulary/finding.ts';
import type { RuleHit, UnitAnalysis } from './analyze-unit.ts';

/** Hex digits of a fingerprint: 64 bits, enough for every finding of a list's history. */
const FINGERPRINT_LENGTH = 16;

export interface ImagePair {
  readonly oldPath: string;
  readonly newPath: string;
  /** Null where the function does not exist on that side of the hunk. */
  readonly pre: UnitAnalysis | null;
  readonly post: UnitAnalysis | null;
  readonly addedLines: ReadonlySet<number>;
  readonly removedLines: ReadonlySet<number>;
  readonly rules: readonly Rule[];
}

/** A hit with the identity under which it is looked for in the other image. */
interface Identified extends RuleHit {
  readonly fingerprint: string;
}

/** A finding with the kinds of its steps' events, by which it is recognised after a rewrite. */
export interface FoundInPatch {
  readonly finding: Finding;
  readonly kinds: string;
  /** The function itself is gone: nothing was mended, but it may have moved. */
  readonly isRemoved: boolean;
}

/** The findings of one function, in order of line. */
export function compareImages(pair: ImagePair): FoundInPatch[] {
  const { pre, post } = pair;
  const before = identify(pair.newPath, pre, pre?.hits ?? [], pair.removedLines);
  const after = identify(pair.newPath, post, post?.hits ?? [], pair.addedLines);
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  const remaining = new Set(after.map(({ fingerprint }) => fingerprint));
  const findings = after.map((hit) => {
    const isOld = known.has(hit.fingerprint) || !isPatchsDoing(pair, hit.hit);
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
    const introduced = rule.compare(before, after).map((hit) => ({ rule, hit }));
    for (const hit of identify(pair.newPath, post, introduced, pair.addedLines)) {
      if (!said.has(hit.fingerprint)) findings.push(finding(pair, hit, 'introduced', 'post'));
    }
    const fixed = rule.compare(after, before).map((hit) => ({ rule, hit }));
    for (const hit of identify(pair.newPath, pre, fixed, pair.removedLines)) {
      if (!said.has(hit.fingerprint)) findings.push(finding(pair, hit, 'fixed', 'pre'));
    }
  }
  return findings;
}

function runOf({ explorations, events, elsewhere }: UnitAnalysis, { lens }: Rule): Run {
  return { visits: explorations.get(lens)?.visits ?? [], events, elsewhere };
}

/**
 * Whether the patch brought the hit about: a step stands on an added line, a removed line undid a state (an
 * unlock, a scope, a submission), or a changed line decides a mask. Else, if the old image has lines that may
 * have hidden it (a call that nobody knows), it was there before; if none was removed, the patch must have
 * opened the path to it.
 */
function isPatchsDoing({ pre, post, addedLines, removedLines }: ImagePair, { steps }: Hit): boolean {
  if (steps.some(({ event }) => addedLines.has(event.site.line))) return true;
  if (pre === null) return false;
  const removed = eventsOn(pre, removedLines);
  if (removed.some((event) => UNDOING.has(event.kind) || storesMask(event))) return true;
  if (eventsOn(post, addedLines).some(storesMask)) return true;
  return !removed.some((event) => HIDING.has(event.kind));
}

function eventsOn(analysis: UnitAnalysis | null, lines: ReadonlySet<number>): KernelEvent[] {
  return lines.size === 0 ? [] : (analysis?.events ?? []).filter(({ site }) => lines.has(site.line));
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

/**
 * Gives each hit its fingerprint. Equal ones in one function are numbered, those that the patch left alone
 * first, so that a copy put above an old one is the new one; the order of the result is that of the hits.
 */
function identify(
  path: string,
  analysis: UnitAnalysis | null,
  hits: readonly RuleHit[],
  changedLines: ReadonlySet<number>,
): Identified[] {
  const isChanged = ({ hit }: RuleHit): boolean => changedLines.has(hit.event.site.line);
  const counts = new Map<string, number>();
  const fingerprints = new Map<RuleHit, string>();
  for (const ruleHit of [...hits.filter((hit) => !isChanged(hit)), ...hits.filter(isChanged)]) {
    const codes = ruleHit.hit.steps.map(({ event }) => event.site.code);
    const text = [ruleHit.rule.meta.id, path, analysis?.unit.name ?? '', ...codes].join('\0');
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    const hash = createHash('sha256').update(count === 1 ? text : `${text}\0${count}`);
    fingerprints.set(ruleHit, hash.digest('hex').slice(0, FINGERPRINT_LENGTH));
  }
  return hits.map((ruleHit) => ({ ...ruleHit, fingerprint: fingerprints.get(ruleHit) ?? '' }));
}

/** A step as it is printed, with the calls that lead to it where a callee does it. */
function stepsOf({ event, what }: HitStep, path: string, side: ImageSide): Step[] {
  const { site, via = [] } = event;
  const own: Step = { path, line: site.line, side, code: site.code, what };
  return [
    own,
    ...via.map(({ callee, site: inner }, index): Step => {
      const isLast = index === via.length - 1;
      const does = isLast ? `in ${callee}(): ${what}` : `in ${callee}()`;
      return { path, line: inner.line, side, code: inner.code, what: does };
    }),
  ];
}

function finding(
  pair: ImagePair,
  { rule, hit, fingerprint }: Identified,
  status: FindingStatus,
  side: ImageSide,
): FoundInPatch {
  const unit = (side === 'pre' ? pair.pre : pair.post)?.unit;
  const pathOf = (image: ImageSide): string => (image === 'pre' ? pair.oldPath : pair.newPath);
  const other: ImageSide = side === 'pre' ? 'post' : 'pre';
  const steps = hit.steps.flatMap((step) => {
    const image = step.inOtherImage === true ? other : side;
    return stepsOf(step, pathOf(image), image);
  });
  const { id, why, fix, threads } = rule.meta;
  const kinds = hit.steps.map(({ event }) => event.kind).join(' ');
  const found: Finding = {
    rule: id,
    confidence: rule.meta.confidence,
    status,
    path: pathOf(side),
    line: hit.event.site.line,
    side,
    functionName: unit?.name ?? null,
    message: hit.message,
    why,
    fix,
    steps,
    assumptions: hit.assumptions,
    sight: unit?.sight ?? 'hunk',
    threads,
    fingerprint,
  };
  return { finding: found, kinds, isRemoved: side === 'pre' && pair.post === null };
}
