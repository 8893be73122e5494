/**
 * What the executable model makes of a rule's hits. The samples say of each line whether it is wrong, and said so before
 * there was a model: rules without their conditions are right or wrong on them as it happens.
 */

import { describe, expect, it } from 'vitest';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { analyzeFile } from '../../../analyzers/review/analyze-file.ts';
import { identify, makeFinding } from '../../../analyzers/review/make-findings.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';
import { type JudgedHit, roughHits, trueHits } from '../../../scripts/eval/verdicts/judged-hits.ts';

const knowledge = loadKnowledge();

function findings(text: string): Finding[] {
  return analyzeFile(text, knowledge, RULES).units.flatMap(({ unit, hits }) =>
    identify('fs/demofs/demo.c', unit.name, hits).map((hit) =>
      makeFinding(hit, {
        paths: { pre: 'fs/demofs/demo.c', post: 'fs/demofs/demo.c' },
        side: 'post',
        status: 'pre-existing',
        unit,
        sight: 'file',
      }),
    ),
  );
}

/** A page fault that allocates its page table when it has locked the page. */
function fault({ lock = 'lock_page(page)', table = true, before = '', after = '' } = {}): string {
  return `
static vm_fault_t demofs_fault(struct vm_fault *vmf)
{
	struct page *page = find_get_page(vmf->vma->vm_file->f_mapping, vmf->pgoff);
	unsigned int flags = 0;

	${before}
	${lock};
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	unlock_page(page);
	${after}
	return 0;
}
${table ? 'static const struct vm_operations_struct demofs_ops = { .fault = demofs_fault };' : ''}
`;
}

function refuted(hits: readonly JudgedHit[]): readonly JudgedHit[] {
  return hits.filter(({ verdict }) => verdict?.kind === 'clear');
}

describe('a finding', () => {
  it('is confirmed where nothing is assumed and the model gets stuck', () => {
    const [finding] = findings(fault());
    expect(finding).toMatchObject({
      confidence: 'confirmed',
      assumptions: [],
      rule: 'alloc-fs-under-page-lock',
    });
    const witness = finding?.witness;
    expect(witness?.verdict).toBe('stuck');
    expect(witness?.blocked.map(({ task }) => task).toSorted()).toEqual(['demofs_fault', 'flusher']);
    expect(witness?.steps.map(({ label }) => label.at)).toContain('fs/demofs/demo.c:9');
  });

  it('is likely where callers are out of sight, and shows the same order of steps', () => {
    const [finding] = findings(fault({ table: false }));
    expect(finding?.confidence).toBe('likely');
    expect(finding?.assumptions).toEqual([expect.stringContaining('memalloc_nofs_save()')]);
    expect(finding?.witness?.verdict).toBe('stuck');
  });

  it('is likely where only some of the kernels that the text may be of get stuck', () => {
    const [finding] = findings(fault().replace('static vm_fault_t', 'static int'));
    expect(finding?.confidence).toBe('likely');
    expect(finding?.assumptions).toEqual([expect.stringMatching(/^the kernel is of /)]);
  });

  it('is none where the mask is that of a scope', () => {
    const text = fault({ before: 'flags = memalloc_nofs_save();', after: 'memalloc_nofs_restore(flags);' });
    expect(findings(text)).toEqual([]);
  });

  it('of a lock that is only tried shows how it is got', () => {
    const [finding] = findings(fault({ lock: 'if (!trylock_page(page)) return 0' }));
    expect(finding?.confidence).toBe('confirmed');
    expect(finding?.witness?.steps[0]?.label.code).toContain('trylock_page');
  });
});

describe('the model on hits that were judged before', () => {
  const rough = roughHits();
  const wrong = rough.filter(({ isTrue }) => !isTrue);

  it('confirms none of at least 200 false ones', () => {
    expect(wrong.length).toBeGreaterThanOrEqual(200);
    const confirmed = wrong.filter(
      ({ verdict }) => verdict?.kind === 'stuck' && verdict.assumptions.length === 0,
    );
    expect(confirmed).toEqual([]);
  });

  it('refutes four of five false ones', () => {
    expect(refuted(wrong).length / wrong.length).toBeGreaterThanOrEqual(0.8);
  });

  it('refutes less than one of twenty true ones', () => {
    const modelled = new Set(RULES.flatMap(({ meta }) => (meta.scenarios === undefined ? [] : [meta.id])));
    const hits = trueHits().filter(({ isTrue, rule }) => isTrue && modelled.has(rule));
    expect(hits.length).toBeGreaterThanOrEqual(100);
    expect(refuted(hits).length / hits.length).toBeLessThan(0.05);
  });
});
