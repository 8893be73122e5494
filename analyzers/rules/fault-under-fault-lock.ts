/**
 * Access to user memory that may fault while a lock is held that page faults take: mmap_lock itself, the lock by which
 * a filesystem keeps faults out, or the one that the fault handler in the same file takes. Thread: DAX faults against
 * writes, 2016.
 */

import { ownText } from '../c/units.ts';
import { lockName } from '../flow/paths.ts';
import { familySet } from '../flow/prospect.ts';
import type { Held } from '../flow/state.ts';
import { faultName, isFarAway, isForeign, maySleepInFault } from './conditions.ts';
import type { HitStep, Rule, RuleContext, TakenInTree } from './types.ts';

const MMAP_LOCK = 'mmap-lock';

export const faultUnderFaultLock: Rule = {
  meta: {
    id: 'fault-under-fault-lock',
    summary: 'user access that may fault while a lock is held that page faults take',
    why:
      'The buffer may be a mapping of the very file: the fault then waits for a lock that this task holds. Or another ' +
      'thread faults meanwhile: it holds mmap_lock and waits for this lock, and this task waits for mmap_lock behind a ' +
      'queued writer.',
    fix:
      'copy to or from a buffer of the kernel with the lock held and reach user memory after it is dropped; or copy with ' +
      'page faults disabled, and on a short copy drop the lock, prefault and try again',
    threads: ['2016-07-dax-fault-vs-write', '2004-06-dirty-inode-vs-mmap-sem'],
    scenarios: ['fault-under-fault-lock'],
    confidence: 'likely',
  },
  lens: 'locks',
  families: ['rwsem', 'mutex', 'semaphore', 'other'],
  kinds: ['fault'],
  needs: [['acquire', 'fault']],
  mayMatter: (prospect) => prospect.mayBeUnder('fault', familySet(['rwsem', 'mutex', 'semaphore', 'other'])),
  check(visit, context) {
    const { event, state } = visit;
    if (event.kind !== 'fault' || !maySleepInFault(state)) return null;
    for (const held of state.held) {
      const known = takenBy(held, context);
      const inTree =
        known === null && !held.isPrivate && !isFarAway(event) ? context.takenInTree('fault', held) : null;
      const why = known ?? (inTree === null ? null : takenByHandler(inTree.by));
      if (why === null || !context.isHeld(visit, held)) continue;
      // Pages are pinned with mmap_lock or without it, and which it is hangs on arguments.
      if (held.lock === MMAP_LOCK && (event.purpose === 'prefault' || isForeign(held, state))) continue;
      const title = nameOf(held, context);
      return {
        event,
        message: `${faultName(event)} may fault while ${title} is held, which page faults take`,
        steps: [
          ...(inTree === null ? [] : [handlerStep(inTree, title)]),
          { event: held.since, what: `takes ${title}` },
          { event, what: `${faultName(event)} with page faults enabled, lock still held` },
        ],
        assumptions: [
          isLocal(held, context) ? why : { ofScenario: why },
          ...(event.assumption === null ? [] : [event.assumption]),
        ],
      };
    }
    return null;
  },
};

/** A variable of the function, such as a holder: that the handler has one of the same name says little of what it holds. */
function isLocal({ names: [name = ''] }: Held, { unit }: RuleContext): boolean {
  if (!/^&?\w+$/.test(name)) return false;
  const variable = name.replace('&', '');
  return (
    unit.parameters.includes(variable) ||
    new RegExp(`\\b(?:struct\\s+)?\\w+[\\s*]+(?:\\w+\\s*,\\s*){0,8}${variable}\\s*[;,=]`).test(
      ownText(unit).text,
    )
  );
}

/** How it is known that a fault takes the lock, as what has to be true; null where it is not known. */
function takenBy({ lock, names }: Held, { lockClasses, faultLocks }: RuleContext): string | null {
  if (lockClasses.get(lock)?.isInFault === true) {
    return lock === MMAP_LOCK
      ? 'the lock is that of the address space which the fault is in'
      : 'the user buffer may be a mapping of a file whose faults take this lock';
  }
  const handler = names.map((name) => faultLocks.get(`${lock} ${lockName(name)}`)).find(Boolean);
  return handler === undefined ? null : takenByHandler(handler);
}

function takenByHandler(handler: string): string {
  return `the same lock is taken by ${handler}(), which answers page faults of a mapping that the process may have`;
}

/** Where in another file the handler takes it. */
function handlerStep({ event, by, path, file }: TakenInTree, title: string): HitStep {
  const what = `${path}: ${by}() blocks for ${title}`;
  return { event, what, ...(file !== undefined && { path: file }) };
}

function nameOf({ lock, names }: Held, { lockClasses }: RuleContext): string {
  const facts = lockClasses.get(lock);
  const [name] = names;
  // A class of its own says more than a variable.
  return facts?.isInFault === true || name === undefined ? (facts?.title ?? lock) : name;
}
