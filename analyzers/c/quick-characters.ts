/**
 * Characters and words of C for the quick readers: what a character code can be part of, and which words the
 * grammar of tree-sitter-c never takes for the name of a variable.
 */

const WORD_START = 1;
const DIGIT = 2;
const SPACE = 4;

/** What each code below 128 is; anything above is none of it. */
const CLASSES = new Uint8Array(128);
for (let code = 0; code < CLASSES.length; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(char)) CLASSES[code] = WORD_START;
  else if (/\d/.test(char)) CLASSES[code] = DIGIT;
  else if (/[ \t\n\r]/.test(char)) CLASSES[code] = SPACE;
}

function classOf(code: number): number {
  return CLASSES[code] ?? 0;
}

export function startsWord(code: number): boolean {
  return classOf(code) === WORD_START;
}

export function continuesWord(code: number): boolean {
  return (classOf(code) & (WORD_START | DIGIT)) !== 0;
}

export function isDigit(code: number): boolean {
  return classOf(code) === DIGIT;
}

export function isSpace(code: number): boolean {
  return classOf(code) === SPACE;
}

/** The words that say how wide a number is; a type may have several. */
export const SIZE_WORDS: ReadonlySet<string> = new Set(['signed', 'unsigned', 'long', 'short']);

/** The words that stand in front of a type's name and change nothing of what is declared. */
export const QUALIFIERS: ReadonlySet<string> = new Set(['const', 'volatile']);

/** A tag follows these. */
export const TAG_WORDS: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);

/** The grammar's own types. */
export const PRIMITIVE_TYPES: ReadonlySet<string> = new Set([
  ...words('bool char int float double void size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t nullptr_t'),
  ...words('max_align_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t'),
  ...words('char8_t char16_t char32_t char64_t'),
]);

/** All words with a meaning of their own; a few that only extensions know are among them. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...SIZE_WORDS,
  ...QUALIFIERS,
  ...TAG_WORDS,
  ...PRIMITIVE_TYPES,
  ...words('if else for while do switch case default goto break continue return'),
  ...words(
    'typedef extern static register auto inline __inline __inline__ __forceinline constexpr thread_local',
  ),
  ...words('restrict __restrict__ _Atomic _Noreturn noreturn _Nonnull __thread __extension__ __attribute__'),
  ...words('__attribute __declspec __based __cdecl __clrcall __stdcall __fastcall __thiscall __vectorcall'),
  ...words('__unaligned _unaligned __try __except __finally __leave asm __asm __asm__ __volatile__ typeof'),
  ...words('__typeof__ __typeof sizeof offsetof alignof alignas _alignof _Alignof _Alignas __alignof'),
  ...words('__alignof__ _Generic defined'),
]);

/** How a literal of more than one byte a character begins. */
export const STRING_PREFIXES: ReadonlySet<string> = new Set(['L', 'u', 'U', 'u8']);

function words(list: string): string[] {
  return list.split(' ');
}
