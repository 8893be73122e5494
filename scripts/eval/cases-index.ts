/**
 * `npm run eval -- cases-index DIR --repo ID=REPO… [--id ID…]`: the labelled cases that need a whole file or a tree in sight
 * (see `cases.ts`), reviewed both ways with the index of the folder that they are in, at the commit that they are of. `DIR` is
 * what `cases-make` has written, the repositories are those that it was given; the program has to be built.
 *
 * A hit is what `cases.ts` calls one, or a finding of the case's rules in another function whose chain leads through the
 * named one (`by chain`). Ends with status 1 when a fix is objected to.
 */

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type ListedCase, readList } from './cases/case.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/bot/cli.js');
const LIST = join(import.meta.dirname, 'cases', 'cases.yml');

const finding = z.object({
  rule: z.string(),
  status: z.string(),
  confidence: z.string(),
  functionName: z.string().nullable(),
  steps: z.array(z.object({ what: z.string(), code: z.string() })),
});

type Finding = z.infer<typeof finding>;

/** Of the program's report what is looked at. */
const report = z.object({
  items: z.array(z.object({ patch: z.object({ findings: z.array(finding) }).optional() })),
});

type Outcome = 'hit' | 'by chain' | 'miss';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      repo: { type: 'string', multiple: true, default: [] },
      id: { type: 'string', multiple: true, default: [] },
    },
  });
  const [directory] = positionals;
  const repositories = new Map(
    values.repo.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  const chosen = readList(LIST).filter(
    ({ id, kind, visible, repository }) =>
      kind === 'positive' &&
      (visible === 'file' || visible === 'tree') &&
      repositories.has(repository) &&
      (values.id.length === 0 || values.id.includes(id)),
  );
  if (directory === undefined || chosen.length === 0) {
    process.stderr.write('cases-index: no case; see the head of scripts/eval/cases-index.ts\n');
    return 2;
  }
  const counts = new Map<string, Map<Outcome, number>>();
  let alarms = 0;
  for (const one of chosen) {
    const repository = repositories.get(one.repository) ?? '';
    const patch = join(directory, one.id, 'fix.patch');
    const commit = one.found ?? one.commit;
    const outcome = outcomeOf(one, introduced(one, patch, `${repository}@${commit}`, ['-R']));
    const objections = introduced(one, patch, `${repository}@${commit}^`, []);
    alarms += objections.length === 0 ? 0 : 1;
    const row = counts.get(one.visible ?? '') ?? new Map<Outcome, number>();
    counts.set(one.visible ?? '', row.set(outcome, (row.get(outcome) ?? 0) + 1));
    const alarm = objections
      .map(({ rule, functionName }) => `; ALARM ${rule} in ${functionName ?? '?'}`)
      .join('');
    process.stdout.write(`${one.id}  ${one.visible ?? '-'}  ${outcome}  ${one.function ?? '?'}${alarm}\n`);
  }
  for (const [visible, row] of counts) {
    process.stdout.write(
      `| ${visible} | ${row.get('hit') ?? 0} | ${row.get('by chain') ?? 0} | ${row.get('miss') ?? 0} |\n`,
    );
  }
  process.stdout.write(`fixes that are objected to: ${alarms}\n`);
  return alarms === 0 ? 0 : 1;
}

/** What the patch introduces, `likely` and above. */
function introduced(
  { path }: ListedCase,
  patch: string,
  tree: string,
  flags: readonly string[],
): readonly Finding[] {
  const { stdout } = spawnSync(
    process.execPath,
    [
      PROGRAM,
      'review',
      ...flags,
      '--quiet',
      '--format',
      'json',
      '--tree',
      tree,
      '--index',
      dirname(path),
      patch,
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const { items } = report.parse(JSON.parse(stdout));
  return items
    .flatMap(({ patch: read }) => read?.findings ?? [])
    .filter(({ status }) => status === 'introduced');
}

function outcomeOf({ rules, function: name }: ListedCase, findings: readonly Finding[]): Outcome {
  const own = findings.filter(({ rule }) => rules.includes(rule));
  if (own.some(({ functionName }) => functionName === name)) return 'hit';
  const leadsThrough = ({ steps }: Finding): boolean =>
    steps.some(({ what, code }) => [what, code].some((text) => text.includes(`${name ?? ''}(`)));
  return own.some(leadsThrough) ? 'by chain' : 'miss';
}
