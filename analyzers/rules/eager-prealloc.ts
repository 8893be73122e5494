/**
 * A page table allocated ahead although there may be one. Thread: the ext4 fault against writeback deadlock of 2018,
 * first version of the patch.
 */

import type { BlockId, Graph } from '../c/graph.ts';
import type { Expr } from '../c/syntax.ts';
import { mentions, nextOf, partsOf, placeOf } from './code.ts';
import { preallocations } from './preallocation.ts';
import type { Hit, Rule } from './types.ts';

export const eagerPrealloc: Rule = {
  meta: {
    id: 'eager-prealloc',
    summary: 'a page table is preallocated even if the page middle directory has one',
    why: 'Nearly every fault finds its page table there: it then allocates one, and frees it again, for nothing.',
    fix: 'allocate only if pmd_none(*vmf->pmd) holds',
    threads: ['2018-10-ext4-fault-vs-writeback'],
    confidence: 'advice',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  inText: /pte_alloc_one/,
  checkCode(unit) {
    if (mentions(unit, LOOKS)) return [];
    return preallocations(unit).flatMap(({ call, field, block }): Hit[] => {
      const tests = testsInFront(unit.graph, block);
      // Without its own test in sight, others may be out of sight too.
      if (!tests.some((test) => isAbsence(test, field)) || tests.some(calls)) return [];
      const event = placeOf(unit, call.start, call.end);
      return [
        {
          event,
          message: `allocates ${field} even where a page table is there already`,
          steps: [{ event, what: `allocates whenever ${field} is empty, and asks nothing else` }],
          assumptions: [],
        },
      ];
    });
  },
};

/** What asks whether the table is needed. */
const LOOKS: readonly string[] = [
  'pmd_none',
  'pmd_present',
  'pmd_none_or_clear_bad',
  'pmd_trans_huge',
  'arch_needs_pgtable_deposit',
  'pgtable_trans_huge_deposit',
];

/** Tests that led straight to the block. */
function testsInFront(graph: Graph, block: BlockId): readonly Expr[] {
  const reachable = reachableBlocks(graph);
  const tests: Expr[] = [];
  const seen = new Set<BlockId>();
  for (let at: BlockId | undefined = block; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const to: BlockId = at;
    const before = reachable.filter(([, { jump }]) => {
      if (jump.kind === 'goto') return jump.to === to;
      return jump.kind === 'branch' && (jump.whenTrue === to || jump.whenFalse === to);
    });
    const [only] = before;
    if (only === undefined || before.length > 1) break;
    if (only[1].jump.kind === 'branch') tests.push(only[1].jump.test);
    at = only[0];
  }
  return tests;
}

function isAbsence(test: Expr, field: string): boolean {
  return partsOf(test).some((part) => part.kind === 'member' && part.field === field);
}

function calls(test: Expr): boolean {
  return partsOf(test).some((part) => part.kind === 'call');
}

function reachableBlocks({ blocks, entry, unseenEntries }: Graph): [BlockId, Graph['blocks'][number]][] {
  const seen = new Set<BlockId>([entry, ...unseenEntries]);
  for (const id of seen) for (const to of nextOf(blocks[id])) seen.add(to);
  return [...blocks.entries()].filter(([id]) => seen.has(id));
}
