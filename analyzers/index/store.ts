/**
 * The records of C files, kept in the user's cache from run to run and from revision to revision, by the content of the
 * files. Processes share it without locks: packs appear whole and disappear whole, and what is missing is made again.
 */

import { mkdirSync, readdirSync, rmdirSync, statSync, unlinkSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type KeyedRecord, PackFile, type RecordKey, writePackFile } from './pack-file.ts';
import { PackingError } from './packing.ts';
import { type FileHead, RecordBody, readHead } from './record.ts';
import {
  namesIn,
  PACK_SUFFIX,
  REVISION_SUFFIX,
  TABLE_SUFFIX,
  TEMPORARY_PREFIX,
  TREE_SUFFIX,
} from './store-files.ts';
import { extractorVersion } from './version.ts';

/** Changes when files of older layouts cannot be read any more; what extraction gives has a version of its own. */
const LAYOUT = 'index-v1';

/** Where caches are: https://specifications.freedesktop.org/basedir-spec/latest/ */
function cacheDirectory(env: NodeJS.ProcessEnv): string {
  const own = env['PATCHWITNESS_CACHE'];
  if (own !== undefined && own !== '') return own;
  const xdg = env['XDG_CACHE_HOME'];
  // Relative paths are to be ignored, says the specification.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(base, 'patchwitness');
}

/** The directory with the stores of all versions. */
export function indexDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheDirectory(env), LAYOUT);
}

/** That of this version of the program. */
export function storeDirectory(root: string): string {
  return join(root, extractorVersion());
}

export class Store {
  readonly directory: string;
  private readonly packs = new Map<string, PackFile | null>();
  private readonly places = new Map<RecordKey, PackFile>();
  private readonly used = new Set<PackFile>();

  /** Makes the directory; throws the operating system's errors. */
  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.refresh();
  }

  /** Looks for packs that others have written meanwhile. */
  refresh(): void {
    for (const name of readdirSync(this.directory)) {
      if (!name.endsWith(PACK_SUFFIX) || this.packs.has(name)) continue;
      const pack = PackFile.open(join(this.directory, name));
      this.packs.set(name, pack);
      if (pack !== null) for (const key of pack.entries.keys()) this.places.set(key, pack);
    }
  }

  write(records: readonly KeyedRecord[]): void {
    if (records.length > 0) writePackFile(this.directory, records);
  }

  /** Null where there is no record that can be read. */
  head(key: RecordKey): FileHead | null {
    return this.part(key, 'head', readHead);
  }

  /** Null where there is no record that can be read. */
  body(key: RecordKey): RecordBody | null {
    return this.part(key, 'body', (bytes) => new RecordBody(bytes));
  }

  private part<T>(key: RecordKey, which: 'head' | 'body', read: (bytes: Buffer) => T): T | null {
    const first = this.places.get(key);
    if (first === undefined) return null;
    // Another process may have written the same, and the first may be damaged or gone.
    for (const pack of new Set([first, ...this.packs.values()])) {
      const entry = pack?.entries.get(key);
      const bytes = entry === undefined ? undefined : pack?.read(entry[which]);
      if (pack === null || bytes === undefined || bytes === null) continue;
      this.used.add(pack);
      try {
        return read(bytes);
      } catch (error) {
        if (!(error instanceof PackingError)) throw error;
      }
    }
    return null;
  }

  /** Packs that were read count as new from now on: the oldest are removed first. */
  touch(): void {
    const now = new Date();
    for (const { path } of this.used) {
      try {
        utimesSync(path, now, now);
      } catch {
        // Another process has removed it.
      }
    }
  }
}

/** What was removed. */
export interface Pruned {
  readonly files: number;
  readonly bytes: number;
}

/** The whole of Linux takes a tenth of it. */
export const MAX_STORE_BYTES = 4 * 1024 ** 3;

/** What a process that still runs may be about to rename, or another is about to read. */
const YOUNG_MILLISECONDS = 60 * 60 * 1000;

const VERSION = /^[0-9a-f]{16}$/;

const KEPT = [PACK_SUFFIX, TREE_SUFFIX, TABLE_SUFFIX, REVISION_SUFFIX];

interface Candidate {
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
  readonly isOfVersion: boolean;
}

/**
 * Removes what is left of runs that were killed, and the oldest packs until the stores of all versions take no more than
 * `maxBytes`; those of other versions of the program go first, all of them when `keepsVersions` is false. Young ones stay.
 */
export function prune(root: string, maxBytes: number, keepsVersions: boolean): Pruned {
  const current = extractorVersion();
  const packs: Candidate[] = [];
  let [files, bytes] = [0, 0];
  const old = Date.now() - YOUNG_MILLISECONDS;
  const remove = (candidate: Candidate): void => {
    try {
      unlinkSync(candidate.path);
      files++;
      bytes += candidate.bytes;
    } catch {
      // Another process was first.
    }
  };
  // Nothing of other names is this program's.
  const versions = namesIn(root).filter((name) => VERSION.test(name));
  for (const version of versions) {
    const directory = join(root, version);
    for (const name of namesIn(directory)) {
      const candidate = candidateAt(join(directory, name), version === current);
      if (candidate === null) continue;
      const isTemporary = name.startsWith(TEMPORARY_PREFIX);
      if (isTemporary && candidate.modified < old) remove(candidate);
      else if (KEPT.some((suffix) => name.endsWith(suffix))) packs.push(candidate);
    }
  }
  let total = packs.reduce((sum, one) => sum + one.bytes, 0);
  const byAge = packs.toSorted(
    (a, b) =>
      Number(a.isOfVersion) - Number(b.isOfVersion) || a.modified - b.modified || (a.path < b.path ? -1 : 1),
  );
  for (const pack of byAge) {
    const isUnwanted = total > maxBytes || (!keepsVersions && !pack.isOfVersion);
    if (!isUnwanted || (pack.isOfVersion && pack.modified >= old)) continue;
    remove(pack);
    total -= pack.bytes;
  }
  for (const version of versions) {
    try {
      if (version !== current) rmdirSync(join(root, version));
    } catch {
      // It is not empty.
    }
  }
  return { files, bytes };
}

function candidateAt(path: string, isOfVersion: boolean): Candidate | null {
  try {
    const { size, mtimeMs } = statSync(path);
    return { path, bytes: size, modified: mtimeMs, isOfVersion };
  } catch {
    return null;
  }
}
