/**
 * Tests whether a page still belongs to its mapping, as a task has to make behind each relock: truncation may
 * have taken the page away. `page->mapping != mapping`, `!folio->mapping`, `page_mapping(page) == NULL`.
 */

import { calleeName } from '../c/callee.ts';
import type { Expr, Offset } from '../c/syntax.ts';
import type { AccessPath } from '../vocabulary/event.ts';
import { accessPath } from './access-path.ts';

/** Functions that return the mapping of the page or folio in their first argument. */
const MAPPING_OF: ReadonlySet<string> = new Set([
  'folio_mapping',
  'folio_file_mapping',
  'page_file_mapping',
  'page_folio_mapping',
  'page_mapping',
]);

/** What a pointer to a page is called all over the kernel: a `mapping` of anything else is none of a page. */
const PAGE_NAME = /(?:page|folio)s?\d*(?:\[[^\]]*\])?$/;

interface Recheck {
  readonly object: AccessPath;
  readonly start: Offset;
}

/** The test, if it is one of a page's mapping. */
export function recheckOf(test: Expr): Recheck | null {
  if (test.kind === 'unary' && test.operator === '!' && test.start !== undefined) {
    const object = pageWhoseMapping(test.operand);
    // `!(page->mapping == mapping)` has the place of the comparison.
    return object === null ? recheckOf(test.operand) : { object, start: test.start };
  }
  if (test.kind !== 'binary' || test.start === undefined) return null;
  const object = pageWhoseMapping(test.left) ?? pageWhoseMapping(test.right);
  return object === null ? null : { object, start: test.start };
}

function pageWhoseMapping(expr: Expr): AccessPath | null {
  if (expr.kind === 'member' && expr.field === 'mapping') {
    const page = accessPath(expr.object);
    return page !== null && PAGE_NAME.test(page) ? page : null;
  }
  const name = calleeName(expr);
  if (expr.kind !== 'call' || name === null || !MAPPING_OF.has(name)) return null;
  const [page] = expr.args;
  return page === undefined ? null : accessPath(page);
}
