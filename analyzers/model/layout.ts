/** The cells of a machine, made when somebody asks for them. */

import type { Model, Resource, ResourceName } from '../vocabulary/model.ts';
import { ModelError } from './error.ts';
import { type Cell, type Expression, is } from './expression.ts';
import type { CellInfo, TaskId } from './machine.ts';

/** Tasks of a model, servers included. States grow with all orders in which they can move. */
const MAX_TASKS = 12;

export class Layout {
  readonly model: Model;
  readonly cells: CellInfo[] = [];
  readonly servers: string[] = [];
  private readonly known = new Map<string, Cell>();

  constructor(model: Model) {
    this.model = model;
    for (const [name, resource] of Object.entries(model.resources)) {
      if (resource.kind === 'journal') this.servers.push(`commit(${name})`);
    }
    if (Object.values(model.resources).some(({ kind }) => kind === 'page')) this.servers.push('disk');
    if (this.taskCount > MAX_TASKS) {
      throw new ModelError(`${this.taskCount} tasks are more than ${MAX_TASKS}`);
    }
  }

  get taskCount(): number {
    return this.model.tasks.length + this.servers.length;
  }

  /** Tasks of programs, by id. */
  get taskIds(): readonly TaskId[] {
    return this.model.tasks.map((_, id) => id);
  }

  serverId(name: string): TaskId {
    return this.model.tasks.length + this.servers.indexOf(name);
  }

  resource<Kind extends Resource['kind']>(
    name: ResourceName,
    ...kinds: readonly Kind[]
  ): Extract<Resource, { kind: Kind }> {
    const resource = this.model.resources[name];
    if (resource === undefined) throw new ModelError(`no resource is called "${name}"`);
    const isMeant = (one: Resource): one is Extract<Resource, { kind: Kind }> =>
      kinds.some((kind) => kind === one.kind);
    if (!isMeant(resource)) {
      throw new ModelError(`"${name}" is a ${resource.kind}, where a ${kinds.join(' or ')} is needed`);
    }
    return resource;
  }

  /** Whoever may have a lock: tasks, and for pages the threads of journals that write them. */
  ownersOf(lock: ResourceName): readonly TaskId[] {
    const writers = Object.entries(this.model.resources).flatMap(([name, resource]) =>
      resource.kind === 'journal' &&
      resource.writesOrdered === true &&
      resource.ordered?.includes(lock) === true
        ? [this.serverId(`commit(${name})`)]
        : [],
    );
    return [...this.taskIds, ...writers];
  }

  /** Who has the lock of a page, a mutex, a spinlock, or an rwsem for writing. */
  owner(of: ResourceName): Cell {
    return this.cell(`lock(${of})`, { holdsTask: true });
  }

  ownedBy(of: ResourceName, task: TaskId): Expression {
    return is(this.owner(of), task + 1);
  }

  /** How often a task has an rwsem for reading. */
  readers(of: ResourceName, task: TaskId): Cell {
    return this.perTask('readers', of, task);
  }

  /** A task's place in the queue of an rwsem, the first is 1; 0 for a task that is not in it. */
  place(of: ResourceName, task: TaskId): Cell {
    return this.perTask('place', of, task);
  }

  /** Whether it is queued for writing. */
  wantsToWrite(of: ResourceName, task: TaskId): Cell {
    return this.perTask('writes', of, task);
  }

  /** Who has put a page under writeback and has still to submit or end it; `inFlight` when the device has it. */
  writeback(of: ResourceName): Cell {
    const { inFlight } = this.resource(of, 'page');
    return this.cell(`writeback(${of})`, {
      holdsTask: true,
      initial: inFlight === true ? this.inFlight : 0,
    });
  }

  /** Above the ids of all tasks. */
  get inFlight(): number {
    return this.taskCount + 1;
  }

  /** 1 while the running transaction is locked: it waits for its handles and lets nobody in. */
  isLocked(journal: ResourceName): Cell {
    return this.cell(`locked(${journal})`);
  }

  /** 1 while a transaction is written out that nobody can join any more. */
  isCommitting(journal: ResourceName): Cell {
    return this.cell(`committing(${journal})`);
  }

  isRequested(journal: ResourceName): Cell {
    return this.cell(`requested(${journal})`);
  }

  /** Commits that the timer has still to ask for. */
  timer(journal: ResourceName): Cell {
    const { timer = 1 } = this.resource(journal, 'journal');
    return this.cell(`timer(${journal})`, { initial: timer });
  }

  hasHandle(journal: ResourceName, task: TaskId): Cell {
    return this.perTask('handle', journal, task);
  }

  /** 1: waits for what is running now, 2: for what is being committed. */
  commitWait(journal: ResourceName, task: TaskId): Cell {
    return this.perTask('commit-wait', journal, task);
  }

  isUptodate(page: ResourceName): Cell {
    const { uptodate } = this.resource(page, 'page');
    return this.cell(`uptodate(${page})`, { initial: uptodate === true ? 1 : 0 });
  }

  /** 0: nobody has defined it, 1: the file's, 2: zeroes for a while, where the file has something else. */
  data(page: ResourceName): Cell {
    const { uptodate } = this.resource(page, 'page');
    return this.cell(`data(${page})`, { initial: uptodate === true ? 1 : 0 });
  }

  /** 1 if a read from disk brings the file's data. */
  onDisk(page: ResourceName): Cell {
    const { onDisk } = this.resource(page, 'page');
    return this.cell(`disk(${page})`, { initial: onDisk === false ? 0 : 1 });
  }

  hasBlock(index: ResourceName): Cell {
    return this.cell(`block(${index})`);
  }

  /** What is mapped: 0 nothing, 1 a hole, 2 the block. */
  entry(index: ResourceName): Cell {
    return this.cell(`entry(${index})`);
  }

  isTagged(index: ResourceName): Cell {
    return this.cell(`tag(${index})`);
  }

  /** Something was stored through a mapping and is not flushed yet. */
  isStored(index: ResourceName): Cell {
    return this.cell(`stored(${index})`);
  }

  private perTask(family: string, of: ResourceName, task: TaskId): Cell {
    return this.cell(`${family}(${of}, ${task})`, { of: { family: `${family}(${of})`, task } });
  }

  private cell(name: string, info: Partial<Omit<CellInfo, 'name'>> = {}): Cell {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const index = this.taskCount + this.cells.length;
    this.cells.push({ name, initial: 0, of: null, holdsTask: false, ...info });
    this.known.set(name, index);
    return index;
  }
}
