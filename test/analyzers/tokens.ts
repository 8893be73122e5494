/** Random C-like text: whatever mail may hold must neither throw nor hang. */

import * as fc from 'fast-check';

// biome-ignore format: a list of words
const TOKENS = [
  '{', '}', '(', ')', '[', ']', ';', ',', ':', '?', '*', '&', '!', '~', '->', '.', '=', '+=', '++', '<', '>=', '==',
  '&&', '||', '...', 'if', 'else', 'while', 'do', 'for', 'switch', 'case', 'default', 'goto', 'break', 'continue',
  'return', 'out', 'retry:', 'struct', 'unsigned', 'int', 'void', 'page', 'pages[i]', 'folio', 'vmf->page', '0', '1',
  '-1', "'c'", '"str"', '/*', '*/', '//', '\n#if A\n', '\n#ifdef B\n', '\n#else\n', '\n#endif\n', '\n#define x \\\n',
  'lock_page(page);', 'unlock_page(page);', 'kmalloc(1, GFP_KERNEL)', 'GFP_NOFS', 'copy_from_user(a, b, c);',
  'list_for_each_entry(page, head, lru)', 'container_of(p, struct q, r)', 'demofs_call(page)', '__user', 'STATIC',
  '__acquires(', '\n', '\n}\n', '\n{\n', '\nint f(void)\n{\n', 'bio_add_page(bio, page, 1, 0);',
  'set_page_writeback(page);', 'submit_bio(bio);', 'IS_ERR(page)', 'trylock_page(page)', '({', '})', '\\', '"', "'", '#',
];

export function tokenSoup(maxTokens: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...TOKENS), { maxLength: maxTokens }).map((tokens) => tokens.join(' '));
}

export { fc };
