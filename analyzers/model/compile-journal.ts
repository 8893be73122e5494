/**
 * Journals, as jbd and jbd2 run them. Handles join the running transaction. The journal's thread commits: it locks the
 * transaction, which then lets no handle in (wait_transaction_locked(), fs/jbd2/transaction.c; start_this_handle(), fs/jbd/
 * transaction.c) but a reserved one, waits until all its handles are stopped, lets a new one begin, and writes the old one
 * out, waiting for the data of ordered files first (jbd2_journal_commit_transaction(), fs/jbd2/commit.c). A handle inside a
 * handle of the same journal is the same handle (jbd2__journal_start() looks at current->journal_info).
 */

import type { Label, ResourceName } from '../vocabulary/model.ts';
import { all, is, isNot, less, minus, number, plus } from './expression.ts';
import { action, Graph, set } from './graph.ts';
import type { Layout } from './layout.ts';
import type { Node, NodeId, TaskId, Wait } from './machine.ts';

/** A handle of the running transaction, when it is not locked. */
export function startTransaction(
  layout: Layout,
  graph: Graph,
  task: TaskId,
  {
    journal,
    isReserved,
    label,
    next,
  }: { journal: ResourceName; isReserved: boolean; label: Label; next: NodeId },
): NodeId {
  const start = [set(layout.hasHandle(journal, task), 1)];
  if (isReserved) return graph.step(label, [action(label, next, start)]);
  const isLocked = layout.isLocked(journal);
  return graph.step(
    label,
    [action(label, next, start, is(isLocked, 0))],
    [
      {
        on: commitTask(layout, journal),
        when: is(isLocked, 1),
        what: `a handle of ${journal}`,
        how: 'whose transaction % has locked',
      },
    ],
  );
}

export function stopTransaction(
  layout: Layout,
  graph: Graph,
  task: TaskId,
  { journal, label, next }: { journal: ResourceName; label: Label; next: NodeId },
): NodeId {
  return graph.step(label, [action(label, next, [set(layout.hasHandle(journal, task), 0)])]);
}

/** Asks for a commit, and waits until what is running now is on disk (jbd2_log_wait_commit(), fs/jbd2/journal.c). */
export function waitForCommit(
  layout: Layout,
  graph: Graph,
  task: TaskId,
  { journal, label, next }: { journal: ResourceName; label: Label; next: NodeId },
): NodeId {
  const mine = layout.commitWait(journal, task);
  const rest = { ...label, isRest: true };
  const waiting = graph.step(
    rest,
    [action({ ...rest, note: 'it is on disk' }, next, [], is(mine, 0))],
    [
      {
        on: commitTask(layout, journal),
        when: isNot(mine, 0),
        what: `the commit of ${journal}`,
        how: 'which % makes',
      },
    ],
  );
  const asks = { ...label, note: 'asks for a commit' };
  return graph.step(label, [action(asks, waiting, [set(layout.isRequested(journal), 1), set(mine, 1)])]);
}

function commitTask(layout: Layout, journal: ResourceName): TaskId {
  return layout.serverId(`commit(${journal})`);
}

/** Until the days of `memcg` most readers know the journal as jbd. */
function commitLabel({ model: { era } }: Layout, code: string): Label {
  return era === 'memcg'
    ? { code, in: 'jbd2_journal_commit_transaction()', at: 'fs/jbd2/commit.c' }
    : { code, in: 'journal_commit_transaction()', at: 'fs/jbd/commit.c' };
}

/** The journal's own thread. */
export function commitNodes(layout: Layout, journal: ResourceName): readonly Node[] {
  const graph = new Graph();
  const { ordered = [] } = layout.resource(journal, 'journal');
  const idle = graph.reserve({ code: 'nothing to commit' });
  const write = commitLabel(layout, 'write commit record');
  const done = layout.taskIds.map((task) => {
    const wait = layout.commitWait(journal, task);
    return set(wait, minus(minus(wait, is(wait, 2)), is(wait, 2)));
  });
  const written = graph.step(write, [action(write, idle, done)]);
  const data = commitLabel(layout, 'wait for ordered data');
  const flush =
    ordered.length === 0
      ? written
      : graph.step(
          data,
          [action(data, written, [], all(ordered.map((page) => is(layout.writeback(page), 0))))],
          ordered.flatMap((page) => writebackWaits(layout, page)),
        );
  const wait = commitLabel(layout, 'wait for t_updates == 0');
  const next = layout.taskIds.map((task) => {
    const mine = layout.commitWait(journal, task);
    return set(mine, plus(mine, is(mine, 1)));
  });
  const handles = layout.taskIds.map((task) => layout.hasHandle(journal, task));
  const locked = graph.step(
    wait,
    [
      action(
        wait,
        flush,
        [set(layout.isLocked(journal), 0), ...next],
        all(handles.map((handle) => is(handle, 0))),
      ),
    ],
    layout.taskIds.map((on) => ({
      on,
      when: is(layout.hasHandle(journal, on), 1),
      what: `all handles of ${journal} to stop`,
      how: 'one of which % has open',
    })),
  );
  const lock = commitLabel(layout, 't_state = T_LOCKED');
  const timer = layout.timer(journal);
  const isRequested = layout.isRequested(journal);
  const isLocked = set(layout.isLocked(journal), 1);
  graph.define(idle, {
    kind: 'idle',
    waits: [],
    label: { code: 'nothing to commit' },
    actions: [
      action(lock, locked, [isLocked, set(isRequested, 0)], is(isRequested, 1)),
      action(
        { ...lock, note: 'its timer has run out' },
        locked,
        [isLocked, set(timer, minus(timer, number(1)))],
        all([is(isRequested, 0), less(number(0), timer)]),
      ),
    ],
  });
  return graph.nodes;
}

/** Whoever has put the page under writeback and has not submitted it yet; the device needs nobody. */
export function writebackWaits(layout: Layout, page: ResourceName): readonly Wait[] {
  return layout.taskIds.map((on) => ({
    on,
    when: is(layout.writeback(page), on + 1),
    what: `writeback of ${page}`,
    how: 'which % has begun and not submitted',
  }));
}
