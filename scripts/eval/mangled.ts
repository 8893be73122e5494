/**
 * `npm run eval -- mangled ARCHIVE…`: every patch of the archives that reads strictly is damaged in each of the ways that
 * `mangling.ts` knows, and read again. Per way and hunk it counts what came out: the hunk as it was (untouched, or
 * repaired up to the loss that the way of damage documents), refused, read as the strict reader takes the damaged text,
 * or wrong. Ends with 1 when something is wrong that the counts could have decided.
 */
import { hunkHeader, readHunk } from '../../analyzers/diff/hunk.ts';
import { parseDiff } from '../../analyzers/diff/parse.ts';
import type { Hunk, ParsedDiff } from '../../analyzers/diff/types.ts';
import { readArchive } from '../../corpus/archive/read.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import { findPatch } from '../../corpus/mail/patch.ts';
import { mendDiff } from '../../corpus/mangled/diff.ts';
import { readText } from '../../corpus/mangled/text.ts';
import { makeRandom, type PatchLines, WAYS, type Way } from './mangling/ways.ts';

interface Tally {
  hunks: number;
  untouched: number;
  repaired: number;
  refused: number;
  strict: number;
  wrong: number;
}

/** So many wrong hunks of each way are shown. */
const SHOWN = 5;

export async function run(args: readonly string[]): Promise<number> {
  const only = args.find((arg) => arg.startsWith('--way='))?.slice('--way='.length);
  const archives = args.filter((arg) => !arg.startsWith('--'));
  if (archives.length === 0) {
    process.stderr.write('usage: npm run eval -- mangled [--way=NAME] ARCHIVE…\n');
    return 2;
  }
  const ways = WAYS.filter(({ name }) => only === undefined || name === only);
  const tallies = new Map(ways.map((way) => [way, emptyTally()]));
  let patches = 0;
  for (const archive of archives) {
    for await (const item of readArchive(archive)) {
      if (item.type === 'problem') continue;
      const patch = findPatch(await parseMessage(item));
      if (patch === null) continue;
      const original = parseDiff(patch.text);
      const lines = patchLines(patch.text, original);
      if (lines === null) continue;
      patches++;
      for (const [way, tally] of tallies) {
        const shown = tally.wrong;
        tryWay(way, lines, original, tally, patches);
        if (tally.wrong > shown && shown < SHOWN) {
          process.stderr.write(`wrong: ${way.name}, ${item.source} message ${item.index}\n`);
        }
      }
    }
  }
  process.stdout.write(`${patches} patches\n\n${table(tallies)}`);
  return [...tallies].some(([way, { wrong }]) => way.isDecidable && wrong > 0) ? 1 : 0;
}

function emptyTally(): Tally {
  return { hunks: 0, untouched: 0, repaired: 0, refused: 0, strict: 0, wrong: 0 };
}

/** The lines of a patch and where its hunks are; null for a patch without hunks or with problems. */
function patchLines(text: string, { files, problems }: ParsedDiff): PatchLines | null {
  if (problems.length > 0) return null;
  const lines = text.split('\n');
  const hunks = files.flatMap((file) =>
    file.hunks.map((hunk) => {
      const header = hunkHeader(lines[hunk.line - 1] ?? '');
      const result = header === null ? null : readHunk(lines, hunk.line - 1, header);
      return { start: hunk.line - 1, end: result?.ok === true ? result.end : hunk.line };
    }),
  );
  return hunks.length === 0 ? null : { lines, hunks };
}

function tryWay(way: Way, lines: PatchLines, original: ParsedDiff, tally: Tally, seed: number): void {
  const damaged = way.damage(lines, makeRandom(seed));
  if (damaged === null) return;
  const read = readBack(damaged, way);
  const got = keyed(read, way, damaged);
  const before = keyed([original], way, lines.lines);
  for (const [place, all] of before) {
    const found = got.get(place) ?? [];
    for (const expected of all) {
      tally.hunks++;
      const same = found.find(({ text }) => text === expected.text);
      if (same !== undefined) {
        if (same.isStrict) tally.untouched++;
        else tally.repaired++;
      } else if (found.length < all.length) tally.refused++;
      else if (found.every(({ isStrict }) => isStrict)) tally.strict++;
      else tally.wrong++;
    }
  }
  // Hunks from nowhere; the words around a patch may hold another one in quotes.
  const quoted = keyed(readBack(lines.lines, way), way, lines.lines);
  for (const [place, all] of got) {
    if (!before.has(place) && !quoted.has(place) && !all.every(({ isStrict }) => isStrict)) tally.wrong++;
  }
}

function readBack(lines: readonly string[], { isText }: Way): readonly ParsedDiff[] {
  const text = lines.join('\n');
  return isText ? readText(text).patches.map(({ mended }) => mended.diff) : [mendDiff(text).diff];
}

interface Known {
  /** The hunk as text in which the way's documented loss does not show. */
  readonly text: string;
  /** The strict reader says the same of these lines. */
  readonly isStrict: boolean;
}

/** Hunks by file and place. */
function keyed(
  diffs: readonly ParsedDiff[],
  way: Way,
  lines: readonly string[],
): ReadonlyMap<string, readonly Known[]> {
  const hunks = new Map<string, Known[]>();
  for (const diff of diffs) {
    for (const { oldPath, newPath, hunks: own } of diff.files) {
      for (const hunk of own) {
        const place = [oldPath, newPath, hunk.oldStart, hunk.newStart].join(' ');
        const header = hunkHeader(lines[hunk.line - 1] ?? '');
        const strict = header === null ? null : readHunk(lines, hunk.line - 1, header);
        const text = hunkText(hunk, way);
        const isStrict = strict?.ok === true && hunkText(strict.hunk, way) === text;
        hunks.set(place, [...(hunks.get(place) ?? []), { text, isStrict }]);
      }
    }
  }
  return hunks;
}

function hunkText(hunk: Hunk, way: Way): string {
  const ends = `${hunk.oldEndsWithoutNewline} ${hunk.newEndsWithoutNewline}`;
  return [ends, ...hunk.lines.map(({ kind, text }) => `${kind} ${way.loss(text)}`)].join('\n');
}

function table(tallies: ReadonlyMap<Way, Tally>): string {
  const head = [
    '| damage | hunks | as it was, untouched | as it was, repaired | refused | read as it stands | wrong |',
    '|---|---|---|---|---|---|---|',
  ];
  const rows = [...tallies].map(
    ([{ name }, { hunks, untouched, repaired, refused, strict, wrong }]) =>
      `| ${name} | ${hunks} | ${untouched} | ${repaired} | ${refused} | ${strict} | ${wrong} |`,
  );
  return `${[...head, ...rows].join('\n')}\n`;
}
