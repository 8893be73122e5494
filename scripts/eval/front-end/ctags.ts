/** The functions that universal-ctags finds in the same files, and where the two sets differ. */

import { spawnSync } from 'node:child_process';
import { readFunctions } from '../../../analyzers/c/parser.ts';

export interface FunctionLine {
  readonly name: string;
  readonly line: number;
}

export interface Difference {
  readonly both: number;
  readonly onlyOurs: readonly FunctionLine[];
  readonly onlyCtags: readonly FunctionLine[];
}

/** Output for a whole kernel: a million tags of a hundred bytes. */
const MAX_OUTPUT = 128 * 1024 * 1024;

interface OurFunction extends FunctionLine {
  readonly endLine: number;
}

/** Sets compared by name: ctags gives the line of the name, we the first and last line of the definition. */
export function compareWithTags(source: string, tags: readonly FunctionLine[]): Difference {
  const unmatched: OurFunction[] = ours(source);
  const onlyCtags: FunctionLine[] = [];
  let both = 0;
  for (const tag of tags) {
    const found = unmatched.findIndex(
      ({ name, line, endLine }) => isSame(name, tag.name) && line <= tag.line && tag.line <= endLine,
    );
    if (found === -1) onlyCtags.push(tag);
    else {
      unmatched.splice(found, 1);
      both++;
    }
  }
  return { both, onlyOurs: unmatched, onlyCtags };
}

/** ctags knows no system calls: it names them after the macro. */
function isSame(our: string, tag: string): boolean {
  return our === tag || (/^(compat_)?sys_/.test(our) && /SYSCALL(32|64)?_DEFINE/.test(tag));
}

function ours(source: string): OurFunction[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  let index = 0;
  const lineAt = (offset: number): number => {
    while (index > 0 && (starts[index] ?? 0) > offset) index--;
    while (index + 1 < starts.length && (starts[index + 1] ?? 0) <= offset) index++;
    return index + 1;
  };
  return readFunctions(source).map(({ name, start, end }) => ({
    name,
    line: lineAt(start),
    endLine: lineAt(end - 1),
  }));
}

/** Tags of many files by one process, by path. */
export function functionTags(paths: readonly string[]): Map<string, FunctionLine[]> {
  const { status, stdout, stderr } = spawnSync(
    'ctags',
    ['--language-force=C', '--kinds-C=f', '-x', '--_xformat=%N\t%n\t%F', '--sort=no', '-L', '-'],
    { input: `${paths.join('\n')}\n`, encoding: 'utf8', maxBuffer: MAX_OUTPUT },
  );
  if (status !== 0) throw new Error(`ctags: ${stderr}`);
  const tags = new Map<string, FunctionLine[]>(paths.map((path) => [path, []]));
  for (const row of stdout.split('\n')) {
    const [name = '', line = '', path = ''] = row.split('\t');
    tags.get(path)?.push({ name, line: Number(line) });
  }
  return tags;
}
