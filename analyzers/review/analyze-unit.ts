/** One code unit through the engine: events, paths, rules. */

import type { CodeUnit } from '../c/units.ts';
import { extractSequence } from '../events/extract.ts';
import type { Sequence } from '../events/sequence.ts';
import { type Exploration, explore } from '../flow/explore.ts';
import { followedPart } from '../flow/followed.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Hit, Rule } from '../rules/types.ts';
import type { KernelEvent, Scope } from '../vocabulary/event.ts';
import { isNofsScope } from '../vocabulary/lock.ts';

export interface RuleHit {
  readonly rule: Rule;
  readonly hit: Hit;
}

export interface UnitAnalysis {
  readonly unit: CodeUnit;
  readonly exploration: Exploration;
  /** Events of the same function in other hunks of the patch. */
  readonly elsewhere: readonly KernelEvent[];
  /** In order of line, then of rule. */
  readonly hits: readonly RuleHit[];
}

/**
 * Without one of these nothing is ever held, pending or submitted, and every rule speaks of what is.
 * Most functions have none, and need no exploration.
 */
const HOLDING: ReadonlySet<KernelEvent['kind']> = new Set([
  'acquire',
  'release',
  'setWriteback',
  'bioAdd',
  'bioSubmit',
]);

const UNEXPLORED: Exploration = { visits: [], isBounded: false };

/**
 * Explores the unit and asks each rule about each event; a rule speaks once of one event. `extracted` is the
 * unit's sequence, where the caller has it already.
 */
export function analyzeUnit(
  unit: CodeUnit,
  knowledge: Knowledge,
  rules: readonly Rule[],
  elsewhere: readonly KernelEvent[] = [],
  extracted: Sequence = extractSequence(unit, knowledge),
): UnitAnalysis {
  const families = new Set(rules.flatMap((rule) => rule.families));
  const sequence = followedPart(extracted, { families, lockClasses: knowledge.lockClasses });
  const holds = sequence.blocks.some(({ events }) => events.some(({ kind }) => HOLDING.has(kind)));
  const exploration = holds ? explore(sequence, scopesOpenedBy(elsewhere, knowledge)) : UNEXPLORED;
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
  return { unit, exploration, elsewhere, hits };
}

/** Scopes that these events of other hunks may have left open. */
function scopesOpenedBy(events: readonly KernelEvent[], { lockClasses }: Knowledge): Set<Scope> {
  const scopes = new Set<Scope>();
  for (const event of events) {
    if (event.kind === 'scopeEnter') scopes.add(event.scope);
    else if (event.kind === 'acquire' && isNofsScope(lockClasses, event.lock)) scopes.add('nofs');
  }
  return scopes;
}
