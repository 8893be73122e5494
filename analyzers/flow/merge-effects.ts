/**
 * What a function does in two kernels, as far as it is the same: for a text that may be of either, or of one in between. What only
 * one does is no fact; what makes a caller's state doubtful is taken from both.
 */

import { effectKey, SEPARATOR } from './write-summary.ts';

/** Effects by which a caller loses sight of something. */
const DOUBTS: ReadonlySet<string> = new Set([
  'may-drop',
  'may-end',
  'hands',
  'store',
  'submit-bio',
  'end-writeback',
]);

/** Effects that a caller takes for certain. */
const CERTAIN: ReadonlySet<string> = new Set(['takes', 'drops', 'scope']);

/** Effects as they stand in tables, the newest last; null where the kernels do not agree. */
export function mergeEffects(texts: readonly string[]): string | null {
  const [newest = '', ...others] = texts.toReversed();
  const lists = others.map(effectsOf);
  const own = effectsOf(newest);
  if (lists.some((list) => certainty(list) !== certainty(own))) return null;
  const keys = lists.map((list) => new Set(list.map(effectKey)));
  const shared = own.filter(
    (effect) => DOUBTS.has(verbOf(effect)) || keys.every((known) => known.has(effectKey(effect))),
  );
  const doubts = lists.flat().filter((effect) => DOUBTS.has(verbOf(effect)));
  return [...new Set([...shared, ...doubts])].join(SEPARATOR);
}

function effectsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(SEPARATOR);
}

function verbOf(effect: string): string {
  return effect.slice(0, effect.indexOf(' '));
}

function certainty(effects: readonly string[]): string {
  return effects
    .filter((effect) => CERTAIN.has(verbOf(effect)))
    .toSorted()
    .join(SEPARATOR);
}
