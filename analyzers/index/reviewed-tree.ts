/**
 * An indexed tree under review: with files replaced as the patches of a series replace them, and the files whose functions
 * see a difference. Of the other files' functions only those are summarised again that may do something else than before.
 */

import type { Knowledge } from '../knowledge/types.ts';
import type { Affected, ReviewedTree, TreeView } from '../review/tree-view.ts';
import type { Rule } from '../rules/types.ts';
import { blobId } from './blob-id.ts';
import { CallGraph, type GraphFile } from './call-graph.ts';
import type { RecordKey } from './pack-file.ts';
import { extractRecord, RecordBody, readHead } from './record.ts';
import { TreeChange } from './tree-change.ts';
import { type IndexedFiles, summariesOf } from './tree-file.ts';
import { type Bodies, bodiesOf, type Names, TreeSummaries } from './tree-summaries.ts';

/** Calls between what changed and who sees it: further away nothing is said of what is done. */
const MAX_DISTANCE = 3;

/** Files of callers that one patch may bring in; a helper that half the kernel calls has more. */
const MAX_CALLER_FILES = 64;

/** Extracted images: those of a series, of which each is asked for by the next patch. */
const MAX_IMAGES = 256;

interface Extracted extends Omit<GraphFile, 'path'> {
  readonly body: RecordBody;
}

export class IndexUnderReview implements ReviewedTree {
  private readonly files: IndexedFiles;
  private readonly base: TreeSummaries;
  private readonly knowledge: Knowledge;
  private readonly rules: readonly Rule[];
  /** Null for an image that cannot be read. */
  private readonly images = new Map<RecordKey, Extracted | null>();

  constructor(files: IndexedFiles, knowledge: Knowledge, rules: readonly Rule[]) {
    this.files = files;
    this.base = summariesOf(files, knowledge, rules);
    this.knowledge = knowledge;
    this.rules = rules;
  }

  replacing(files: ReadonlyMap<string, Buffer | null>): TreeSummaries {
    if (files.size === 0) return this.base;
    const replaced = [...files].flatMap(([path, image]): GraphFile[] => {
      const found = image === null ? null : this.extracted(image);
      return found === null ? [] : [{ path, key: found.key, head: found.head }];
    });
    const kept = this.files.files.filter(({ path }) => !files.has(path));
    const bodies: Bodies = {
      body: (key) => this.images.get(key)?.body ?? this.files.store.body(key),
    };
    const graph = new CallGraph([...kept, ...replaced]);
    const { base } = this;
    const change = new TreeChange(base, graph, [...files.keys()]);
    return new TreeSummaries(
      graph,
      base.lenses,
      (lens, name) => change.summaries(name, { graph, lens, bodyOf: bodiesOf(graph, bodies) }),
      this.knowledge.opsSlots,
      this.files.era,
    );
  }

  /** The record of an image; null for one that cannot be read. */
  private extracted(image: Buffer): Extracted | null {
    const key = blobId(image);
    const known = this.images.get(key);
    if (known !== undefined) return known;
    const record = extractRecord(image, this.knowledge, this.rules);
    const head = readHead(record.head);
    const extracted = head.state === 'read' ? { key, head, body: new RecordBody(record.body) } : null;
    this.images.set(key, extracted);
    const [oldest] = this.images.keys();
    if (this.images.size > MAX_IMAGES && oldest !== undefined) this.images.delete(oldest);
    return extracted;
  }

  affected(before: TreeView, after: TreeView, paths: readonly string[]): Affected {
    if (!(before instanceof TreeSummaries) || !(after instanceof TreeSummaries)) return NOBODY;
    const found = new Map<string, Set<string>>();
    let changed = differing(before, after, textsChanged(before, after, paths));
    for (let distance = 0; distance < MAX_DISTANCE && changed.size > 0; distance++) {
      const next = new Map<string, Set<string>>();
      for (const { path, name } of [...before.callersOf(changed), ...after.callersOf(changed)]) {
        found.set(path, (found.get(path) ?? new Set<string>()).add(name));
        next.set(path, (next.get(path) ?? new Set<string>()).add(name));
      }
      changed = differing(before, after, next);
    }
    const own = new Set(paths);
    const others = [...found.keys()].filter((path) => !own.has(path)).toSorted();
    const looked = new Set([...own, ...others.slice(0, MAX_CALLER_FILES)]);
    const functions = new Map(
      [...found].filter(([path]) => looked.has(path)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
    return { functions, left: Math.max(0, others.length - MAX_CALLER_FILES) };
  }
}

const NOBODY: Affected = { functions: new Map(), left: 0 };

/** Functions of these files that are written otherwise than before, or are new or gone. */
function textsChanged(before: TreeSummaries, after: TreeSummaries, paths: readonly string[]): Names {
  const changed = new Map<string, Set<string>>();
  for (const path of paths) {
    const [old, current] = [before.sumsOf(path), after.sumsOf(path)];
    const names = [...new Set([...old.keys(), ...current.keys()])];
    changed.set(path, new Set(names.filter((name) => old.get(name) !== current.get(name))));
  }
  return changed;
}

/** Those of the functions that do something else than before. */
function differing(before: TreeSummaries, after: TreeSummaries, functions: Names): Names {
  const found = new Map<string, Set<string>>();
  for (const [path, names] of functions) {
    const others = [...names].filter((name) => before.effect(path, name) !== after.effect(path, name));
    if (others.length > 0) found.set(path, new Set(others));
  }
  return found;
}
