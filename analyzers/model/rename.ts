/** A program with other resources in the same roles. */

import type { ResourceName, Statement } from '../vocabulary/model.ts';

/** What is called `a` is called `names.a`; others keep their names. */
export function renamed(
  program: readonly Statement[],
  names: Readonly<Record<ResourceName, ResourceName>>,
): readonly Statement[] {
  const name = (old: ResourceName): ResourceName => names[old] ?? old;
  const again = (inner: readonly Statement[]): readonly Statement[] => renamed(inner, names);
  return program.map((statement): Statement => {
    switch (statement.do) {
      case 'acquire':
      case 'release':
        return { ...statement, lock: name(statement.lock) };
      case 'tryAcquire':
        return {
          ...statement,
          lock: name(statement.lock),
          got: again(statement.got),
          busy: again(statement.busy),
        };
      case 'fault':
        return { ...statement, buffer: name(statement.buffer) };
      case 'copy': {
        const { page, buffer, full, short } = statement;
        const to = page === undefined ? {} : { page: name(page) };
        return { ...statement, ...to, buffer: name(buffer), full: again(full), short: again(short) };
      }
      case 'zero':
      case 'setUptodate':
      case 'clearUptodate':
      case 'dirty':
      case 'read':
      case 'setWriteback':
      case 'endWriteback':
      case 'bioAdd':
        return { ...statement, page: name(statement.page) };
      case 'wait':
        return { ...statement, of: name(statement.of) };
      case 'allocate':
        return { ...statement, for: name(statement.for) };
      case 'mapInstall':
      case 'written':
      case 'sync':
        return { ...statement, index: name(statement.index) };
      case 'invalidate':
        return { ...statement, indexes: statement.indexes.map(name) };
      case 'choose':
        return { ...statement, of: statement.of.map(again) };
      case 'alloc':
      case 'scopeEnter':
      case 'scopeLeave':
      case 'bioSubmit':
      case 'return':
      case 'nothing':
        return statement;
    }
  });
}
