/**
 * A function table: what each function of a tree may do to its callers, as text of one line a function in the order of their
 * names. A line is looked up in the text and read when its function is asked for, so that opening a table costs no more than
 * uncompressing it; `check` reads all lines. docs/shipped-knowledge.md describes the form.
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
const COUNT = / functions$/;

/** The same text for the same functions, in whatever order they come. */
export function tableText({ asOf, folders, functions }: TableContent): string {
  const header = [
    FIRST_LINE,
    AS_OF + asOf,
    READ + (folders.length === 0 ? '.' : folders.toSorted().join(' ')),
    `${functions.length} functions`,
  ];
  const sorted = functions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const lines = sorted.map(({ name, path, parameters, effects }) =>
    [name, path, parameters, ...(effects === '' ? [] : [effects])].join(' '),
  );
  return `${[...header, ...lines].join('\n')}\n`;
}

/** Path, number of parameters, effects. */
const LINE = /^(\S+) (\d{1,2})(?: (.*))?$/;

/** Parameters of a function of a table; the kernel has none with half as many. */
const MAX_PARAMETERS = 32;

type Locks = { has(lock: LockClass): boolean };

export class FunctionTable {
  readonly asOf: string;
  private readonly file: string;
  private readonly folders: readonly string[];
  private readonly locks: Locks;
  private readonly text: string;
  private readonly count: string;
  /** Where the first function's line begins. */
  private readonly start: number;

  /** `locks` are the classes that the program knows. Throws {@link TableError} for a text that is no table. */
  constructor(file: string, text: string, locks: Locks) {
    const [first = '', asOf = '', read = '', count = ''] = text.slice(0, MAX_HEADER).split('\n');
    if (first !== FIRST_LINE) throw new TableError(file, 1, `the first line has to be "${FIRST_LINE}"`);
    if (!/^\d+(?:\.\d+)+$/.test(asOf.slice(AS_OF.length)) || !asOf.startsWith(AS_OF)) {
      throw new TableError(file, 2, `the second line has to be "${AS_OF}" and a version`);
    }
    if (!read.startsWith(READ)) throw new TableError(file, 3, `the third line has to begin with "${READ}"`);
    if (!COUNT.test(count))
      throw new TableError(file, HEADER_LINES, 'the fourth line has to count the functions');
    this.file = file;
    this.locks = locks;
    this.text = text;
    this.count = count;
    this.asOf = asOf.slice(AS_OF.length);
    const folders = read.slice(READ.length).split(' ');
    this.folders = folders.includes('.') ? [] : folders;
    this.start = [first, asOf, read, count].join('\n').length + 1;
  }

  /** Whether functions of that file may call those of the table: any other has functions of its own under the same names. */
  covers(path: string): boolean {
    return (
      this.folders.length === 0 || this.folders.some((one) => path === one || path.startsWith(`${one}/`))
    );
  }

  /** Null for a function that the table does not have. Throws {@link TableError} for a line that cannot be read. */
  find(name: string): TableFunction | null {
    const at = this.lineOf(name);
    return at === null ? null : this.read(name, at);
  }

  /** Where the line of a function begins, found by halves; null if it is not there. */
  private lineOf(name: string): number | null {
    const { text } = this;
    let low = this.start;
    let high = text.length;
    while (low < high) {
      const at = Math.max(text.lastIndexOf('\n', Math.floor((low + high) / 2) - 1) + 1, low);
      const end = endOfLine(text, at);
      const other = text.slice(at, text.indexOf(' ', at));
      if (other === name) return at;
      if (other < name) low = end + 1;
      else high = at;
    }
    return null;
  }

  private read(name: string, at: number): TableFunction {
    const line = this.text.slice(at + name.length + 1, endOfLine(this.text, at));
    const [, path = '', count = '', effects = ''] = LINE.exec(line) ?? [];
    const parameters = Number(count);
    if (count === '' || parameters > MAX_PARAMETERS) {
      throw this.problem(at, `${name} needs a file and a number of parameters`);
    }
    return { name, parameters, path, effects };
  }

  private problem(at: number, reason: string, cause?: unknown): TableError {
    return new TableError(this.file, this.text.slice(0, at).split('\n').length, reason, cause);
  }

  /** A function of a table with these effects, which need not be its own. Throws as {@link find} does. */
  summaryOf(known: TableFunction, asOf = this.asOf): FunctionSummary {
    const { name, parameters, path, effects } = known;
    try {
      return readSummary(effects, { name, parameters, path, asOf, locks: this.locks });
    } catch (error) {
      if (!(error instanceof TableSyntaxError)) throw error;
      throw this.problem(this.lineOf(name) ?? 0, error.message, error);
    }
  }

  /** Reads every line. Throws {@link TableError} for the first that cannot be read. */
  check(): void {
    const { text, start, count } = this;
    let before = '';
    let functions = 0;
    for (let at = start; at < text.length; at = endOfLine(text, at) + 1) {
      const [name = ''] = text.slice(at, endOfLine(text, at)).split(' ', 1);
      if (!NAME.test(name)) throw this.problem(at, 'the line has to begin with the name of a function');
      if (name <= before) throw this.problem(at, `${name} stands twice, or behind a name that comes later`);
      this.summaryOf(this.read(name, at));
      before = name;
      functions++;
    }
    if (`${functions} functions` !== count) {
      throw new TableError(this.file, HEADER_LINES, `${count} are announced, ${functions} are there`);
    }
  }
}

const NAME = /^[A-Za-z_]\w{0,127}$/;

/** Four lines with folders of a tree in them. */
const MAX_HEADER = 16_384;

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}
