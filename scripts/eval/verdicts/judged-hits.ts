/**
 * Hits of the rough rules on all samples, each with what was said of it before any model was run: a sample marks the lines
 * that are wrong, and every other line is right.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { analyzeFile } from '../../../analyzers/review/analyze-file.ts';
import type { RuleHit } from '../../../analyzers/review/analyze-unit.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import type { Rule } from '../../../analyzers/rules/types.ts';
import { ROUGH_RULES } from './rough-rules.ts';

export interface JudgedHit {
  /** `alloc-fs-under-page-lock/good-order.c:12`. */
  readonly place: string;
  readonly rule: string;
  /** The line is marked as wrong, by this rule. */
  readonly isTrue: boolean;
  readonly verdict: RuleHit['verdict'];
}

const SAMPLES = fileURLToPath(new URL('../../../test/samples/', import.meta.url));

/** What rules without conditions say of the samples. */
export function roughHits(): JudgedHit[] {
  return hitsOf(ROUGH_RULES);
}

/** What the rules themselves say, those that the model speaks of and those it refutes. */
export function trueHits(): JudgedHit[] {
  return hitsOf(RULES);
}

function hitsOf(rules: readonly Rule[]): JudgedHit[] {
  const knowledge = loadKnowledge();
  return samples().flatMap((file) => {
    const text = readFileSync(`${SAMPLES}${file}`, 'utf8');
    const lines = text.split('\n');
    const found = analyzeFile(text, knowledge, rules).units.flatMap(({ hits, refuted }) =>
      hits.concat(refuted),
    );
    return found.map(({ rule, hit, verdict }): JudgedHit => {
      const { line } = hit.event.site;
      const mark = new RegExp(`expect: ${rule.meta.id}(?![a-z-])`);
      const isTrue = mark.test(lines[line - 1] ?? '');
      return { place: `${file}:${line}`, rule: rule.meta.id, isTrue, verdict };
    });
  });
}

function samples(): string[] {
  const files = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.c')).toSorted();
}
