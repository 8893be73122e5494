/**
 * What the app leaves in its own comments, unseen by readers, to know them again: HTML comments with a name and a value. A
 * marker counts only in a comment that the app itself wrote, and on a line of its own: words of patches that look like one
 * never have a line for themselves there.
 */

export type MarkerKind = 'finding' | 'review' | 'reply';

/** `value` is a fingerprint or a key: letters, digits and a few signs. Throws for anything else. */
export function marker(kind: MarkerKind, value: string): string {
  if (!VALUE.test(value)) throw new Error(`${JSON.stringify(value)} cannot stand in a marker`);
  return `<!-- patchwitness:${kind} ${value} -->`;
}

const VALUE = /^[\w./:-]{1,200}$/;

/** All values of a kind in a comment's text, in their order. */
export function markersIn(text: string, kind: MarkerKind): readonly string[] {
  return [...text.matchAll(/^<!-- patchwitness:(\w{1,20}) ([\w./:-]{1,200}) -->\r?$/gm)]
    .filter(([, name]) => name === kind)
    .map(([, , value = '']) => value);
}
