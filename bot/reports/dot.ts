/** What all outputs for Graphviz share. */

import { printable } from './printable.ts';

export const DOT_END = '}\n';

export function quoted(text: string): string {
  return `"${escaped(printable(text))}"`;
}

/** In a quoted string of DOT only these two characters mean anything. */
export function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
