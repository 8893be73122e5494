/**
 * What one C file gives the index: in its head what a call graph needs of each function, in its body what a summary
 * needs. A file's text goes in, two packings come out, and values of these types when they are opened again. Nothing
 * of it depends on where the file lies, so that it can be kept under the hash of its content.
 */

import { createHash } from 'node:crypto';
import { macroNames } from '../c/macro-names.ts';
import { CTextRefused } from '../c/parser.ts';
import { isStatic, ownText } from '../c/units.ts';
import type { SlotFact } from '../events/file-facts.ts';
import { type TypeFact, typeFacts } from '../events/lock-place.ts';
import type { Sequence } from '../events/sequence.ts';
import { SourceSite } from '../events/site.ts';
import type { ContextLock, FlowUnit } from '../flow/file-flow.ts';
import type { Knowledge } from '../knowledge/types.ts';
import { Analyzer } from '../review/analyze-unit.ts';
import { type ReadFile, readImage } from '../review/read-file.ts';
import type { Rule } from '../rules/types.ts';
import { NO_TEXT } from '../source/text.ts';
import { UNKNOWN_ERA } from '../vocabulary/era.ts';
import type { AccessPath, CalledMethod, KernelEvent, LockPlace } from '../vocabulary/event.ts';
import { isKindOfLock, type LockClass } from '../vocabulary/lock.ts';
import { quotedIncludes } from './headers.ts';
import { openSmall, Packing, PackingError, pack, packSmall } from './packing.ts';

/** What the call graph needs of a function. */
export interface FunctionHead {
  readonly name: string;
  /** No other file can call it by its name. */
  readonly isStatic: boolean;
  readonly line: number;
  readonly parameters: number;
  /** Names that it calls and the knowledge does not know, each once, in order of appearance. */
  readonly calls: readonly string[];
  /** Members that it calls and the knowledge does not know, each once. */
  readonly methods: readonly CalledMethod[];
  /** Kinds of its events. */
  readonly kinds: readonly KernelEvent['kind'][];
  /** Locks that it blocks for itself and whose class is in sight, each once, in order of appearance. */
  readonly locks: readonly LockTaken[];
  /** Of its text and of how it is called: a function that has only moved has the same. */
  readonly sum: string;
}

/** Where a function blocks for a lock. */
export interface LockTaken {
  readonly lock: LockClass;
  /** Null for a lock of a class of its own. */
  readonly place: LockPlace | null;
  /** What the lock lies in; null where the call does not say. */
  readonly object: AccessPath | null;
  readonly line: number;
  readonly code: string;
}

/** What every user of the index reads of a file. */
export type FileHead =
  | {
      readonly state: 'read';
      readonly functions: readonly FunctionHead[];
      readonly slots: readonly SlotFact[];
      /** Headers that it names in quotes. */
      readonly includes: readonly string[];
      /** Names that it calls and that are macros of its own. */
      readonly macros: readonly string[];
      /** What its functions' variables say of the types of members and accessors, each once. */
      readonly types: readonly TypeFact[];
    }
  | { readonly state: 'unread'; readonly reason: string };

/** What a summary needs of a function. */
export interface FunctionBody {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Parameters whose types are known. */
  readonly typed: readonly string[];
  readonly context: readonly ContextLock[];
  readonly flagless: readonly AccessPath[];
  readonly sequence: Sequence;
}

/** A file's record as it is stored. */
export interface RecordBytes {
  readonly head: Buffer;
  readonly body: Buffer;
}

/** The record of a file; one that cannot be read has a record that says so. */
export function extractRecord(bytes: Buffer, knowledge: Knowledge, rules: readonly Rule[]): RecordBytes {
  try {
    const file = readImage(bytes, knowledge);
    return file === null ? unread(NO_TEXT) : recordOf(file, knowledge, rules);
  } catch (error) {
    if (!(error instanceof CTextRefused)) throw error;
    return unread(error.message);
  }
}

function unread(reason: string): RecordBytes {
  const head: FileHead = { state: 'unread', reason };
  return { head: pack([head]), body: pack([]) };
}

function recordOf(
  { text, functions: read, facts }: ReadFile,
  knowledge: Knowledge,
  rules: readonly Rule[],
): RecordBytes {
  // Which version of the kernel it is decides nothing of what is kept.
  const analyzer = new Analyzer(read, facts, knowledge, rules, UNKNOWN_ERA, true);
  const flowUnits = analyzer.flowUnits();
  const functions = flowUnits.map(headOf);
  const defined = macroNames(text);
  const macros = [...new Set(functions.flatMap(({ calls }) => calls))].filter((name) => defined.has(name));
  const head: FileHead = {
    state: 'read',
    functions,
    slots: facts.slots,
    includes: quotedIncludes(text),
    macros,
    types: typesIn(flowUnits),
  };
  return { head: pack([head]), body: packSmall(flowUnits.map(bodyOf), plainEvent) };
}

function typesIn(units: readonly FlowUnit[]): readonly TypeFact[] {
  const facts = new Map<string, TypeFact>();
  for (const { unit, sequence } of units) {
    const events = sequence.blocks.flatMap((block) => block.events);
    for (const fact of typeFacts(unit, events)) facts.set(`${fact.place} ${fact.type}`, fact);
  }
  return [...facts.values()];
}

/** Hex digits of a function's sum: it is compared with that of one other function. */
const SUM_LENGTH = 12;

function headOf({ unit, sequence, context, flagless }: FlowUnit): FunctionHead {
  const calls = new Set<string>();
  const methods = new Map<string, CalledMethod>();
  const kinds = new Set<KernelEvent['kind']>();
  const locks = new Map<string, LockTaken>();
  for (const { events } of sequence.blocks) {
    for (const event of events) {
      kinds.add(event.kind);
      const taken = lockTaken(event);
      if (taken !== null) addFirst(locks, `${taken.lock} ${taken.place ?? taken.object}`, taken);
      if (event.kind !== 'call') continue;
      const { callee, method } = event;
      if (callee !== null) calls.add(callee);
      else if (method !== null && method !== undefined) methods.set(`${method.table} ${method.slot}`, method);
    }
  }
  return {
    name: unit.name ?? '',
    isStatic: isStatic(unit),
    line: unit.startLine,
    parameters: unit.parameters.length,
    calls: [...calls],
    methods: [...methods.values()],
    kinds: [...kinds],
    locks: [...locks.values()],
    sum: createHash('sha1')
      .update(ownText(unit).text)
      .update(JSON.stringify([context, flagless]))
      .digest('hex')
      .slice(0, SUM_LENGTH),
  };
}

function lockTaken(event: KernelEvent): LockTaken | null {
  if (event.kind !== 'acquire' || !event.blocks) return null;
  const { lock, object, place = null, site } = event;
  if (place === null && isKindOfLock(lock)) return null;
  return { lock, place, object, line: site.line, code: site.code };
}

/** Blocks do not stand in the order of the text. */
function addFirst(locks: Map<string, LockTaken>, key: string, taken: LockTaken): void {
  const known = locks.get(key);
  if (known === undefined || taken.line < known.line) locks.set(key, taken);
}

function bodyOf({ unit, context, flagless = [], sequence }: FlowUnit): FunctionBody {
  const { name, parameters, parameterTypes } = unit;
  return { name: name ?? '', parameters, typed: [...parameterTypes.keys()], context, flagless, sequence };
}

/** Sites and calls look up what they are asked for; it is asked for here. */
function plainEvent(value: object): object {
  if (value instanceof SourceSite) return { line: value.line, offset: value.offset, code: value.code };
  if (!isCall(value)) return value;
  const { kind, callee, receives, args, result, method, site } = value;
  return { kind, callee, receives, args, result, ...(callee === null && { method }), site };
}

function isCall(value: object): value is Extract<KernelEvent, { kind: 'call' }> {
  return 'kind' in value && value.kind === 'call' && 'receives' in value;
}

/** Throws {@link PackingError} for bytes that are no head. */
export function readHead(bytes: Buffer): FileHead {
  const head: unknown = new Packing(bytes).value(0);
  if (!isHead(head)) throw new PackingError('a packing is no head of a file');
  return head;
}

/** Functions of a file, each read when it is asked for. */
export class RecordBody {
  private readonly packing: Packing;

  /** Throws {@link PackingError} for bytes that are no body. */
  constructor(bytes: Buffer) {
    this.packing = openSmall(bytes);
  }

  /** The function at that place of the head. */
  function(index: number): FunctionBody {
    const body: unknown = this.packing.value(index);
    if (!isBody(body)) throw new PackingError('a packing is no body of a function');
    return body;
  }
}

// What a checksum has shown to be what this version of the program wrote is only told from values of other kinds.

function isHead(value: unknown): value is FileHead {
  return typeof value === 'object' && value !== null && 'state' in value;
}

function isBody(value: unknown): value is FunctionBody {
  return typeof value === 'object' && value !== null && 'sequence' in value;
}
