/** A memalloc scope that a way out leaves open: the task goes on with a restricted allocator for good. */

import { type CodeUnit, ownText } from '../c/units.ts';
import type { Exploration } from '../flow/explore.ts';
import { scopeSet } from '../flow/prospect.ts';
import type { KernelEvent, Scope } from '../vocabulary/event.ts';
import { openedScopes } from './conditions.ts';
import type { Hit, Rule, RuleContext } from './types.ts';

const MARK = 'nofs-scope-leak:';

const MEMALLOC_SCOPES: readonly Scope[] = ['nofs', 'noio', 'noreclaim'];

/** The old state comes back as a value, which has to be given back: what else opens such a scope has rules of its own. */
function isMemalloc(code: string): boolean {
  return code.startsWith('memalloc_') && code.includes('_save(');
}

export const nofsScopeLeak: Rule = {
  meta: {
    id: 'nofs-scope-leak',
    summary: 'a memalloc_nofs_save(), _noio_ or _noreclaim_ scope that a way out leaves open',
    why:
      'The flag stays with the task: every later allocation of it, in whatever code, is made without filesystem reclaim, ' +
      'and fails or loops where it need not.',
    fix: 'restore the saved flags on every way out of the function',
    threads: ['2018-10-ext4-fault-vs-writeback'],
    confidence: 'likely',
  },
  lens: 'locks',
  families: [],
  kinds: [],
  needs: [['scopeEnter']],
  tracker: openedScopes(MARK, MEMALLOC_SCOPES, ({ site }) => isMemalloc(site.code)),
  mayMatter: ({ leavesScopes, isUnbounded }) =>
    isUnbounded || (leavesScopes & scopeSet(MEMALLOC_SCOPES)) !== 0,
  checkFunction: leaksOf,
};

function leaksOf({ exits, isBounded, sequence, start }: Exploration, { sight, unit }: RuleContext): Hit[] {
  if (isBounded || sight === 'hunk') return [];
  // Functions that only save hand the flags on: to a structure, or to their caller.
  const restores = sequence.blocks.some(({ events }) =>
    events.some((event) => event.kind === 'scopeLeave' && MEMALLOC_SCOPES.includes(event.scope)),
  );
  return exits.flatMap(({ state, event }) =>
    [...state.marks].flatMap(([mark, since]): Hit[] => {
      const scope = MEMALLOC_SCOPES.find((one) => mark === MARK + one);
      // Who was called inside it, and leaves it for a while, comes back to it.
      if (scope === undefined || start.scopes[scope] > 0) return [];
      if (!restores && !areFlagsLost(unit, since)) return [];
      return [
        {
          event: event ?? since,
          message: `returns inside the ${scope} scope that it has opened`,
          steps: [
            { event: since, what: `opens a ${scope} scope` },
            ...(event === null ? [] : [{ event, what: 'returns without restoring the flags' }]),
          ],
          assumptions: [],
        },
      ];
    }),
  );
}

/** The flags are kept in a variable of the function, which does nothing else with them: nobody can restore them. */
function areFlagsLost(unit: CodeUnit, { site }: KernelEvent): boolean {
  const { text: code, start } = ownText(unit);
  const at = site.offset - start;
  const line = code.slice(code.lastIndexOf('\n', at) + 1).split('\n', 1)[0] ?? '';
  const variable = /\b(\w+)\s*=\s*memalloc_\w+_save\(/.exec(line)?.[1];
  const type = '(?:int|long|unsigned)';
  if (variable === undefined || !new RegExp(`\\b${type}\\s[^;()*]*\\b${variable}\\b`).test(code))
    return false;
  const uses = code.match(new RegExp(`(?<!->|\\.)\\b${variable}\\b`, 'g'))?.length ?? 0;
  const isDeclaredThere = new RegExp(`\\b${type}\\s+${variable}\\s*=`).test(line);
  return uses === (isDeclaredThere ? 1 : 2);
}
