/**
 * Mutants of one operator: files are drawn by the seed, in turn from each part of the kernel, given to Coccinelle in
 * small lots, and a few places of each are drawn, until there are enough. A place counts once.
 */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sourceText } from '../../../analyzers/source/text.ts';
import { unifiedDiff } from './diff-text.ts';
import type { Operator } from './operator.ts';
import { randomOf, shuffled } from './random.ts';
import type { Mutant, Site } from './site.ts';
import { applied, Source } from './source.ts';
import { findSites } from './spatch.ts';

/** Parts of the kernel that are drawn from in turn. */
const AREAS = ['fs', 'mm', 'block', 'kernel', 'net', 'drivers', 'sound'];

/** Coccinelle's time grows faster than a file. */
const MAX_FILE_BYTES = 80_000;

const FILES_A_LOT = 16;

/** From one file, and from one function of it, so that no habit of one author decides. */
const MOST_OF_A_FILE = 6;
const MOST_OF_A_FUNCTION = 2;

/** Of files drawn for an operator that finds too little. */
const MOST_FILES = 640;

export interface Planted {
  readonly mutants: readonly Mutant[];
  readonly files: number;
  /** Files that took Coccinelle too long. */
  readonly given: number;
}

/** Names of all files that may be drawn, in a fixed order, with their text: read once for all operators. */
export class Files {
  readonly tree: string;
  private readonly names: readonly string[];
  private readonly texts = new Map<string, string>();

  constructor(tree: string) {
    this.tree = tree;
    this.names = AREAS.flatMap((area) => cFiles(tree, area));
  }

  text(name: string): string {
    const known = this.texts.get(name);
    if (known !== undefined) return known;
    const text = sourceText(readFileSync(join(this.tree, name))) ?? '';
    this.texts.set(name, text);
    return text;
  }

  /** Those that mention it, drawn in turn from each area. */
  *drawn({ id, mentions, under }: Operator, seed: number): Generator<string> {
    const areas = AREAS.map((area) => {
      const own = this.names.filter(
        (name) =>
          name.startsWith(`${area}/`) &&
          (under === undefined || under.some((directory) => name.startsWith(`${directory}/`))),
      );
      return shuffled(own, randomOf(seed, `${id} ${area}`)).values();
    });
    for (let isLeft = true; isLeft; ) {
      isLeft = false;
      for (const area of areas) {
        for (let name = area.next(); name.done !== true; name = area.next()) {
          if (!mentions.test(this.text(name.value))) continue;
          isLeft = true;
          yield name.value;
          break;
        }
      }
    }
  }
}

function cFiles(tree: string, area: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(tree, area), { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.c'))
    .map((name) => `${area}/${name}`)
    .filter((name) => statSync(join(tree, name)).size <= MAX_FILE_BYTES)
    .toSorted();
}

export async function plant(files: Files, operator: Operator, count: number, seed: number): Promise<Planted> {
  const mutants: Mutant[] = [];
  const drawn = files.drawn(operator, seed);
  let looked = 0;
  let given = 0;
  while (mutants.length < count && looked < MOST_FILES) {
    const lot = [...take(drawn, FILES_A_LOT)];
    if (lot.length === 0) break;
    const found = await findSites(files.tree, operator.pattern, lot);
    given += found.given;
    looked += lot.length;
    for (const name of lot) {
      const sites = found.sites.filter(({ file }) => file === name);
      mutants.push(...mutantsOf(files.text(name), name, sites, operator, seed));
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
