/**
 * What one function's two images say, as findings: introduced, pre-existing or fixed. The comparison goes by
 * fingerprint, so that lines may move.
 */

import { createHash } from 'node:crypto';
import type { Hit, Rule } from '../rules/types.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { Confidence, Finding, FindingStatus, ImageSide, Step } from '../vocabulary/finding.ts';
import type { RuleHit, UnitAnalysis } from './analyze-unit.ts';

/** No finding is surer than this as long as no executable model confirms it. */
const CONFIDENCE: Confidence = 'likely';

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

/** The findings of one function, in order of line. */
export function compareImages(pair: ImagePair): Finding[] {
  const { pre, post } = pair;
  const before = identify(pair.newPath, pre, pre?.hits ?? []);
  const after = identify(pair.newPath, post, post?.hits ?? []);
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  const remaining = new Set(after.map(({ fingerprint }) => fingerprint));
  const findings = after.map((hit) => {
    const isOld = known.has(hit.fingerprint) || !isPatchsDoing(pair, hit.hit);
    return finding(pair, hit, isOld ? 'pre-existing' : 'introduced', 'post');
  });
  // A function that is gone was not mended.
  if (post !== null) {
    for (const hit of before) {
      if (!remaining.has(hit.fingerprint)) findings.push(finding(pair, hit, 'fixed', 'pre'));
    }
  }
  return [...findings, ...comparisonFindings(pair, new Set([...known, ...remaining]))];
}

/** What the rules see only by comparing the images. */
function comparisonFindings(pair: ImagePair, said: ReadonlySet<string>): Finding[] {
  const { pre, post } = pair;
  if (pre === null || post === null) return [];
  const findings: Finding[] = [];
  for (const rule of pair.rules) {
    if (rule.compare === null) continue;
    const introduced = rule.compare(pre.exploration, post.exploration).map((hit) => ({ rule, hit }));
    for (const hit of identify(pair.newPath, post, introduced)) {
      if (!said.has(hit.fingerprint)) findings.push(finding(pair, hit, 'introduced', 'post'));
    }
    const fixed = rule.compare(post.exploration, pre.exploration).map((hit) => ({ rule, hit }));
    for (const hit of identify(pair.newPath, pre, fixed)) {
      if (!said.has(hit.fingerprint)) findings.push(finding(pair, hit, 'fixed', 'pre'));
    }
  }
  return findings;
}

/**
 * Whether the patch brought the hit about: a step stands on an added line, or a removed line undid a state
 * (an unlock, a scope, a submission). Else the old image hid it behind a call that nobody knows.
 */
function isPatchsDoing({ pre, addedLines, removedLines }: ImagePair, { steps }: Hit): boolean {
  if (steps.some(({ event }) => addedLines.has(event.site.line))) return true;
  const removed = (pre?.exploration.visits ?? []).filter(({ event }) => removedLines.has(event.site.line));
  return removed.some(({ event }) => UNDOING.has(event.kind));
}

const UNDOING: ReadonlySet<KernelEvent['kind']> = new Set([
  'release',
  'scopeEnter',
  'bioSubmit',
  'endWriteback',
]);

/** Gives each hit its fingerprint; equal ones in one function are numbered in order of line. */
function identify(path: string, analysis: UnitAnalysis | null, hits: readonly RuleHit[]): Identified[] {
  const counts = new Map<string, number>();
  return hits.map(({ rule, hit }) => {
    const codes = hit.steps.map(({ event }) => event.site.code);
    const text = [rule.meta.id, path, analysis?.unit.name ?? '', ...codes].join('\0');
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    const hash = createHash('sha256').update(count === 1 ? text : `${text}\0${count}`);
    return { rule, hit, fingerprint: hash.digest('hex').slice(0, FINGERPRINT_LENGTH) };
  });
}

function finding(
  pair: ImagePair,
  { rule, hit, fingerprint }: Identified,
  status: FindingStatus,
  side: ImageSide,
): Finding {
  const unit = (side === 'pre' ? pair.pre : pair.post)?.unit;
  const pathOf = (image: ImageSide): string => (image === 'pre' ? pair.oldPath : pair.newPath);
  const other: ImageSide = side === 'pre' ? 'post' : 'pre';
  const steps = hit.steps.map(({ event, what, inOtherImage }): Step => {
    const image = inOtherImage === true ? other : side;
    return { path: pathOf(image), line: event.site.line, side: image, code: event.site.code, what };
  });
  const { id, why, fix, threads } = rule.meta;
  return {
    rule: id,
    confidence: CONFIDENCE,
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
}
