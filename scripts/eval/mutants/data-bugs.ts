/** Operators that plant a bug about what becomes of a page's data. */

import { bodyOf, insertedBefore, insertedBehind } from './edits.ts';
import type { Operator } from './operator.ts';
import type { Site } from './site.ts';
import type { Edit, Source } from './source.ts';

/** Who holds the inode's or the invalidate lock keeps truncation away; so does who writes through `->write_iter()`. */
const KEEPS_TRUNCATION_AWAY =
  /\b(?:i_mutex|i_rwsem|inode_lock\w*|\w*invalidate_lock\w*|kiocb|iov_iter|write_begin|write_end)\b/;

/** A copy came short, perhaps, and the page counts as complete. */
function markBehindCopy(source: Source, site: Site): readonly Edit[] | null {
  const [copy = 0] = site.at.map((at) => source.offset(at));
  const [page = '', name = ''] = site.notes;
  const end = source.endOfSimple(copy);
  if (end === null || !/^\w+$/.test(page)) return null;
  const mark = name.includes('folio') ? `folio_mark_uptodate(${page});` : `SetPageUptodate(${page});`;
  const edit = insertedBehind(source, end, [mark]);
  return edit === null ? null : [edit];
}

/** The lock is given up for a moment in front of the use, and nobody looks at the mapping. */
function relock(source: Source, site: Site): readonly Edit[] | null {
  const [, use = 0] = site.at.map((at) => source.offset(at));
  const [page = '', , unlock = ''] = site.notes;
  if (!/^\w+$/.test(page) || KEEPS_TRUNCATION_AWAY.test(bodyOf(source, site))) return null;
  const lock = unlock === 'folio_unlock' ? 'folio_lock' : 'lock_page';
  const edit = insertedBefore(source, use, [`${unlock}(${page});`, 'cond_resched();', `${lock}(${page});`]);
  return edit === null ? null : [edit];
}

/** The call stays, and the test of its result goes. */
function ignorePrefault(source: Source, site: Site): readonly Edit[] | null {
  const [test = 0, call = 0] = site.at.map((at) => source.offset(at));
  const open = source.bare.indexOf('(', call);
  const close = source.closing(open);
  const head = source.closing(source.next(test + 'if'.length));
  const end = head === null ? null : source.endOfStatement(source.next(head));
  if (close === null || end === null || !source.isOwnStatement(test)) return null;
  if (/^else\b/.test(source.bare.slice(source.next(end)))) return null;
  // Both in this function, and a loop.
  const body = bodyOf(source, site);
  if (!/\b(?:do|while|for)\b/.test(body) || !/_from_iter_atomic\(|_from_user_inatomic\(/.test(body))
    return null;
  return [{ start: test, end, text: `${source.text.slice(call, close)};` }];
}

export const DATA_BUGS: readonly Operator[] = [
  {
    id: 'mark-behind-short-copy',
    pattern: 'atomic-copy',
    rules: ['uptodate-before-data'],
    share: 1,
    mentions: /\bcopy_(?:page|folio)_from_iter_atomic\(/,
    under: ['fs', 'mm'],
    plant: markBehindCopy,
  },
  {
    id: 'relock-before-use',
    pattern: 'page-use',
    rules: ['relock-without-recheck'],
    share: 2,
    mentions: /\b(?:folio_mark_dirty|set_page_dirty|folio_mark_uptodate|SetPageUptodate)\(/,
    under: ['fs', 'mm', 'drivers', 'kernel'],
    plant: relock,
  },
  {
    id: 'ignore-prefault',
    pattern: 'checked-prefault',
    rules: ['unchecked-prefault'],
    share: 1,
    mentions: /\bfault_in_(?:iov_iter_)?readable\(/,
    under: ['fs', 'mm'],
    plant: ignorePrefault,
  },
];
