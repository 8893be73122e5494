/** Texts as PostgreSQL takes them: UTF-8 without NUL. Mails and patches hold anything. */

const ODD = /[\0\ud800-\udfff]/;

export function plainText(text: string): string {
  return ODD.test(text) ? Buffer.from(text.replaceAll('\0', '\uFFFD')).toString() : text;
}

/** JSON whose strings are such texts. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? plainText(inner) : inner));
}
