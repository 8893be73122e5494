/**
 * `npm run eval -- coverage --tree LINUX [--list N]`: which share of the calls in fs, mm and block that reach an
 * allocator, a page lock, a user copy or a transaction directly the knowledge names. How it is counted:
 *
 * - A call is a name with an opening bracket behind it, inside a function body of a .c file of the three directories,
 *   comments and strings left out.
 * - A primitive is one of the names below. Transactions: what the knowledge has, all filesystems', and besides what is
 *   named as their starts and ends are (`xfs_trans_alloc`, `btrfs_join_transaction_nolock`), known or not.
 * - A call reaches one directly if it calls a primitive, or a function or macro in whose own body a primitive's name
 *   is called. A function of the same file goes before one of the same name elsewhere.
 * - It is a call of the kernel's API if include/ declares or defines what is called and the caller's file does not, or
 *   if it is a primitive. The rest is for summaries, and counted apart: functions of the caller's own file, and
 *   functions that files of one filesystem, of mm or of block share through a header of their own.
 * - Programs that run on the host while the kernel is built are left out.
 * - The knowledge names a call if it has an entry for the name (with that arity or any), or a harmless prefix.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';

const CALLERS: ReadonlySet<string> = new Set(['fs', 'mm', 'block']);
const DEFINERS = ['include', 'fs', 'mm', 'block', 'lib', 'kernel', 'ipc'];
const LISTED = 60;

/** Programs that the build runs on the host are no kernel code. */
const HOST_PROGRAM = /^#include <stdlib\.h>/m;

type Kind = 'allocation' | 'page lock' | 'user copy' | 'transaction';

const PRIMITIVES: Readonly<Record<Exclude<Kind, 'transaction'>, RegExp>> = {
  allocation:
    /^(__)?(k[mzc]alloc|kmalloc_array|kv[mz]alloc|kvcalloc|kvmalloc_array|v[mz]alloc|krealloc|kvrealloc|kmem_cache_(z?alloc)|alloc_pages?|folio_alloc|get_free_pages?|get_zeroed_page|mempool_alloc|alloc_percpu|pcpu_alloc|slab_alloc|slab_alloc_node|do_kmalloc_node)(_noprof|_node|_lru|_bulk|_gfp|_mpol|_node_track_caller|_track_caller|_cache_noprof|_large_noprof|_large_node_noprof|_range|_bulk_array|_bulk_noprof|_exact|_current_node|_lru_noprof|_node_noprof|_mpol_noprof)*$/,
  'page lock': /^(__)?((un|try)?lock_page|folio_(un|try)?lock)(_killable|_or_retry|_async)?$/,
  'user copy':
    /^(_+|raw_)?(copy_(from|to|in)_user|clear_user|get_user|put_user|strncpy_from_user|strnlen_user|unsafe_(get|put)_user|copy_struct_from_user)(_nofault|_inatomic)?$|^(__)?fault_in_(readable|writeable|safe_writeable|subpage_writeable)$/,
};

/** How starts and ends of transactions are named, whether the knowledge has them or not. */
const TRANSACTION =
  /^\w*(?:journal|_trans(?:action)?)_(?:start|begin|join|attach|alloc|stop|end|commit|abort|cancel)(?:_(?:sb|inode|icreate|ichange|dir|empty|reserved|nolock|nostart|spacecache|barrier|throttle))*$|^\w+_(?:start|join|attach|end|commit)_trans(?:action)?(?:_(?:nolock|nostart|spacecache|barrier|throttle))*$/;

const knowledge = loadKnowledge();

function kindOf(name: string): Kind | null {
  for (const kind of ['allocation', 'page lock', 'user copy'] as const) {
    if (PRIMITIVES[kind].test(name)) return kind;
  }
  const isTransaction = knowledge.apis
    .get(name)
    ?.some(({ effects }) =>
      effects.some(
        (effect) =>
          (effect.verb === 'acquire' || effect.verb === 'release') && effect.lock.startsWith('transaction('),
      ),
    );
  return isTransaction === true || TRANSACTION.test(name) ? 'transaction' : null;
}

/** Comments, strings and characters become blanks; lines stay. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/g, (found) =>
    found.replace(/[^\n]/g, ' '),
  );
}

interface Body {
  readonly name: string;
  readonly calls: readonly { name: string; args: number }[];
}

const KEYWORDS = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'sizeof',
  'typeof',
  '__typeof__',
  'do',
  'else',
  'case',
  'defined',
  '__attribute__',
]);

function callsIn(text: string): Body['calls'] {
  const calls: { name: string; args: number }[] = [];
  for (const found of text.matchAll(/(?<![\w.>])([A-Za-z_]\w*)[ \t\n]*\(/g)) {
    const [all, name = ''] = found;
    if (KEYWORDS.has(name)) continue;
    calls.push({ name, args: countArguments(text, found.index + all.length - 1) });
  }
  return calls;
}

function countArguments(text: string, open: number): number {
  let depth = 0;
  let commas = 0;
  let isEmpty = true;
  for (let at = open; at < text.length; at++) {
    const char = text[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) {
      if (--depth === 0) break;
    } else if (char === ',' && depth === 1) commas++;
    else if (!/\s/.test(char)) isEmpty = false;
    if (depth > 1) isEmpty = false;
  }
  return isEmpty ? 0 : commas + 1;
}

/** Functions whose name and brace stand as the kernel's style wants, and macros with their continued lines. */
function bodiesOf(text: string): Body[] {
  const bodies: Body[] = [];
  for (const { index } of text.matchAll(/^\{/gm)) {
    const close = text.indexOf('\n}', index);
    const head = text.slice(Math.max(0, index - 600), index);
    const declared = head.slice(
      Math.max(head.lastIndexOf('\n}'), head.lastIndexOf(';'), head.lastIndexOf('\n#')) + 1,
    );
    const name = functionName(declared);
    if (name !== null)
      bodies.push({ name, calls: callsIn(text.slice(index, close < 0 ? text.length : close)) });
  }
  for (const [, name = '', body = ''] of text.matchAll(
    /^#[ \t]*define[ \t]+(\w+)\([^)]*\)((?:[^\\\n]|\\[^])*)/gm,
  )) {
    bodies.push({ name, calls: callsIn(body) });
  }
  for (const [, name = '', target = ''] of text.matchAll(/^#[ \t]*define[ \t]+(\w+)[ \t]+(\w+)[ \t]*$/gm)) {
    bodies.push({ name, calls: [{ name: target, args: 0 }] });
  }
  // `static inline int f(void) { return g(); }` on one line.
  for (const [, name = '', body = ''] of text.matchAll(
    /^static[^\n(={]*\b(\w+)\([^\n{]*\)[ \t]*\{([^\n]*)\}$/gm,
  )) {
    bodies.push({ name, calls: callsIn(body) });
  }
  return bodies;
}

function functionName(declared: string): string | null {
  for (const [, name = ''] of declared.matchAll(/([A-Za-z_]\w*)[ \t\n]*\(/g)) {
    if (
      !/^(__printf|__acquires|__releases|__must_hold|__attribute__|__free|__alloc_size|__realloc_size)$/.test(
        name,
      )
    )
      return name;
  }
  return null;
}

function filesBelow(root: string, folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .toSorted()
    .map((file) => `${folder}/${file}`);
}

function isNamed(name: string, count: number): boolean {
  const entries = knowledge.apis.get(name);
  if (entries !== undefined) return entries.some(({ arity }) => arity === null || arity === count);
  return knowledge.harmlessPrefixes.some((prefix) => name.startsWith(prefix));
}

interface Tally {
  calls: number;
  named: number;
  readonly missing: Map<string, number>;
}

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { tree: { type: 'string' }, list: { type: 'string' } },
  });
  const { tree } = values;
  if (tree === undefined) {
    process.stderr.write('usage: npm run eval -- coverage --tree LINUX [--list N]\n');
    return 2;
  }
  // What each name's definitions call, in headers and sources; and what each file defines itself.
  const definedIn = new Map<string, Map<string, Set<Kind>>>();
  const inHeaders = new Set<string>();
  const callers = new Map<string, readonly Body[]>();
  for (const folder of DEFINERS) {
    for (const file of filesBelow(tree, folder, /\.[ch]$/)) {
      const source = readFileSync(join(tree, file), 'latin1');
      if (HOST_PROGRAM.test(source)) continue;
      const text = withoutComments(source);
      const bodies = bodiesOf(text);
      const own = new Map<string, Set<Kind>>();
      for (const { name, calls } of bodies) {
        const kinds = own.get(name) ?? new Set<Kind>();
        for (const call of calls) {
          const kind = call.name === name ? null : kindOf(call.name);
          if (kind !== null) kinds.add(kind);
        }
        own.set(name, kinds);
      }
      definedIn.set(file, own);
      if (folder === 'include') {
        for (const { name } of bodies) inHeaders.add(name);
        for (const [, name = ''] of text.matchAll(/\b(\w+)\s*\([^;{}]*\)[\s\w()]*;/g)) inHeaders.add(name);
      }
      if (CALLERS.has(folder) && file.endsWith('.c')) callers.set(file, bodies);
    }
  }
  const reach = new Map<string, Set<Kind>>();
  for (const own of definedIn.values()) {
    for (const [name, kinds] of own) {
      const all = reach.get(name) ?? new Set<Kind>();
      for (const kind of kinds) all.add(kind);
      reach.set(name, all);
    }
  }
  const tallies = new Map<string, Tally>();
  const count = (row: string, name: string, named: boolean): void => {
    const tally = tallies.get(row) ?? { calls: 0, named: 0, missing: new Map<string, number>() };
    tallies.set(row, tally);
    tally.calls++;
    if (named) tally.named++;
    else tally.missing.set(name, (tally.missing.get(name) ?? 0) + 1);
  };
  for (const [file, bodies] of callers) {
    const own = definedIn.get(file);
    for (const { calls } of bodies) {
      for (const { name, args: size } of calls) {
        const primitive = kindOf(name);
        const isLocal = own?.has(name) === true;
        const kinds = primitive !== null ? new Set([primitive]) : isLocal ? own.get(name) : reach.get(name);
        if (kinds === undefined || kinds.size === 0) continue;
        const named = isNamed(name, size);
        const isApi = primitive !== null || (!isLocal && inHeaders.has(name));
        const row = isLocal ? 'functions of the same file' : 'functions of the same filesystem, mm or block';
        count(isApi ? 'kernel API, all kinds' : row, name, named);
        if (isApi) for (const kind of kinds) count(`kernel API, ${kind}`, name, named);
      }
    }
  }
  for (const [row, { calls, named, missing }] of [...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const share = ((100 * named) / calls).toFixed(2);
    process.stdout.write(
      `${row.padEnd(42)} ${named} of ${calls} calls (${share} %), ${missing.size} names missing\n`,
    );
  }
  const missing = tallies.get('kernel API, all kinds')?.missing ?? new Map<string, number>();
  const rows = [...missing].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  for (const [name, calls] of rows.slice(0, Number(values.list ?? LISTED))) {
    process.stdout.write(`  ${String(calls).padStart(5)}  ${name}\n`);
  }
  return 0;
}
