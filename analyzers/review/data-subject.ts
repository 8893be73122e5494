/**
 * A hit about data as a task of the executable model. Such rules look at code, not at paths, and have found that their steps
 * are about one page, or one range of a DAX file: the task is these steps, in their order, with what has to be around them.
 */

import type { Hit, HitStep } from '../rules/types.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import type { ResourceName, Shown, Statement } from '../vocabulary/model.ts';

/** The convention of all scenarios: the page, the user buffer, the DAX block, and one that the operation leaves alone. */
const PAGE: ResourceName = 'P';
const BUFFER: ResourceName = 'buf';
const INDEX: ResourceName = 'X';
const OTHER_INDEX: ResourceName = 'Y';

/** How an event is shown to the reader of a witness. */
export type Show = (event: KernelEvent) => Shown;

/** Null for a hit that is not about data that the model knows. */
export function dataSubject({ steps, event }: Hit, show: Show): readonly Statement[] | null {
  if (event.kind === 'invalidate') return daxSubject(steps, show);
  const rest = steps.flatMap((step) => pageStatements(step.event, show));
  if (rest.length === 0) return null;
  const { in: place } = show(event);
  const around: Shown = place === undefined ? {} : { in: place };
  // A short copy leaves blocks without data behind, if the write has allocated them.
  return [
    { do: 'acquire', lock: PAGE, code: 'lock_page(P)', ...around },
    { do: 'allocate', for: PAGE, code: '->write_begin()', ...around },
    ...nested(steps, rest, around),
  ];
}

/** What comes behind a copy with page faults disabled comes behind one that came short. */
function nested(steps: readonly HitStep[], rest: readonly Statement[], around: Shown): readonly Statement[] {
  const unlock: Statement = { do: 'release', lock: PAGE, code: 'unlock_page(P)', ...around };
  const [first, ...others] = rest;
  const isUnlocked = others.some((one) => one.do === 'release');
  const behind = isUnlocked ? others : [...others, unlock];
  if (first?.do !== 'copy') return isUnlocked ? rest : [...rest, unlock];
  const enter: Statement = { do: 'scopeEnter', scope: 'pagefault', code: 'pagefault_disable()', ...around };
  const leave: Statement = { do: 'scopeLeave', scope: 'pagefault', code: 'pagefault_enable()', ...around };
  const isShort = steps[0]?.event.kind === 'copy' || steps.length > 1;
  if (!isShort) return [first, ...behind];
  return [enter, { ...first, full: [leave, unlock], short: [leave, ...behind] }];
}

function pageStatements(event: KernelEvent, show: Show): readonly Statement[] {
  const shown = show(event);
  if (event.kind === 'copy' || event.kind === 'fault') {
    return [{ do: 'copy', buffer: BUFFER, page: PAGE, full: [], short: [], ...shown }];
  }
  if (event.kind === 'setUptodate') return [{ do: 'setUptodate', page: PAGE, ...shown }];
  if (event.kind === 'zero') {
    // What is zeroed is committed.
    const commit: Statement = { do: 'setUptodate', page: PAGE, code: '->commit_write()' };
    return [{ do: 'zero', page: PAGE, ...shown }, commit];
  }
  const isUnlock = event.kind === 'release' && event.lock === PAGE_LOCK;
  return isUnlock ? [{ do: 'release', lock: PAGE, ...shown }] : [];
}

/** An invalidation before or behind the write that allocates; of a whole mapping where nothing is written. */
function daxSubject(steps: readonly HitStep[], show: Show): readonly Statement[] {
  const isAlone = steps.length === 1;
  const program = steps.map(({ event }): Statement => {
    const shown = show(event);
    if (event.kind !== 'invalidate') return { do: 'allocate', for: INDEX, ...shown };
    const indexes = isAlone && event.extent === 'whole' ? [INDEX, OTHER_INDEX] : [INDEX];
    return { do: 'invalidate', indexes, ...shown };
  });
  const writes = program.some((one) => one.do === 'allocate');
  return writes ? [...program, { do: 'written', index: INDEX, code: 'the write returns' }] : program;
}
