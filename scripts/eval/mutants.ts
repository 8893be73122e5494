/**
 * `npm run eval -- mutants TREE …`: bugs planted in real functions of a kernel tree, and edits that keep the meaning,
 * each reviewed as a patch with the whole file in sight. Coccinelle finds the places (`spatch` must be installed), the
 * seed draws them; what this program thinks of a place decides nothing.
 *
 *     --seed N           (1)     other places
 *     --count N          (2400)  planted bugs, shared out to the operators
 *     --controls N       (2000)  edits that keep the meaning
 *     --operator ID…             only these
 *     --workers N        (2)
 *     --places FILE              keeps what Coccinelle found, for the next run
 *     --list                     prints each miss, and each finding on a control
 *     --json FILE                each mutant with what was found
 *
 * Ends with status 1 if less than 95 % of the bugs are found, or a control brings a finding.
 */

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RULES } from '../../analyzers/rules/registry.ts';
import { inWorkers, type Outcome } from '../../bot/pipeline/worker-pool.ts';
import { BUGS } from './mutants/bugs.ts';
import { CONTROLS } from './mutants/controls.ts';
import type { Operator } from './mutants/operator.ts';
import { Files, plant } from './mutants/plant.ts';
import type { Reviewed } from './mutants/review-worker.ts';
import type { Mutant } from './mutants/site.ts';

/** Per cent of the planted bugs that have to be found. */
const FLOOR = 95;

interface Judged {
  readonly mutant: Mutant;
  readonly outcome: Outcome<Reviewed>;
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '2400' },
      controls: { type: 'string', default: '2000' },
      operator: { type: 'string', multiple: true, default: [] },
      workers: { type: 'string', default: '2' },
      places: { type: 'string' },
      list: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const [tree] = positionals;
  const isAsked = ({ id }: Operator): boolean => values.operator.length === 0 || values.operator.includes(id);
  const bugs = BUGS.filter(isAsked);
  const controls = CONTROLS.filter(isAsked);
  if (tree === undefined || bugs.length + controls.length === 0) {
    process.stderr.write('mutants: nothing to do; see the head of scripts/eval/mutants.ts\n');
    return 2;
  }
  const jobs = Number(values.workers);
  const files = new Files(resolve(tree), values.places ?? null);
  const seed = Number(values.seed);
  const mutants = [
    ...(await plantAll(files, bugs, Number(values.count), seed, jobs)),
    ...(await plantAll(files, controls, Number(values.controls), seed, jobs)),
  ];
  const judged = await judgeAll(mutants, resolve(tree), jobs);
  if (values.list) listSurprises(judged);
  const isGood = [printBugs(bugs, judged), printControls(controls, judged)].every(Boolean);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(judged, null, 1)}\n`);
  return isGood ? 0 : 1;
}

/**
 * `count` mutants, shared out by the operators' shares. What an operator has no places for goes to those that have
 * them, in the proportion of their shares.
 */
async function plantAll(
  files: Files,
  operators: readonly Operator[],
  count: number,
  seed: number,
  jobs: number,
): Promise<Mutant[]> {
  const planted = new Map<Operator, readonly Mutant[]>();
  const total = operators.reduce((sum, { share }) => sum + share, 0);
  const pass = async (
    chosen: readonly Operator[],
    wantedOf: (operator: Operator) => number,
  ): Promise<void> => {
    const waiting = [...chosen];
    const work = async (): Promise<void> => {
      for (let operator = waiting.shift(); operator !== undefined; operator = waiting.shift()) {
        const wanted = wantedOf(operator);
        const { mutants, files: looked, given } = await plant(files, operator, wanted, seed);
        planted.set(operator, mutants);
        const late = given === 0 ? '' : `, ${given} took too long`;
        process.stderr.write(`${operator.id}: ${mutants.length} of ${wanted} from ${looked} files${late}\n`);
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
  };
  const wantedOf = ({ share }: Operator): number => Math.ceil((count * share) / total);
  await pass(operators, wantedOf);
  const made = (operator: Operator): number => planted.get(operator)?.length ?? 0;
  const missing = count - operators.reduce((sum, operator) => sum + made(operator), 0);
  const able = operators.filter((operator) => made(operator) === wantedOf(operator));
  const shares = able.reduce((sum, { share }) => sum + share, 0);
  if (missing > 0) await pass(able, (one) => wantedOf(one) + Math.ceil((missing * one.share) / shares));
  return operators.flatMap((operator) => planted.get(operator) ?? []);
}

async function judgeAll(mutants: readonly Mutant[], tree: string, jobs: number): Promise<Judged[]> {
  const script = join(import.meta.dirname, 'mutants', 'review-worker.ts');
  const judged: Judged[] = [];
  const byFile = mutants.toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
  const options = { jobs, argument: tree, signal: new AbortController().signal, onDone: () => {} };
  for await (const [mutant, outcome] of inWorkers<Mutant, Reviewed>(script, byFile, options)) {
    judged.push({ mutant, outcome });
  }
  return judged;
}

type Found = Reviewed['findings'][number];

function found({ outcome }: Judged): readonly Found[] {
  return outcome.kind === 'answer' ? outcome.answer.findings : [];
}

function objections(judged: Judged): readonly Found[] {
  return found(judged).filter(({ confidence }) => confidence !== 'advice');
}

function hits(judged: Judged, { rules }: Operator): readonly Found[] {
  const { function: name } = judged.mutant;
  // Coccinelle knows a system call by the name in `SYSCALL_DEFINE3(name, …)`.
  return objections(judged).filter(
    ({ rule, functionName }) =>
      rules.includes(rule) && (functionName === name || functionName === `sys_${name}`),
  );
}

function printBugs(operators: readonly Operator[], judged: readonly Judged[]): boolean {
  const built = new Set(RULES.map(({ meta }) => meta.id));
  const rows = operators.map((operator) => {
    const own = judged.filter(({ mutant }) => mutant.operator === operator.id);
    const hit = own.filter((one) => hits(one, operator).length > 0);
    const other = own.filter((one) => hits(one, operator).length === 0 && objections(one).length > 0);
    const failed = own.filter(({ outcome }) => outcome.kind === 'died');
    const rules = operator.rules.map((id) => (built.has(id) ? id : `${id} (not built)`)).join(', ');
    return {
      operator: operator.id,
      rules,
      planted: own.length,
      hit: hit.length,
      other: other.length,
      failed: failed.length,
    };
  });
  if (rows.length === 0) return true;
  const sum = (key: 'planted' | 'hit' | 'other' | 'failed'): number =>
    rows.reduce((total, row) => total + row[key], 0);
  const all = {
    operator: 'all',
    rules: '',
    planted: sum('planted'),
    hit: sum('hit'),
    other: sum('other'),
    failed: sum('failed'),
  };
  printTable(
    ['bug', 'rules', 'planted', 'found', 'recall', 'other rule only', 'failed'],
    [...rows, all].map((row) =>
      [
        row.operator,
        row.rules,
        row.planted,
        row.hit,
        percent(row.hit, row.planted),
        row.other,
        row.failed,
      ].map(String),
    ),
  );
  return all.hit * 100 >= FLOOR * all.planted;
}

function printControls(operators: readonly Operator[], judged: readonly Judged[]): boolean {
  const rows = operators.map(({ id }) => {
    const own = judged.filter(({ mutant }) => mutant.operator === id);
    const objected = own.filter((one) => objections(one).length > 0);
    const advised = own.filter((one) => objections(one).length === 0 && found(one).length > 0);
    const failed = own.filter(({ outcome }) => outcome.kind === 'died');
    return [id, own.length, objected.length, advised.length, failed.length] as const;
  });
  if (rows.length === 0) return true;
  const sum = (at: 1 | 2 | 3 | 4): number => rows.reduce((total, row) => total + row[at], 0);
  const all = ['all', sum(1), sum(2), sum(3), sum(4)] as const;
  printTable(
    ['control', 'made', 'with a new finding', 'with new advice', 'failed'],
    [...rows, all].map((row) => row.map(String)),
  );
  return sum(2) === 0;
}

/** Misses, and findings on controls, each with its diff. */
function listSurprises(judged: readonly Judged[]): void {
  const bugs = new Map(BUGS.map((operator) => [operator.id, operator]));
  for (const one of judged) {
    const { operator: id, file, function: name, line, diff } = one.mutant;
    const operator = bugs.get(id);
    const isSurprise = operator === undefined ? found(one).length > 0 : hits(one, operator).length === 0;
    if (!isSurprise) continue;
    say(`\n${operator === undefined ? 'FINDING' : 'MISS'} ${id} ${file}:${line} ${name}`);
    for (const finding of found(one)) {
      say(
        `  ${finding.functionName ?? '?'}:${finding.line} ${finding.message} [${finding.rule}, ${finding.confidence}]`,
      );
    }
    if (one.outcome.kind === 'died') say(`  failed: ${one.outcome.reason}`);
    else for (const problem of one.outcome.answer.problems) say(`  ${problem}`);
    say(diff.trimEnd());
  }
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  say('');
  for (const row of [head, head.map(() => '---'), ...rows]) say(`| ${row.join(' | ')} |`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
