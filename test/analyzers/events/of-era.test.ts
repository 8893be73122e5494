/** An effect that later kernels do not have: which kernels are told of it. */

import { expect, it } from 'vitest';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { analyzeFile } from '../../../analyzers/review/analyze-file.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';

const knowledge = loadKnowledge();

/** `finish_fault()` allocated the page table itself before 5.0. */
const FAULT = `static vm_fault_t demofs_map(struct vm_fault *vmf)
{
	vm_fault_t ret;

	lock_page(vmf->page);
	ret = finish_fault(vmf);
	unlock_page(vmf->page);
	return ret;
}
`;

it.each([
  ['4.19', '4.19', '4.20', ['alloc-fs-under-page-lock']],
  ['older than 5.0', null, '5.0', ['alloc-fs-under-page-lock']],
  ['5.0', '5.0', '5.1', []],
  ['6.12', '6.12', '6.13', []],
  ['older than 5.8, and that may be newer than 5.0', null, '5.8', []],
  ['not known', null, null, []],
])('is said of kernels that have it: %s', (_, from, below, rules) => {
  const { units } = analyzeFile(FAULT, knowledge, RULES, { from, below });
  expect(units.flatMap(({ hits }) => hits.map(({ rule }) => rule.meta.id))).toEqual(rules);
});
