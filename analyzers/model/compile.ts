/**
 * Gives a model its meaning: each statement of each task becomes guarded actions. Programs are compiled from their end,
 * so that ways which part in front of a statement meet at it again.
 */

import type { Label, Model, ResourceName, Statement } from '../vocabulary/model.ts';
import { DataCompiler } from './compile-data.ts';
import {
  commitNodes,
  startTransaction,
  stopTransaction,
  waitForCommit,
  writebackWaits,
} from './compile-journal.ts';
import { LockCompiler } from './compile-locks.ts';
import { reclaimWays } from './compile-reclaim.ts';
import {
  type Context,
  depthOf,
  type Entered,
  effectiveMask,
  isAtomic,
  keyOf,
  moved,
  NO_CONTEXT,
  withHandle,
} from './context.ts';
import { type Era, eraOf } from './eras.ts';
import { ModelError } from './error.ts';
import { any, cell, choice, is, isNot, not, number } from './expression.ts';
import { faultProgram } from './fault-program.ts';
import { action, Graph, MAX_NODES, set } from './graph.ts';
import { Layout } from './layout.ts';
import type { Action, Machine, MachineTask, Node, NodeId, TaskId } from './machine.ts';
import { codeOf, isNamedIn, objectOf } from './statement-code.ts';

/** Where a task goes on, by what is known of it there. */
type Continuation = (context: Context) => NodeId;

/** Deeper nesting of choices, try-locks and faults than this is no program that anybody has written. */
const MAX_DEPTH = 64;

/** Throws `ModelError` for a model that makes no sense. */
export function compile(model: Model): Machine {
  const layout = new Layout(model);
  const era = eraOf(model.era);
  const tasks = model.tasks.map(({ name, program }, id): MachineTask => {
    try {
      return { name, ...new TaskCompiler(layout, era, id).compile(program), isServer: false };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      throw new ModelError(`task "${name}": ${error.message}`);
    }
  });
  // Servers last: what tasks ask them for is known by now.
  const servers = layout.servers.map((name): MachineTask => {
    const nodes = name === 'disk' ? diskNodes(layout) : commitNodes(layout, name.slice('commit('.length, -1));
    return { name, nodes, start: 0, isServer: true };
  });
  requireOwnNames([...tasks, ...servers]);
  return { tasks: [...tasks, ...servers], cells: layout.cells, twins: twinsOf(model) };
}

/** A witness calls tasks by their names. */
function requireOwnNames(tasks: readonly MachineTask[]): void {
  const names = tasks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new ModelError(`two tasks are called "${twice}"`);
}

/** Tasks with the same program, whatever they are called. */
function twinsOf({ tasks }: Model): readonly (readonly TaskId[])[] {
  const groups = new Map<string, TaskId[]>();
  for (const [id, { program }] of tasks.entries()) {
    const key = JSON.stringify(program);
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Ends the writeback of what was submitted, in any order. */
function diskNodes(layout: Layout): readonly Node[] {
  const pages = Object.entries(layout.model.resources).filter(([, { kind }]) => kind === 'page');
  const actions = pages.map(([page]): Action => {
    const label: Label = { code: `end_page_writeback(${page})`, note: 'I/O is complete' };
    return action(label, 0, [set(layout.writeback(page), 0)], is(layout.writeback(page), layout.inFlight));
  });
  return [{ kind: 'idle', actions, waits: [], label: { code: 'no I/O in flight' } }];
}

class TaskCompiler {
  private readonly layout: Layout;
  private readonly era: Era;
  private readonly task: TaskId;
  private readonly graph = new Graph();
  private readonly locks: LockCompiler;
  private readonly data: DataCompiler;
  private readonly nofsJournals: ReadonlySet<ResourceName>;
  private depth = 0;
  /** How deep what is compiled now lies in reclaim and page faults. */
  private frames = 0;

  constructor(layout: Layout, era: Era, task: TaskId) {
    this.layout = layout;
    this.era = era;
    this.task = task;
    this.locks = new LockCompiler(layout, this.graph, task);
    this.data = new DataCompiler(layout, this.graph, this.locks);
    this.nofsJournals = new Set(
      Object.entries(layout.model.resources).flatMap(([name, resource]) =>
        resource.kind === 'journal' && resource.isNofsScope === true ? [name] : [],
      ),
    );
  }

  compile(program: readonly Statement[]): { nodes: readonly Node[]; start: NodeId } {
    const end = this.graph.add({ kind: 'end', actions: [], waits: [], label: { code: 'done' } });
    const start = this.block(program, NO_CONTEXT, () => end, end);
    return { nodes: this.graph.nodes, start };
  }

  /** `end` is where a return leads. */
  private block(program: readonly Statement[], context: Context, after: Continuation, end: NodeId): NodeId {
    if (this.graph.nodes.length > MAX_NODES) throw new ModelError(`more than ${MAX_NODES} steps`);
    if (++this.depth > MAX_DEPTH + program.length) throw new ModelError(`nested deeper than ${MAX_DEPTH}`);
    const compiled = this.from(program, 0, context, after, end);
    this.depth--;
    return compiled;
  }

  private from(
    program: readonly Statement[],
    index: number,
    context: Context,
    after: Continuation,
    end: NodeId,
  ): NodeId {
    const statement = program[index];
    if (statement === undefined) return after(context);
    const known = new Map<string, NodeId>();
    const next: Continuation = (then) => {
      const key = keyOf(then);
      const node = known.get(key) ?? this.from(program, index + 1, then, after, end);
      known.set(key, node);
      return node;
    };
    return this.statement(statement, context, next, end);
  }

  private statement(statement: Statement, context: Context, next: Continuation, end: NodeId): NodeId {
    const { layout, graph, locks, data, task } = this;
    const label = this.labelOf(statement);
    switch (statement.do) {
      case 'acquire':
        return this.acquire(statement, context, next, label);
      case 'tryAcquire': {
        const { lock, mode = 'exclusive' } = statement;
        const held = this.underLock(lock, context, 1);
        return locks.tryAcquire(lock, mode, label, {
          got: this.block(statement.got, held, next, end),
          busy: this.block(statement.busy, context, next, end),
        });
      }
      case 'release':
        return this.release(statement.lock, context, next, label);
      case 'alloc': {
        const entered = effectiveMask(statement.mask, context, this.nofsJournals);
        if (entered.reclaim && isAtomic(context)) return this.sleepsInAtomic(label);
        return this.alloc(statement, entered, context, next(context), label);
      }
      case 'scopeEnter':
      case 'scopeLeave': {
        const to = next(moved(context, statement.scope, statement.do === 'scopeEnter' ? 1 : -1));
        return graph.step(label, [action(label, to)]);
      }
      case 'fault':
        return this.fault(statement.buffer, context, next(context), label);
      case 'copy':
        return this.copy(statement, context, next, { label, end });
      case 'zero':
        return data.zero(statement, label, next(context));
      case 'setUptodate':
        return data.setUptodate(statement.page, 1, label, next(context));
      case 'clearUptodate':
        return data.setUptodate(statement.page, 0, label, next(context));
      case 'read':
        return data.read(statement, label, next(context));
      case 'setWriteback': {
        const writeback = layout.writeback(statement.page);
        return graph.step(label, [
          action(label, next(context), [set(writeback, task + 1)], is(writeback, 0)),
          action({ ...label, note: 'it is under writeback already' }, next(context), [], isNot(writeback, 0)),
        ]);
      }
      case 'endWriteback':
        return this.endWriteback(statement.page, label, next(context));
      case 'bioSubmit':
        return this.submit(label, next(context));
      case 'wait':
        return this.wait(statement, context, next(context), label);
      case 'allocate':
        return data.allocate(statement.for, label, next(context));
      case 'mapInstall':
        return data.mapInstall(statement, label, next(context));
      case 'invalidate':
        return data.invalidate(statement, label, next(context));
      case 'written':
        return data.written(statement, label, next(context));
      case 'sync':
        return data.sync(statement, label, next(context));
      case 'choose': {
        const ways = statement.of.map((way) => this.block(way, context, next, end));
        return graph.step(
          label,
          ways.map((to, way) => action({ ...label, note: `way ${way + 1}` }, to)),
        );
      }
      case 'return':
        return graph.step(label, [action(label, end)]);
      case 'dirty':
      case 'bioAdd':
      case 'nothing':
        return graph.step(label, [action(label, next(context))]);
    }
  }

  private acquire(
    { lock, mode = 'exclusive', isReserved = false }: Extract<Statement, { do: 'acquire' }>,
    context: Context,
    next: Continuation,
    label: Label,
  ): NodeId {
    const { layout, graph, locks, task } = this;
    const { kind } = layout.resource(lock, 'page', 'mutex', 'spinlock', 'rwsem', 'journal');
    if (kind === 'journal') {
      const to = next(withHandle(context, lock, 1));
      if (depthOf(context, lock) > 0) {
        return graph.step(label, [action({ ...label, note: 'joins its own handle' }, to)]);
      }
      if (isAtomic(context)) return this.sleepsInAtomic(label);
      return startTransaction(layout, graph, task, { journal: lock, isReserved, label, next: to });
    }
    if (kind !== 'spinlock' && isAtomic(context)) return this.sleepsInAtomic(label);
    return locks.acquire(lock, mode, label, next(this.underLock(lock, context, 1)));
  }

  private release(lock: ResourceName, context: Context, next: Continuation, label: Label): NodeId {
    const { layout, graph, locks, task } = this;
    if (layout.resource(lock, 'page', 'mutex', 'spinlock', 'rwsem', 'journal').kind !== 'journal') {
      return locks.release(lock, label, next(this.underLock(lock, context, -1)));
    }
    const depth = depthOf(context, lock);
    const to = next(withHandle(context, lock, -1));
    if (depth === 0) return graph.broken(label, `stops a transaction of ${lock} that it has not started`);
    if (depth > 1) return graph.step(label, [action(label, to)]);
    return stopTransaction(layout, graph, task, { journal: lock, label, next: to });
  }

  /** A spinlock makes its holder atomic. */
  private underLock(lock: ResourceName, context: Context, by: 1 | -1): Context {
    return this.layout.model.resources[lock]?.kind === 'spinlock' ? moved(context, 'atomic', by) : context;
  }

  private sleepsInAtomic(label: Label): NodeId {
    return this.graph.broken(label, 'may sleep in atomic context');
  }

  /** Succeeds, or enters reclaim first if the mask allows it. */
  private alloc(
    statement: Extract<Statement, { do: 'alloc' }>,
    entered: Entered,
    context: Context,
    next: NodeId,
    label: Label,
  ): NodeId {
    const { layout, graph, era, task, frames: depth } = this;
    const within: Context = { ...context, isReclaiming: true };
    const inside = (program: readonly Statement[]): NodeId => this.inside(program, within, next);
    const ways = reclaimWays({ layout, graph, era, task, label, next, depth, inside }, statement, entered);
    return graph.step(label, [action(label, next), ...ways]);
  }

  /** As the statement says it is called there, or as the kernel calls it. */
  private labelOf(statement: Statement): Label {
    const { code = codeOf(statement, this.layout.model.resources), in: place, at } = statement;
    const of = objectOf(statement);
    return {
      code,
      ...(of !== null && !isNamedIn(code, of) && { of }),
      ...(place !== undefined && { in: place }),
      ...(at !== undefined && { at }),
      ...(this.frames > 0 && { depth: this.frames }),
    };
  }

  /** Statements that reclaim or a fault makes on behalf of the task. */
  private inside(program: readonly Statement[], context: Context, next: NodeId): NodeId {
    this.frames++;
    const start = this.block(program, context, () => next, next);
    this.frames--;
    return start;
  }

  /** User memory: resident, or a page fault. With page faults disabled there is none (faulthandler_disabled(), linux/uaccess.h). */
  private fault(buffer: ResourceName, context: Context, next: NodeId, label: Label): NodeId {
    const { graph, layout } = this;
    const { isResident } = layout.resource(buffer, 'buffer');
    const resident = action(label, next);
    if (isResident === true || this.mayNotFault(context)) return graph.step(label, [resident]);
    const faults = this.handler(buffer, context, next);
    return graph.step(label, [resident, action({ ...label, note: 'page fault' }, faults)]);
  }

  private mayNotFault(context: Context): boolean {
    return context.scopes.pagefault > 0 || isAtomic(context);
  }

  private handler(buffer: ResourceName, context: Context, next: NodeId): NodeId {
    const { layout } = this;
    return this.inside(faultProgram(layout.resource(buffer, 'buffer'), layout.model.reclaim), context, next);
  }

  /** All of it is copied, after a page fault if need be; or, where none may be taken, what is resident. */
  private copy(
    { buffer, page, full, short }: Extract<Statement, { do: 'copy' }>,
    context: Context,
    next: Continuation,
    { label, end }: { label: Label; end: NodeId },
  ): NodeId {
    const { graph, data, layout } = this;
    const { isResident } = layout.resource(buffer, 'buffer');
    const filled = page === undefined ? [] : data.copied(page);
    const whole = this.block(full, context, next, end);
    const copied = action(label, whole, filled);
    if (isResident === true) return graph.step(label, [copied]);
    if (this.mayNotFault(context)) {
      const part = this.block(short, context, next, end);
      return graph.step(label, [copied, action({ ...label, note: 'comes short' }, part)]);
    }
    const copies = graph.step(label, [copied]);
    const faults = this.handler(buffer, context, copies);
    return graph.step(label, [copied, action({ ...label, note: 'page fault' }, faults)]);
  }

  /** From here on the device ends the writeback of what this task has put under it. */
  private submit(label: Label, next: NodeId): NodeId {
    const { layout, graph, task } = this;
    const pages = Object.entries(layout.model.resources).filter(([, { kind }]) => kind === 'page');
    const assigns = pages.map(([page]) => {
      const writeback = layout.writeback(page);
      return set(writeback, choice(is(writeback, task + 1), number(layout.inFlight), cell(writeback)));
    });
    return graph.step(label, [action(label, next, assigns)]);
  }

  /**
   * end_page_writeback(), mm/filemap.c: whoever completes the I/O calls it, or the task that has set the bit and gives up.
   * Nobody ends what another has still to submit: who waits for that waits for the other.
   */
  private endWriteback(page: ResourceName, label: Label, next: NodeId): NodeId {
    const { layout, graph, task } = this;
    const writeback = layout.writeback(page);
    const isItsOwn = any([is(writeback, task + 1), is(writeback, layout.inFlight)]);
    return graph.step(label, [
      action(label, next, [set(writeback, 0)], isItsOwn),
      action({ ...label, note: 'it is not under writeback, or by another task' }, next, [], not(isItsOwn)),
    ]);
  }

  private wait(
    statement: Extract<Statement, { do: 'wait' }>,
    context: Context,
    next: NodeId,
    label: Label,
  ): NodeId {
    const { layout, graph, task } = this;
    if (isAtomic(context)) return this.sleepsInAtomic(label);
    if (statement.for === 'commit') {
      layout.resource(statement.of, 'journal');
      return waitForCommit(layout, graph, task, { journal: statement.of, label, next });
    }
    const writeback = layout.writeback(statement.of);
    return graph.step(
      label,
      [action(label, next, [], is(writeback, 0))],
      writebackWaits(layout, statement.of),
    );
  }
}
