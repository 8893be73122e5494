/**
 * Who calls whom in a tree: heads of files in, an answer per call out. A name means the file's own function, else the one of
 * the headers that the file sees, else the one that other files can see; a header's function beside such a one only stands in
 * for it in other configurations. A member means the one function that stands in such a slot, the caller's own folder first.
 * What is ambiguous is nobody.
 */

import type { CalledMethod } from '../vocabulary/event.ts';
import { Headers, isHeader } from './headers.ts';
import type { RecordKey } from './pack-file.ts';
import type { FileHead, FunctionHead } from './record.ts';

/** A file of the graph. */
export interface GraphFile {
  readonly path: string;
  readonly key: RecordKey;
  readonly head: Extract<FileHead, { readonly state: 'read' }>;
}

/** Functions of a graph by numbers, which rise by path and place in the file. */
export type FunctionId = number;

export interface GraphFunction {
  readonly file: GraphFile;
  /** Its place in the file's head and body. */
  readonly index: number;
  readonly head: FunctionHead;
}

/** Programs beside the kernel: nothing of the kernel calls them. */
const BESIDE = /^(?:tools|scripts|samples|usr|Documentation)\//;

/** Two configurations define some functions twice; with more definitions nobody looks who is meant. */
const MAX_CANDIDATES = 64;

/** A table by one of these members or variables is of such a structure. */
const STRUCTURES: ReadonlyMap<string, string> = new Map([
  ['a_ops', 'address_space_operations'],
  ['aops', 'address_space_operations'],
  ['i_op', 'inode_operations'],
  ['f_op', 'file_operations'],
  ['i_fop', 'file_operations'],
  ['fops', 'file_operations'],
  ['s_op', 'super_operations'],
  ['s_export_op', 'export_operations'],
  ['d_op', 'dentry_operations'],
  ['vm_ops', 'vm_operations_struct'],
  ['dq_op', 'dquot_operations'],
  ['s_cop', 'fscrypt_operations'],
]);

/** Fills a superblock in, or calls what does. */
const MOUNTS = /(?:^|_)(?:fill_super|get_tree|mount|get_sb)\w*$/;

/** Functions between a mount and what it calls; with more it is not one of the mount's own. */
const MAX_ON_THE_WAY = 16;

/** Structures that are always reached by one of those names. */
const SHARED: ReadonlySet<string> = new Set(STRUCTURES.values());

/** Tables of which drivers, which few trees index, have most. */
const IN_DRIVERS: ReadonlySet<string> = new Set(['vm_operations_struct', 'file_operations']);

/** A filesystem or driver mostly calls its own tables; the code above them calls everybody's. */
const ONE_OF_MANY = /^(?:fs|drivers|sound|net)\/[^/]+\//;

export class CallGraph {
  readonly functions: readonly GraphFunction[];
  /** By file: the first of its functions. */
  private readonly firsts = new Map<string, FunctionId>();
  private readonly files = new Map<string, GraphFile>();
  /** By file: functions of the headers that it sees, by name. */
  private readonly included = new Map<string, FunctionsByName>();
  private readonly headers: Headers;
  /** Functions that other files can call, by name. */
  private readonly visible = new Map<string, FunctionId[]>();
  /** Who stands in a slot, by the slot's name. */
  private readonly slots = new Map<
    string,
    { readonly structType: string | null; readonly id: FunctionId }[]
  >();
  private readonly edges = new Map<FunctionId, readonly FunctionId[]>();
  /** By file: its functions by name; null for a name that two have. */
  private readonly names = new Map<string, ReadonlyMap<string, FunctionId | null>>();

  /** The order of the files does not matter. */
  constructor(files: readonly GraphFile[]) {
    const functions: GraphFunction[] = [];
    const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    this.headers = new Headers(sorted.map(({ path, head }) => ({ path, includes: head.includes })));
    for (const file of sorted) {
      this.files.set(file.path, file);
      this.firsts.set(file.path, functions.length);
      for (const [index, head] of file.head.functions.entries()) {
        // A header's functions are those of who includes it.
        if (!head.isStatic && !isHeader(file.path)) {
          const known = this.visible.get(head.name);
          if (known === undefined) this.visible.set(head.name, [functions.length]);
          else if (known.length <= MAX_CANDIDATES) known.push(functions.length);
        }
        functions.push({ file, index, head });
      }
    }
    this.functions = functions;
    for (const file of sorted) {
      for (const { slot, structType, function: name } of file.head.slots) {
        const id = this.resolve(file.path, name);
        if (id === null) continue;
        const known = this.slots.get(slot);
        if (known === undefined) this.slots.set(slot, [{ structType, id }]);
        else known.push({ structType, id });
      }
    }
  }

  /** By path. */
  allFiles(): readonly GraphFile[] {
    return [...this.files.values()];
  }

  /** The function that this name means in that file. */
  resolve(path: string, name: string): FunctionId | null {
    const own = this.ownNames(path).get(name);
    // Of two with one name nobody knows which is compiled.
    if (own !== undefined) return own;
    if (this.files.get(path)?.head.macros.includes(name) === true) return null;
    const included = this.includedFunctions(path, name);
    const isStub = included.some(
      (id) => this.besides(this.pathOf(id), this.visible.get(name) ?? NONE).length > 0,
    );
    if (included.length > 0 && !isStub) return single(included);
    const found = this.visible.get(name) ?? [];
    if (found.length > MAX_CANDIDATES) return null;
    const program = programOf(path);
    const candidates = found.filter((id) => programOf(this.pathOf(id)) === program);
    return single(candidates) ?? single(this.besides(path, candidates));
  }

  /** The function that a call of this member means in that file. */
  resolveMethod(path: string, { slot, table }: CalledMethod): FunctionId | null {
    const structure = table === null ? undefined : STRUCTURES.get(table);
    const standing = this.slots.get(slot) ?? [];
    const fitting = standing.filter(({ structType }) =>
      structure === undefined
        ? structType === null || !SHARED.has(structType)
        : structType === null || structType === structure,
    );
    const candidates = [...new Set(fitting.map(({ id }) => id))];
    if (structure !== undefined && !ONE_OF_MANY.test(path)) {
      return IN_DRIVERS.has(structure) ? null : single(candidates);
    }
    const near = this.besides(path, candidates);
    // Whoever calls a slot of a structure that nobody names may mean one that is filled out of sight.
    if (near.length > 0) return single(near);
    return structure === undefined ? null : single(candidates);
  }

  /** The functions that a function calls, as far as it is clear which. */
  callees(id: FunctionId): readonly FunctionId[] {
    let known = this.edges.get(id);
    if (known === undefined) {
      const { file, head } = this.at(id);
      const { path } = file;
      const found = [
        ...head.calls.map((name) => this.resolve(path, name)),
        ...head.methods.map((method) => this.resolveMethod(path, method)),
      ];
      known = [...new Set(found.filter((one) => one !== null))];
      this.edges.set(id, known);
    }
    return known;
  }

  functionsOf(path: string): readonly FunctionHead[] {
    return this.files.get(path)?.head.functions ?? [];
  }

  /** Functions that call one of these, in ascending order. */
  callersOf(ids: readonly FunctionId[]): readonly FunctionId[] {
    const meant = new Set(ids);
    if (meant.size === 0) return [];
    const words = new Set(ids.map((id) => this.at(id).head.name));
    const callers: FunctionId[] = [];
    for (const [id, { head }] of this.functions.entries()) {
      const mayCall = head.methods.length > 0 || head.calls.some((name) => words.has(name));
      if (mayCall && this.callees(id).some((callee) => meant.has(callee))) callers.push(id);
    }
    return callers;
  }

  /** Whether all ways to the function begin where a filesystem is mounted. */
  isOfMount(start: FunctionId): boolean {
    const seen = new Set([start]);
    for (const id of seen) {
      const { file, head } = this.at(id);
      const slots = file.head.slots.filter((slot) => slot.function === head.name);
      if (MOUNTS.test(head.name) && slots.every(({ slot }) => MOUNTS.test(slot))) continue;
      const callers = this.callersOf([id]);
      if (slots.length > 0 || callers.length === 0 || seen.size > MAX_ON_THE_WAY) return false;
      for (const caller of callers) seen.add(caller);
    }
    return true;
  }

  /** What the file includes in quotes. */
  includesOf(path: string): readonly string[] {
    return this.files.get(path)?.head.includes ?? [];
  }

  /** In which slots of the file's tables each function stands, by its name. */
  slotTexts(path: string): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const { function: name, slot, structType } of this.files.get(path)?.head.slots ?? []) {
      texts.set(name, `${texts.get(name) ?? ''}${structType ?? ''}.${slot} `);
    }
    return texts;
  }

  /** The file's own function of that name; null where there is none, or two. */
  ownId(path: string, name: string): FunctionId | null {
    return this.ownNames(path).get(name) ?? null;
  }

  /** The function at that place of the file; null for a file that is not there. */
  idOf(path: string, index: number): FunctionId | null {
    const first = this.firsts.get(path);
    return first === undefined || index >= this.functionsOf(path).length ? null : first + index;
  }

  at(id: FunctionId): GraphFunction {
    const found = this.functions[id];
    if (found === undefined) throw new Error(`no function ${id} in the graph`);
    return found;
  }

  pathOf(id: FunctionId): string {
    return this.at(id).file.path;
  }

  private ownNames(path: string): ReadonlyMap<string, FunctionId | null> {
    const known = this.names.get(path);
    if (known !== undefined) return known;
    const first = this.firsts.get(path) ?? 0;
    const names = new Map<string, FunctionId | null>();
    for (const [index, { name }] of this.functionsOf(path).entries()) {
      names.set(name, names.has(name) ? null : first + index);
    }
    this.names.set(path, names);
    return names;
  }

  /** Functions of that name in the headers that the file sees. */
  private includedFunctions(path: string, name: string): readonly FunctionId[] {
    let known = this.included.get(path);
    if (known === undefined) {
      known = byName(this.headers.of(path), this.files, this.firsts);
      this.included.set(path, known);
    }
    return known.get(name) ?? NONE;
  }

  /** Those in the same folder. */
  private besides(path: string, ids: readonly FunctionId[]): readonly FunctionId[] {
    const folder = folderOf(path);
    return ids.filter((id) => folderOf(this.pathOf(id)) === folder);
  }
}

type FunctionsByName = ReadonlyMap<string, readonly FunctionId[]>;

const NONE: readonly FunctionId[] = [];

/** The functions of these files. */
function byName(
  paths: readonly string[],
  files: ReadonlyMap<string, GraphFile>,
  firsts: ReadonlyMap<string, FunctionId>,
): FunctionsByName {
  const found = new Map<string, FunctionId[]>();
  for (const path of paths) {
    const first = firsts.get(path) ?? 0;
    for (const [index, { name }] of (files.get(path)?.head.functions ?? []).entries()) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [first + index]);
      else known.push(first + index);
    }
  }
  return found;
}

function single(ids: readonly FunctionId[]): FunctionId | null {
  const [first = null] = ids;
  return ids.length === 1 ? first : null;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Whether a file belongs to one of the programs beside the kernel. */
export function isBesideKernel(path: string): boolean {
  return BESIDE.test(path);
}

/** The kernel is one program, each folder beside it some others. */
function programOf(path: string): string {
  return isBesideKernel(path) ? folderOf(path) : '';
}
