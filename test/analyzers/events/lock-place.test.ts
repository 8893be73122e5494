/** What of a lock's class the function itself shows. */

import { describe, expect, it } from 'vitest';
import { unitsOfFile } from '../../../analyzers/c/units.ts';
import { extractSequence } from '../../../analyzers/events/extract.ts';
import { typeFacts } from '../../../analyzers/events/lock-place.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';

const knowledge = loadKnowledge();

/** The places of the locks that the last function of the text takes. */
function places(text: string): (string | null)[] {
  const unit = unitsOfFile(text).at(-1);
  if (unit === undefined) throw new Error('no function');
  return extractSequence(unit, knowledge).blocks.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === 'acquire' ? [event.place ?? null] : [])),
  );
}

describe('the place of a lock', () => {
  it.each([
    ['void f(struct demofs_inode *di)\n{\n\tmutex_lock(&di->map_mutex);\n}\n', 'demofs_inode.map_mutex'],
    ['void f(int x)\n{\n\tstruct a *one, *two = g();\n\tdown_read(&two->sem);\n}\n', 'a.sem'],
    ['void f(journal_t *journal)\n{\n\tspin_lock(&journal->list_lock);\n}\n', 'journal_t.list_lock'],
    ['void f(struct inode *inode)\n{\n\tdown_read(&DEMOFS_I(inode)->sem);\n}\n', 'DEMOFS_I().sem'],
    ['void f(struct demofs_sb *sb, int i)\n{\n\tspin_lock(&sb->pool[i].lock);\n}\n', 'demofs_sb.pool.lock'],
    [
      'static DEFINE_MUTEX(pools_lock);\nvoid f(void)\n{\n\tmutex_lock(&pools_lock);\n}\n',
      'static pools_lock',
    ],
    ['void f(void)\n{\n\tmutex_lock(&pools_lock);\n}\n', 'global pools_lock'],
  ])('%j', (text, place) => {
    expect(places(text)).toEqual([place]);
  });

  it.each([
    ['a pointer to any lock', 'void f(struct mutex *lock)\n{\n\tmutex_lock(lock);\n}\n'],
    ['a member that points to any lock', 'void f(struct a *a)\n{\n\tspin_lock(a->lock);\n}\n'],
    ['a variable of the function', 'void f(void)\n{\n\tspinlock_t own;\n\tspin_lock(&own);\n}\n'],
    ['a variable of an unknown type', 'void f(void)\n{\n\tmutex_lock(&list->mutex);\n}\n'],
    [
      'two variables of one name',
      'void f(struct a *a)\n{\n\t{\n\t\tstruct b *a = g();\n\t}\n\tmutex_lock(&a->mutex);\n}\n',
    ],
  ])('is not known of %s', (_, text) => {
    expect(places(text)).toEqual([null]);
  });
});

it('tells the types of members and accessors by what they are assigned to', () => {
  const text =
    'void f(struct inode *inode)\n{\n\tstruct demofs_inode *di = DEMOFS_I(inode);\n\tstruct demofs_sb *sb = di->sb;\n\tg(sb);\n}\n';
  const [unit] = unitsOfFile(text);
  if (unit === undefined) throw new Error('no function');
  const events = extractSequence(unit, knowledge).blocks.flatMap((block) => block.events);
  expect(typeFacts(unit, events)).toEqual([
    { place: 'DEMOFS_I()', type: 'demofs_inode' },
    { place: 'demofs_inode.sb', type: 'demofs_sb' },
  ]);
});
