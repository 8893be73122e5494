/**
 * `npm run eval -- sarif MULTITOOL`: SARIF reports of the example series, and one as large as they get, before Microsoft's
 * validator with the rules of GitHub's code scanning; MULTITOOL is the program `Sarif.Multitool` of the npm package
 * `@microsoft/sarif-multitool-linux`. Prints what it says, rule by rule, and the size that GitHub would be sent.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Log } from 'sarif';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import { packageVersion } from '../../bot/package.ts';
import { reviewArchive } from '../../bot/pipeline/review-archive.ts';
import type { PatchReport } from '../../bot/pipeline/types.ts';
import { sarifForm } from '../../bot/reports/sarif.ts';
import { MAX_RESULTS } from '../../bot/reports/sarif-limits.ts';
import { rulePages } from '../../bot/rule-pages.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';

const USAGE = 'usage: npm run eval -- sarif MULTITOOL\n';

/** "Gzip-compressed SARIF files over 10 MB are refused." */
const MAX_BYTES = 10_000_000;

const run1 = promisify(execFile);

export async function run(args: readonly string[]): Promise<number> {
  const [multitool, ...rest] = args;
  if (multitool === undefined || rest.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const reports = await reportsOf('corpus/examples');
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-sarif-'));
  try {
    let errors = 0;
    const inputs = [
      ['the example series', reports],
      ['as large as they get', largest(reports)],
    ] as const;
    for (const [name, input] of inputs) {
      const text = sarif(input);
      const file = join(directory, 'report.sarif');
      writeFileSync(file, text);
      const bytes = gzipSync(text).length;
      process.stdout.write(`${name}: ${text.length} characters, ${bytes} bytes compressed\n`);
      if (bytes > MAX_BYTES) errors++;
      const output = join(directory, 'said.sarif');
      errors += await judge(multitool, file, output);
    }
    return errors === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function reportsOf(path: string): Promise<readonly PatchReport[]> {
  const options = { knowledge: loadKnowledge(), rules: RULES, reverse: false };
  const reports: PatchReport[] = [];
  for await (const item of reviewArchive(path, options)) {
    if (item.kind === 'patch') reports.push(item.report);
  }
  return reports;
}

/** The findings of `reports` over and over, each time of other files and functions, until no more are taken; all with a witness. */
function largest(reports: readonly PatchReport[]): readonly PatchReport[] {
  const findings = reports.flatMap((report) => report.findings.map((finding) => ({ finding, report })));
  const witness = findings.find(({ finding }) => finding.witness !== null)?.finding.witness ?? null;
  return Array.from({ length: MAX_RESULTS + 1 }, (_, index) => {
    const { finding, report } = findings[index % findings.length] ?? {};
    if (finding === undefined || report === undefined) throw new Error('no finding in the examples');
    return { ...report, message: index + 1, findings: [{ ...varied(finding, index), witness }] };
  });
}

function varied(finding: Finding, index: number): Finding {
  const path = `fs/demofs${index % 977}/${finding.path}`;
  const steps = finding.steps.map(({ line, side, code, what }) => ({
    path,
    line: line + index,
    side,
    code,
    what,
  }));
  const fingerprint = (BigInt(index + 1) * 0x9e37_79b9_7f4a_7c15n).toString(16).slice(-16).padStart(16, '0');
  return {
    ...finding,
    path,
    line: finding.line + index,
    functionName: `demofs_${index}`,
    steps,
    fingerprint,
  };
}

function sarif(reports: readonly PatchReport[]): string {
  const form = sarifForm({
    command: 'review',
    version: packageVersion(),
    rules: RULES.map(({ meta }) => meta),
    pages: rulePages(),
    threads: loadThreadCards(),
  });
  const results = reports.map((report) => form.group({ kind: 'patch', report })).join('');
  return `${form.begin()}${results}${form.end({ text: '', left: 0 })}`;
}

/** Prints what the validator says; the number of its errors. */
async function judge(multitool: string, file: string, output: string): Promise<number> {
  const args = [
    'validate',
    file,
    '--rule-kind',
    'Sarif;Ghas',
    '--level',
    'Error;Warning;Note',
    '--max-file-size-in-kb',
    '1000000',
  ];
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
  // Its status says whether there was an error, which the log says better; what it prints is a line a result.
  const options = { env, maxBuffer: 1024 * 1024 * 1024 };
  await run1(multitool, [...args, '--output', output, '--log', 'ForceOverwrite'], options).catch(
    () => undefined,
  );
  const log: Log = JSON.parse(readFileSync(output, 'utf8'));
  const counts = new Map<string, number>();
  let errors = 0;
  for (const { ruleId, level = 'warning' } of log.runs[0]?.results ?? []) {
    const key = `${level} ${ruleId ?? ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (level === 'error') errors++;
  }
  for (const [key, count] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    process.stdout.write(`    ${key}: ${count}\n`);
  process.stdout.write(`    ${errors} errors\n`);
  return errors;
}
