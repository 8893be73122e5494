/**
 * Reads from a kernel tree what `check-tree.ts` compares the knowledge with: its version, and where the names that
 * the knowledge speaks of are defined, with their parameters. In goes a directory; out come plain values. The texts
 * are scanned by line, as ctags does it: the kernel's style puts whatever is declared at the top level into the first
 * column, so no parser is needed and 13,000 files take seconds.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedNames } from './generated-names.ts';

/** Where fs, mm, block and what they call are defined. Others, drivers above all, are five times as much text. */
const FOLDERS = ['include', 'fs', 'mm', 'block', 'lib', 'kernel', 'ipc', 'virt', 'arch'];

/** Of `arch`, each machine's headers, where the functions of page tables and user copies stand. */
const ARCH_FOLDER = /^arch\/\w+(\/include(\/|$)|\/mm(\/|$)|\/lib(\/|$)|$)/;

/** Deeper directories than the kernel's own are no kernel's; the bound ends loops of links. */
const MAX_DEPTH = 12;

/** Parameter lists are shorter; what is longer is an unclosed bracket. */
const MAX_PARAMETERS = 4000;

/** Attributes with arguments before a function's name: `static __printf(1, 2) void f(`. */
const MAX_ATTRIBUTES = 4;

export interface Parameter {
  /** The whole declaration: `struct page *page`; for a macro its name alone. */
  readonly text: string;
}

export interface Definition {
  readonly file: string;
  readonly line: number;
  readonly kind: 'function' | 'declaration' | 'macro' | 'generated' | 'guard' | 'free';
  /** Null where the definition does not show them: an alias, a variadic macro. */
  readonly parameters: readonly Parameter[] | null;
  /** The name that a macro without parameters of its own stands for. */
  readonly alias: string | null;
}

export interface StructBody {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface KernelTree {
  readonly root: string;
  readonly version: string;
  readonly definitions: ReadonlyMap<string, readonly Definition[]>;
  readonly structs: ReadonlyMap<string, StructBody>;
  readonly hasFile: (path: string) => boolean;
}

/** The directory holds no kernel. */
export class NoKernelTree extends Error {
  constructor(root: string, reason: string) {
    super(`${root} is no kernel tree: ${reason}`);
    this.name = 'NoKernelTree';
  }
}

/** Reads the tree; of all that it defines, only `wanted` names and structures are kept. */
export function readKernelTree(
  root: string,
  wanted: { readonly names: ReadonlySet<string>; readonly structs: ReadonlySet<string> },
): KernelTree {
  const version = versionOf(root);
  const definitions = new Map<string, Definition[]>();
  const structs = new Map<string, StructBody>();
  const add = (name: string, definition: Definition): void => {
    if (!wanted.names.has(name)) return;
    const found = definitions.get(name);
    if (found === undefined) definitions.set(name, [definition]);
    else found.push(definition);
  };
  const addStruct = (name: string, body: StructBody): void => {
    // A forward declaration or a second, configured-out body says less than the first.
    if (wanted.structs.has(name) && !structs.has(name)) structs.set(name, body);
  };
  for (const file of filesOf(root)) scanText(file, readFileSync(join(root, file), 'latin1'), add, addStruct);
  return { root, version, definitions, structs, hasFile: (path) => existsSync(join(root, path)) };
}

function versionOf(root: string): string {
  const path = join(root, 'Makefile');
  if (!existsSync(path)) throw new NoKernelTree(root, 'it has no Makefile');
  const text = readFileSync(path, 'utf8');
  const value = (key: string): string | null =>
    new RegExp(`^${key}\\s*=\\s*(\\d+)`, 'm').exec(text)?.[1] ?? null;
  const [major, minor, patch] = [value('VERSION'), value('PATCHLEVEL'), value('SUBLEVEL')];
  if (major === null || minor === null)
    throw new NoKernelTree(root, 'its Makefile names no VERSION and PATCHLEVEL');
  return `${major}.${minor}.${patch ?? '0'}`;
}

/** C files and headers, in the order of their names. */
function filesOf(root: string): string[] {
  const files: string[] = [];
  const visit = (folder: string, depth: number): void => {
    if (depth > MAX_DEPTH || !existsSync(join(root, folder))) return;
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!path.startsWith('arch/') || ARCH_FOLDER.test(path)) visit(path, depth + 1);
      } else if (entry.isFile() && /\.[ch]$/.test(entry.name)) files.push(path);
    }
  };
  for (const folder of FOLDERS) visit(folder, 0);
  return files;
}

type Add = (name: string, definition: Definition) => void;

/** Finds what a text defines at its top level. */
function scanText(
  file: string,
  text: string,
  add: Add,
  addStruct: (name: string, body: StructBody) => void,
): void {
  let line = 0;
  for (let start = 0; start < text.length; ) {
    line++;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const first = text.charCodeAt(start);
    if (first === HASH) scanDirective(text, start, end, { file, line }, add);
    else if (isIdentifierStart(first) || first === STAR) {
      for (const name of generatedNames(file, text.slice(start, end))) {
        const { kind, id } = name;
        add(id, { file, line, kind, parameters: null, alias: null });
      }
      scanDeclaration(text, start, end, { file, line }, add);
      const struct = /^struct (\w+) (?:\w+ )?\{/.exec(text.slice(start, end));
      if (struct?.[1] !== undefined) {
        const close = text.indexOf('\n}', end);
        addStruct(struct[1], { file, line, text: text.slice(start, close < 0 ? text.length : close) });
      }
    } else if (first === TAB || first === SPACE) {
      // Flags are often generated by indented macros, behind the first of several on a line.
      const generator = text.slice(start, end);
      if (generator.includes('FLAG')) {
        for (const { kind, id } of generatedNames(file, generator.trim())) {
          add(id, { file, line, kind, parameters: null, alias: null });
        }
      }
    }
    start = end + 1;
  }
}

const HASH = 0x23;
const STAR = 0x2a;
const TAB = 0x09;
const SPACE = 0x20;

function isIdentifierStart(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
}

interface At {
  readonly file: string;
  readonly line: number;
}

const DEFINE = /^#[ \t]*define[ \t]+(\w+)(\([^)]*\))?/;

function scanDirective(text: string, start: number, end: number, at: At, add: Add): void {
  const found = DEFINE.exec(text.slice(start, end));
  const [all, name, list] = found ?? [];
  if (all === undefined || name === undefined) return;
  const body = macroBody(text, start + all.length);
  const parameters = list === undefined ? null : splitParameters(list.slice(1, -1));
  const isVariadic = parameters?.some((parameter) => parameter.text.includes('...')) ?? true;
  add(name, {
    ...at,
    kind: 'macro',
    parameters: isVariadic ? null : parameters,
    alias: isVariadic ? aliasOf(name, body) : null,
  });
}

/** A macro's text with its continued lines. */
function macroBody(text: string, from: number): string {
  let end = from;
  for (;;) {
    const newline = text.indexOf('\n', end);
    if (newline < 0) return text.slice(from);
    if (text[newline - 1] !== '\\') return text.slice(from, newline);
    end = newline + 1;
  }
}

/** `#define f g`, `#define f(...) alloc_hooks(f_noprof(__VA_ARGS__))`: whose parameters the macro has. */
function aliasOf(name: string, body: string): string | null {
  const whole = /^\s*(\w+)(?:\s|\/\*.*\*\/)*$/.exec(body)?.[1];
  if (whole !== undefined) return whole;
  if (!body.includes('__VA_ARGS__')) return null;
  const called = /(\w+)\(\s*__VA_ARGS__\s*\)/.exec(body)?.[1] ?? null;
  return called === name ? null : called;
}

function scanDeclaration(text: string, start: number, end: number, at: At, add: Add): void {
  let from = start;
  for (let count = 0; count < MAX_ATTRIBUTES; count++) {
    const open = text.indexOf('(', from);
    if (open < 0 || open > end) return;
    const name = /([A-Za-z_]\w*)[ \t]*$/.exec(text.slice(from, open).slice(-100))?.[1];
    const close = closingBracket(text, open);
    if (close < 0) return;
    // `=` before the bracket: a variable whose value is a call.
    if (name === undefined || text.slice(start, open).includes('=')) return;
    const next = /^\s*([{;]|[A-Za-z_*])/.exec(text.slice(close + 1, close + 200))?.[1];
    const nextOpen = text.indexOf('(', close);
    const isAttribute =
      name.startsWith('__') && /^[A-Za-z_*]/.test(next ?? '') && nextOpen > 0 && nextOpen < end;
    // Behind an attribute come a type and a name, behind a function at most another attribute.
    if (isAttribute && /\w[\s*]+\w+[ \t]*$/.test(text.slice(close + 1, nextOpen))) {
      from = close + 1;
      continue;
    }
    const stop = /[{;]/.exec(text.slice(close, close + 400))?.[0];
    if (stop === undefined) return;
    add(name, {
      ...at,
      kind: stop === '{' ? 'function' : 'declaration',
      parameters: splitParameters(text.slice(open + 1, close)),
      alias: null,
    });
    return;
  }
}

function closingBracket(text: string, open: number): number {
  let depth = 0;
  const limit = Math.min(text.length, open + MAX_PARAMETERS);
  for (let at = open; at < limit; at++) {
    const char = text[at];
    if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return at;
  }
  return -1;
}

/** `struct page *page, gfp_t gfp` in its parts; `void` and nothing are no parameter. */
function splitParameters(list: string): Parameter[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of list.replace(/\/\*[^*]*\*\//g, ' ')) {
    if (char === ',' && depth === 0) {
      parts.push(part);
      part = '';
      continue;
    }
    if (char === '(') depth++;
    else if (char === ')') depth--;
    part += char;
  }
  parts.push(part);
  const texts = parts.map((one) => one.replace(/\s+/g, ' ').trim());
  const [only] = texts;
  if (texts.length === 1 && (only === '' || only === 'void')) return [];
  return texts.map((one) => ({ text: one }));
}
