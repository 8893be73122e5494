/**
 * `git apply` as the judge of whole-file images. In go pre-images with hunks as bytes, out come git's post-images or
 * refusals, many files to a process: `--reject` lets each file fail alone and leaves a `.rej` beside those that do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { applyFileDiff } from '../../../analyzers/diff/apply.ts';
import { hunkImage, placedHunks } from '../../../analyzers/diff/image.ts';
import { splitLines } from '../../../analyzers/diff/line-image.ts';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { FileDiff } from '../../../analyzers/diff/types.ts';

const ENV = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CEILING_DIRECTORIES: tmpdir(),
  LC_ALL: 'C',
};

/** Runs git outside of any repository and free of anybody's settings; its status is the caller's business. */
export function runGit(
  cwd: string,
  args: readonly string[],
  input?: Buffer,
): { status: number | null; stdout: Buffer; stderr: string } {
  const options = { cwd, env: ENV, maxBuffer: 1 << 30, ...(input === undefined ? {} : { input }) };
  const { status, stdout, stderr } = spawnSync('git', [...args], options);
  return { status, stdout, stderr: stderr.toString() };
}

/** A directory for as long as `work` runs. */
export function inTempDir<Result>(work: (directory: string) => Result): Result {
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-'));
  try {
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export interface ApplyCase {
  readonly pre: Buffer;
  /** One character a byte, from the first `@@` to the end of the last hunk. */
  readonly hunks: string;
  readonly reverse?: boolean;
}

/** The hunks as a diff of one file called `name`. */
function asDiff(hunks: string, name: string): string {
  return `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n${hunks}`;
}

/** For each case what git makes of it; null where it refuses. All cases go the same way round. */
export function gitApply(cases: readonly ApplyCase[], reverse: boolean): readonly (Buffer | null)[] {
  return inTempDir((directory) => {
    mkdirSync(join(directory, 'd'));
    for (const [index, { pre }] of cases.entries()) writeFileSync(join(directory, 'd', String(index)), pre);
    const patch = cases.map(({ hunks }, index) => asDiff(hunks, `d/${index}`)).join('');
    const flags = reverse ? ['--reverse'] : [];
    const { stderr } = runGit(
      directory,
      ['apply', '--reject', '--whitespace=nowarn', ...flags, '-'],
      Buffer.from(patch, 'latin1'),
    );
    const broken = /^error: (?:corrupt patch|patch fragment|unrecognized|No valid).*/m.exec(stderr)?.[0];
    if (broken !== undefined) throw new Error(`${broken}\n${patch}`);
    return cases.map((_, index) => {
      const path = join(directory, 'd', String(index));
      return existsSync(`${path}.rej`) ? null : readFileSync(path);
    });
  });
}

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');

export type Verdict = 'same' | 'refused' | `different: ${string}`;

/** Ours beside git's; where both apply, the line map is checked against the two files as well. */
export function compare(pre: Buffer, file: FileDiff, reverse: boolean, theirs: Buffer | null): Verdict {
  const ours = applyFileDiff(pre, file, { encoding: 'latin1', reverse });
  if (!ours.ok) return theirs === null ? 'refused' : `different: we refuse, git applies: ${ours.reason}`;
  if (theirs === null) return 'different: we apply, git refuses';
  if (ours.post === null || !ours.post.equals(theirs)) return 'different: other bytes';
  const [before, after] = reverse ? [ours.post, pre] : [pre, ours.post];
  // A line put behind one that lacks its newline is glued to it, by git as by us; such a file has no line map.
  const grown = file.hunks.reduce((sum, { oldCount, newCount }) => sum + newCount - oldCount, 0);
  if (splitLines(latin1(after)).length !== splitLines(latin1(before)).length + grown) return 'same';
  const turned = ours.places.map(({ preLine, postLine, offset }) => ({
    preLine: reverse ? postLine : preLine,
    postLine: reverse ? preLine : postLine,
    offset,
  }));
  for (const hunk of placedHunks(file, turned)) {
    for (const [side, bytes] of [
      ['pre', before],
      ['post', after],
    ] as const) {
      const lines = latin1(bytes).split('\n');
      const wrong = hunkImage(hunk, side).lines.find(({ text, line }) => !lines[line - 1]?.startsWith(text));
      if (wrong !== undefined) return `different: line map, ${side} line ${wrong.line}`;
    }
  }
  return 'same';
}

/** The one file of a case, as the parser sees it. */
export function fileOf(hunks: string): FileDiff {
  const { files, problems } = parseDiff(asDiff(hunks, 'd/x'));
  const [file] = files;
  if (file === undefined || files.length > 1 || problems.length > 0) {
    throw new Error(`hunks of one file expected: ${JSON.stringify(problems)}\n${hunks}`);
  }
  return file;
}

/** `git diff` between two contents, hunks only; empty when they are equal. */
function gitHunks(before: Buffer, after: Buffer, context: number): string {
  return inTempDir((directory) => {
    writeFileSync(join(directory, 'old'), before);
    writeFileSync(join(directory, 'new'), after);
    const flags = ['--no-index', '--text', '--no-color', '--no-ext-diff', `-U${context}`];
    const text = runGit(directory, ['diff', ...flags, 'old', 'new']).stdout.toString('latin1');
    const start = text.indexOf('\n@@ ');
    return start < 0 ? '' : text.slice(start + 1);
  });
}

/** Many equal lines, so that hunks fit in several places; bytes that are no UTF-8; blanks and carriage returns. */
const LINES = [
  '',
  '',
  '{',
  '}',
  '\treturn 0;',
  'a',
  'b',
  'a\r',
  'a ',
  '\xe4\xff',
  '\xc3\xa4',
  '-',
  '+',
  ' ',
  '@@',
];
const line = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...LINES) },
  { weight: 1, arbitrary: fc.nat(9).map((number) => `line ${number}`) },
);
interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: readonly string[];
}
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(60),
  cut: fc.nat(3),
  put: fc.array(line, { maxLength: 3 }),
});
/** A change of the file that the diff was not made for: an edit, or a stretch of it once more. */
const drift = fc.oneof(
  edit,
  fc.record({ from: fc.nat(60), length: fc.integer({ min: 1, max: 12 }), at: fc.nat(60) }),
);
type Drift = Edit | { readonly from: number; readonly length: number; readonly at: number };

function edited(lines: readonly string[], changes: readonly Drift[]): string[] {
  let result = [...lines];
  for (const change of changes) {
    const at = change.at % (result.length + 1);
    result =
      'cut' in change
        ? result.toSpliced(at, change.cut, ...change.put)
        : result.toSpliced(at, 0, ...result.slice(change.from, change.from + change.length));
  }
  return result;
}

function content(lines: readonly string[], newline: boolean): Buffer {
  return Buffer.from(lines.join('\n') + (newline && lines.length > 0 ? '\n' : ''), 'latin1');
}

/** The same hunks under other line numbers: what a patch says of its place is often wrong. */
function renumbered(hunks: string, shift: number): string {
  return hunks.replace(
    /^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@/gm,
    (_, old: string, oldCount = '', now: string, newCount = '') =>
      `@@ -${Math.max(0, Number(old) + shift)}${oldCount} +${Math.max(0, Number(now) + shift)}${newCount} @@`,
  );
}

type Order = 'kept' | 'reversed' | 'doubled';

/** The hunks in an order that no diff program writes: git looks for each where it says, before or behind the others. */
function reordered(hunks: string, order: Order): string {
  if (order === 'kept') return hunks;
  const each = hunks.split(/^(?=@@ -)/m);
  return (order === 'reversed' ? each.toReversed() : [...each, ...each]).join('');
}

const scenario = fc.record({
  lines: fc.array(line, { maxLength: 45 }),
  newline: fc.boolean(),
  edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
  newlineAfter: fc.boolean(),
  context: fc.constantFrom(0, 1, 2, 3, 3, 3, 5, 10),
  reverse: fc.boolean(),
  variants: fc.array(
    fc.record({
      drifts: fc.array(drift, { maxLength: 3 }),
      newline: fc.boolean(),
      shift: fc.constantFrom(0, 0, 0, 1, -1, 4, -7, 100),
      order: fc.constantFrom<Order>('kept', 'kept', 'kept', 'reversed', 'doubled'),
    }),
    { minLength: 4, maxLength: 16 },
  ),
});

/** How often each verdict came; a disagreement is thrown with its smallest input. */
export function checkAgainstGit(runs: number, seed?: number): { same: number; refused: number } {
  const seen = { same: 0, refused: 0 };
  fc.assert(
    fc.property(scenario, (made) => {
      const before = content(made.lines, made.newline);
      const changed = edited(made.lines, made.edits);
      const after = content(changed, made.newlineAfter);
      const hunks = gitHunks(before, after, made.context);
      if (hunks === '') return;
      const cases: ApplyCase[] = [{ pre: made.reverse ? after : before, hunks }];
      for (const { drifts, newline, shift, order } of made.variants) {
        const pre = content(edited(made.reverse ? changed : made.lines, drifts), newline);
        cases.push({ pre, hunks: reordered(renumbered(hunks, shift), order) });
      }
      for (const [index, theirs] of gitApply(cases, made.reverse).entries()) {
        const { pre, hunks: text } = cases[index] ?? { pre: before, hunks };
        const verdict = compare(pre, fileOf(text), made.reverse, theirs);
        if (verdict !== 'same' && verdict !== 'refused') {
          throw new Error(`${verdict}\n${JSON.stringify({ pre: pre.toString('latin1'), text })}`);
        }
        seen[verdict]++;
      }
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
  return seen;
}
