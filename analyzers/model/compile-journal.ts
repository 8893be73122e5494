/**
 * Journals, as jbd and jbd2 run them. Handles join the running transaction. The journal's thread commits: it locks the
 * transaction, which then lets no handle in (start_this_handle(), fs/jbd/transaction.c; wait_transaction_locked(), fs/jbd2/
 * transaction.c) but a reserved one (jbd2 since 3.11, the same function), waits until all its handles are stopped, lets a
 * new one begin, and writes the old one out, waiting for the data of ordered files first (journal_commit_transaction(),
 * fs/jbd/commit.c; jbd2_journal_commit_transaction(), fs/jbd2/commit.c). A handle inside a handle of the same journal is
 * the same handle (journal_start() and jbd2__journal_start() look at current->journal_info).
 *
 * Whoever starts a handle when the log is full waits for the transaction that is being written
 * (__log_wait_for_space(), fs/jbd/checkpoint.c; __jbd2_log_wait_for_space(), fs/jbd2/checkpoint.c), or, through the
 * checkpoint of a buffer that is in the running one, for its commit; that is the first after the journal's timer.
 *
 * Ordered data: jbd writes buffers, for which it takes no page lock (journal_submit_data_buffers(), fs/jbd/commit.c). jbd2
 * writes pages since 2.6.27, and locks them (journal_submit_inode_data_buffers() and write_cache_pages();
 * ext4_normal_submit_inode_data_buffers(), fs/ext4/inode.c, since 6.3). Then it waits for their writeback
 * (journal_finish_inode_data_buffers()).
 */

import type { Label, Model, ResourceName } from '../vocabulary/model.ts';
import { ownerWaits } from './compile-locks.ts';
import { eraOf } from './eras.ts';
import { all, cell, choice, is, isNot, less, minus, number, plus } from './expression.ts';
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
  const commit = commitTask(layout, journal);
  const isLocked = layout.isLocked(journal);
  const begins = action(label, next, start, is(isLocked, 0));
  const waits: readonly Wait[] = [
    {
      on: commit,
      when: is(isLocked, 1),
      what: `a handle of ${journal}`,
      how: 'whose transaction % has locked',
    },
  ];
  const isCommitting = layout.isCommitting(journal);
  const rest = { ...label, isRest: true };
  const again = graph.step(rest, [{ ...begins, label: { ...rest, note: 'there is room' } }], waits);
  const what = `room in the log of ${journal}`;
  const waiting = graph.step(
    rest,
    [action({ ...rest, note: 'a commit has made room' }, again, [], is(isCommitting, 0))],
    [{ on: commit, when: is(isCommitting, 1), what, how: 'which % makes by its commit' }],
  );
  const isFull = action({ ...label, note: 'no room in the log' }, waiting, [], is(isCommitting, 1));
  return graph.step(label, [begins, isFull], waits);
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

/** Without ext3 there is jbd2 only. */
function commitLabel(layout: Layout, journal: ResourceName, code: string): Label {
  return isJbd2(layout.model, journal)
    ? { code, in: 'jbd2_journal_commit_transaction()', at: 'fs/jbd2/commit.c' }
    : { code, in: 'journal_commit_transaction()', at: 'fs/jbd/commit.c' };
}

/** Which of the two a reader takes the journal for; another filesystem's own is called by the one of its time. */
export function isJbd2({ era, resources }: Model, journal: ResourceName): boolean {
  const resource = resources[journal];
  return (resource?.kind === 'journal' && resource.writesOrdered === true) || !eraOf(era).hasJbd;
}

/** The journal's own thread. */
export function commitNodes(layout: Layout, journal: ResourceName): readonly Node[] {
  const graph = new Graph();
  const idle = graph.reserve({ code: 'nothing to commit' });
  const write = commitLabel(layout, journal, 'write commit record');
  const done = layout.taskIds.map((task) => {
    const wait = layout.commitWait(journal, task);
    return set(wait, minus(minus(wait, is(wait, 2)), is(wait, 2)));
  });
  const written = graph.step(write, [action(write, idle, [...done, set(layout.isCommitting(journal), 0)])]);
  const wait = commitLabel(layout, journal, 'wait t_updates==0');
  const moves = layout.taskIds.map((task) => {
    const mine = layout.commitWait(journal, task);
    return set(mine, plus(mine, is(mine, 1)));
  });
  const switches = [set(layout.isLocked(journal), 0), set(layout.isCommitting(journal), 1), ...moves];
  const handles = layout.taskIds.map((task) => layout.hasHandle(journal, task));
  const isQuiet = all(handles.map((handle) => is(handle, 0)));
  const locked = graph.step(
    wait,
    [action(wait, orderedData(layout, graph, journal, written), switches, isQuiet)],
    layout.taskIds.map((on) => ({
      on,
      when: is(layout.hasHandle(journal, on), 1),
      what: `all handles of ${journal} to stop`,
      how: 'one of which % has open',
    })),
  );
  const lock = commitLabel(layout, journal, 't_state = T_LOCKED');
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
        { ...lock, note: 'commit timer' },
        locked,
        [isLocked, set(timer, minus(timer, number(1)))],
        all([is(isRequested, 0), less(number(0), timer)]),
      ),
    ],
  });
  return graph.nodes;
}

/** Writes what of it is dirty, if this journal does so itself, and waits until all of it is on disk. */
function orderedData(layout: Layout, graph: Graph, journal: ResourceName, next: NodeId): NodeId {
  const { ordered = [], writesOrdered = false } = layout.resource(journal, 'journal');
  if (ordered.length === 0) return next;
  const wait = commitLabel(layout, journal, 'wait for ordered data');
  const waits = graph.step(
    wait,
    [action(wait, next, [], all(ordered.map((page) => is(layout.writeback(page), 0))))],
    ordered.flatMap((page) => writebackWaits(layout, page)),
  );
  if (!writesOrdered) return waits;
  return ordered
    .toReversed()
    .reduce((after, page) => writesPage(layout, graph, { journal, page, next: after }), waits);
}

/** As write_cache_pages() does for data integrity: under its lock it waits for writeback that is under way. */
function writesPage(
  layout: Layout,
  graph: Graph,
  { journal, page, next }: { journal: ResourceName; page: ResourceName; next: NodeId },
): NodeId {
  const label = (code: string): Label => commitLabel(layout, journal, code);
  const owner = layout.owner(page);
  const writeback = layout.writeback(page);
  // Who has put it under writeback since then, without its lock, has still to submit it.
  const submitted = choice(is(writeback, 0), number(layout.inFlight), cell(writeback));
  const submit = label(`submit_bio() for ${page}`);
  const submits = graph.step(submit, [action(submit, next, [set(writeback, submitted), set(owner, 0)])]);
  const wait = label(`wait_on_page_writeback(${page})`);
  const waits = graph.step(wait, [action(wait, submits, [], is(writeback, 0))], writebackWaits(layout, page));
  const lock = label(`lock_page(${page})`);
  const locks = graph.step(
    lock,
    [action(lock, waits, [set(owner, commitTask(layout, journal) + 1)], is(owner, 0))],
    ownerWaits(layout, page, `the lock of ${page}`),
  );
  const look = label('submit ordered data');
  return graph.step(look, [
    action({ ...look, note: `${page} is clean` }, next),
    action({ ...look, note: `${page} is dirty` }, locks),
  ]);
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
