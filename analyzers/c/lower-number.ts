/** Number literals of C: text in, value out. */

/** The value of a literal; null where JavaScript cannot hold it exactly, or where it is no whole number. */
export function parseNumber(text: string): number | null {
  const digits = text.replace(/[uUlL]{1,4}$/, '');
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return Number.isSafeInteger(value) ? value : null;
}
