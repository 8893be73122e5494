/** C expressions for tests. */

import { readFunctions } from '../../analyzers/c/parser.ts';
import type { Expr } from '../../analyzers/c/syntax.ts';

/** The compact form of one C expression. */
export function expressionOf(text: string): Expr {
  const [fn] = readFunctions(`void f(void)\n{\n\treturn ${text};\n}\n`);
  const body = fn?.body;
  const [statement] = body?.kind === 'compound' ? body.body : [];
  if (statement?.kind !== 'return' || statement.value === null) throw new Error(`${text} is no expression`);
  return statement.value;
}
