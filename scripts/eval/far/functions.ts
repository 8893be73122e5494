/** Functions of C files as universal-ctags finds them: paths in, each function's file, lines and text out. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceText } from '../../../analyzers/source/text.ts';
import { Source } from '../mutants/source.ts';

export interface FarFunction {
  readonly name: string;
  readonly path: string;
  readonly isStatic: boolean;
  /** Line of the opening brace, from 1. */
  readonly open: number;
  /** The body's lines without comments and literals, braces left out. */
  readonly body: readonly string[];
}

/** Functions of one name, and where they are. */
export class Functions {
  readonly all: readonly FarFunction[];
  private readonly byName = new Map<string, FarFunction[]>();

  constructor(all: readonly FarFunction[]) {
    this.all = all;
    for (const one of all) this.byName.set(one.name, [...(this.byName.get(one.name) ?? []), one]);
  }

  /** Whom the name means in that file: its own function, else the only one of that name; null where that is not clear. */
  meant(path: string, name: string): FarFunction | null {
    const found = this.byName.get(name) ?? [];
    const own = found.filter((one) => one.path === path);
    const [first = null, ...others] = own.length > 0 ? own : found;
    return first === null || others.length > 0 || (own.length === 0 && first.isStatic) ? null : first;
  }
}

/** Output for three directories: some 100,000 tags of 150 bytes. */
const MAX_OUTPUT = 64 * 1024 * 1024;

export function functionsBelow(tree: string, folders: readonly string[]): Functions {
  const { stdout } = spawnSync(
    'ctags',
    [
      '-R',
      '-f',
      '-',
      '--languages=C',
      '--langmap=C:.c',
      '--kinds-C=f',
      '--fields=nef',
      '--sort=no',
      ...folders,
    ],
    { cwd: tree, encoding: 'utf8', maxBuffer: MAX_OUTPUT },
  );
  const lines = new Map<string, readonly string[]>();
  const found = stdout.split('\n').flatMap((tag): FarFunction[] => {
    const [, name = '', path = '', first = '', isStatic, last = ''] =
      /^(\S+)\t(\S+)\t.*;"\tline:(\d+)(\tfile:)?\tend:(\d+)/.exec(tag) ?? [];
    if (name === '' || path.includes('/tests/')) return [];
    let text = lines.get(path);
    if (text === undefined) {
      text = new Source(sourceText(readFileSync(join(tree, path))) ?? '').bare.split('\n');
      lines.set(path, text);
    }
    const open = text.indexOf('{', Number(first) - 1) + 1;
    if (open === 0 || open >= Number(last)) return [];
    const body = text.slice(open, Number(last) - 1);
    return [{ name, path, isStatic: isStatic !== undefined, open, body }];
  });
  return new Functions(found);
}
