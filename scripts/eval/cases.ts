/**
 * `npm run eval -- cases DIR [--json FILE] [--id ID…]`: the labelled cases below DIR, as `cases-make` writes them,
 * reviewed both ways and at both depths. Prints recall and false alarms, by what has to be in sight and by rule, and
 * each case with what was found; `--json` writes all of it to a file.
 *
 * Ends with status 1 when a fix or a negative case is objected to, or when the recall with the whole file in sight is
 * under its floor, by the labels as they are given. Rules that a label leaves out (`amended`) are counted in a table of their own.
 */

import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openFunctions } from '../../analyzers/flow/open-tables.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import { type LabelledCase, readCases, VISIBLE, type Visible } from './cases/case.ts';
import { judge, type Verdict } from './cases/judge.ts';
import { DEPTHS, type Depth } from './cases/review-case.ts';

/** Recall in per cent that is asked for with the whole file in sight, by what the case needs. */
const FLOORS: ReadonlyMap<Visible, number> = new Map([
  ['hunk', 60],
  ['function', 80],
]);

interface Judged {
  readonly label: LabelledCase;
  readonly verdicts: readonly Verdict[];
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      id: { type: 'string', multiple: true, default: [] },
    },
  });
  const [directory] = positionals;
  const cases = directory === undefined ? [] : readCases(directory);
  const chosen = values.id.length === 0 ? cases : cases.filter(({ id }) => values.id.includes(id));
  if (directory === undefined || chosen.length === 0) {
    process.stderr.write('cases: no case; see the head of scripts/eval/cases.ts\n');
    return 2;
  }
  const knowledge = loadKnowledge();
  const engine = { knowledge, rules: RULES, functions: openFunctions(knowledge.lockClasses) };
  const judged: Judged[] = [];
  for (const label of chosen) {
    const verdicts: Verdict[] = [];
    for (const depth of DEPTHS) verdicts.push(await judge(label, directory, depth, engine));
    judged.push({ label, verdicts });
    // Trees that the parser built are freed between two turns of the event loop.
    await setImmediate();
  }
  printCases(judged);
  const counted = judged.filter(({ label }) => label.disputed === undefined);
  printSights(counted);
  printRules(counted);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(judged, null, 2)}\n`);
  return isGood(counted) ? 0 : 1;
}

function printCases(judged: readonly Judged[]): void {
  for (const { label, verdicts } of judged) {
    const [visible, name] = [label.visible ?? '-', label.function ?? label.path];
    say(`${label.id}  ${visible.padEnd(8)}  ${verdicts.map(outcomeText).join('  ')}  ${name}`);
    if (label.disputed !== undefined) say(`      not counted: ${label.disputed}`);
    for (const { depth, hits, others, alarms, advice, problems } of verdicts) {
      for (const finding of hits) sayFinding(depth, 'hit', finding);
      for (const finding of others) sayFinding(depth, 'also', finding);
      for (const { direction, finding } of alarms) sayFinding(depth, `ALARM ${direction}`, finding);
      for (const { direction, finding } of advice) sayFinding(depth, `advice ${direction}`, finding);
      for (const { path, line, reason } of problems) say(`      ${depth} ${path ?? ''}:${line}: ${reason}`);
    }
  }
}

function outcomeText({ depth, outcome, alarms }: Verdict): string {
  const text = outcome ?? (alarms.length === 0 ? 'silent' : 'alarm');
  return `${depth} ${text.padEnd(6)}`;
}

function sayFinding(depth: Depth, what: string, finding: Finding): void {
  const { rule, confidence, path, line, functionName, message } = finding;
  say(`      ${depth} ${what}: ${path}:${line} ${functionName ?? '?'}: ${message} [${rule}, ${confidence}]`);
}

function printSights(judged: readonly Judged[]): void {
  const positive = judged.filter(({ label }) => label.kind === 'positive');
  for (const by of ['outcome', 'amended'] as const) {
    if (by === 'amended' && !positive.some(({ label }) => label.amended !== undefined)) continue;
    const title = by === 'outcome' ? 'needs in sight' : 'needs in sight (amended labels)';
    const rows = VISIBLE.map((visible) =>
      recall(
        visible,
        positive.filter(({ label }) => label.visible === visible),
        by,
      ),
    );
    printTable(
      [title, 'cases', ...DEPTHS.flatMap((depth) => [depth, `${depth}: advice`])],
      [...rows, recall('all', positive, by)],
    );
  }
  const alarms = DEPTHS.map((depth) => `${depth} ${alarmed(judged, depth)}`);
  say(`cases with a false alarm, of ${judged.length}: ${alarms.join(', ')}`);
}

/** A row: cases, then at each depth hits and cases of which only advice speaks. */
function recall(title: string, judged: readonly Judged[], by: 'outcome' | 'amended'): string[] {
  const count = (depth: Depth, wanted: Verdict['outcome']): string =>
    String(judged.filter(({ verdicts }) => outcomeAt(verdicts, depth, by) === wanted).length);
  return [
    title,
    String(judged.length),
    ...DEPTHS.flatMap((depth) => [count(depth, 'hit'), count(depth, 'advice')]),
  ];
}

function outcomeAt(
  verdicts: readonly Verdict[],
  depth: Depth,
  by: 'outcome' | 'amended' = 'outcome',
): Verdict['outcome'] {
  return verdicts.find((verdict) => verdict.depth === depth)?.[by] ?? null;
}

function alarmed(judged: readonly Judged[], depth: Depth): number {
  return judged.filter(({ verdicts }) => verdicts.some((one) => one.depth === depth && one.alarms.length > 0))
    .length;
}

/** A case counts for each rule that it names; its hit for the rules that made it. */
function printRules(judged: readonly Judged[]): void {
  const known = new Set(RULES.map(({ meta }) => meta.id));
  const named = judged.flatMap(({ label }) => (label.kind === 'positive' ? label.rules : []));
  const verdicts = judged.flatMap((one) => one.verdicts);
  printTable(
    ['rule', 'cases that name it', ...DEPTHS.flatMap((depth) => [depth, `${depth}: alarms`])],
    [...new Set([...named, ...known])].toSorted().map((rule) => {
      const counts = DEPTHS.flatMap((depth) => {
        const there = verdicts.filter((verdict) => verdict.depth === depth);
        const hits = there.filter((verdict) => verdict.hits.some((finding) => finding.rule === rule));
        const alarms = there.flatMap((verdict) => verdict.alarms);
        return [hits.length, alarms.filter(({ finding }) => finding.rule === rule).length];
      });
      const cases = named.filter((name) => name === rule).length;
      return [known.has(rule) ? rule : `${rule} (not built)`].concat([cases, ...counts].map(String));
    }),
  );
}

function isGood(judged: readonly Judged[]): boolean {
  if (DEPTHS.some((depth) => alarmed(judged, depth) > 0)) return false;
  return [...FLOORS].every(([visible, floor]) => {
    const cases = judged.filter(({ label }) => label.visible === visible);
    const hits = cases.filter(({ verdicts }) => outcomeAt(verdicts, 'file') === 'hit');
    return 100 * hits.length >= floor * cases.length;
  });
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  say('');
  for (const row of [head, head.map(() => '---'), ...rows]) say(`| ${row.join(' | ')} |`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
