/**
 * Names that the kernel makes with macros, so that no definition bears them: page flags, buffer flags, guards. In goes
 * a line of a header; out come the names that it makes.
 */

export interface GeneratedName {
  readonly kind: 'generated' | 'guard' | 'free';
  readonly id: string;
}

/** `PAGEFLAG(Dirty, dirty, PF_HEAD)` and the many like it; since 6.10 also `FOLIO_FLAG(dirty, FOLIO_HEAD_PAGE)`. */
const PAGE_FLAG =
  /\b(?:__)?(?:PAGEFLAG|TESTPAGEFLAG|SETPAGEFLAG|CLEARPAGEFLAG|TESTSETFLAG|TESTCLEARFLAG|TESTSCFLAG|PAGE_TYPE_OPS)(?:_FALSE|_NOOP|_CANCEL)?\((\w+), *(\w+)/g;
const FOLIO_FLAG = /\b(?:__)?FOLIO_\w*(?:FLAG|OPS)(?:_FALSE|_NOOP)?\((\w+)/g;
const FLAG_VARIANTS =
  /\b(?:__)?(?:SETPAGEFLAG|CLEARPAGEFLAG|TESTSETFLAG|TESTCLEARFLAG)(?:_NOOP|_FALSE)?\((\w+), *(\w+)/g;
const BUFFER_FLAG = /\b(?:TAS_)?BUFFER_FNS\((\w+), *(\w+)\)/g;
const GUARD = /\bDEFINE_(?:GUARD|LOCK_GUARD_0|LOCK_GUARD_1)\((\w+)/g;
const CONDITIONAL_GUARD = /\bDEFINE_(?:GUARD|LOCK_GUARD_1)_COND\((\w+), *(\w+)/g;
const FREE = /\bDEFINE_FREE\((\w+)/g;

export function generatedNames(file: string, line: string): GeneratedName[] {
  const names: GeneratedName[] = [];
  const make = (kind: GeneratedName['kind'], ...ids: string[]): void => {
    for (const id of ids) names.push({ kind, id });
  };
  if (line.startsWith('DEFINE_')) {
    for (const [, id = ''] of line.matchAll(GUARD)) make('guard', id);
    for (const [, id = '', suffix = ''] of line.matchAll(CONDITIONAL_GUARD)) make('guard', `${id}${suffix}`);
    for (const [, id = ''] of line.matchAll(FREE)) make('free', id);
  }
  if (line.includes('BUFFER_FNS')) {
    for (const [, , flag = ''] of line.matchAll(BUFFER_FLAG)) {
      make('generated', `set_buffer_${flag}`, `clear_buffer_${flag}`, `buffer_${flag}`);
      make('generated', `test_set_buffer_${flag}`, `test_clear_buffer_${flag}`);
    }
  }
  if (!file.endsWith('page-flags.h')) return names;
  for (const pattern of [PAGE_FLAG, FLAG_VARIANTS]) {
    for (const [, upper = '', lower = ''] of line.matchAll(pattern)) {
      make(
        'generated',
        `Page${upper}`,
        ...['Set', 'Clear', 'TestSet', 'TestClear', '__Set', '__Clear'].map((verb) => `${verb}Page${upper}`),
      );
      make('generated', ...folioFlags(lower));
    }
  }
  for (const [, lower = ''] of line.matchAll(FOLIO_FLAG)) make('generated', ...folioFlags(lower));
  return names;
}

function folioFlags(flag: string): string[] {
  const plain = ['test', 'set', 'clear', 'test_set', 'test_clear'].map((verb) => `folio_${verb}_${flag}`);
  return [...plain, `__folio_set_${flag}`, `__folio_clear_${flag}`];
}
