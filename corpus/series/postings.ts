/**
 * Which messages are one posting of one version: from the table of messages to postings, each with its cover
 * letter and its parts. Versions are as stated; which posting replaces which is `lineage.ts`'s question.
 *
 * The thread decides first: numbered mails of one version and one total that answer each other, or the same cover
 * letter (there or missing), are one posting; of several such postings in a thread, the nearest in time. What did not thread (some people send every part on its own) is then put
 * together by sender, version, total and tags, if it was sent within a day and no part is there twice.
 */

import { NONE, noneColumn } from './columns.ts';
import type { Head, MessageTable } from './messages.ts';

/** A number for each row. */
type Rows = Int32Array;

/** A posting while it is put together; rows are those of the table. */
export interface Posting {
  /** Of its first message in the archive: says where it is listed. */
  firstRow: number;
  readonly kind: 'patches' | 'pull-request';
  readonly address: string;
  version: number;
  versionStated: boolean;
  /** As announced; 1 for a patch that stands alone. */
  total: number;
  /** Subjects carry `n/m`. */
  readonly isNumbered: boolean;
  readonly tags: string;
  coverRow: number | null;
  /** Part to row. */
  readonly parts: Map<number, number>;
  /** Topmost node of the thread that it stands in. */
  readonly root: number;
  /** Row of its topmost mail. */
  readonly top: number;
  /** What its topmost mail answers, whether the archive has that or not. */
  readonly aboveNode: number | null;
  /** The same, if the archive has it. */
  readonly aboveRow: number | null;
}

/** Mails of one posting are sent within minutes; clocks and moderation make it hours. */
const SAME_POSTING_MS = 24 * 60 * 60 * 1000;

/** A mail server that stops after some dozens of mails is asked again at once. */
const CONTINUED_MS = 60 * 60 * 1000;

/** `6/5` and the like happen, `9999/1` does not: parts this far beyond the total are no parts. */
const MAX_PARTS_BEYOND = 20;

/** Nobody posts one series this often in a day or a thread; it bounds the search in hostile archives. */
const MAX_CANDIDATES = 50;

/** All postings, in the order of their first messages. */
export function findPostings(table: MessageTable): Posting[] {
  const roots = threadRoots(table);
  const tops = topmostParts(table);
  const singles: Posting[] = [];
  const byKey = new Map<string, Posting[]>();
  for (let row = 0; row < table.length; row++) {
    const head = table.head(row);
    if (head === undefined || head.kind === 'note') continue;
    const top = tops[row] ?? row;
    if (!isNumbered(head)) {
      singles.push(newPosting(table, row, top, roots));
      continue;
    }
    place(table, row, top, roots, byKey);
  }
  const merged = mergeScattered(table, adoptCovers([...byKey.values()].flat()));
  adoptNotes(table, merged);
  return [...merged, ...singles].toSorted((a, b) => a.firstRow - b.firstRow);
}

/** Part of a numbered posting; a pull request's parts count only below its cover letter. */
function isNumbered(head: Head): head is Head & { readonly part: number; readonly total: number } {
  return head.part !== null && head.total !== null && head.part <= head.total + MAX_PARTS_BEYOND;
}

/** The topmost node of each row's thread, each node walked once. */
function threadRoots(table: MessageTable): Rows {
  const rootOfNode = noneColumn(table.threads.size);
  const roots = noneColumn(table.length);
  for (let row = 0; row < table.length; row++) {
    const start = table.node(row);
    let top = start;
    while (rootOfNode[top] === NONE) {
      const parent = table.threads.parent(top);
      if (parent === null) break;
      top = parent;
    }
    const root = rootOfNode[top] === NONE ? top : (rootOfNode[top] ?? top);
    for (let node: number | null = start; node !== null && rootOfNode[node] === NONE; ) {
      rootOfNode[node] = root;
      node = table.threads.parent(node);
    }
    roots[row] = root;
  }
  return roots;
}

/** For each row of a numbered posting the topmost row that belongs to it, going up from answer to answered. */
function topmostParts(table: MessageTable): Rows {
  const tops = noneColumn(table.length);
  /** The row above, where it is of the same posting. */
  const above = (row: number): number | null => {
    const parent = table.parentRow(row);
    return parent !== null && areOnePosting(table, row, parent) ? parent : null;
  };
  for (let start = 0; start < table.length; start++) {
    let row = start;
    while (tops[row] === NONE) {
      const parent = above(row);
      if (parent === null) break;
      row = parent;
    }
    const top = tops[row] === NONE ? row : (tops[row] ?? row);
    for (let passed: number | null = start; passed !== null && tops[passed] === NONE; ) {
      tops[passed] = top;
      passed = above(passed);
    }
  }
  return tops;
}

/** Whether an answer continues the posting that the answered message is of. */
function areOnePosting(table: MessageTable, row: number, parent: number): boolean {
  const head = table.head(row);
  const above = table.head(parent);
  if (head === undefined || above === undefined || !isNumbered(head) || !isNumbered(above)) return false;
  if (head.total !== above.total || head.part === above.part || head.part === 0) return false;
  if (above.part === 0 && statedVersion(head) === null) return true;
  if (versionOf(head) === versionOf(above)) return true;
  // `[PATCH 2/2]` right below the same sender's `[PATCH v3 1/2]`: nobody goes back, the label was forgotten.
  return versionOf(head) < versionOf(above) && table.sender(row) === table.sender(parent);
}

/** The version that the subject states for the posting; null when it states none. */
function statedVersion(head: Head): number | null {
  return head.versionFrom === 'tag' ? head.version : null;
}

const versionOf = (head: Head): number => statedVersion(head) ?? 1;

function newPosting(table: MessageTable, row: number, top: number, roots: Rows): Posting {
  const head = table.head(row);
  const topHead = table.head(top);
  const stated = head === undefined ? null : statedVersion(head);
  const inherited = topHead === undefined ? null : statedVersion(topHead);
  // Below a higher one, a lower label is a slip: see areOnePosting.
  const version = stated === null || inherited === null ? (stated ?? inherited) : Math.max(stated, inherited);
  const isCover = head?.kind === 'cover' || (head?.kind === 'pull' && head.part === 0);
  return {
    firstRow: row,
    kind: head?.kind === 'pull' ? 'pull-request' : 'patches',
    address: table.sender(row).address,
    version: version ?? 1,
    versionStated: version !== null,
    total: head?.total ?? 1,
    isNumbered: head?.part !== null,
    tags: (head?.tags ?? []).join(' '),
    coverRow: isCover ? row : null,
    parts: isCover ? new Map() : new Map([[head?.part ?? 1, row]]),
    root: roots[row] ?? 0,
    top,
    aboveNode: table.threads.parent(table.node(top)),
    aboveRow: table.parentRow(top),
  };
}

/** Puts a numbered mail into the posting that its thread says, or begins one. */
function place(
  table: MessageTable,
  row: number,
  top: number,
  roots: Rows,
  byKey: Map<string, Posting[]>,
): void {
  const fresh = newPosting(table, row, top, roots);
  const topHead = table.head(top);
  // Below one cover letter all belongs together; otherwise the thread and what the subject says.
  const key =
    topHead?.part === 0
      ? `cover ${top}`
      : `thread ${fresh.root} ${fresh.version} ${fresh.total} ${fresh.address}`;
  const candidates = byKey.get(key);
  if (candidates === undefined) {
    byKey.set(key, [fresh]);
    return;
  }
  const open = nearestOpen(table, candidates.slice(-MAX_CANDIDATES), fresh);
  if (open === null) candidates.push(fresh);
  else absorb(open, fresh);
}

/**
 * The posting of a thread that lacks this part: one with the same mail on top or below the same mail, or else the
 * nearest in time, for a thread may hold several postings of one version that no label tells apart.
 */
function nearestOpen(table: MessageTable, candidates: readonly Posting[], fresh: Posting): Posting | null {
  let best: Posting | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (!areDisjoint(candidate, fresh)) continue;
    const isSameTop = candidate.top === fresh.top;
    if (isSameTop || (fresh.aboveRow !== null && candidate.aboveRow === fresh.aboveRow)) return candidate;
    const apart = timeBetween(table, candidate, fresh);
    // Without a date the thread alone decides.
    const distance = Number.isNaN(apart) ? SAME_POSTING_MS : apart;
    if (distance <= SAME_POSTING_MS && distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function timeBetween(table: MessageTable, a: Posting, b: Posting): number {
  return Math.abs(table.time(a.firstRow) - table.time(b.firstRow));
}

function areDisjoint(a: Posting, b: Posting): boolean {
  if (a.coverRow !== null && b.coverRow !== null) return false;
  return ![...b.parts.keys()].some((part) => a.parts.has(part));
}

function absorb(target: Posting, other: Posting): void {
  target.coverRow ??= other.coverRow;
  for (const [part, row] of other.parts) target.parts.set(part, row);
  target.firstRow = Math.min(target.firstRow, other.firstRow);
  if (!target.versionStated && other.versionStated) {
    target.version = other.version;
    target.versionStated = true;
  }
}

/**
 * A cover letter `0/6` with none of its parts, and `1/8` and so on right below it: the author added two patches. Or
 * `v2 1/6` below it: the label was forgotten above.
 */
function adoptCovers(postings: readonly Posting[]): Posting[] {
  const bare = new Map<number, Posting>();
  for (const posting of postings) {
    const isBare = posting.kind === 'patches' && posting.parts.size === 0;
    if (posting.coverRow !== null && isBare) bare.set(posting.coverRow, posting);
  }
  const adopted = new Set<Posting>();
  for (const posting of postings) {
    if (posting.coverRow !== null || posting.aboveRow === null) continue;
    const above = bare.get(posting.aboveRow);
    if (above === undefined || adopted.has(above) || above.address !== posting.address) continue;
    const isStated = posting.versionStated && above.versionStated;
    if (isStated && posting.version !== above.version) continue;
    absorb(posting, above);
    adopted.add(above);
  }
  return postings.filter((posting) => !adopted.has(posting));
}

/** A cover letter without `0/n`: the sender's own mail above the first part, with a diffstat or a version. */
function adoptNotes(table: MessageTable, postings: readonly Posting[]): void {
  const adopted = new Set<number>();
  for (const posting of postings) {
    const row = posting.aboveRow;
    if (posting.coverRow !== null || row === null || adopted.has(row)) continue;
    const above = table.head(row);
    if (above?.kind !== 'note' || table.sender(row).address !== posting.address) continue;
    const version = above.versionFrom === null ? null : above.version;
    if (!above.hasDiffstat && version === null) continue;
    adopted.add(row);
    posting.coverRow = row;
    posting.firstRow = Math.min(posting.firstRow, row);
    if (!posting.versionStated && version !== null) {
      posting.version = version;
      posting.versionStated = true;
    }
  }
}

/** How many of the announced parts are not there. */
export function missingParts({ parts, total }: Posting): number {
  let present = 0;
  for (const part of parts.keys()) if (part >= 1 && part <= total) present++;
  return total - present;
}

/** Puts together what was sent without threading. */
function mergeScattered(table: MessageTable, postings: readonly Posting[]): Posting[] {
  const whole: Posting[] = [];
  const scattered = new Map<string, Posting[]>();
  /** Postings of mails that answer nothing: what was put together from such may grow further. */
  const loose = new Set<Posting>();
  for (const posting of postings.toSorted((a, b) => a.firstRow - b.firstRow)) {
    if (missingParts(posting) === 0 && (posting.coverRow !== null || posting.total === 1)) {
      whole.push(posting);
      continue;
    }
    const isLoose = [...posting.parts.values()].every((row) => table.parentRow(row) === null);
    const { address, version, total, tags } = posting;
    const key = `${version} ${total} ${tags}\n${address}`;
    const others = scattered.get(key) ?? [];
    scattered.set(key, others);
    const partner = others
      .slice(-MAX_CANDIDATES)
      .find((other) => belongTogether(table, other, posting, loose.has(other)));
    if (partner === undefined) {
      others.push(posting);
      if (isLoose) loose.add(posting);
    } else {
      absorb(partner, posting);
      if (!isLoose) loose.delete(partner);
    }
  }
  return [...whole, ...[...scattered.values()].flat()];
}

function belongTogether(table: MessageTable, a: Posting, b: Posting, isLoose: boolean): boolean {
  if (!areDisjoint(a, b)) return false;
  const apart = timeBetween(table, a, b);
  const size = (posting: Posting): number => posting.parts.size + (posting.coverRow === null ? 0 : 1);
  // Two threads of several parts each are two postings, even if both lack what the other has: but for a
  // posting that broke off and was continued in a new thread.
  if (a.root !== b.root && size(a) > 1 && size(b) > 1 && !isLoose)
    return apart <= CONTINUED_MS && (isBehind(a, b) || isBehind(b, a));
  return Number.isNaN(apart) ? a.root === b.root : apart <= SAME_POSTING_MS;
}

/** Whether all parts of one posting come behind those of another. */
function isBehind(a: Posting, b: Posting): boolean {
  const last = Math.max(...a.parts.keys());
  return b.coverRow === null && Math.min(...b.parts.keys()) > last;
}

/** The mail that names a posting: its cover letter, or its first part. */
export function leadRow({ coverRow, parts, firstRow }: Posting): number {
  return coverRow ?? parts.get(1) ?? parts.get(Math.min(...parts.keys())) ?? firstRow;
}

export function rowsOf({ coverRow, parts }: Posting): number[] {
  return coverRow === null ? [...parts.values()] : [coverRow, ...parts.values()];
}

/** When it was sent; NaN where that cannot be read. */
export function timeOf(table: MessageTable, posting: Posting): number {
  return table.time(leadRow(posting));
}
