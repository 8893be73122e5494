/** Damaged mails, a few of them: the long run over real archives is `npm run eval -- fuzz`. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { listSeries } from '../../bot/pipeline/list-series.ts';
import { reviewArchive } from '../../bot/pipeline/review-archive.ts';
import { syntheticList } from '../../scripts/bench/synthetic-list.ts';
import { fileOf, fuzzInputs, plainFile } from '../../scripts/eval/fuzz/input.ts';

const SEPARATOR = /^From mboxrd@z .*\n/;

const directory = mkdtempSync(join(tmpdir(), 'patchwitness-fuzz-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Patches with something to find in them, and mails of a list around them. */
const pool = [
  ...readFileSync('corpus/examples/alloc-fs-under-page-lock/bad.mbox', 'latin1').split(/^(?=From )/m),
  ...syntheticList(30),
].map((mail) => mail.replace(SEPARATOR, ''));

const knowledge = loadKnowledge();

it('mails damaged in any way are read or named, as many by the list as by the review', async () => {
  const path = join(directory, 'input');
  await fc.assert(
    fc.asyncProperty(fuzzInputs(pool.length), async (input) => {
      writeFileSync(path, fileOf(input, plainFile(input, pool)));
      let [reviewed, listed, unread] = [0, 0, 0];
      for await (const item of reviewArchive(path, { knowledge, rules: RULES, reverse: false })) {
        if (item.kind === 'defect') throw item.error;
        if (item.kind === 'message') reviewed++;
        if (item.kind === 'unread') unread++;
      }
      for await (const item of listSeries([path])) if (item.kind === 'message') listed++;
      expect(listed).toBe(reviewed);
      expect(reviewed + unread).toBeGreaterThan(0);
    }),
    { numRuns: 100 },
  );
});
