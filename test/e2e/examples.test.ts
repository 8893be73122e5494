import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSubject } from '../../corpus/mail/subject.ts';
import { patchesOf, patchwitness, reviewJson } from './program.ts';

const expectedFinding = z.strictObject({
  rule: z.string(),
  patch: z.int(),
  file: z.string(),
  line: z.int(),
  function: z.string(),
  status: z.string(),
});
const expectedFile = z.strictObject({
  findings: z.array(expectedFinding),
  fixed: z.array(expectedFinding).default([]),
});

const EXAMPLES = 'corpus/examples';

function rulesWithExamples(): string[] {
  return readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${EXAMPLES}/${entry.name}/bad.mbox`))
    .map(({ name }) => name);
}

const series = rulesWithExamples().flatMap((rule) => [`${rule}/bad`, `${rule}/good`]);

describe('the example series', () => {
  it.each(series)('%s gives exactly the findings that stand beside it', async (name) => {
    const { report } = await reviewJson([`${EXAMPLES}/${name}.mbox`]);
    const expected = expectedFile.parse(
      JSON.parse(readFileSync(`${EXAMPLES}/${name}.expected.json`, 'utf8')),
    );
    const found = patchesOf(report).flatMap(({ subject, findings }) =>
      findings.map((finding) => ({
        rule: finding.rule,
        patch: parseSubject(subject).part ?? 1,
        file: finding.path,
        line: finding.line,
        function: finding.functionName,
        status: finding.status,
      })),
    );
    expect(found).toEqual([...expected.findings, ...expected.fixed]);
  });

  it.each(rulesWithExamples())('%s: only the bad series fails the run', async (rule) => {
    expect((await patchwitness(['review', `${EXAMPLES}/${rule}/bad.mbox`])).status).toBe(1);
    expect((await patchwitness(['review', `${EXAMPLES}/${rule}/good.mbox`])).status).toBe(0);
  });

  it('are all reviewed by the command of the README', async () => {
    const { stdout, stderr, status } = await patchwitness(['review', EXAMPLES]);
    expect(status).toBe(1);
    expect(stderr).toBe('');
    for (const rule of rulesWithExamples()) {
      expect(stdout).toMatch(new RegExp(`^\\S+: (?:likely|confirmed): \\[${rule}\\]`, 'm'));
    }
    // What the model gets stuck with without assumptions is shown.
    const confirmed = stdout.split('\n\n').filter((finding) => /^\S+: confirmed: /m.test(finding));
    expect(confirmed.length).toBeGreaterThan(0);
    expect(confirmed.filter((finding) => !/^ {8,}.*\*{3} /m.test(finding))).toEqual([]);
    const expected = series.map((name) =>
      expectedFile.parse(JSON.parse(readFileSync(`${EXAMPLES}/${name}.expected.json`, 'utf8'))),
    );
    const introduced = expected.flatMap(({ findings }) => findings).length;
    const fixed = expected.flatMap((file) => file.fixed).length;
    // Where the good series is posted as v2 of the bad one, what it no longer has is gone.
    const counts = `${introduced} findings introduced \\(\\d+ gone in the next version\\), ${fixed} fixed, 0 pre-existing`;
    expect(stdout).toMatch(new RegExp(counts));
  });

  it('give the same bytes twice', async () => {
    const first = await patchwitness(['review', '--format', 'json', EXAMPLES]);
    const second = await patchwitness(['review', '--format', 'json', EXAMPLES]);
    expect(second.stdout).toBe(first.stdout);
  });

  it('taken back: what was a fix is now the bug', async () => {
    const { report, status } = await reviewJson(['-R', `${EXAMPLES}/block-with-pending-bio/good.mbox`]);
    const introduced = patchesOf(report).flatMap(({ findings }) =>
      findings.filter((finding) => finding.status === 'introduced'),
    );
    expect(introduced.map(({ rule, path }) => ({ rule, path }))).toEqual([
      { rule: 'block-with-pending-bio', path: 'fs/demofs/dir.c' },
    ]);
    expect(status).toBe(1);
  });
});
