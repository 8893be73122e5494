/**
 * Mutants of one operator: files are drawn by the seed, in turn from each part of the kernel, given to Coccinelle in
 * small lots, and a few places of each are drawn, until there are enough. A place counts once.
 */

import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isSelfTest } from '../../../analyzers/review/make-findings.ts';
import { sourceText } from '../../../analyzers/source/text.ts';
import { unifiedDiff } from './diff-text.ts';
import type { Operator } from './operator.ts';
import { randomOf, shuffled } from './random.ts';
import { type Mutant, type Site, siteLine } from './site.ts';
import { applied, Source } from './source.ts';
import { findSites } from './spatch.ts';

/** Parts of the kernel that are drawn from in turn. */
const AREAS = ['fs', 'mm', 'block', 'kernel', 'net', 'drivers', 'sound'];

/** Coccinelle's time grows faster than a file; an operator that is at home in few directories may look at more. */
const MAX_FILE_BYTES = 48_000;
const MAX_FILE_BYTES_AT_HOME = 80_000;

const FILES_A_LOT = 16;

/** From one file, and from one function of it, so that no habit of one author decides. */
const MOST_OF_A_FILE = 8;
const MOST_OF_A_FUNCTION = 2;

/** Of files drawn for an operator that finds too little. */
const MOST_FILES = 480;

export interface Planted {
  readonly mutants: readonly Mutant[];
  readonly files: number;
  /** Files that took Coccinelle too long. */
  readonly given: number;
}

const keptLine = z.object({ pattern: z.string(), file: z.string(), sites: z.array(siteLine) });

/** Names of all files that may be drawn, in a fixed order, with what was read and found in them, for all operators. */
export class Files {
  readonly tree: string;
  private readonly names: ReadonlyMap<string, number>;
  private readonly texts = new Map<string, string>();
  private readonly keep: string | null;
  private readonly sites = new Map<string, readonly Site[]>();
  /** What Coccinelle is busy with, by pattern: two operators may ask for the same. */
  private readonly busy = new Map<string, Promise<unknown>>();

  /** `keep` is a file in which places are kept for the next run. */
  constructor(tree: string, keep: string | null) {
    this.tree = tree;
    this.names = new Map(AREAS.flatMap((area) => cFiles(tree, area)));
    this.keep = keep;
    const lines = keep !== null && existsSync(keep) ? readFileSync(keep, 'utf8').split('\n') : [];
    for (const line of lines.filter((one) => one !== '')) {
      const { pattern, file, sites } = keptLine.parse(JSON.parse(line));
      this.sites.set(`${pattern} ${file}`, sites);
    }
  }

  text(name: string): string {
    const known = this.texts.get(name);
    if (known !== undefined) return known;
    const text = sourceText(readFileSync(join(this.tree, name))) ?? '';
    this.texts.set(name, text);
    return text;
  }

  /** Looks for the pattern's places in these files, unless that was done; returns how many took too long. */
  async search(pattern: string, files: readonly string[]): Promise<number> {
    const before = this.busy.get(pattern);
    const search = (async (): Promise<number> => {
      await before;
      const unknown = files.filter((file) => !this.sites.has(`${pattern} ${file}`));
      if (unknown.length === 0) return 0;
      const { sites, given } = await findSites(this.tree, pattern, unknown);
      for (const name of unknown) {
        const own = sites.filter(({ file }) => file === name);
        this.sites.set(`${pattern} ${name}`, own);
        if (this.keep !== null) {
          appendFileSync(this.keep, `${JSON.stringify({ pattern, file: name, sites: own })}\n`);
        }
      }
      return given;
    })();
    this.busy.set(pattern, search);
    return search;
  }

  found(pattern: string, file: string): readonly Site[] {
    return this.sites.get(`${pattern} ${file}`) ?? [];
  }

  /** Those that mention it, drawn in turn from each area. */
  *drawn({ pattern, mentions, under }: Operator, seed: number): Generator<string> {
    const largest = under === undefined ? MAX_FILE_BYTES : MAX_FILE_BYTES_AT_HOME;
    const areas = AREAS.map((area) => {
      const own = [...this.names].flatMap(([name, bytes]) =>
        bytes <= largest &&
        name.startsWith(`${area}/`) &&
        (under === undefined || under.some((directory) => name.startsWith(`${directory}/`)))
          ? [name]
          : [],
      );
      return shuffled(own, randomOf(seed, `${pattern} ${area}`)).values();
    });
    for (let isLeft = true; isLeft; ) {
      isLeft = false;
      for (const area of areas) {
        for (let name = area.next(); name.done !== true; name = area.next()) {
          // What is wrong in a self-test is said as advice.
          if (isSelfTest(name.value) || !mentions.test(this.text(name.value))) continue;
          isLeft = true;
          yield name.value;
          break;
        }
      }
    }
  }
}

/** Names and sizes. */
function cFiles(tree: string, area: string): [string, number][] {
  let names: string[];
  try {
    names = readdirSync(join(tree, area), { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.c'))
    .map((name) => `${area}/${name}`)
    .toSorted()
    .map((name) => [name, statSync(join(tree, name)).size]);
}

export async function plant(files: Files, operator: Operator, count: number, seed: number): Promise<Planted> {
  const mutants: Mutant[] = [];
  const drawn = files.drawn(operator, seed);
  let looked = 0;
  let given = 0;
  while (mutants.length < count && looked < MOST_FILES) {
    const lot = [...take(drawn, FILES_A_LOT)];
    if (lot.length === 0) break;
    given += await files.search(operator.pattern, lot);
    looked += lot.length;
    for (const name of lot) {
      mutants.push(...mutantsOf(files.text(name), name, files.found(operator.pattern, name), operator, seed));
    }
  }
  return { mutants: mutants.slice(0, count), files: looked, given };
}

function* take<T>(from: Generator<T>, count: number): Generator<T> {
  for (let taken = 0; taken < count; taken++) {
    const next = from.next();
    if (next.done === true) return;
    yield next.value;
  }
}

function mutantsOf(
  text: string,
  file: string,
  sites: readonly Site[],
  operator: Operator,
  seed: number,
): Mutant[] {
  const source = new Source(text);
  const mutants: Mutant[] = [];
  const said = new Set<string>();
  const ofFunction = new Map<string, number>();
  const inOrder = sites.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
  for (const site of shuffled(inOrder, randomOf(seed, `${operator.id} ${file}`))) {
    const key = JSON.stringify(site.at);
    const before = ofFunction.get(site.function) ?? 0;
    if (mutants.length >= MOST_OF_A_FILE) break;
    if (before >= MOST_OF_A_FUNCTION || said.has(key)) continue;
    said.add(key);
    const edits = operator.plant(source, site, randomOf(seed, `${operator.id} ${file} ${key}`));
    if (edits === null || applied(text, edits) === text) continue;
    const [first] = edits.toSorted((a, b) => a.start - b.start);
    const place = edits.map(({ start, end }) => `${start}-${end}`).join(' ');
    if (first === undefined || said.has(place)) continue;
    said.add(place);
    ofFunction.set(site.function, before + 1);
    mutants.push({
      operator: operator.id,
      file,
      function: site.function,
      line: source.lineOf(first.start),
      diff: unifiedDiff(file, source, edits),
    });
  }
  return mutants;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
