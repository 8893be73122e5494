/**
 * clang's control-flow graphs, from the text that its checker `debug.DumpCFG` prints: a kernel C file of a
 * prepared tree in, the calls of each function with their blocks out.
 */

import { spawnSync } from 'node:child_process';
import type { CallBlock, CallGraphOfFunction } from './follow.ts';

/**
 * What the kernel's own makefiles give the compiler, without warnings and code generation. Its headers count as
 * the system's: clang prints no graphs of their functions, which are a hundred times as many.
 */
// biome-ignore format: a command line
const FLAGS: readonly string[] = [
  '-nostdinc', '-isystem', './arch/x86/include', '-isystem', './arch/x86/include/generated', '-isystem', './include',
  '-isystem', './arch/x86/include/uapi', '-isystem', './arch/x86/include/generated/uapi', '-isystem', './include/uapi',
  '-isystem', './include/generated/uapi', '-include', './include/linux/compiler-version.h',
  '-include', './include/linux/kconfig.h', '-include', './include/linux/compiler_types.h', '-D__KERNEL__',
  '-std=gnu11', '-fshort-wchar', '-funsigned-char', '-fno-strict-aliasing', '-m64', '-mcmodel=kernel', '-w',
  '-DKBUILD_MODFILE="eval"', '-DKBUILD_BASENAME="eval"', '-DKBUILD_MODNAME="eval"', '-D__KBUILD_MODNAME=eval',
  '-I./fs/xfs', '-I./fs/xfs/libxfs',
  '-fsyntax-only', '-Xclang', '-analyze', '-Xclang', '-analyzer-checker=debug.DumpCFG',
];

/** The dump of a large file has some 20 MB. */
const MAX_DUMP = 512 * 1024 * 1024;

/** The functions of a file as clang reads them; null if it cannot compile the file. */
export function clangGraphs(
  clang: string,
  tree: string,
  file: string,
): Map<string, CallGraphOfFunction> | null {
  const made = spawnSync(clang, [...FLAGS, `-I./${file.slice(0, file.lastIndexOf('/'))}`, file], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: MAX_DUMP,
  });
  return made.status === 0 ? parseDump(made.stderr) : null;
}

interface DumpedBlock {
  readonly id: number;
  readonly isExit: boolean;
  readonly stops: boolean;
  readonly elements: Map<number, string>;
  terminator: string;
  successors: { id: number; isUnreachable: boolean }[];
}

function parseDump(dump: string): Map<string, CallGraphOfFunction> {
  const functions = new Map<string, CallGraphOfFunction>();
  let name: string | null = null;
  let blocks: DumpedBlock[] = [];
  const finish = (): void => {
    if (name !== null && blocks.length > 0) functions.set(name, callGraph(blocks));
    blocks = [];
  };
  // Lists of more than eight blocks are wrapped.
  for (const line of dump.replace(/\n {3,}(?=B\d)/g, ' ').split('\n')) {
    const block = /^ \[B(\d+)(?: \((\w+)\))?\]$/.exec(line);
    if (block !== null) {
      const [, id, kind] = block;
      blocks.push({
        id: Number(id),
        isExit: kind === 'EXIT',
        stops: kind === 'NORETURN',
        elements: new Map(),
        terminator: '',
        successors: [],
      });
      continue;
    }
    if (/^\w.*\)[^;:]*$/.test(line) && !line.startsWith('case ') && isHeader(blocks)) {
      finish();
      name = /(\w+)\s*\(/.exec(line.replace(/__attribute__\s*\(\(.*?\)\)/g, ''))?.[1] ?? null;
      continue;
    }
    readLine(line, blocks.at(-1));
  }
  finish();
  return functions;
}

/** A function ends with its exit block, which stands last. */
function isHeader(blocks: readonly DumpedBlock[]): boolean {
  return blocks.length === 0 || blocks.at(-1)?.isExit === true;
}

function readLine(line: string, block: DumpedBlock | undefined): void {
  if (block === undefined) return;
  const element = /^ *(\d+): (.*)$/.exec(line);
  if (element !== null) {
    const [, index, text = ''] = element;
    block.elements.set(Number(index), text);
    return;
  }
  const terminator = /^ {3}T: (.*)$/.exec(line)?.[1];
  if (terminator !== undefined) block.terminator = terminator;
  const successors = /^ {3}Succs \(\d+\): (.*)$/.exec(line)?.[1];
  if (successors === undefined) return;
  block.successors = [...successors.matchAll(/B(\d+)(\(Unreachable\))?/g)].map((found) => ({
    id: Number(found[1]),
    isUnreachable: found[2] !== undefined,
  }));
}

function callGraph(blocks: readonly DumpedBlock[]): CallGraphOfFunction {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const indexes = new Map(blocks.map(({ id }, index) => [id, index]));
  const nameAt = (reference: string): string | null => {
    let text: string | undefined = reference;
    // A function's name lies behind some casts and parentheses.
    for (let steps = 0; steps < 8 && text !== undefined; steps++) {
      if (/^\w+$/.test(text)) return text;
      const found: RegExpExecArray | null =
        /^&?\(*\[B(\d+)\.(\d+)\]\)*(?: \(ImplicitCastExpr, (?!LValue).*)?$/.exec(text);
      if (found === null) return null;
      text = byId.get(Number(found[1]))?.elements.get(Number(found[2]));
    }
    return null;
  };
  const made = blocks.map((block): CallBlock => {
    const calls: string[] = [];
    for (const text of block.elements.values()) {
      const callee = /^(\[B\d+\.\d+\])\(/.exec(text)?.[1];
      const name = callee === undefined ? null : nameAt(callee);
      if (name !== null) calls.push(name);
    }
    // The configuration decides many tests; only that of a loop is as constant for us.
    const isLoop = /^(do|while|for)\b/.test(block.terminator);
    const followed = block.successors.filter(({ isUnreachable }) => !(isUnreachable && isLoop));
    return {
      calls,
      next: block.stops ? [] : followed.flatMap(({ id }) => indexes.get(id) ?? []),
      returns: block.isExit,
    };
  });
  // The entry block is printed first.
  return { blocks: made, entry: 0 };
}
