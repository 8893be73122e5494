/** Sequences as text for tests: a block a line, events in order, bookkeeping of variables left out. */

import { unitsOfFile } from '../../../analyzers/c/units.ts';
import { extractSequence } from '../../../analyzers/events/extract.ts';
import { type OutlineJump, outlineOf } from '../../../analyzers/events/outline.ts';
import type { Knowledge } from '../../../analyzers/knowledge/types.ts';

function jumpText({ kind, test, to }: OutlineJump): string {
  switch (kind) {
    case 'goto':
      return `-> ${to.join()}`;
    case 'branch':
      return `${test ?? '?'} ? ${to.join(' : ')}`;
    case 'choose':
      return `-> ${to.join(' or ')}`;
    case 'return':
      return 'end';
    case 'leave':
      return 'leave';
    case 'stop':
      return 'never on';
  }
}

/** The sequence of the first function of a C text. */
export function printed(code: string, knowledge: Knowledge): string {
  const [unit] = unitsOfFile(code);
  if (unit === undefined) throw new Error('no function');
  return outlineOf(extractSequence(unit, knowledge), unit)
    .map(({ id, events, jump }) => {
      const shown = events
        .filter(({ kind }) => kind !== 'assign' && kind !== 'write')
        .map(({ kind, operand }) => (operand === '' ? kind : `${kind} ${operand}`));
      return `${id}: ${[...shown, jumpText(jump)].join('; ')}`;
    })
    .join('\n');
}
