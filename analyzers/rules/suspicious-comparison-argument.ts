/**
 * A call argument `a->b>c` where `a->b->c` was meant. In the patch of the ext4 thread of 2018, unseen by everybody who
 * answered.
 */

import type { CallExpr, Expr } from '../c/syntax.ts';
import { type CodeUnit, ownText } from '../c/units.ts';
import { callsIn, placeOf } from './code.ts';
import type { Hit, Rule } from './types.ts';

export const suspiciousComparisonArgument: Rule = {
  meta: {
    id: 'suspicious-comparison-argument',
    summary: 'a call argument that compares where it should dereference',
    why: 'Written without its dash, `->` is a comparison: the function gets 0 or 1 instead of what was meant.',
    fix: 'write `->`; if a comparison is meant, put spaces around its operator',
    threads: ['2018-10-ext4-fault-vs-writeback'],
    confidence: 'likely',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  inText: /(?:->|\.)\w+>[a-z_]/,
  checkCode(unit) {
    return callsIn(unit).flatMap(({ call, name }): Hit[] => {
      if (/^[A-Z_0-9]+$/.test(name) || TESTS.test(name)) return [];
      const argument = call.args.find(isComparison);
      if (argument?.kind !== 'binary' || argument.right.kind !== 'name') return [];
      const field = argument.right.name;
      const text = unit.text.slice(call.start, call.end);
      const written = new RegExp(`\\w+(?:(?:->|\\.)\\w+)+>${field}\\b`).exec(text);
      if (written === null || isUsedAlone(unit, field, call)) return [];
      const event = placeOf(unit, call.start, call.end);
      return [
        {
          event,
          message: `an argument of ${name}() is a comparison with ${field}: ${written[0].slice(0, -field.length - 1)}->${field} was probably meant`,
          steps: [{ event, what: `passes the truth of a comparison` }],
          assumptions: [`${field} is a member, and no variable`],
        },
      ];
    });
  },
};

/** What is given conditions on purpose. */
const TESTS = /^(?:un)?likely$|assert|warn|bug_on|wait_event|_check|cond|^if_|^min|^max|^test|expect/i;

function isComparison(expr: Expr): boolean {
  return (
    expr.kind === 'binary' &&
    expr.operator === '>' &&
    expr.left.kind === 'member' &&
    expr.right.kind === 'name' &&
    /^[a-z_]\w*$/.test(expr.right.name)
  );
}

/** Whether the name stands somewhere as that of a variable: neither behind `->` or `.` nor in this call. */
function isUsedAlone(unit: CodeUnit, name: string, { start, end }: CallExpr): boolean {
  const own = ownText(unit);
  const use = new RegExp(`(?<!->|\\.|>|\\w)\\b${name}\\b(?!\\s*\\()`, 'g');
  for (const { index } of own.text.matchAll(use)) {
    if (own.start + index < start || own.start + index >= end) return true;
  }
  return false;
}
