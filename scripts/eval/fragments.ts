/**
 * `npm run eval -- fragments --old TREE --new TREE --hunks N --seed S`: what a bare hunk shows beside what the same
 * lines show in their whole file. Real hunks are drawn from the difference of two trees, by git with its heading
 * for C (`--headings cpp`, the default) or with the plain one of `diff -p` (`--headings plain`).
 *
 * The calls and the events of both sides of each hunk, in order, have to be those of the whole file on these lines: a
 * call by its name and place, an event by its kind, place, lock and object. What only the hunk has is invented; what only
 * the file has is missing. `--list` prints them. Ends with status 1 when fewer than 99 % of the sides with a call or an
 * event agree, or when one is invented.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type CodeUnit, unitsOfFile, unitsOfHunk } from '../../analyzers/c/units.ts';
import { UNSEEN } from '../../analyzers/c/unseen.ts';
import { hunkImage } from '../../analyzers/diff/image.ts';
import { parseDiff } from '../../analyzers/diff/parse.ts';
import type { FileDiff, Hunk } from '../../analyzers/diff/types.ts';
import { extractSequence } from '../../analyzers/events/extract.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { KernelEvent } from '../../analyzers/vocabulary/event.ts';
import { draw } from './front-end/draw.ts';

/** A diff of fs, mm and block between two years has some 30 MB. */
const MAX_DIFF = 1024 * 1024 * 1024;
const FLOOR = 99;

/** `diff -p` cuts its headings; git's have twice as much. */
const PLAIN_HEADING = 40;

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
  const tallies = [new Tally('call', callsOf, values.list), new Tally('event', eventsOf, values.list)];
  const files = new Map<string, CodeUnit[]>();
  let sides = 0;
  for (const { file, hunk } of drawn) {
    for (const side of ['pre', 'post'] as const) {
      const path = `/${(side === 'pre' ? file.oldPath : file.newPath) ?? ''}`;
      const image = hunkImage(hunk, side);
      if (image.lines.length === 0) continue;
      let whole = files.get(path);
      if (whole === undefined) {
        whole = unitsOfFile(readFileSync(path, 'utf8'));
        // Hunks of one file come one after the other.
        files.clear();
        files.set(path, whole);
        await setImmediate();
      }
      const texts = image.lines.map(({ text }) => text);
      const from = image.startLine;
      const lines = { from, to: from + texts.length };
      const near = whole.filter((unit) => unit.startLine < lines.to && unit.endLine >= from);
      const heading = values.headings === 'plain' ? hunk.heading.slice(0, PLAIN_HEADING) : hunk.heading;
      const shown = unitsOfHunk(texts, from, heading);
      const name = `${basename(path)}:${from}+${texts.length} ${side} (${heading})`;
      for (const tally of tallies) tally.compare(name, near, shown, lines);
      sides++;
    }
  }
  say(`hunks drawn                      ${drawn.length} of ${all.length}`);
  say(`sides of hunks                   ${sides}`);
  return tallies.map((tally) => tally.report()).every(Boolean) ? 0 : 1;
}

/** Something that stands at a place in a unit. */
interface Item {
  readonly offset: number;
  readonly text: string;
}

/** How often a hunk shows what its file has on the same lines. */
class Tally {
  private readonly kind: string;
  private readonly itemsOf: (unit: CodeUnit) => Item[];
  private readonly lists: boolean;
  private sides = 0;
  private same = 0;
  private items = 0;
  private missing = 0;
  private invented = 0;

  constructor(kind: string, itemsOf: (unit: CodeUnit) => Item[], lists: boolean) {
    this.kind = kind;
    this.itemsOf = itemsOf;
    this.lists = lists;
  }

  compare(
    name: string,
    whole: readonly CodeUnit[],
    shown: readonly CodeUnit[],
    { from, to }: { from: number; to: number },
  ): void {
    const wanted = this.within(whole, from, to);
    const found = this.within(shown, 0, Number.POSITIVE_INFINITY);
    if (wanted.length + found.length === 0) return;
    const missing = without(wanted, found);
    const invented = without(found, wanted);
    this.sides++;
    this.items += wanted.length;
    this.missing += missing.length;
    this.invented += invented.length;
    if (wanted.join() === found.join()) this.same++;
    else if (this.lists) {
      say(`${this.kind} ${name} missing ${missing.join(' ')} invented ${invented.join(' ')}`);
    }
  }

  report(): boolean {
    const share = (100 * this.same) / this.sides;
    say(`sides with ${this.kind}s               ${this.sides}`);
    say(`  the same as in the file        ${this.same}  ${share.toFixed(2)} %`);
    say(`${this.kind}s on these lines            ${this.items}`);
    say(`  missing in the hunk            ${this.missing}`);
    say(`  only in the hunk               ${this.invented}`);
    return share >= FLOOR && this.invented === 0;
  }

  /** What stands on these lines, in order, each once: a loop's test and a switch's value stand in several blocks. */
  private within(units: readonly CodeUnit[], from: number, to: number): string[] {
    const found = new Map<string, { line: number; column: number }>();
    for (const unit of units) {
      for (const { offset, text } of this.itemsOf(unit)) {
        const line = unit.lineAt(offset);
        const column = offset - unit.text.lastIndexOf('\n', offset);
        if (line >= from && line < to) found.set(`${text}@${line}:${column}`, { line, column });
      }
    }
    return [...found]
      .toSorted(([a, one], [b, other]) => {
        return one.line - other.line || one.column - other.column || (a < b ? -1 : 1);
      })
      .map(([text]) => text);
  }
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

function callsOf(unit: CodeUnit): Item[] {
  return unit.graph.blocks.flatMap(({ operations }) =>
    operations.flatMap((operation) => {
      if (operation.kind !== 'call') return [];
      const { callee, start } = operation.call;
      return { offset: start, text: nameOf(callee) };
    }),
  );
}

const knowledge = loadKnowledge();

/**
 * The unit's events; without assignments, without what stands for a part that is out of sight, and without what a loop
 * that was not run would have given back: it is an event of no line.
 */
function eventsOf(unit: CodeUnit): Item[] {
  return extractSequence(unit, knowledge).blocks.flatMap(({ events }) =>
    events.flatMap((event) => {
      const text = eventText(event);
      const isSkipped = event.kind === 'call' && event.site.code === '';
      const isNoise = event.kind === 'assign' || event.kind === 'write' || text.includes(UNSEEN);
      const isShown = !isSkipped && !isNoise;
      return isShown ? { offset: event.site.offset, text } : [];
    }),
  );
}

function eventText(event: KernelEvent): string {
  const words: string[] = [event.kind];
  if ('lock' in event) words.push(event.lock);
  if ('scope' in event) words.push(event.scope);
  if ('condition' in event) words.push(event.condition);
  if ('callee' in event) words.push(event.callee ?? '?');
  if ('object' in event) words.push(event.object ?? '?');
  if ('bio' in event) words.push(event.bio ?? '?');
  return words.join('/');
}

function nameOf(callee: { readonly kind: string; readonly name?: string; readonly field?: string }): string {
  return callee.name ?? callee.field ?? callee.kind;
}

function without(calls: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return calls.filter((call) => !known.has(call));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
