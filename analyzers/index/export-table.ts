/**
 * What an indexed tree's functions do, for whoever has no tree: its summaries go in, the functions of a
 * function table come out. Only those stand in it that other files can call, by a name that nothing else of the tree has.
 */

import type { TableFunction } from '../flow/function-table.ts';
import { effectsText } from '../flow/write-summary.ts';
import { knownEffects } from '../knowledge/lookup.ts';
import type { Knowledge } from '../knowledge/types.ts';
import { isSelfTest } from '../review/make-findings.ts';
import { TABLE_LENSES } from '../review/patch-outsider.ts';
import { isBesideKernel } from './call-graph.ts';
import type { TreeSummaries } from './tree-summaries.ts';

/** `knowledge` and the summaries' are the same. In no order. */
export function tableFunctions(summaries: TreeSummaries, knowledge: Knowledge): readonly TableFunction[] {
  const counts = new Map<string, number>();
  const { graph } = summaries;
  for (const { head } of graph.functions) counts.set(head.name, (counts.get(head.name) ?? 0) + 1);
  const functions: TableFunction[] = [];
  for (const [id, { file, head }] of graph.functions.entries()) {
    const { name, parameters } = head;
    if (head.isStatic || counts.get(name) !== 1 || isBesideKernel(file.path) || isSelfTest(file.path))
      continue;
    // Calls of these are events by themselves.
    if (knownEffects(knowledge, name, parameters) !== null) continue;
    const seen = TABLE_LENSES.map((lens) => summaries.of(lens)?.seen(id) ?? null);
    const known = seen.filter((summary) => summary !== null);
    const effects = known.length === seen.length ? effectsText(known) : null;
    if (effects !== null) functions.push({ name, parameters, path: file.path, effects });
  }
  return functions;
}
