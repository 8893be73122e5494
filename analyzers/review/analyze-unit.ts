/** One code unit through the engine: events, paths, rules. */

import type { CodeUnit } from '../c/units.ts';
import { extractSequence } from '../events/extract.ts';
import { type Exploration, explore } from '../flow/explore.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Hit, Rule } from '../rules/types.ts';

export interface RuleHit {
  readonly rule: Rule;
  readonly hit: Hit;
}

export interface UnitAnalysis {
  readonly unit: CodeUnit;
  readonly exploration: Exploration;
  /** In order of line, then of rule. */
  readonly hits: readonly RuleHit[];
}

/** Explores the unit and asks each rule about each event; a rule speaks once of one event. */
export function analyzeUnit(unit: CodeUnit, knowledge: Knowledge, rules: readonly Rule[]): UnitAnalysis {
  const exploration = explore(extractSequence(unit, knowledge));
  const context = { lockClasses: knowledge.lockClasses, sight: unit.sight };
  const hits: RuleHit[] = [];
  for (const rule of rules) {
    const said = new Set<number>();
    for (const visit of exploration.visits) {
      const { offset } = visit.event.site;
      if (said.has(offset)) continue;
      const hit = rule.check(visit, context);
      if (hit === null) continue;
      said.add(offset);
      hits.push({ rule, hit });
    }
  }
  hits.sort((a, b) => a.hit.event.site.offset - b.hit.event.site.offset);
  return { unit, exploration, hits };
}
