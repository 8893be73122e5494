/** How often people and program agree, by rule: what `agreement` tells goes in, one by one. */

import type { HumanObjection, JudgedFinding, Verdict } from './agreement.ts';

export interface AgreementRow {
  /** Id of a rule, or what is spoken of in words of several. */
  readonly name: string;
  readonly isRule: boolean;
  readonly both: number;
  readonly author: number;
  readonly robot: number;
  readonly other: number;
  readonly bot: number;
  /** An objection in words of several rules counts for each of them. */
  readonly human: number;
}

type Column = Verdict | 'human';

const NONE: Readonly<Record<Column, number>> = { both: 0, author: 0, robot: 0, other: 0, bot: 0, human: 0 };

export class AgreementTally {
  private readonly known = new Map<string, AgreementRow>();

  add(item: JudgedFinding | HumanObjection): void {
    switch (item.kind) {
      case 'finding':
        this.count(item.finding.rule, true, item.verdict);
        break;
      case 'objection':
        for (const rule of item.rules) this.count(rule, true, 'human');
        if (item.topic !== null) this.count(item.topic, false, 'human');
    }
  }

  /** Rules by name, then the rest. */
  get rows(): readonly AgreementRow[] {
    return [...this.known.values()].toSorted(
      (a, b) => Number(b.isRule) - Number(a.isRule) || (a.name < b.name ? -1 : 1),
    );
  }

  private count(name: string, isRule: boolean, column: Column): void {
    const row = this.known.get(name) ?? { name, isRule, ...NONE };
    this.known.set(name, { ...row, [column]: row[column] + 1 });
  }
}
