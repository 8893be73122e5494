/** What operators share that put something in front of a statement with a lock held. */

import { bodyOf, insertedBefore, staysTheSame } from './edits.ts';
import type { Operator } from './operator.ts';
import type { Site } from './site.ts';
import type { Edit, Source } from './source.ts';

/** Lines to choose from; `$E` in them is what is locked. */
export type Choices = readonly (readonly string[])[];

/** The named places of a site, as far as it has them. */
export function places(source: Source, site: Site): readonly [number, number, number] {
  const [first = 0, second = 0, third = 0] = site.at.map((at) => source.offset(at));
  return [first, second, third];
}

export function listOf(edit: Edit | null): readonly Edit[] | null {
  return edit === null ? null : [edit];
}

/** Something in front of the statement at the second place, which the lock of the first is held over. */
export function inserted(choices: Choices, isOther: RegExp | null): Operator['plant'] {
  return (source, site, random) => {
    const [lock, statement] = places(source, site);
    const [object = ''] = site.notes;
    if (!staysTheSame(source, object, behind(source, lock), statement)) return null;
    if (isTakenAgain(source, statement) || isUnseen(source, site, object)) return null;
    // The first statement behind it may ask whether it worked.
    const end = source.endOfSimple(lock);
    if (end === null || source.next(end) === statement) return null;
    if (isOther?.test(bodyOf(source, site)) === true) return null;
    const lines = choices[random(choices.length)] ?? [];
    if (!/^\w+$/.test(object) && lines.some((line) => line.includes('$E'))) return null;
    return listOf(
      insertedBefore(
        source,
        statement,
        lines.map((line) => line.replaceAll('$E', object)),
      ),
    );
  };
}

/** The statement takes the lock anew: whatever stands in front of it has given it back. */
function isTakenAgain(source: Source, statement: number): boolean {
  return /^(?:lock_page|folio_lock)\(/.test(source.bare.slice(statement));
}

/** A page that the function has allocated: nobody else can see it, let alone wait for its lock. */
export function isUnseen(source: Source, site: Site, object: string): boolean {
  return (
    /^\w+$/.test(object) &&
    new RegExp(
      `\\b${object}\\s*=\\s*(?:alloc_pages?|folio_alloc|filemap_alloc_folio|page_cache_alloc)\\w*\\(`,
    ).test(bodyOf(source, site))
  );
}

/** Behind the call at the offset: its own assignment is no other value. */
export function behind(source: Source, offset: number): number {
  return source.endOfSimple(offset) ?? offset;
}
