/**
 * Messages in, series out: the postings of an archive with their parts, gaps, versions and answers. Messages are
 * added one by one as they stream by; series come out when all are in, because a part, an answer or the next
 * version may be the archive's last mail. When more messages come, the series are asked for again.
 */

import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import { findPatch } from '../mail/patch.ts';
import type { MailMessage } from '../mail/types.ts';
import { NONE, noneColumn } from './columns.ts';
import { findLineages } from './lineage.ts';
import { MessageTable } from './messages.ts';
import { findPostings, leadRow, type Posting } from './postings.ts';
import type { MessageRef, PartRange, Reply, Series, SeriesPatch } from './types.ts';
import { KERNEL } from './userspace.ts';
import type { Versioned } from './versions.ts';

/** What an archive held, beside its series. */
export interface ArchiveCounts {
  /** Messages with a Message-ID that was there before: copies, which are left out. */
  readonly duplicates: number;
  /** Answers that hold a diff of their own. */
  readonly patchesInReplies: number;
}

export class SeriesAssembler {
  private readonly table = new MessageTable();
  private duplicates = 0;

  /** `diff` for a message whose patch was found in another way than mail's. False for a copy. */
  add(message: MailMessage, diff: ParsedDiff | null = findPatch(message)?.diff ?? null): boolean {
    const isNew = this.table.add(message, diff);
    if (!isNew) this.duplicates++;
    return isNew;
  }

  get counts(): ArchiveCounts {
    let patchesInReplies = 0;
    for (let row = 0; row < this.table.length; row++) {
      if (this.table.replyFacts(row)?.hasPatch === true) patchesInReplies++;
    }
    return { duplicates: this.duplicates, patchesInReplies };
  }

  /** All series so far, in the order in which their first messages stand in the archive. */
  *finish(): Generator<Series> {
    this.table.finish();
    const versioned = findLineages(this.table, findPostings(this.table));
    const replies = new Replies(this.table, versioned);
    for (const one of versioned) yield this.series(one, replies);
  }

  private series(one: Versioned, replies: Replies): Series {
    const { posting } = one;
    const lead = leadRow(posting);
    const cover = posting.coverRow === null ? null : this.patch(posting.coverRow, 0, null, replies);
    const carried = carriedParts(one);
    const own = [...posting.parts].map(([part, row]) => this.patch(row, part, null, replies));
    const others = [...carried].map(([part, { row, from }]) => this.patch(row, part, from, replies));
    const patches = [...own, ...others].toSorted((a, b) => a.part - b.part);
    return {
      id: this.id(one),
      kind: posting.kind,
      title: this.table.title(lead),
      from: this.table.sender(lead).from,
      date: this.date(lead),
      version: one.version,
      versionStated: one.versionStated,
      total: posting.total,
      cover,
      patches,
      missing: posting.kind === 'pull-request' ? [] : gaps(patches, posting.total),
      isRfc: one.isRfc,
      isResend: one.isResend,
      isPartialReroll: carried.size > 0,
      tags: posting.tags === '' ? [] : posting.tags.split(' '),
      userspaceTree: this.userspaceTree(posting),
      previous: one.previous === null ? null : this.id(one.previous),
      supersededBy: one.supersededBy === null ? null : this.id(one.supersededBy),
      ...this.facts(posting),
    };
  }

  private id({ posting }: Versioned): string {
    const { messageId, source, message } = this.ref(leadRow(posting));
    return messageId ?? `${source}:${message}`;
  }

  private ref(row: number): MessageRef {
    const { table } = this;
    return {
      source: table.source(row),
      message: table.number(row),
      messageId: table.threads.id(table.node(row)),
    };
  }

  private date(row: number): string | null {
    const time = this.table.time(row);
    return Number.isNaN(time) ? null : `${new Date(time).toISOString().slice(0, 19)}Z`;
  }

  private patch(row: number, part: number, carriedFrom: number | null, replies: Replies): SeriesPatch {
    return {
      ...this.ref(row),
      part,
      title: this.table.title(row),
      from: this.table.sender(row).from,
      date: this.date(row),
      carriedFrom,
      replies: replies.below(row).map((reply) => this.reply(reply)),
    };
  }

  private reply(row: number): Reply {
    const facts = this.table.replyFacts(row);
    return {
      ...this.ref(row),
      from: this.table.sender(row).from,
      date: this.date(row),
      trailers: facts?.trailers ?? [],
      hasPatch: facts?.hasPatch ?? false,
    };
  }

  /** The tree outside the kernel that most of the mails name, if none of them touches the kernel. */
  private userspaceTree({ coverRow, parts }: Posting): string | null {
    const rows = coverRow === null ? [...parts.values()] : [coverRow, ...parts.values()];
    const counts = new Map<string, number>();
    for (const row of rows) {
      const tree = this.table.head(row)?.tree ?? null;
      if (tree === KERNEL) return null;
      if (tree !== null) counts.set(tree, (counts.get(tree) ?? 0) + 1);
    }
    const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
    return most?.[0] ?? null;
  }

  private facts({
    coverRow,
    parts,
  }: Posting): Pick<
    Series,
    'baseCommit' | 'changeId' | 'prerequisites' | 'basedOn' | 'dependsOn' | 'supersedes'
  > {
    const rows = coverRow === null ? [...parts.values()] : [coverRow, ...parts.values()];
    const facts = rows.map((row) => this.table.facts(row)).filter((one) => one !== null);
    const all = (name: 'prerequisites' | 'basedOn' | 'dependsOn' | 'supersedes'): string[] => [
      ...new Set(facts.flatMap((one) => one[name])),
    ];
    return {
      baseCommit: facts.find(({ baseCommit }) => baseCommit !== null)?.baseCommit ?? null,
      changeId: facts.find(({ changeId }) => changeId !== null)?.changeId ?? null,
      prerequisites: all('prerequisites'),
      basedOn: all('basedOn'),
      dependsOn: all('dependsOn'),
      supersedes: all('supersedes'),
    };
  }
}

/** The parts that a partial reroll leaves as they were, and the version that each of them is from. */
function carriedParts({ posting, rerolled }: Versioned): ReadonlyMap<number, { row: number; from: number }> {
  const carried = new Map<number, { row: number; from: number }>();
  for (let before = rerolled; before !== null; before = before.rerolled) {
    for (const [part, row] of before.posting.parts) {
      if (!posting.parts.has(part) && !carried.has(part)) carried.set(part, { row, from: before.version });
    }
  }
  return carried;
}

function gaps(patches: readonly SeriesPatch[], total: number): PartRange[] {
  const missing: PartRange[] = [];
  let expected = 1;
  for (const { part } of patches) {
    if (part > total) break;
    if (part > expected) missing.push({ first: expected, last: part - 1 });
    expected = Math.max(expected, part + 1);
  }
  if (expected <= total) missing.push({ first: expected, last: total });
  return missing;
}

/** Which answers stand below which patch: the nearest member of a posting upwards owns them. */
class Replies {
  /** Linked lists in flat arrays: the first answer of a row, and the next one behind an answer. */
  private readonly first: Int32Array;
  private readonly next: Int32Array;

  constructor(table: MessageTable, versioned: readonly Versioned[]) {
    const { length } = table;
    const owner = noneColumn(length);
    for (const { posting } of versioned) {
      if (posting.coverRow !== null) owner[posting.coverRow] = posting.coverRow;
      for (const row of posting.parts.values()) owner[row] = row;
    }
    this.first = noneColumn(length);
    this.next = noneColumn(length);
    for (let row = length - 1; row >= 0; row--) {
      if (owner[row] === row) continue;
      const above = findOwner(table, row, owner);
      if (above < 0) continue;
      this.next[row] = this.first[above] ?? NONE;
      this.first[above] = row;
    }
  }

  below(row: number): number[] {
    const rows: number[] = [];
    for (let at = this.first[row] ?? NONE; at !== NONE; at = this.next[at] ?? NONE) rows.push(at);
    return rows;
  }
}

/** In `owner` rows without one that were looked at hold this. */
const NOBODY = -2;

/** The member of a posting above a row, or NOBODY; each row is walked once. */
function findOwner(table: MessageTable, start: number, owner: Int32Array): number {
  const path: number[] = [];
  let row: number | null = start;
  while (row !== null && owner[row] === NONE) {
    path.push(row);
    row = table.parentRow(row);
  }
  const found = row === null ? NOBODY : (owner[row] ?? NOBODY);
  for (const passed of path) owner[passed] = found;
  return found;
}
