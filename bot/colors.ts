/** Whether standard output gets colours. */

import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';

export function outputColors(): Colors {
  return pc.createColors(wantsColor());
}

/** On a terminal, unless NO_COLOR; FORCE_COLOR turns it on anywhere. picocolors alone would also colour in CI. */
function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0') return true;
  // Where standard output is no terminal Node leaves the property out.
  return process.stdout.isTTY ? TERM !== 'dumb' : false;
}
