/** Text inside HTML and XML. This is the one place where it is made safe: what comes from mail may hold anything. */

import { printable } from './printable.ts';

/** XML has no way to write these at all. */
const NO_XML = /[\p{Surrogate}\ufffe\uffff]/gu;

/** Most of what a page holds is. */
const IS_PLAIN = /^[\t\n !#-%'-;=?-~]*$/;

/**
 * Neither ends the element nor the attribute, in double quotes, that it stands in. Lines are kept; control characters and what
 * turns the direction of writing become `?`.
 */
export function escaped(text: string): string {
  if (IS_PLAIN.test(text)) return text;
  return text
    .split('\n')
    .map(printable)
    .join('\n')
    .replace(NO_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
