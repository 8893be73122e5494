/** A stacked `->writepage` that writes through for reclaim too. Thread: unionfs and AOP_WRITEPAGE_ACTIVATE, 2007. */

import { accessPath } from '../events/access-path.ts';
import { callsIn, mentionsField, placeOf } from './code.ts';
import { firstParameter, isWritepage } from './roles.ts';
import type { Hit, Rule } from './types.ts';

export const reclaimWritepageCouldRedirty: Rule = {
  meta: {
    id: 'reclaim-writepage-could-redirty',
    summary: 'a stacked writepage calls the lower writepage for reclaim as well',
    why:
      'Memory pressure that has come to the upper page comes to the lower one in due course. It is enough to hand the ' +
      'data down; whether it is the better strategy was left open.',
    fix: 'if wbc->for_reclaim is set: set_page_dirty() on the lower page, unlock it and return',
    threads: ['2007-10-unionfs-writepage-activate'],
    confidence: 'advice',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  inText: /writepage/,
  checkCode(unit, role) {
    if (!isWritepage(role) || mentionsField(unit, 'for_reclaim')) return [];
    const page = firstParameter(unit);
    return callsIn(unit).flatMap(({ call, name, isMember }): Hit[] => {
      const [argument] = call.args;
      const lower = argument === undefined ? null : accessPath(argument);
      if (!isMember || name !== 'writepage' || call.args.length !== 2 || lower === null || lower === page)
        return [];
      const event = placeOf(unit, call.start, call.end);
      return [
        {
          event,
          message: `for reclaim it would do to mark ${lower} dirty and to leave its writing to later`,
          steps: [{ event, what: `writes ${lower} through, for reclaim too` }],
          assumptions: [],
        },
      ];
    });
  },
};
