/** Findings for tests of reports: one that is whole, with a witness that the model has found, to be varied. */

import { decideModel } from '../../analyzers/model/witness.ts';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { Model } from '../../analyzers/vocabulary/model.ts';
import type { Witness } from '../../analyzers/vocabulary/witness.ts';
import type { PatchReport } from '../../bot/pipeline/types.ts';

const AT = 'fs/demofs/fault.c';

/** A charged allocation under a page lock against a flusher with a bio that it has not submitted. */
const MODEL: Model = {
  era: 'memcg',
  resources: { P: { kind: 'page', uptodate: true }, Q: { kind: 'page', uptodate: true } },
  reclaim: { pages: ['Q'] },
  tasks: [
    {
      name: 'demofs_fault',
      program: [
        { do: 'acquire', lock: 'P', code: 'lock_page(page)', in: 'demofs_fault()', at: `${AT}:21` },
        {
          do: 'alloc',
          mask: 'GFP_KERNEL',
          isCharged: true,
          code: 'pte_alloc_one(mm)',
          in: 'demofs_fault()',
          at: `${AT}:30`,
        },
        { do: 'release', lock: 'P' },
      ],
    },
    {
      name: 'flusher',
      program: [
        { do: 'acquire', lock: 'Q', in: 'write_cache_pages()', at: 'mm/page-writeback.c' },
        { do: 'setWriteback', page: 'Q' },
        { do: 'release', lock: 'Q' },
        { do: 'acquire', lock: 'P', in: 'write_cache_pages()', at: 'mm/page-writeback.c' },
        { do: 'release', lock: 'P' },
        { do: 'bioSubmit' },
      ],
    },
  ],
};

export function sampleWitness(): Witness {
  const { witness } = decideModel(MODEL);
  if (witness === null) throw new Error('the model does not get stuck');
  return witness;
}

export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  return {
    rule: 'alloc-fs-under-page-lock',
    confidence: 'likely',
    status: 'introduced',
    path: AT,
    line: 30,
    side: 'post',
    functionName: 'demofs_fault',
    message: 'allocation may enter filesystem reclaim while the lock of page is held',
    why: 'Reclaim may wait for writeback that is blocked on this lock.',
    fix: 'allocate before taking the page lock',
    steps: [
      { path: AT, line: 21, side: 'post', code: 'lock_page(page)', what: 'takes the page lock of page' },
      {
        path: AT,
        line: 30,
        side: 'post',
        code: 'pte_alloc_one(mm)',
        what: 'allocates with filesystem reclaim allowed',
      },
    ],
    assumptions: ['the kernel is one of 3.6 and later'],
    sight: 'function',
    witness: null,
    threads: ['2018-10-ext4-fault-vs-writeback'],
    fingerprint: '0123456789abcdef',
    ...changes,
  };
}

export function sampleReport(findings: readonly Finding[], changes: Partial<PatchReport> = {}): PatchReport {
  return {
    source: 'bad.mbox',
    message: 2,
    isMail: true,
    messageId: '1@example.org',
    commit: null,
    subject: '[PATCH 1/2] demofs: answer read faults from the page cache',
    from: 'Ada <ada@example.org>',
    author: 'Ada <ada@example.org>',
    date: null,
    cFiles: 1,
    headerFiles: 0,
    functions: 1,
    userspaceTree: null,
    base: null,
    repairs: [],
    findings,
    ...changes,
  };
}
