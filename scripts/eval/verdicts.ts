/**
 * `npm run eval -- verdicts [--all]`: what the executable model makes of hits that were judged before it was asked: false
 * ones, of rules whose conditions were taken away, and true ones. `--all` lists each hit.
 */

import { RULES } from '../../analyzers/rules/registry.ts';
import { type JudgedHit, roughHits, trueHits } from './verdicts/judged-hits.ts';

export async function run(args: readonly string[]): Promise<number> {
  const rough = roughHits();
  const modelled = new Set(
    RULES.filter(({ meta }) => meta.scenarios !== undefined).map(({ meta }) => meta.id),
  );
  const hits = trueHits().filter(({ isTrue, rule }) => isTrue && modelled.has(rule));
  const wrong = rough.filter(({ isTrue }) => !isTrue);
  print('judged false', wrong);
  print('judged true', hits);
  if (args.includes('--all')) for (const hit of [...wrong, ...hits]) process.stdout.write(`${lineOf(hit)}\n`);
  const confirmed = wrong.filter(({ verdict }) => isConfirmed(verdict));
  for (const hit of confirmed) process.stdout.write(`confirmed, and false: ${lineOf(hit)}\n`);
  return Promise.resolve(confirmed.length === 0 ? 0 : 1);
}

function isConfirmed(verdict: JudgedHit['verdict']): boolean {
  return verdict?.kind === 'stuck' && verdict.assumptions.length === 0;
}

function print(title: string, hits: readonly JudgedHit[]): void {
  process.stdout.write(`${title.padEnd(32)}  hits   refuted   unknown   assumed confirmed\n`);
  for (const rule of new Set(hits.map((hit) => hit.rule))) {
    const ofRule = hits.filter((hit) => hit.rule === rule);
    process.stdout.write(row(rule, ofRule));
  }
  process.stdout.write(`${row('all', hits)}\n`);
}

function row(name: string, of: readonly JudgedHit[]): string {
  const count = (isMeant: (verdict: JudgedHit['verdict']) => boolean): string =>
    String(of.filter(({ verdict }) => isMeant(verdict)).length).padStart(10);
  const refuted = count((verdict) => verdict?.kind === 'clear');
  const unknown = count((verdict) => verdict === null || verdict.kind === 'bounded');
  const conditional = count((verdict) => verdict?.kind === 'stuck' && verdict.assumptions.length > 0);
  return `${name.padEnd(32)}${String(of.length).padStart(6)}${refuted}${unknown}${conditional}${count(isConfirmed)}\n`;
}

function lineOf({ place, rule, isTrue, verdict }: JudgedHit): string {
  const said = verdict === null ? 'unknown' : `${verdict.kind} ${verdict.assumptions.join('; ')}`;
  return `${isTrue ? 'true ' : 'false'} ${rule} ${place}: ${said.trim()}`;
}
