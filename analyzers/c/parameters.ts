/**
 * Parameters with their types, from declarations: those of a parsed function, and those that a hunk's heading line
 * shows of the function that the hunk cuts into. git cuts headings after 80 characters, so the last one may be lost.
 */

import type { ParameterSyntax } from './syntax.ts';

/** What a declaration says beside the name: `struct inode *` of `struct inode *dir`. */
export function parameterType(declaration: string, name: string): string {
  const at = nameIndex(declaration, name);
  const type = at === -1 ? declaration : declaration.slice(0, at) + declaration.slice(at + name.length);
  return type.replace(/\s+/g, ' ').trim();
}

/** The last place where the whole word stands. */
function nameIndex(declaration: string, name: string): number {
  for (let at = declaration.lastIndexOf(name); at !== -1; at = declaration.lastIndexOf(name, at - 1)) {
    const around = `${declaration[at - 1] ?? ' '}${declaration[at + name.length] ?? ' '}`;
    if (!/\w/.test(around)) return at;
    if (at === 0) break;
  }
  return -1;
}

/** The parameters that stand whole in a hunk's heading. */
export function headingParameters(heading: string): ParameterSyntax[] {
  const open = heading.indexOf('(');
  if (open === -1 || heading.startsWith('#')) return [];
  const parameters: ParameterSyntax[] = [];
  let depth = 0;
  let start = open + 1;
  for (let index = open + 1; index < heading.length; index++) {
    const char = heading[index];
    if (char === '(') depth++;
    else if (char === ')' && depth > 0) depth--;
    else if (depth === 0 && (char === ',' || char === ')')) {
      const parameter = parameterOf(heading.slice(start, index));
      if (parameter !== null) parameters.push(parameter);
      start = index + 1;
      if (char === ')') break;
    }
  }
  return parameters;
}

/** `struct inode *dir`, `char name[8]`, `int (*fill)(void *)`; null for a type alone. */
function parameterOf(text: string): ParameterSyntax | null {
  const inner = /\(\s*\*\s*(\w+)\s*\)/.exec(text)?.[1];
  const name = inner ?? /[\s*](\w+)\s*(?:\[[^\]]*\])*\s*$/.exec(text)?.[1];
  if (name === undefined || /^\d/.test(name)) return null;
  return { name, type: parameterType(text, name) };
}
