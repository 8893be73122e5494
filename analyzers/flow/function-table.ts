/**
 * A function table: what each function of a tree may do to its callers, as text that one line a function makes, below the file
 * that it stands in. A table is opened by a look at its lines, which takes milliseconds, and a line is read when its function is
 * asked for; `check` reads them all. docs/shipped-knowledge.md describes the form.
 */

import type { LockClass } from '../vocabulary/lock.ts';
import { readSummary } from './read-summary.ts';
import type { FunctionSummary } from './summary.ts';
import { TableSyntaxError } from './table-terms.ts';

/** A table that cannot be used; the message names file, line and reason. */
export class TableError extends Error {
  constructor(file: string, line: number, reason: string, cause?: unknown) {
    super(`${file}:${line}: ${reason}`, { cause });
    this.name = 'TableError';
  }
}

export interface TableFunction {
  readonly name: string;
  readonly parameters: number;
  /** The function's file. */
  readonly path: string;
  /** As `effectsText` gives them. */
  readonly effects: string;
}

export interface TableContent {
  /** The kernel's version: `6.12`. */
  readonly asOf: string;
  /** What of the tree was read; empty for all of it. */
  readonly folders: readonly string[];
  readonly functions: readonly TableFunction[];
}

/** A table of another form has another first line. */
const FIRST_LINE = 'patchwitness function table, form 1';

const AS_OF = 'as of Linux ';
const READ = 'read: ';
const HEADER_LINES = 4;
const IN = 'in ';
const COUNT = / functions$/;

/** The same text for the same functions, in whatever order they come. */
export function tableText({ asOf, folders, functions }: TableContent): string {
  const lines = [
    FIRST_LINE,
    AS_OF + asOf,
    READ + (folders.length === 0 ? '.' : folders.toSorted().join(' ')),
    `${functions.length} functions`,
  ];
  const sorted = functions.toSorted((a, b) => compare(a.path, b.path) || compare(a.name, b.name));
  let path = '';
  for (const one of sorted) {
    if (one.path !== path) lines.push(IN + one.path);
    path = one.path;
    lines.push(`${one.name} ${one.parameters}${one.effects === '' ? '' : ` ${one.effects}`}`);
  }
  return `${lines.join('\n')}\n`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

interface LineOfTable {
  /** Counted from 1. */
  readonly number: number;
  readonly path: string;
  /** Parameters and effects. */
  readonly text: string;
}

const LINE = /^(\d{1,2})(?: (.*))?$/;

/** Parameters of a function of a table; the kernel has none with half as many. */
const MAX_PARAMETERS = 32;

type Locks = { has(lock: LockClass): boolean };

export class FunctionTable {
  readonly asOf: string;
  private readonly file: string;
  private readonly folders: readonly string[];
  private readonly locks: Locks;
  private readonly lines: ReadonlyMap<string, LineOfTable>;

  /** `locks` are the classes that the program knows. Throws {@link TableError} for a text that is no table. */
  constructor(file: string, text: string, locks: Locks) {
    const lines = text.split('\n');
    const [first, asOf = '', read = '', count = ''] = lines;
    if (first !== FIRST_LINE) throw new TableError(file, 1, `the first line has to be "${FIRST_LINE}"`);
    if (!/^\d+(?:\.\d+)+$/.test(asOf.slice(AS_OF.length)) || !asOf.startsWith(AS_OF)) {
      throw new TableError(file, 2, `the second line has to be "${AS_OF}" and a version`);
    }
    if (!read.startsWith(READ)) throw new TableError(file, 3, `the third line has to begin with "${READ}"`);
    this.file = file;
    this.locks = locks;
    this.asOf = asOf.slice(AS_OF.length);
    const folders = read.slice(READ.length).split(' ');
    this.folders = folders.includes('.') ? [] : folders;
    this.lines = linesByName(file, lines);
    if (`${this.lines.size} functions` !== count) {
      const told = COUNT.test(count) ? count.replace(COUNT, '') : 'no number of';
      throw new TableError(
        file,
        HEADER_LINES,
        `${told} functions are announced, ${this.lines.size} are there`,
      );
    }
  }

  /** Whether functions of that file may call those of the table: any other has functions of its own under the same names. */
  covers(path: string): boolean {
    return (
      this.folders.length === 0 || this.folders.some((one) => path === one || path.startsWith(`${one}/`))
    );
  }

  /** Null for a function that the table does not have. Throws {@link TableError} for a line that cannot be read. */
  find(name: string): TableFunction | null {
    const line = this.lines.get(name);
    if (line === undefined) return null;
    const { number, path, text } = line;
    const [, count = '', effects = ''] = LINE.exec(text) ?? [];
    const parameters = Number(count);
    if (count === '' || parameters > MAX_PARAMETERS) {
      throw new TableError(this.file, number, `${name} needs a number of parameters`);
    }
    return { name, parameters, path, effects };
  }

  /** A function of a table with these effects, which need not be its own. Throws as {@link find} does. */
  summaryOf(known: TableFunction, asOf = this.asOf): FunctionSummary {
    const { name, parameters, path, effects } = known;
    try {
      return readSummary(effects, { name, parameters, path, asOf, locks: this.locks });
    } catch (error) {
      if (!(error instanceof TableSyntaxError)) throw error;
      throw new TableError(this.file, this.lines.get(name)?.number ?? 1, error.message, error);
    }
  }

  /** Reads every line. Throws {@link TableError} for the first that cannot be read. */
  check(): void {
    for (const name of this.lines.keys()) {
      const known = this.find(name);
      if (known !== null) this.summaryOf(known);
    }
  }
}

const NAME = /^[A-Za-z_]\w{0,127}$/;

function linesByName(file: string, lines: readonly string[]): ReadonlyMap<string, LineOfTable> {
  const found = new Map<string, LineOfTable>();
  let path = '';
  for (let index = HEADER_LINES; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '' && index === lines.length - 1) break;
    if (line.startsWith(IN)) {
      path = line.slice(IN.length);
      continue;
    }
    const blank = line.indexOf(' ');
    const name = line.slice(0, blank);
    const number = index + 1;
    if (!NAME.test(name))
      throw new TableError(file, number, 'the line has to begin with the name of a function');
    if (path === '') throw new TableError(file, number, `${name} stands in no file`);
    if (found.has(name)) throw new TableError(file, number, `${name} stands twice`);
    found.set(name, { number, path, text: line.slice(blank + 1) });
  }
  return found;
}
