/**
 * Reads and checks the knowledge files. A bad entry is refused with file, line and reason, because a wrong
 * fact about a kernel API turns into wrong comments on other people's patches.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkYaml } from '../source/checked-yaml.ts';
import type { GfpMask } from '../vocabulary/event.ts';
import type { LockClass, LockClassFacts } from '../vocabulary/lock.ts';
import { readCompiled, writeCompiled } from './compiled.ts';
import { memberKey } from './lookup.ts';
import { type KnowledgeFile, knowledgeFile } from './schema.ts';
import type {
  ApiEntry,
  CallbackType,
  Effect,
  EntryPlace,
  Era,
  FreeClass,
  GuardClass,
  Knowledge,
  MethodCall,
  OpsSlot,
  Ranking,
} from './types.ts';

/** A knowledge file that cannot be used; the message holds one `file:line: reason` a line. */
export class KnowledgeError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'KnowledgeError';
  }
}

/** The files that come with the program, beside this module. */
const KNOWLEDGE_DIRECTORY = fileURLToPath(new URL('.', import.meta.url));

/** What the build makes of the files. */
const COMPILED = join(KNOWLEDGE_DIRECTORY, 'compiled.json');

/** The knowledge that comes with the program, or a directory's; throws as {@link readKnowledge} does. */
export function loadKnowledge(directory?: string): Knowledge {
  const compiled = directory === undefined ? readCompiled(COMPILED) : null;
  return compiled ?? readKnowledge(directory ?? KNOWLEDGE_DIRECTORY);
}

/**
 * Reads and checks the program's own files and leaves the result for {@link loadKnowledge}.
 *
 * @public The build calls it, from the compiled program.
 */
export function compileKnowledge(): void {
  writeCompiled(COMPILED, readKnowledge(KNOWLEDGE_DIRECTORY));
}

/** Reads every `*.yml` below a directory. Throws {@link KnowledgeError} naming all bad entries. */
function readKnowledge(directory: string): Knowledge {
  const all = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const names = all.filter((file) => file.endsWith('.yml')).map((file) => file.replaceAll('\\', '/'));
  return mergeKnowledge(
    names.toSorted().map((file) => ({ file, text: readFileSync(join(directory, file), 'utf8') })),
  );
}

/** A parsed file with the means to say on which line a value stands. */
interface Checked {
  readonly file: string;
  readonly content: KnowledgeFile;
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** Checks the texts and merges them; the order of files does not matter. */
export function mergeKnowledge(files: readonly { file: string; text: string }[]): Knowledge {
  const problems: string[] = [];
  const checked = files.flatMap(({ file, text }) => checkFile(file, text, problems));
  const knowledge = new Merger(problems);
  for (const one of checked) knowledge.add(one);
  for (const one of checked) knowledge.checkReferences(one);
  knowledge.checkRankings();
  if (problems.length > 0) throw new KnowledgeError(problems);
  knowledge.harmlessPrefixes.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return knowledge;
}

/** What the files say together; complains of what stands twice and of what is spoken of but not declared. */
class Merger implements Knowledge {
  readonly apis = new Map<string, ApiEntry[]>();
  readonly harmlessPrefixes: string[] = [];
  readonly gfpFlags = new Map<string, GfpMask>();
  readonly lockClasses = new Map<string, LockClassFacts>();
  readonly lockMembers = new Map<string, LockClass>();
  readonly guards = new Map<string, GuardClass>();
  readonly frees = new Map<string, FreeClass>();
  readonly opsSlots: OpsSlot[] = [];
  readonly methods = new Map<string, MethodCall[]>();
  readonly callbacks = new Map<string, CallbackType>();
  readonly rankings: Ranking[] = [];
  readonly eraMarks = new Map<string, Era>();
  readonly #problems: string[];

  constructor(problems: string[]) {
    this.#problems = problems;
  }

  #complain({ file, line }: EntryPlace, reason: string): void {
    this.#problems.push(`${file}:${line}: ${reason}`);
  }

  add(checked: Checked): void {
    const { file, content, lineOf } = checked;
    this.#addRankings(checked);
    const place = (...path: PropertyKey[]): EntryPlace => ({ file, line: lineOf(path) });
    for (const { prefixes } of content.harmless) this.harmlessPrefixes.push(...prefixes);
    for (const [
      index,
      { id, title, family, nofsScopeSince, members, ...rest },
    ] of content.lockClasses.entries()) {
      if (this.lockClasses.has(id)) this.#complain(place('lockClasses', index), `${id} is declared twice`);
      this.lockClasses.set(id, {
        id,
        title,
        family,
        nofsScopeSince: nofsScopeSince ?? null,
        handles: rest.handles,
        isInReclaim: rest.inReclaim,
        keepsMappingMask: rest.keepsMappingMask,
        isInFault: rest.inFault,
      });
      for (const { member, of } of members) {
        this.#addOnce(this.lockMembers, memberKey(of, member), id, place('lockClasses', index));
      }
    }
    for (const [index, { names, reclaim, io, fs }] of content.gfpFlags.entries()) {
      for (const name of names) {
        this.#addOnce(this.gfpFlags, name, { reclaim, io, fs }, place('gfpFlags', index));
      }
    }
    for (const [index, { names, effects, source, arity, note, ...era }] of content.apis.entries()) {
      const at = place('apis', index);
      for (const { id: name, ...own } of names) {
        const entry = { name, effects, source, arity: arity ?? null, note: note ?? null, ...eraOf(own, era) };
        this.#addApi({ ...entry, place: at });
      }
    }
    for (const [index, { names, acquire, release, source, ...era }] of content.guards.entries()) {
      const at = place('guards', index);
      for (const { id: name, ...own } of names) {
        this.#addOnce(
          this.guards,
          name,
          { name, acquire, release, source, ...eraOf(own, era), place: at },
          at,
        );
      }
    }
    for (const [index, { names, calls, source, ...era }] of content.frees.entries()) {
      const at = place('frees', index);
      for (const { id: name, ...own } of names) {
        this.#addOnce(this.frees, name, { name, calls, source, ...eraOf(own, era), place: at }, at);
      }
    }
    for (const [index, { names }] of content.eraMarks.entries()) {
      for (const { id, ...own } of names) {
        this.#addOnce(this.eraMarks, id, eraOf(own, {}), place('eraMarks', index));
      }
    }
    for (const [index, { types, effects }] of content.callbacks.entries()) {
      for (const { id } of types)
        this.#addOnce(this.callbacks, id, { type: id, effects }, place('callbacks', index));
    }
    for (const [index, { slots, holds, calls, passedTo, ...rest }] of content.opsSlots.entries()) {
      const { struct, lacks, releases, takes, mayTake, paths, sleeps, source } = rest;
      const locks = holds.map(({ lock, argument, member, mode }) => {
        return { lock, argument: argument ?? null, member: member ?? null, mode };
      });
      for (const slot of slots) {
        const passed =
          passedTo === undefined
            ? null
            : { functions: passedTo.functions.map(({ id }) => id), type: passedTo.type };
        const ends = { passedTo: passed, lacks, releases, takes, mayTake };
        const facts = { struct, slot, holds: locks, ...ends, paths, sleeps, source, ...eraOf(rest, {}) };
        this.opsSlots.push({ ...facts, place: place('opsSlots', index) });
        for (const { open, ...call } of calls)
          this.#addMethod({ slot, isOpen: open, ...call }, place('opsSlots', index));
      }
    }
  }

  #addRankings({ content, file, lineOf }: Checked): void {
    for (const [index, { before, after, source, note, ...era }] of content.rankings.entries()) {
      const place = { file, line: lineOf(['rankings', index]) };
      const own = { source, note: note ?? null, ...eraOf(era, {}), place };
      for (const first of before)
        for (const second of after) this.rankings.push({ before: first, after: second, ...own });
    }
  }

  /** Complains of classes that no file declares, and of orders that contradict each other. */
  checkRankings(): void {
    for (const { before, after, place } of this.rankings) {
      for (const lock of [before, after]) {
        if (!this.lockClasses.has(lock)) this.#complain(place, `no lock class ${lock} is declared`);
      }
      if (this.#ranksBefore(after, before)) {
        this.#complain(place, `${before} before ${after} contradicts other rankings`);
      }
    }
  }

  #ranksBefore(first: LockClass, second: LockClass): boolean {
    const seen = new Set([first]);
    for (const lock of seen) {
      if (lock === second) return true;
      for (const { before, after } of this.rankings) if (before === lock) seen.add(after);
    }
    return false;
  }

  #addOnce<V>(map: Map<string, V>, name: string, value: V, place: EntryPlace): void {
    if (map.has(name)) this.#complain(place, `${name} stands twice`);
    map.set(name, value);
  }

  /** Two calls of one slot differ in arguments or in the table. */
  #addMethod(method: MethodCall, place: EntryPlace): void {
    const others = this.methods.get(method.slot) ?? [];
    const isSame = ({ arity, through }: MethodCall): boolean =>
      arity === method.arity &&
      (through.length === 0 ||
        method.through.length === 0 ||
        through.some((one) => method.through.includes(one)));
    if (others.some(isSame)) this.#complain(place, `calls of ${method.slot} stand twice`);
    this.methods.set(method.slot, [...others, method]);
  }

  /** One name may have several entries if each is for another number of arguments. */
  #addApi(entry: ApiEntry): void {
    const others = this.apis.get(entry.name) ?? [];
    if (others.some(({ arity }) => arity === null || entry.arity === null || arity === entry.arity)) {
      const hint = others.some(({ arity }) => arity !== entry.arity)
        ? '; give each of its entries an arity'
        : '';
      this.#complain(entry.place, `${entry.name} stands twice${hint}`);
    }
    this.apis.set(entry.name, [...others, entry]);
  }

  /** Entries may only speak of what is declared: lock classes, gfp flags, functions behind guards. */
  checkReferences({ file, content, lineOf }: Checked): void {
    for (const [index, { effects }] of content.apis.entries()) {
      for (const [position, effect] of effects.entries()) {
        const missing = this.#undeclared(effect);
        if (missing === null) continue;
        this.#complain({ file, line: lineOf(['apis', index, 'effects', position]) }, missing);
      }
    }
    for (const [index, { calls }] of content.opsSlots.entries()) {
      this.#checkEffects(
        calls.flatMap(({ effects }) => effects),
        { file, line: lineOf(['opsSlots', index]) },
      );
    }
    for (const [index, { effects }] of content.callbacks.entries()) {
      this.#checkEffects(effects, { file, line: lineOf(['callbacks', index]) });
    }
    for (const [index, { members }] of content.lockClasses.entries()) {
      for (const { of } of members) {
        if (this.lockClasses.has(of)) continue;
        this.#complain({ file, line: lineOf(['lockClasses', index]) }, `no lock class ${of} is declared`);
      }
    }
    for (const [index, { acquire, release }] of content.guards.entries()) {
      const line = lineOf(['guards', index]);
      for (const name of [acquire, release]) {
        if (!this.apis.has(name)) this.#complain({ file, line }, `no entry under apis for ${name}`);
      }
    }
    for (const [index, { holds, releases, takes, mayTake }] of content.opsSlots.entries()) {
      const line = lineOf(['opsSlots', index]);
      for (const lock of [...holds.map((held) => held.lock), ...releases, ...takes, ...mayTake]) {
        if (!this.lockClasses.has(lock)) this.#complain({ file, line }, `no lock class ${lock} is declared`);
      }
      for (const lock of releases) {
        if (holds.some((held) => held.lock === lock)) continue;
        this.#complain({ file, line }, `releases ${lock}, which it does not hold`);
      }
    }
  }

  #checkEffects(effects: readonly Effect[], place: EntryPlace): void {
    for (const effect of effects) {
      const missing = this.#undeclared(effect);
      if (missing !== null) this.#complain(place, missing);
    }
  }

  #undeclared(effect: Effect): string | null {
    const isLock = effect.verb === 'acquire' || effect.verb === 'release';
    if (isLock && !this.lockClasses.has(effect.lock)) return `no lock class ${effect.lock} is declared`;
    if (effect.verb !== 'alloc' || effect.gfp.kind !== 'constant') return null;
    return this.gfpFlags.has(effect.gfp.name) ? null : `no gfp flag ${effect.gfp.name} is declared`;
  }
}

interface EraText {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** A name's own versions go before those of its entry. */
function eraOf(own: EraText, entry: EraText): Era {
  return { since: own.since ?? entry.since ?? null, until: own.until ?? entry.until ?? null };
}

function checkFile(file: string, text: string, problems: string[]): Checked[] {
  const checked = checkYaml(knowledgeFile, file, text);
  if ('content' in checked) return [{ file, ...checked }];
  problems.push(...checked.problems);
  return [];
}
