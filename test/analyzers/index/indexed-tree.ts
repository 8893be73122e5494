/** Trees of a few files, indexed in a store of their own: what is found in them once all are known. */

import { blobId } from '../../../analyzers/index/blob-id.ts';
import { CallGraph, type GraphFile } from '../../../analyzers/index/call-graph.ts';
import { LensSummaries } from '../../../analyzers/index/lens-summaries.ts';
import { extractRecord } from '../../../analyzers/index/record.ts';
import { Store } from '../../../analyzers/index/store.ts';
import { bodiesOf, lensesOfEra, TreeSummaries } from '../../../analyzers/index/tree-summaries.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { analyzeFile, findingsOfFile } from '../../../analyzers/review/analyze-file.ts';
import type { OutsideOfLens } from '../../../analyzers/review/analyze-unit.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import type { KernelEra } from '../../../analyzers/vocabulary/era.ts';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';
import { tempDir } from '../../corpus/archive/git-oracle.ts';

const KNOWLEDGE = loadKnowledge();

/** Files by path. */
export type Texts = Readonly<Record<string, string>>;

function graphOf(texts: Texts, store: Store, order = Object.keys(texts)): CallGraph {
  store.write(
    Object.values(texts).map((text) => {
      const bytes = Buffer.from(text);
      const { head, body } = extractRecord(bytes, KNOWLEDGE, RULES);
      return { key: blobId(bytes), head, body };
    }),
  );
  store.refresh();
  return new CallGraph(
    order.flatMap((path): GraphFile[] => {
      const key = blobId(Buffer.from(texts[path] ?? ''));
      const head = store.head(key);
      return head?.state === 'read' ? [{ path, key, head }] : [];
    }),
  );
}

/** What is found in these files of the tree, of all when left out; `order` is that in which they are indexed. */
export function findingsInTree(
  texts: Texts,
  paths = Object.keys(texts),
  order = Object.keys(texts),
  era: KernelEra = { from: '3.5', below: '3.6' },
): readonly Finding[] {
  const store = new Store(tempDir());
  const graph = graphOf(texts, store, order);
  const bodyOf = bodiesOf(graph, store);
  const lenses = lensesOfEra(KNOWLEDGE, RULES, era);
  const tree = new TreeSummaries(
    graph,
    lenses,
    (lens) => new LensSummaries({ graph, lens, bodyOf }),
    KNOWLEDGE.opsSlots,
    era,
  );
  return paths.flatMap((path) => {
    const outsideOf: OutsideOfLens = (lens) => tree.outsideOf(path, lens);
    const analysis = analyzeFile(texts[path] ?? '', KNOWLEDGE, RULES, era, outsideOf, tree.locksOf(path));
    return findingsOfFile(path, analysis);
  });
}
