/**
 * Locks that writeback, reclaim and page faults take anywhere in a tree, for the rules about who holds them: a call graph and what
 * is kept of its functions go in, the place of an acquisition with the way there comes out. Where it is not sure that both
 * are locks of one class, nothing does.
 */

import type { Exploration } from '../flow/explore.ts';
import type { State } from '../flow/state.ts';
import type { Knowledge, OpsSlot } from '../knowledge/types.ts';
import { RECLAIM_METHODS, WRITEBACK_METHODS } from '../review/reclaim-side.ts';
import type { LockSide, TakenInTree, TreeLocks } from '../rules/types.ts';
import { isBefore, type KernelEra } from '../vocabulary/era.ts';
import type { AcquireEvent, EventSite, KernelEvent, ViaStep } from '../vocabulary/event.ts';
import { isKindOfLock, isNofsScope, type LockClass, type LockFamily, PAGE_LOCK } from '../vocabulary/lock.ts';
import type { CallGraph, FunctionId } from './call-graph.ts';
import { EntryPaths } from './entry-paths.ts';
import { calledIn } from './lens-summaries.ts';
import { LockNames } from './lock-names.ts';
import { mayComeBefore, unavoidable } from './lock-ways.ts';
import type { FunctionBody, LockTaken } from './record.ts';

/** Calls from a method to who takes the lock. */
const MAX_CALLS = 5;

/** Callers that are asked, one behind the other, whether they allow filesystem reclaim. */
const MAX_CALLERS_UP = 3;

/** With more callers, some of them will allow it. */
const MAX_CALLERS = 16;

/** Calls from a function to the helper of its that collects pages. */
const MAX_CALLS_TO_PAGES = 3;

/** What is done to a page from which on somebody may wait for it. */
const COLLECTING: ReadonlySet<KernelEvent['kind']> = new Set(['setWriteback', 'bioAdd']);

const SLEEPING: ReadonlySet<LockFamily> = new Set<LockFamily>(['mutex', 'rwsem', 'semaphore']);

/** What is known of a tree's functions. */
export interface LockSource {
  readonly graph: CallGraph;
  readonly knowledge: Pick<Knowledge, 'lockClasses' | 'opsSlots'>;
  readonly era: KernelEra;
  readonly bodyOf: (id: FunctionId) => FunctionBody | null;
  /** With every call, whether it has to do with locks or not. */
  readonly explore: (id: FunctionId) => Exploration | null;
}

interface Taken {
  readonly id: FunctionId;
  readonly lock: LockTaken;
  readonly paths: EntryPaths;
}

export class LocksOfPaths {
  private readonly source: LockSource;
  private readonly names: LockNames;
  /** By the folder of a filesystem and the name of the class. */
  private readonly taken = new Map<LockSide, ReadonlyMap<string, Taken>>();
  private readonly nofs = new Map<FunctionId, boolean>();
  private readonly collectors = new Map<string, boolean>();

  constructor(source: LockSource) {
    this.source = source;
    this.names = new LockNames(source.graph.allFiles());
  }

  /** As a file sees it. */
  of(path: string): TreeLocks {
    const { graph } = this.source;
    return {
      takes: (side, lock) => this.takesClass(side, path, lock),
      find: (side, since) => this.find(side, path, since),
      isCalledInNofs: (name) => {
        const id = graph.ownId(path, name);
        return id !== null && this.isCalledInNofs(id, MAX_CALLERS_UP);
      },
    };
  }

  private takesClass(side: LockSide, path: string, lock: LockClass): boolean {
    const folder = `${subsystemOf(path)} `;
    for (const [key, taken] of this.takenOn(side))
      if (taken.lock.lock === lock && key.startsWith(folder)) return true;
    return false;
  }

  private find(side: LockSide, path: string, since: AcquireEvent): TakenInTree | null {
    const origin = since.via?.at(-1)?.path ?? path;
    const name = this.names.nameOf(origin, since.lock, since.place ?? null);
    const taken = name === null ? undefined : this.takenOn(side).get(`${subsystemOf(path)} ${name}`);
    if (name === null || taken === undefined) return null;
    return this.shown(taken, name);
  }

  private takenOn(side: LockSide): ReadonlyMap<string, Taken> {
    let taken = this.taken.get(side);
    if (taken === undefined) {
      taken = this.collect(side);
      this.taken.set(side, taken);
    }
    return taken;
  }

  private collect(side: LockSide): ReadonlyMap<string, Taken> {
    const { graph, knowledge } = this.source;
    const found = new Map<string, Taken>();
    for (const one of this.sidesOf(side)) {
      const callees = one.isEviction ? (id: FunctionId) => this.surelyCalled(id) : undefined;
      const files = graph.allFiles();
      const paths = new EntryPaths(graph, files, knowledge.opsSlots, one.isEntry, MAX_CALLS, callees);
      for (const id of paths.functions()) {
        const { file, head } = graph.at(id);
        for (const lock of head.locks) {
          const name = this.nameOf(file.path, lock);
          const key = `${subsystemOf(file.path)} ${name ?? ''}`;
          if (name === null || found.has(key) || (one.isForAll && !isShared(name, lock.lock))) continue;
          if (this.counts(one, paths.to(id)?.chain ?? [], lock)) found.set(key, { id, lock, paths });
        }
      }
    }
    return found;
  }

  private sidesOf(side: LockSide): readonly Side[] {
    const isDirect = side === 'reclaim' && isBefore(this.source.era, WRITEPAGE_UNTIL);
    return isDirect
      ? [{ ...PLAIN, isEntry: ({ slot }) => slot === 'writepage' }, ...SIDES[side]]
      : SIDES[side];
  }

  /** Whether the lock is taken there as those who wait for the path have to fear. */
  private counts(side: Side, chain: readonly FunctionId[], lock: LockTaken): boolean {
    const { graph } = this.source;
    const [first] = chain;
    const last = chain.at(-1);
    if (first === undefined || last === undefined) return false;
    const subsystem = subsystemOf(graph.pathOf(first));
    if (subsystem !== subsystemOf(graph.pathOf(last))) return false;
    // Inodes of what is no filesystem on a disk are never kept for reclaim to find.
    if (side.isEviction) return subsystem.includes('/') && this.isSurelyTaken(last, lock);
    return !side.waitsForPages || this.isBehindPages(chain, lock);
  }

  /** Whom a function calls in any case, for an inode that still has a name: reclaim evicts hardly any others. */
  private surelyCalled(id: FunctionId): readonly FunctionId[] {
    const { graph } = this.source;
    const path = graph.pathOf(id);
    const called = this.surely(id).map((event) =>
      event.kind === 'call' ? calledIn(graph, path, event) : null,
    );
    return [...new Set(called.filter((one) => one !== null))];
  }

  private isSurelyTaken(id: FunctionId, { lock, line }: LockTaken): boolean {
    return this.surely(id).some(
      (event) => event.kind === 'acquire' && event.lock === lock && event.site.line === line,
    );
  }

  private surely(id: FunctionId): readonly KernelEvent[] {
    const body = this.source.bodyOf(id);
    return body === null ? [] : unavoidable(body.sequence);
  }

  /** Whether pages may be locked or under writeback already, for which somebody waits, when the lock is taken. */
  private isBehindPages(chain: readonly FunctionId[], lock: LockTaken): boolean {
    const { graph } = this.source;
    return chain.some((id, index) => {
      const body = this.source.bodyOf(id);
      const next = chain[index + 1];
      if (body === null) return false;
      const path = graph.pathOf(id);
      return mayComeBefore(
        body.sequence,
        (event) => this.collectsPages(path, event),
        (event) =>
          next === undefined
            ? event.kind === 'acquire' && event.site.line === lock.line
            : event.kind === 'call' && calledIn(graph, path, event) === next,
      );
    });
  }

  private collectsPages(path: string, event: KernelEvent): boolean {
    if (event.kind === 'acquire') return event.lock === PAGE_LOCK;
    if (event.kind !== 'call') return COLLECTING.has(event.kind);
    const callee = calledIn(this.source.graph, path, event);
    return callee !== null && this.isCollector(callee, subsystemOf(path), MAX_CALLS_TO_PAGES);
  }

  /** Whether a function of the filesystem locks pages or puts them under writeback, or calls who does. */
  private isCollector(id: FunctionId, subsystem: string, calls: number): boolean {
    const key = `${id} ${calls}`;
    const known = this.collectors.get(key);
    if (known !== undefined) return known;
    this.collectors.set(key, false);
    const { graph } = this.source;
    const { file, head } = graph.at(id);
    const isOne =
      subsystemOf(file.path) === subsystem &&
      (head.kinds.some((kind) => COLLECTING.has(kind)) ||
        head.locks.some(({ lock }) => lock === PAGE_LOCK) ||
        (calls > 0 && graph.callees(id).some((callee) => this.isCollector(callee, subsystem, calls - 1))));
    this.collectors.set(key, isOne);
    return isOne;
  }

  /** Null for what is no filesystem's own: the locks of the VFS are held over allocations by design. */
  private nameOf(path: string, { lock, place }: LockTaken): string | null {
    const family = this.source.knowledge.lockClasses.get(lock)?.family;
    if (family === undefined || !SLEEPING.has(family)) return null;
    const isOwn = isKindOfLock(lock) || lock.startsWith(`${subsystemOf(path).split('/').at(-1) ?? ''}-`);
    return isOwn ? this.names.nameOf(path, lock, place) : null;
  }

  /** The acquisition as a step of a finding, with the calls that lead to it. */
  private shown({ id, lock, paths }: Taken, name: string): TakenInTree | null {
    const { graph } = this.source;
    const way = paths.to(id);
    const sites = way?.chain.map((one, index) => this.siteIn(one, way.chain[index + 1] ?? null, lock)) ?? [];
    const [first = null] = sites;
    const [entry] = way?.chain ?? [];
    if (way === null || entry === undefined || first === null || sites.includes(null)) return null;
    const via = way.chain.slice(1).flatMap((one, index): ViaStep[] => {
      const { file, head } = graph.at(one);
      const site = sites[index + 1];
      return site === null || site === undefined ? [] : [{ callee: head.name, site, path: file.path }];
    });
    const { file } = graph.at(entry);
    const event: AcquireEvent = {
      kind: 'acquire',
      lock: lock.lock,
      object: lock.object,
      outcome: { sign: 'always', value: '' },
      blocks: true,
      mode: 'exclusive',
      site: first,
      ...(via.length > 0 && { via }),
    };
    return { event, by: graph.at(id).head.name, path: way.method, file: file.path, name };
  }

  /** Where the function calls the next one, or takes the lock itself. */
  private siteIn(id: FunctionId, next: FunctionId | null, { line, code }: LockTaken): EventSite | null {
    if (next === null) return { line, offset: OUT_OF_SIGHT, code };
    const { graph } = this.source;
    const calls = this.source.bodyOf(id)?.sequence.blocks.flatMap(({ events }) => events) ?? [];
    let first: EventSite | null = null;
    for (const event of calls) {
      if (event.kind !== 'call' || calledIn(graph, graph.pathOf(id), event) !== next) continue;
      if (first === null || event.site.line < first.line) first = event.site;
    }
    return first === null ? null : { line: first.line, offset: OUT_OF_SIGHT, code: first.code };
  }

  /** Whether every call of the function stands in a NOFS scope, that of a caller's caller perhaps. */
  private isCalledInNofs(id: FunctionId, callersUp: number): boolean {
    const known = this.nofs.get(id);
    if (known !== undefined) return known;
    // In a circle nobody has entered one.
    this.nofs.set(id, false);
    const { graph } = this.source;
    const { file, head } = graph.at(id);
    const callers = graph.callersOf([id]);
    const isOnlyCalled =
      callersUp > 0 &&
      callers.length > 0 &&
      callers.length <= MAX_CALLERS &&
      !file.head.slots.some((slot) => slot.function === head.name);
    const isNofs = isOnlyCalled && callers.every((caller) => this.callsInNofs(caller, id, callersUp));
    this.nofs.set(id, isNofs);
    return isNofs;
  }

  private callsInNofs(caller: FunctionId, callee: FunctionId, callersUp: number): boolean {
    const { graph } = this.source;
    const path = graph.pathOf(caller);
    const calls = this.source
      .explore(caller)
      ?.visits.filter(({ event }) => event.kind === 'call' && calledIn(graph, path, event) === callee);
    if (calls === undefined || calls.length === 0) return false;
    return calls.every(({ state }) => this.isNofs(state)) || this.isCalledInNofs(caller, callersUp - 1);
  }

  private isNofs({ scopes: { nofs, noio, noreclaim }, held }: State): boolean {
    const { lockClasses } = this.source.knowledge;
    return nofs + noio + noreclaim > 0 || held.some(({ lock }) => isNofsScope(lockClasses, lock));
  }
}

/** Such events are no function's that is explored. */
const OUT_OF_SIGHT = -1;

interface Side {
  readonly isEntry: (slot: OpsSlot) => boolean;
  /** It works on objects that nobody uses: only what they share can be held by somebody. */
  readonly isForAll: boolean;
  /** It evicts inodes. */
  readonly isEviction: boolean;
  /** Another task does it, and whoever reclaims waits for the pages that it has. */
  readonly waitsForPages: boolean;
}

/** Reclaim takes pages from inodes in use by them. */
const RELEASE_METHODS: ReadonlySet<string> = new Set(['release_folio', 'releasepage']);

/** What these do to unlinked inodes, which is the most of it, they do for reclaim hardly ever. */
const EVICT_METHODS: ReadonlySet<string> = new Set(['evict_inode', 'clear_inode', 'delete_inode']);

function isOfShrinkers(slot: string): boolean {
  return RECLAIM_METHODS.has(slot) && !EVICT_METHODS.has(slot);
}

/** Until then whoever allocated called `->writepage` itself. */
const WRITEPAGE_UNTIL = '3.3';

const PLAIN = { isForAll: false, isEviction: false, waitsForPages: false };

const SIDES: Readonly<Record<LockSide, readonly Side[]>> = {
  reclaim: [
    { ...PLAIN, isEntry: ({ slot }) => WRITEBACK_METHODS.has(slot), waitsForPages: true },
    { ...PLAIN, isEntry: ({ slot }) => RELEASE_METHODS.has(slot) },
    { ...PLAIN, isEntry: ({ slot }) => isOfShrinkers(slot), isForAll: true },
    { ...PLAIN, isEntry: ({ slot }) => EVICT_METHODS.has(slot), isForAll: true, isEviction: true },
  ],
  fault: [
    {
      ...PLAIN,
      isEntry: ({ struct, paths }) => struct === 'vm_operations_struct' && paths.includes('fault'),
    },
  ],
};

/** A variable, or a member of what a filesystem has one of; of a class with a name of its own that is not known. */
function isShared(name: string, lock: LockClass): boolean {
  if (!isKindOfLock(lock)) return false;
  return (
    !name.includes('.') ||
    name.includes(':') ||
    /^\w*(?:_sb|_sbi|_sb_info|_fs_info|_mount|_super)\./.test(name)
  );
}

/** Structures of one name are the same within it: `fs/xfs` for `fs/xfs/libxfs/xfs_bmap.c`, `mm` for `mm/shmem.c`. */
function subsystemOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return folders.slice(0, folders[0] === 'fs' || folders[0] === 'drivers' ? 2 : 1).join('/');
}
