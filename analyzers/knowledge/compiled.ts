/**
 * The knowledge as the build leaves it beside the program: checked already, and read in a few milliseconds, where the
 * YAML takes longer than the review of a patch. Written and read by one version of the program only.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import type { Knowledge } from './types.ts';

type Maps =
  | 'apis'
  | 'gfpFlags'
  | 'lockClasses'
  | 'lockMembers'
  | 'guards'
  | 'frees'
  | 'methods'
  | 'callbacks'
  | 'eraMarks';

/** Maps as lists of their entries. */
type Packed = Omit<Knowledge, Maps> & {
  readonly [Name in Maps]: Knowledge[Name] extends ReadonlyMap<infer Key, infer Value>
    ? readonly (readonly [Key, Value])[]
    : never;
};

export function writeCompiled(file: string, knowledge: Knowledge): void {
  const {
    harmlessPrefixes,
    opsSlots,
    rankings,
    apis,
    gfpFlags,
    lockClasses,
    lockMembers,
    guards,
    frees,
    methods,
    callbacks,
    eraMarks,
  } = knowledge;
  const packed: Packed = {
    harmlessPrefixes,
    opsSlots,
    rankings,
    apis: [...apis],
    gfpFlags: [...gfpFlags],
    lockClasses: [...lockClasses],
    lockMembers: [...lockMembers],
    guards: [...guards],
    frees: [...frees],
    methods: [...methods],
    callbacks: [...callbacks],
    eraMarks: [...eraMarks],
  };
  writeFileSync(file, JSON.stringify(packed));
}

/** Null when there is no such file: the program then runs from its sources. */
export function readCompiled(file: string): Knowledge | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const packed: unknown = JSON.parse(text);
  if (!isPacked(packed)) throw new Error(`${file} was not written by this program`);
  return {
    harmlessPrefixes: packed.harmlessPrefixes,
    opsSlots: packed.opsSlots,
    rankings: packed.rankings,
    apis: new Map(packed.apis),
    gfpFlags: new Map(packed.gfpFlags),
    lockClasses: new Map(packed.lockClasses),
    lockMembers: new Map(packed.lockMembers),
    guards: new Map(packed.guards),
    frees: new Map(packed.frees),
    methods: new Map(packed.methods),
    callbacks: new Map(packed.callbacks),
    eraMarks: new Map(packed.eraMarks),
  };
}

/** The build wrote it from checked values; only a file of another kind is to be told. */
function isPacked(value: unknown): value is Packed {
  return typeof value === 'object' && value !== null && 'apis' in value && Array.isArray(value.apis);
}
