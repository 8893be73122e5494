import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';
import { type Files, gitDiff } from './git-diff.ts';

const knowledge = loadKnowledge();

/** A function around these lines; the first of them is line 3. */
function fn(...lines: string[]): string {
  return ['static int demofs_step(struct page *page, struct demofs_ctx *ctx)', '{', ...lines, '}', ''].join(
    '\n',
  );
}

function review(before: Files, after: Files, context?: number): readonly Finding[] {
  return reviewDiff(parseDiff(gitDiff(before, after, context)), knowledge, RULES).findings;
}

function said(before: string, after: string, context?: number): string[] {
  return review({ 'fs/demofs/a.c': before }, { 'fs/demofs/a.c': after }, context).map(
    ({ status, rule, side, line }) => `${status} ${rule} ${side}:${line}`,
  );
}

const LOCK = '\tlock_page(page);';
const ALLOC = '\tctx->note = kmalloc(64, GFP_KERNEL);';
const NOFS = '\tctx->note = kmalloc(64, GFP_NOFS);';
const UNLOCK = '\tunlock_page(page);';
const RETURN = '\treturn 0;';

function withMask(mask: string): string {
  return fn(`\tgfp_t gfp = ${mask};`, '', LOCK, '\tctx->note = kmalloc(64, gfp);', UNLOCK, RETURN);
}

/** Statements that nothing is known of, to push others out of a hunk's sight. */
function filler(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `\tctx->slot[${index}]++;`);
}

function locksAbove(...added: string[]): string {
  return fn(LOCK, ...filler(12), ...added, ...filler(12), UNLOCK, RETURN);
}

function locksNearby(...added: string[]): string {
  return fn(...filler(12), LOCK, ...added, UNLOCK, ...filler(12), RETURN);
}

function inTheMiddle(...middle: string[]): string {
  return fn(...filler(9), ...middle, '\tctx->n++;', RETURN);
}

describe('what a patch does about a finding', () => {
  it('introduces it with the added allocation', () => {
    expect(said(fn(LOCK, UNLOCK, RETURN), fn(LOCK, ALLOC, UNLOCK, RETURN))).toEqual([
      'introduced alloc-fs-under-page-lock post:4',
    ]);
  });

  it('introduces it with the added lock', () => {
    expect(said(fn(ALLOC, RETURN), fn(LOCK, ALLOC, UNLOCK, RETURN))).toEqual([
      'introduced alloc-fs-under-page-lock post:4',
    ]);
  });

  it('introduces it with the changed mask', () => {
    expect(said(fn(LOCK, NOFS, UNLOCK, RETURN), fn(LOCK, ALLOC, UNLOCK, RETURN))).toEqual([
      'introduced alloc-fs-under-page-lock post:4',
    ]);
  });

  it('introduces it with a changed mask variable', () => {
    expect(said(withMask('GFP_NOFS'), withMask('GFP_KERNEL'))).toEqual([
      'introduced alloc-fs-under-page-lock post:6',
    ]);
  });

  it('introduces it by removing an unlock', () => {
    expect(
      said(fn(LOCK, '\tctx->n++;', UNLOCK, ALLOC, RETURN), fn(LOCK, '\tctx->n++;', ALLOC, UNLOCK, RETURN)),
    ).toEqual(['introduced alloc-fs-under-page-lock post:5']);
    expect(said(fn(LOCK, UNLOCK, ALLOC, RETURN), fn(LOCK, ALLOC, RETURN))).toEqual([
      'introduced alloc-fs-under-page-lock post:4',
      'introduced lock-imbalance post:5',
    ]);
  });

  it('introduces it by removing a scope', () => {
    const save = '\tflags = memalloc_nofs_save();';
    const restore = '\tmemalloc_nofs_restore(flags);';
    expect(said(fn(save, LOCK, ALLOC, UNLOCK, restore, RETURN), fn(LOCK, ALLOC, UNLOCK, RETURN))).toEqual([
      'introduced alloc-fs-under-page-lock post:4',
    ]);
  });

  it('introduces it by removing a return in front of it', () => {
    expect(
      said(
        fn(LOCK, '\tif (ctx->n > 3) {', '\t\tctx->n = 0;', '\t\treturn 0;', '\t}', UNLOCK, RETURN),
        fn(LOCK, '\tif (ctx->n > 3) {', '\t\tctx->n = 0;', '\t\treturn 0;', '\t}', UNLOCK, RETURN),
      ),
    ).toEqual([]);
    expect(said(fn(LOCK, '\treturn 0;', ALLOC, UNLOCK, RETURN), fn(LOCK, ALLOC, UNLOCK, RETURN))).toEqual([
      'introduced alloc-fs-under-page-lock post:4',
      'fixed lock-imbalance pre:4',
    ]);
  });

  it('does not introduce it by removing a call that nobody knows', () => {
    expect(
      said(fn(LOCK, '\tdemofs_touch(page);', ALLOC, UNLOCK, RETURN), fn(LOCK, ALLOC, UNLOCK, RETURN)),
    ).toEqual(['pre-existing alloc-fs-under-page-lock post:4']);
  });

  it('leaves alone what it does not touch', () => {
    expect(said(fn(LOCK, ALLOC, UNLOCK, RETURN), fn(LOCK, ALLOC, UNLOCK, '\tctx->n++;', RETURN))).toEqual([
      'pre-existing alloc-fs-under-page-lock post:4',
    ]);
  });

  it('knows a finding again whose lines moved', () => {
    expect(
      said(fn(LOCK, ALLOC, UNLOCK, RETURN), fn('\tctx->n++;', '\tctx->m++;', LOCK, ALLOC, UNLOCK, RETURN)),
    ).toEqual(['pre-existing alloc-fs-under-page-lock post:6']);
    const inner = fn('\tif (ctx)', `\t${LOCK}`, `\t${ALLOC}`, UNLOCK, RETURN);
    const outer = fn(LOCK, ALLOC, UNLOCK, RETURN);
    expect(said(inner, outer)).toEqual(['pre-existing alloc-fs-under-page-lock post:4']);
  });

  it('fixes it', () => {
    expect(said(fn(LOCK, ALLOC, UNLOCK, RETURN), fn(LOCK, NOFS, UNLOCK, RETURN))).toEqual([
      'fixed alloc-fs-under-page-lock pre:4',
    ]);
    expect(said(fn(LOCK, ALLOC, UNLOCK, RETURN), fn(ALLOC, LOCK, UNLOCK, RETURN))).toEqual([
      'fixed alloc-fs-under-page-lock pre:4',
    ]);
  });

  it('says nothing of a function that is gone', () => {
    const other = 'int demofs_other(void)\n{\n\treturn 1;\n}\n';
    expect(said(`${other}\n${fn(LOCK, ALLOC, UNLOCK, RETURN)}`, other)).toEqual([]);
  });

  it('speaks of the copy and not of the original of two equal findings', () => {
    const twice = fn(LOCK, ALLOC, '\tctx->n++;', ALLOC, UNLOCK, RETURN);
    expect(said(fn(LOCK, '\tctx->n++;', ALLOC, UNLOCK, RETURN), twice)).toEqual([
      'introduced alloc-fs-under-page-lock post:4',
      'pre-existing alloc-fs-under-page-lock post:6',
    ]);
    expect(said(fn(LOCK, ALLOC, '\tctx->n++;', UNLOCK, RETURN), twice)).toEqual([
      'pre-existing alloc-fs-under-page-lock post:4',
      'introduced alloc-fs-under-page-lock post:6',
    ]);
    expect(said(twice, fn(LOCK, ALLOC, '\tctx->n++;', UNLOCK, RETURN))).toEqual([
      'pre-existing alloc-fs-under-page-lock post:4',
      'fixed alloc-fs-under-page-lock pre:6',
    ]);
  });

  it('gives two equal findings two fingerprints, and one finding the same one on both sides', () => {
    const twice = review({}, { 'a.c': fn(LOCK, ALLOC, '\tctx->n++;', ALLOC, UNLOCK, RETURN) });
    expect(new Set(twice.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    const fixed = review({ 'a.c': fn(LOCK, ALLOC, UNLOCK, RETURN) }, { 'a.c': fn(LOCK, UNLOCK, RETURN) });
    expect(fixed.map(({ fingerprint }) => fingerprint)).toEqual([twice[0]?.fingerprint]);
  });

  it('follows a renamed file', () => {
    const globals = Array.from({ length: 20 }, (_, index) => `int demofs_filler_${index};`).join('\n');
    const before = `${globals}\n${fn(LOCK, ALLOC, UNLOCK, RETURN)}`;
    const after = `${globals}\n${fn(LOCK, ALLOC, '\tctx->n++;', UNLOCK, RETURN)}`;
    const findings = review({ 'fs/old.c': before }, { 'fs/new.c': after });
    expect(findings.map(({ status, path, line }) => ({ status, path, line }))).toEqual([
      { status: 'pre-existing', path: 'fs/new.c', line: 24 },
    ]);
    const fixed = review(
      { 'fs/old.c': before },
      { 'fs/new.c': `${globals}\n${fn(LOCK, NOFS, UNLOCK, RETURN)}` },
    );
    expect(
      fixed.map(({ status, path, steps }) => ({ status, path, steps: steps.map((step) => step.path) })),
    ).toEqual([{ status: 'fixed', path: 'fs/old.c', steps: ['fs/old.c', 'fs/old.c'] }]);
  });
});

describe('what a hunk shows', () => {
  it('says nothing when the lock was taken above the hunk', () => {
    expect(said(locksAbove(), locksAbove(ALLOC))).toEqual([]);
    expect(said(locksAbove(), locksAbove(ALLOC), 20)).toEqual([
      'introduced alloc-fs-under-page-lock post:16',
    ]);
  });

  it('names the function that the heading shows, with the sight that it had', () => {
    const [finding] = review({ 'a.c': locksNearby() }, { 'a.c': locksNearby(ALLOC) });
    expect(finding).toMatchObject({ functionName: 'demofs_step', sight: 'hunk', line: 16 });
    const [whole] = review({}, { 'a.c': locksNearby(ALLOC) });
    expect(whole).toMatchObject({ functionName: 'demofs_step', sight: 'function', line: 16 });
  });

  it('looks at no other files and counts what it looked at', () => {
    const text = fn(LOCK, ALLOC, UNLOCK, RETURN);
    const diff = parseDiff(gitDiff({}, { 'a.rs': text, 'a.c': text, Kconfig: 'config DEMOFS\n' }));
    const result = reviewDiff(diff, knowledge, RULES);
    expect(result.findings.map(({ path }) => path)).toEqual(['a.c']);
    expect({ cFiles: result.cFiles, functions: result.functions, problems: result.problems }).toEqual({
      cFiles: 1,
      functions: 1,
      problems: [],
    });
  });

  it('says which statements it could not read', () => {
    const diff = parseDiff(gitDiff({}, { 'a.c': fn('\tint ) x = ;', RETURN) }));
    const [problem] = reviewDiff(diff, knowledge, RULES).problems;
    expect(problem).toMatchObject({ path: 'a.c', line: 1 });
    expect(problem?.reason).toContain('could not be read');
  });
});

describe('a submission that a patch takes away', () => {
  const submit = ['\tif (!trylock_page(page)) {', '\t\tsubmit_bio(ctx->bio);', '\t\tlock_page(page);', '\t}'];
  const block = ['\tlock_page(page);'];

  it('is introduced where the lock is then awaited without it', () => {
    expect(said(inTheMiddle(...submit), inTheMiddle(...block))).toEqual([
      'introduced block-with-pending-bio post:12',
    ]);
    expect(said(inTheMiddle(...block), inTheMiddle(...submit))).toEqual([
      'fixed block-with-pending-bio pre:12',
    ]);
  });

  it('is none where somebody else may submit', () => {
    expect(said(inTheMiddle(...submit), inTheMiddle('\tdemofs_flush(ctx);', ...block))).toEqual([]);
  });
});
