/** Names that a file defines as macros: a call of one of them is of no function of that name in another file. */

const DEFINITION = /^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)/gm;

export function macroNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(DEFINITION)].map(([, name = '']) => name));
}
