/**
 * Proves the knowledge against a kernel tree. In go the knowledge and the tree's directory; out comes what the tree
 * contradicts, each with the place of the entry and what the tree says. Only entries whose era has the tree's version
 * are looked at. A tree cannot prove that an entry is right; it shows the mistakes that time makes: a function that is
 * gone, a mask that moved to another argument, a page that became a folio's address.
 */

import { unreachable } from '../vocabulary/unreachable.ts';
import { type Definition, type KernelTree, type Parameter, readKernelTree } from './kernel-tree.ts';
import type { ApiEntry, Effect, EntryPlace, Era, Knowledge, OpsSlot, ValueRef } from './types.ts';
import { hasVersion } from './version.ts';

export interface TreeProblem {
  readonly place: EntryPlace;
  readonly name: string;
  readonly reason: string;
  /** Where the tree says so; null where it is silent. */
  readonly tree: { readonly file: string; readonly line: number } | null;
}

export interface TreeCheck {
  readonly version: string;
  /** Entries whose era has this version, and those that it leaves out. */
  readonly checked: number;
  readonly skipped: number;
  readonly problems: readonly TreeProblem[];
}

/** Macros that stand for macros: the kernel's chains have two or three. */
const MAX_ALIASES = 5;

/** Compiler builtins have no definition anywhere. */
const BUILTIN = /^__builtin_/;

/** Types that an object may have, by the class of its lock. */
const OBJECT_TYPES: Readonly<Partial<Record<string, RegExp>>> = {
  'page-lock': /\b(page|folio|page_t)\b/,
  mutex: /\bmutex\b/,
  rwsem: /\brw_semaphore\b/,
  semaphore: /\bsemaphore\b/,
  spinlock: /\b(raw_spinlock_t|spinlock_t|raw_spinlock|spinlock)\b/,
  rwlock: /\brwlock_t\b/,
  'buffer-lock': /\bbuffer_head\b/,
};
const PAGE_TYPES = /\b(page|folio)\b/;

export function checkTree(knowledge: Knowledge, root: string): TreeCheck {
  const known = [...knowledge.apis.keys(), ...knowledge.guards.keys(), ...knowledge.frees.keys()];
  // Signatures of aliases are needed too, and their names are not known before the tree is read.
  const names = new Set([...known, ...known.map((name) => `${name}_noprof`)]);
  const structs = new Set(knowledge.opsSlots.map(({ struct }) => struct));
  return new Check(knowledge, readKernelTree(root, { names, structs })).run();
}

class Check {
  readonly #knowledge: Knowledge;
  readonly #tree: KernelTree;
  readonly #problems: TreeProblem[] = [];
  readonly #missingFiles = new Set<string>();
  #checked = 0;
  #skipped = 0;

  constructor(knowledge: Knowledge, tree: KernelTree) {
    this.#knowledge = knowledge;
    this.#tree = tree;
  }

  run(): TreeCheck {
    const { apis, guards, frees, opsSlots } = this.#knowledge;
    for (const entries of apis.values()) {
      for (const entry of entries) if (this.#isOfThisVersion(entry)) this.#checkApi(entry);
    }
    for (const guard of guards.values()) {
      if (this.#isOfThisVersion(guard))
        this.#checkMade(guard, 'guard', 'DEFINE_GUARD() or DEFINE_LOCK_GUARD_x()');
    }
    for (const free of frees.values()) {
      if (this.#isOfThisVersion(free)) this.#checkMade(free, 'free', 'DEFINE_FREE()');
    }
    for (const slot of opsSlots) if (this.#isOfThisVersion(slot)) this.#checkSlot(slot);
    const problems = this.#problems.toSorted(
      (a, b) => compare(a.place.file, b.place.file) || a.place.line - b.place.line || compare(a.name, b.name),
    );
    return { version: this.#tree.version, checked: this.#checked, skipped: this.#skipped, problems };
  }

  #isOfThisVersion(era: Era): boolean {
    const applies = hasVersion(era, this.#tree.version);
    if (applies) this.#checked++;
    else this.#skipped++;
    return applies;
  }

  #complain(place: EntryPlace, name: string, reason: string, tree: TreeProblem['tree'] = null): void {
    this.#problems.push({ place, name, reason, tree });
  }

  #checkApi(entry: ApiEntry): void {
    const { name, place } = entry;
    this.#checkSource(entry);
    if (BUILTIN.test(name)) return;
    const definitions = this.#tree.definitions.get(name);
    if (definitions === undefined) {
      this.#complain(place, name, `is nowhere in ${this.#tree.version}`);
      return;
    }
    const signatures = definitions
      .map((definition) => this.#signature(definition))
      .filter((signature) => signature !== null);
    // Configurations and machines define it differently: one that fits is enough.
    const faults = signatures.map((signature) => ({ signature, fault: this.#faultOf(entry, signature) }));
    const [first] = faults;
    if (first === undefined || first.fault === null || faults.some(({ fault }) => fault === null)) return;
    const typed = faults.find(({ signature }) => signature.isTyped) ?? first;
    if (typed.fault !== null) this.#complain(place, name, typed.fault, typed.signature);
  }

  /** Parameters of what is called in the end; null where nothing shows them. */
  #signature(start: Definition): Signature | null {
    let definition = start;
    for (let count = 0; count < MAX_ALIASES; count++) {
      const { parameters, file, line, kind } = definition;
      if (parameters !== null) return { parameters, file, line, isTyped: kind !== 'macro' };
      const others: readonly Definition[] = this.#tree.definitions.get(definition.alias ?? '') ?? [];
      const next = others.find((other) => other.parameters !== null) ?? others[0];
      if (next === undefined) return null;
      definition = next;
    }
    return null;
  }

  /** What is wrong with the entry if the function looks like that. */
  #faultOf({ effects, arity }: ApiEntry, { parameters, isTyped }: Signature): string | null {
    const isVariadic = parameters.some(({ text }) => text.endsWith('...'));
    if (arity !== null && !isVariadic && arity !== parameters.length) {
      return `has ${parameters.length} arguments, not ${arity}`;
    }
    for (const effect of effects) {
      for (const { ref, types, what } of this.#expectations(effect)) {
        const position = ref === 'last' ? parameters.length : ref;
        const parameter = position === 'result' ? undefined : parameters[position - 1];
        if (position === 'result' || (parameter === undefined && isVariadic)) continue;
        if (parameter === undefined)
          return `${what} is argument ${position}, and it has only ${parameters.length}`;
        if (!isTyped || types === null || types.test(parameter.text)) continue;
        return `${what} is argument ${position}, and that is "${parameter.text}"${elsewhere(parameters, types)}`;
      }
    }
    return null;
  }

  /** Which arguments an effect speaks of, and what types they may have. */
  #expectations(effect: Effect): { ref: ValueRef; types: RegExp | null; what: string }[] {
    switch (effect.verb) {
      case 'alloc':
        return effect.gfp.kind === 'argument'
          ? [{ ref: effect.gfp.argument, types: GFP_TYPES, what: 'the gfp mask' }]
          : [];
      case 'acquire':
      case 'release': {
        const types = OBJECT_TYPES[effect.lock] ?? null;
        return effect.object === null
          ? []
          : [{ ref: effect.object, types, what: `the object of ${effect.lock}` }];
      }
      case 'setWriteback':
      case 'endWriteback':
      case 'setUptodate':
        return [{ ref: effect.object, types: PAGE_TYPES, what: 'the page' }];
      case 'wait':
      case 'dirty':
      case 'zero':
      case 'mapInstall':
      case 'recheck':
      case 'invalidate':
      case 'fresh':
      case 'publish':
        return effect.object === null ? [] : [{ ref: effect.object, types: null, what: 'the object' }];
      case 'bioAdd':
      case 'bioSubmit':
        return [{ ref: effect.bio, types: /\*/, what: 'the bio' }];
      case 'sameObject':
        return [{ ref: effect.object, types: null, what: 'the object' }];
      case 'stores':
        return [
          { ref: effect.object, types: null, what: 'what is stored' },
          { ref: effect.into, types: null, what: 'where it is stored' },
        ];
      case 'enterScope':
      case 'leaveScope':
      case 'fault':
      case 'copy':
      case 'sleep':
      case 'stop':
        return [];
      default:
        return unreachable(effect);
    }
  }

  #checkMade(
    entry: Era & { name: string; source: string; place: EntryPlace },
    kind: Definition['kind'],
    by: string,
  ): void {
    this.#checkSource(entry);
    const isMade =
      this.#tree.definitions.get(entry.name)?.some((definition) => definition.kind === kind) ?? false;
    if (!isMade) this.#complain(entry.place, entry.name, `no ${by} in ${this.#tree.version} makes it`);
  }

  #checkSlot(entry: OpsSlot): void {
    const { struct, slot, holds, place } = entry;
    const name = `${struct}.${slot}`;
    this.#checkSource({ ...entry, name });
    if (entry.passedTo !== null) return;
    const body = this.#tree.structs.get(struct);
    if (body === undefined) {
      this.#complain(place, name, `${this.#tree.version} has no struct ${struct}`);
      return;
    }
    const list = new RegExp(`\\(\\s*\\*\\s*${slot}\\s*\\)\\s*\\(([^;]*)\\)\\s*;`).exec(body.text)?.[1];
    if (list === undefined) {
      this.#complain(place, name, `the structure has no method of that name`, body);
      return;
    }
    const count = list.split(',').length;
    for (const { argument } of holds) {
      if (argument === null || argument <= count) continue;
      this.#complain(place, name, `a lock lies in argument ${argument}, and it has only ${count}`, body);
    }
  }

  /** Whether a file that `source` names is there; one with a version behind it in brackets need not be. */
  #checkSource({ source, place, name }: { source: string; place: EntryPlace; name: string }): void {
    const files = [...source.matchAll(SOURCE_FILE)].map(([, path = '', version]) => ({ path, version }));
    // Files move: one of those that are named is enough, and one of another version is not asked for.
    if (files.some(({ path }) => this.#tree.hasFile(path))) return;
    for (const { path, version } of files) {
      if (version !== undefined) continue;
      const key = `${place.file}:${place.line} ${path}`;
      if (this.#missingFiles.has(key)) continue;
      this.#missingFiles.add(key);
      this.#complain(place, name, `its source ${path} is not in ${this.#tree.version}`);
    }
  }
}

interface Signature {
  readonly parameters: readonly Parameter[];
  readonly file: string;
  readonly line: number;
  /** A macro's parameters bear no types. */
  readonly isTyped: boolean;
}

/** Masks were `int` and `unsigned int __nocast` before gfp_t came in 2.6.15; XFS kept the latter for its own. */
const GFP_TYPES = /\b(gfp_t|xfs_km_flags_t|__nocast)\b|\bgfp|\b(int|uint) (\w*flags|mask|priority)$/;

/** `mm/filemap.c`, `include/linux/mm.h (2.4)`. */
const SOURCE_FILE = /([\w-]+(?:\/[\w.-]+)*\.(?:c|h|S|rst|tbl))\b( \([^)]*\d[^)]*\))?/g;

/** Where the wanted type stands instead. */
function elsewhere(parameters: readonly Parameter[], types: RegExp): string {
  const position = parameters.findIndex(({ text }) => types.test(text));
  return position < 0 ? '' : `; argument ${position + 1} is "${parameters[position]?.text ?? ''}"`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
