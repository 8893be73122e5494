/**
 * `npm run eval -- fragments --old TREE --new TREE --hunks N --seed S`: what a bare hunk shows beside what the same
 * lines show in their whole file. Real hunks are drawn from the difference of two trees, by git with its heading
 * for C (`--headings cpp`, the default) or with the plain one of `diff -p` (`--headings plain`).
 *
 * The calls of both sides of each hunk, in order, with line and name, have to be those of the whole file on these
 * lines. A call that only the hunk has is invented; one that only the file has is missing. `--list` prints them.
 * Ends with status 1 when fewer than 99 % of the sides with a call agree, or when a call is invented.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type CodeUnit, unitsOfFile, unitsOfHunk } from '../../analyzers/c/units.ts';
import { hunkImage } from '../../analyzers/diff/image.ts';
import { parseDiff } from '../../analyzers/diff/parse.ts';
import type { FileDiff, Hunk } from '../../analyzers/diff/types.ts';
import { draw } from './front-end/draw.ts';

/** A diff of fs, mm and block between two years has some 30 MB. */
const MAX_DIFF = 1024 * 1024 * 1024;
const FLOOR = 99;

interface DrawnHunk {
  readonly file: FileDiff;
  readonly hunk: Hunk;
}

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      old: { type: 'string', multiple: true, default: [] },
      new: { type: 'string', multiple: true, default: [] },
      hunks: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      headings: { type: 'string', default: 'cpp' },
      list: { type: 'boolean', default: false },
    },
  });
  const all: DrawnHunk[] = [];
  for (const [index, old] of values.old.entries()) {
    for (const file of parseDiff(diffOf(old, values.new[index] ?? '', values.headings === 'cpp')).files) {
      if (file.change !== 'modify' || file.newPath?.endsWith('.c') !== true) continue;
      for (const hunk of file.hunks) all.push({ file, hunk });
    }
  }
  if (all.length === 0) {
    process.stderr.write('fragments: nothing to do; see the head of scripts/eval/fragments.ts\n');
    return 2;
  }
  const drawn = draw(all, Number(values.hunks), Number(values.seed));
  const count = { sides: 0, withCalls: 0, same: 0, calls: 0, missing: 0, invented: 0 };
  const whole = new Map<string, string[][]>();
  for (const { file, hunk } of drawn) {
    for (const side of ['pre', 'post'] as const) {
      const path = `/${(side === 'pre' ? file.oldPath : file.newPath) ?? ''}`;
      const image = hunkImage(hunk, side);
      if (image.lines.length === 0) continue;
      let lines = whole.get(path);
      if (lines === undefined) {
        lines = callsByLine(unitsOfFile(readFileSync(path, 'utf8')));
        whole.set(path, lines);
        await setImmediate();
      }
      const texts = image.lines.map(({ text }) => text);
      const shown = callsByLine(unitsOfHunk(texts, image.startLine, hunk.heading));
      const from = image.startLine;
      const wanted = flat(lines, from, from + texts.length);
      const found = flat(shown, 0, shown.length);
      const missing = without(wanted, found);
      const invented = without(found, wanted);
      count.sides++;
      count.calls += wanted.length;
      count.missing += missing.length;
      count.invented += invented.length;
      if (wanted.length + found.length > 0) count.withCalls++;
      if (wanted.length + found.length > 0 && wanted.join() === found.join()) count.same++;
      else if (values.list && wanted.join() !== found.join()) {
        say(
          `${basename(path)}:${from}+${texts.length} ${side} missing ${missing.join()} invented ${invented.join()}`,
        );
      }
    }
  }
  const share = (100 * count.same) / count.withCalls;
  say(`hunks drawn                      ${drawn.length} of ${all.length}`);
  say(`sides of hunks                   ${count.sides}`);
  say(`  with a call                    ${count.withCalls}`);
  say(`  with the calls of the file     ${count.same}  ${share.toFixed(2)} %`);
  say(`calls on these lines             ${count.calls}`);
  say(`  missing in the hunk            ${count.missing}`);
  say(`  only in the hunk               ${count.invented}`);
  return share >= FLOOR && count.invented === 0 ? 0 : 1;
}

/** git's diff of two directories; its driver for C looks for functions, the plain one for any text at the margin. */
function diffOf(old: string, now: string, isCpp: boolean): string {
  const scratch = mkdtempSync(join(tmpdir(), 'patchwitness-fragments-'));
  try {
    const attributes = join(scratch, 'attributes');
    writeFileSync(attributes, isCpp ? '*.c diff=cpp\n' : '');
    const flags = ['diff', '--no-index', '--no-renames', '--diff-filter=M'];
    return execFileSync('git', ['-c', `core.attributesFile=${attributes}`, ...flags, old, now], {
      encoding: 'latin1',
      maxBuffer: MAX_DIFF,
      cwd: scratch,
    });
  } catch (error) {
    // Status 1 says that there are differences.
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout;
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The calls of each line, in order. */
function callsByLine(units: readonly CodeUnit[]): string[][] {
  const lines: string[][] = [];
  const seen = new Set<string>();
  const found: { line: number; start: number; call: string }[] = [];
  for (const unit of units) {
    for (const operation of unit.graph.blocks.flatMap(({ operations }) => operations)) {
      if (operation.kind !== 'call') continue;
      const { callee, start } = operation.call;
      const name = nameOf(callee);
      const line = unit.lineAt(start);
      // A loop's test and a switch's value stand in several blocks.
      const column = start - unit.text.lastIndexOf('\n', start);
      const key = `${line}:${column}:${name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({ line, start: column, call: `${name}@${line}:${column}` });
    }
  }
  for (const { line, call } of found.toSorted((a, b) => a.line - b.line || a.start - b.start)) {
    const calls = lines[line] ?? [];
    lines[line] = calls;
    calls.push(call);
  }
  return lines;
}

function nameOf(callee: { readonly kind: string; readonly name?: string; readonly field?: string }): string {
  return callee.name ?? callee.field ?? callee.kind;
}

function flat(lines: readonly (readonly string[] | undefined)[], from: number, to: number): string[] {
  return lines.slice(from, to).flatMap((calls) => calls ?? []);
}

function without(calls: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return calls.filter((call) => !known.has(call));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
