/**
 * What tree-sitter-c cannot read of kernel C, as data, each with its reason. `rewrite.ts` applies it without
 * changing any length, so that every offset stays true. Found by counting the error nodes of fs, mm and
 * block of a 6.12 tree: the groups below are in the order of how many errors they cause.
 */

/** Attribute macros that stand alone; blanked. Without its definition each reads as a second type name. */
// biome-ignore format: a list of words
export const ATTRIBUTES: ReadonlySet<string> = new Set([
  // address spaces and sparse marks
  '__user', '__kernel', '__rcu', '__iomem', '__percpu', '__force', '__nocast', '__private', '__bitwise', '__bpf_kfunc',
  // sections and start-up
  '__init', '__exit', '__initdata', '__exitdata', '__initconst', '__meminit', '__memexit', '__meminitdata',
  '__init_memblock', '__initdata_memblock', '__cpuinit', '__devinit', '__devexit', '__ref', '__refdata', '__read_mostly', '__ro_after_init', '__sched',
  '__net_init', '__net_exit', '__net_initdata', '__latent_entropy', '__cacheline_aligned',
  '____cacheline_aligned', '__cacheline_aligned_in_smp', '____cacheline_aligned_in_smp',
  '____cacheline_internodealigned_in_smp', '__page_aligned_data', '__page_aligned_bss',
  // code generation
  'noinline', 'noinline_for_stack', '__always_inline', '__always_unused', '__maybe_unused',
  '__must_check', '__pure', '__attribute_const__', '__cold', '__hot', '__noreturn', '__weak', '__packed',
  '__visible', '__used', '__noclone', '__deprecated', '__flatten', '__malloc', '__randomize_layout',
  '__no_randomize_layout', '__designated_init', '__no_sanitize_address', '__no_kcsan',
  'asmlinkage', 'fastcall', 'notrace', 'noinstr', '__kprobes', 'FASTCALL',
  '__lockfunc', '__fastpath_inline', 'forceinline', 'check_canary_attributes', 'pad_check_attributes', 'EXPORT_FOR_TESTS',
  '__nosavedata', '__nonstring', '__ALIGNED__',
  // matroxfb before 2.6.33: a first parameter with its comma
  'WPMINFO', 'CPMINFO', 'PMINFO',
]);

/** Attribute macros with an argument list; blanked together with it. */
// biome-ignore format: a list of words
export const ATTRIBUTE_CALLS: ReadonlySet<string> = new Set([
  '__acquires', '__releases', '__must_hold', '__cond_acquires', '__acquires_shared', '__releases_shared',
  '__printf', '__scanf', '__aligned', '__section', '__alias', '__counted_by', '__counted_by_le', '__free',
  '__assume_aligned', '__alloc_size', '__realloc_size', '__cleanup',
  '__guarded_by', '__pt_guarded_by', '__attribute__', '__attribute',
]);

/** Macros that stand for a C keyword of at most their own length. */
export const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ['STATIC', 'static'], // XFS and ReiserFS: static, or nothing in debug builds
  ['TRACE_EXIT', 'return'], // ftape, up to 2.6.19
  ['BUGLVL', 'if'], // ARCnet: a test of the debug level
  ['ANDP', ','], // g_NCR5380: a comma, or nothing in builds without messages
  // The grammar knows them with a type and a plain member only; nothing in them is evaluated.
  ['offsetof', 'sizeof'],
  ['__builtin_offsetof', 'sizeof'],
  ['__alignof__', 'sizeof'],
  ['__alignof', 'sizeof'],
  ['_Alignof', 'sizeof'],
  ['alignof', 'sizeof'],
]);

/** Words of a type name inside such an argument list that the parser cannot take there. */
// biome-ignore format: a list of words
export const TYPE_WORDS: ReadonlySet<string> = new Set([
  'struct', 'union', 'enum', 'const', 'volatile', 'unsigned', 'signed',
]);

/** Words that alone name a type; kept as the argument's name unless a type word before them stands for it. */
export const BASIC_TYPES: ReadonlySet<string> = new Set(['int', 'long', 'short', 'char', 'void']);

/** Words with a parenthesis and a statement behind them, and a macro that stands for one. */
export const CONTROL_WORDS: ReadonlySet<string> = new Set(['if', 'while', 'for', 'switch', 'do', 'BUGLVL']);

/** Words whose parenthesis is no argument list: a type in it is read as it stands. */
// biome-ignore format: a list of words
export const EXPRESSION_WORDS: ReadonlySet<string> = new Set([
  'return', 'sizeof', 'else', 'case', 'goto', 'asm', '__asm__', '_Generic',
  'alignof', '_Alignof', '__alignof__', '__alignof',
]);

/** Statements that `scoped_cond_guard` takes as its second argument. */
export const JUMP_WORDS: ReadonlySet<string> = new Set(['return', 'goto', 'break', 'continue']);
