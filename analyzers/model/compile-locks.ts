/**
 * Locks. A page lock, a mutex and a spinlock have one owner (__lock_page() and folio_lock(), mm/filemap.c; kernel/locking/
 * mutex.c). An rwsem is fair: whoever comes while another waits to write queues up behind him, and readers at the head of
 * the queue are let in together (__rwsem_do_wake(), lib/rwsem.c, before 3.16; rwsem_down_read_slowpath() and
 * rwsem_mark_wake(), kernel/locking/rwsem.c). A try-lock fails while anybody waits (rwsem_read_trylock() and
 * rwsem_write_trylock() there).
 *
 * Writers (3.10) and readers that steal a lock that is free (5.11) only add ways to get it sooner, which need not
 * be taken. Since 5.3 a reader that is woken brings along readers that queue behind a writer; whoever is let in so could
 * as well have come later and found the writer waiting, so that no way into a deadlock is lost or won.
 */

import type { LockMode } from '../vocabulary/event.ts';
import type { Label, ResourceName } from '../vocabulary/model.ts';
import { all, type Expression, is, isNot, less, minus, not, number, plus } from './expression.ts';
import { action, type Graph, set } from './graph.ts';
import type { Layout } from './layout.ts';
import type { Assignment, NodeId, TaskId, Wait } from './machine.ts';

/** Compiles what one task does with locks. */
export class LockCompiler {
  private readonly layout: Layout;
  private readonly graph: Graph;
  private readonly task: TaskId;

  constructor(layout: Layout, graph: Graph, task: TaskId) {
    this.layout = layout;
    this.graph = graph;
    this.task = task;
  }

  acquire(lock: ResourceName, mode: LockMode, label: Label, next: NodeId): NodeId {
    const { kind } = this.layout.resource(lock, 'page', 'mutex', 'spinlock', 'rwsem');
    if (kind !== 'rwsem') return this.acquireOwned(lock, label, next);
    return mode === 'shared'
      ? this.acquireShared(lock, label, next)
      : this.acquireExclusive(lock, label, next);
  }

  /** Goes on at `got` where the lock is free now, else at `busy`. */
  tryAcquire(
    lock: ResourceName,
    mode: LockMode,
    label: Label,
    { got, busy }: { got: NodeId; busy: NodeId },
  ): NodeId {
    const { kind } = this.layout.resource(lock, 'page', 'mutex', 'spinlock', 'rwsem');
    const free = kind === 'rwsem' ? this.isFree(lock, mode) : this.isUnowned(lock);
    return this.graph.step(label, [
      action(
        { ...label, note: 'gets it' },
        got,
        this.take(lock, kind === 'rwsem' ? mode : 'exclusive'),
        free,
      ),
      action({ ...label, note: 'does not get it' }, busy, [], not(free)),
    ]);
  }

  /** A release of what the task does not hold breaks an invariant. */
  release(lock: ResourceName, label: Label, next: NodeId): NodeId {
    const { layout, graph, task } = this;
    const { kind } = layout.resource(lock, 'page', 'mutex', 'spinlock', 'rwsem');
    const owned = layout.ownedBy(lock, task);
    const wrong = graph.broken(label, `releases ${lock}, which it does not hold`);
    const actions = [action(label, next, [set(layout.owner(lock), 0)], owned)];
    if (kind !== 'rwsem') return graph.step(label, [...actions, action(label, wrong, [], not(owned))]);
    const mine = layout.readers(lock, task);
    const reads = less(number(0), mine);
    return graph.step(label, [
      ...actions,
      action(label, next, [set(mine, minus(mine, number(1)))], all([not(owned), reads])),
      action(label, wrong, [], all([not(owned), not(reads)])),
    ]);
  }

  private acquireOwned(lock: ResourceName, label: Label, next: NodeId): NodeId {
    const what = this.layout.model.resources[lock]?.kind === 'page' ? `the lock of ${lock}` : lock;
    const taken = action(label, next, this.take(lock, 'exclusive'), this.isUnowned(lock));
    return this.graph.step(label, [taken], ownerWaits(this.layout, lock, what));
  }

  private acquireShared(lock: ResourceName, label: Label, next: NodeId): NodeId {
    const { layout, graph, task } = this;
    const mine = layout.place(lock, task);
    const isBehindWriter = (other: TaskId): Expression =>
      all([this.isInFrontOf(lock, other), is(layout.wantsToWrite(lock, other), 1)]);
    const others = this.others();
    const granted = all([this.isUnowned(lock), ...others.map((other) => not(isBehindWriter(other)))]);
    const rest = { ...label, isRest: true };
    const queued = graph.step(
      rest,
      [
        action(
          { ...rest, note: 'gets it' },
          next,
          [...this.take(lock, 'shared'), ...this.leaveQueue(lock)],
          granted,
        ),
      ],
      [
        ...ownerWaits(layout, lock, lock),
        ...others.map((on) => ({ on, when: isBehindWriter(on), what: lock, how: 'behind % in its queue' })),
      ],
    );
    const free = this.isFree(lock, 'shared');
    return graph.step(label, [
      action(label, next, this.take(lock, 'shared'), free),
      action({ ...label, note: 'queues up' }, queued, [set(mine, this.queueEnd(lock))], not(free)),
    ]);
  }

  private acquireExclusive(lock: ResourceName, label: Label, next: NodeId): NodeId {
    const { layout, graph, task } = this;
    const mine = layout.place(lock, task);
    const nobodyReads = all(layout.taskIds.map((one) => is(layout.readers(lock, one), 0)));
    const isFirst = is(mine, 1);
    const rest = { ...label, isRest: true };
    const queued = graph.step(
      rest,
      [
        action(
          { ...rest, note: 'gets it' },
          next,
          [
            ...this.take(lock, 'exclusive'),
            ...this.leaveQueue(lock),
            set(layout.wantsToWrite(lock, task), 0),
          ],
          all([this.isUnowned(lock), nobodyReads, isFirst]),
        ),
      ],
      [
        ...ownerWaits(layout, lock, lock),
        ...layout.taskIds.map((on) => ({
          on,
          when: isNot(layout.readers(lock, on), 0),
          what: lock,
          how: 'which % holds for reading',
        })),
        ...this.others().map((on) => ({
          on,
          when: this.isInFrontOf(lock, on),
          what: lock,
          how: 'behind % in its queue',
        })),
      ],
    );
    const free = this.isFree(lock, 'exclusive');
    return graph.step(label, [
      action(label, next, this.take(lock, 'exclusive'), free),
      action(
        { ...label, note: 'queues up' },
        queued,
        [set(mine, this.queueEnd(lock)), set(layout.wantsToWrite(lock, task), 1)],
        not(free),
      ),
    ]);
  }

  private isUnowned(lock: ResourceName): Expression {
    return is(this.layout.owner(lock), 0);
  }

  private isFree(lock: ResourceName, mode: LockMode): Expression {
    const { layout } = this;
    const nobodyQueues = layout.taskIds.map((one) => is(layout.place(lock, one), 0));
    const nobodyReads = layout.taskIds.map((one) => is(layout.readers(lock, one), 0));
    return all([this.isUnowned(lock), ...nobodyQueues, ...(mode === 'shared' ? [] : nobodyReads)]);
  }

  private take(lock: ResourceName, mode: LockMode): readonly Assignment[] {
    const { layout, task } = this;
    if (mode === 'exclusive') return [set(layout.owner(lock), task + 1)];
    const mine = layout.readers(lock, task);
    return [set(mine, plus(mine, number(1)))];
  }

  private others(): readonly TaskId[] {
    return this.layout.taskIds.filter((one) => one !== this.task);
  }

  private isInFrontOf(lock: ResourceName, other: TaskId): Expression {
    const { layout, task } = this;
    const theirs = layout.place(lock, other);
    return all([isNot(theirs, 0), less(theirs, layout.place(lock, task))]);
  }

  /** The place behind the last one. */
  private queueEnd(lock: ResourceName): Expression {
    const { layout } = this;
    const queued = layout.taskIds.map((one) => isNot(layout.place(lock, one), 0));
    return queued.reduce((sum, one) => plus(sum, one), number(1));
  }

  private leaveQueue(lock: ResourceName): readonly Assignment[] {
    const { layout, task } = this;
    const mine = layout.place(lock, task);
    const moveUp = this.others().map((other) => {
      const theirs = layout.place(lock, other);
      return set(theirs, minus(theirs, less(mine, theirs)));
    });
    return [...moveUp, set(mine, 0)];
  }
}

/** For whoever has the lock, for writing if it is an rwsem. */
export function ownerWaits(layout: Layout, lock: ResourceName, what: string): readonly Wait[] {
  return layout
    .ownersOf(lock)
    .map((on) => ({ on, when: layout.ownedBy(lock, on), what, how: 'which % holds' }));
}
