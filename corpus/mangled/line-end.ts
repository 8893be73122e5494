/**
 * What the two sides of a supposed line break say against it. A mail program breaks a line of C in its middle; a line
 * that is complete, or a rest that is a sentence, was not broken there but has a reviewer's words behind it. In go the
 * lines, out comes a veto; there is no proof in either.
 */

/** Whether the line is complete: nobody's wrapping would end a line just there. */
export function isEnded(line: string): boolean {
  const text = line.trimEnd();
  if (text.endsWith('*/') || text.endsWith('\\')) return true;
  const last = text.charAt(text.length - 1);
  if (';{}:'.includes(last)) return true;
  return last === ')' && openBrackets(text) <= 0;
}

/** Whether the rest cannot be the rest: the line is C, or the middle of a sentence, and the rest is one of its own. */
export function isNoRest(before: string, rest: string): boolean {
  const isString = (before.match(/"/g) ?? []).length % 2 === 1;
  if (isString) return false;
  const isComment = /^.?\s*(?:\*|\/\*|\/\/)/.test(before) || before.includes('/*');
  // In a comment a new sentence in the middle of another is no rest.
  return isComment
    ? /^(?:I |[A-Z][a-z]+\b)/.test(rest) && !/[.?!:]\s*$/.test(before)
    : /[.?!]\s*$/.test(rest);
}

function openBrackets(line: string): number {
  let open = 0;
  for (const char of line) {
    if (char === '(') open++;
    else if (char === ')') open--;
  }
  return open;
}
