/** Counts verdicts by kind of comparison and keeps the disagreements with where they were seen. */
import type { Verdict } from '../../../test/analyzers/diff/apply-oracle.ts';

/** Longer lists of disagreements are cut: the first ones show what is wrong. */
const SHOWN = 40;

export class Tally {
  private readonly counts = new Map<string, { same: number; refused: number; different: number }>();
  private readonly disagreements: string[] = [];

  add(kind: string, verdict: Verdict, where: string): void {
    const counts = this.counts.get(kind) ?? { same: 0, refused: 0, different: 0 };
    this.counts.set(kind, counts);
    if (verdict === 'same' || verdict === 'refused') counts[verdict]++;
    else counts.different++;
    if (verdict.startsWith('different')) this.disagreements.push(`${kind}: ${where}: ${verdict}`);
  }

  /** The table and the disagreements; the exit status. */
  print(): number {
    const out = process.stdout;
    out.write(
      `${''.padEnd(34)}${'same bytes'.padStart(12)}${'both refuse'.padStart(13)}${'different'.padStart(11)}\n`,
    );
    for (const [kind, { same, refused, different }] of this.counts) {
      out.write(`${kind.padEnd(34)}${String(same).padStart(12)}${String(refused).padStart(13)}`);
      out.write(`${String(different).padStart(11)}\n`);
    }
    for (const line of this.disagreements.slice(0, SHOWN)) out.write(`${line}\n`);
    if (this.disagreements.length > SHOWN) out.write(`and ${this.disagreements.length - SHOWN} more\n`);
    return this.disagreements.length === 0 ? 0 : 1;
  }
}
