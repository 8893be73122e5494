/**
 * What becomes of data: pages of the page cache, and blocks of a DAX file with their mapping entries. Who looks at it is a
 * task like any other, so that a broken invariant is a step of the one who sees it.
 */

import type { Label, ResourceName, Statement } from '../vocabulary/model.ts';
import type { LockCompiler } from './compile-locks.ts';
import { all, cell, choice, is, isNot, number, plus } from './expression.ts';
import { action, type Graph, set } from './graph.ts';
import type { Layout } from './layout.ts';
import type { Assignment, NodeId } from './machine.ts';

/** States of a page's data. */
const UNDEFINED = 0;
const OF_THE_FILE = 1;
const ZEROES = 2;

/** What a mapping entry shows. */
const NOTHING = 0;
const HOLE = 1;
const BLOCK = 2;

type Of<Kind extends Statement['do']> = Extract<Statement, { do: Kind }>;

export class DataCompiler {
  private readonly layout: Layout;
  private readonly graph: Graph;
  private readonly locks: LockCompiler;

  constructor(layout: Layout, graph: Graph, locks: LockCompiler) {
    this.layout = layout;
    this.graph = graph;
    this.locks = locks;
  }

  /**
   * Clears all of what the write would have covered: for a new block that is what the file holds then. With `isOnlyNew` as
   * page_zero_new_buffers(), fs/buffer.c, which leaves alone what is up to date.
   */
  zero({ page, isOnlyNew }: Of<'zero'>, label: Label, next: NodeId): NodeId {
    const { layout, graph } = this;
    const isOld = is(layout.isUptodate(page), 1);
    const data = layout.data(page);
    const clear = action(label, next, [set(data, OF_THE_FILE)], is(layout.isUptodate(page), 0));
    const overOld = isOnlyNew === true ? [] : [set(data, ZEROES)];
    return graph.step(label, [clear, action(label, next, overOld, isOld)]);
  }

  setUptodate(page: ResourceName, value: 0 | 1, label: Label, next: NodeId): NodeId {
    return this.graph.step(label, [action(label, next, [set(this.layout.isUptodate(page), value)])]);
  }

  /** The data of a whole copy is the file's. */
  copied(page: ResourceName): readonly Assignment[] {
    return [set(this.layout.data(page), OF_THE_FILE)];
  }

  /**
   * New blocks have nothing of the file in them (buffer_new() in __block_write_begin(), fs/buffer.c; IOMAP_F_NEW in
   * dax_iomap_iter(), fs/dax.c); those of a page that is up to date are there already.
   */
  allocate(of: ResourceName, label: Label, next: NodeId): NodeId {
    const { layout, graph } = this;
    if (layout.resource(of, 'page', 'index').kind === 'index') {
      return graph.step(label, [action(label, next, [set(layout.hasBlock(of), 1)])]);
    }
    const isNew = is(layout.isUptodate(of), 0);
    return graph.step(label, [
      action(label, next, [set(layout.onDisk(of), 0)], isNew),
      action(label, next, [], is(layout.isUptodate(of), 1)),
    ]);
  }

  /**
   * A mapping shows a page that is up to date, locked or not. read() locks one that is not and brings it up to date from
   * disk (filemap_get_pages() and filemap_update_page(), mm/filemap.c; do_generic_mapping_read() before).
   */
  read({ page, isMapped }: Of<'read'>, label: Label, next: NodeId): NodeId {
    const { layout, graph, locks } = this;
    const isUptodate = layout.isUptodate(page);
    const data = layout.data(page);
    const undefinedData = graph.broken(label, `sees ${page} up to date with data that nobody has written`);
    const zeroes = graph.broken(label, `sees zeroes in ${page} where the file has data`);
    const looks = [
      action(label, next, [], all([is(isUptodate, 1), is(data, OF_THE_FILE)])),
      action(label, undefinedData, [], all([is(isUptodate, 1), is(data, UNDEFINED)])),
      action(label, zeroes, [], all([is(isUptodate, 1), is(data, ZEROES)])),
    ];
    const isOld = is(isUptodate, 0);
    if (isMapped === true) return graph.step(label, [...looks, action(label, next, [], isOld)]);
    // By then it is up to date: nobody takes the mark away from under a reader.
    const look = graph.step(label, [...looks, action(label, next, [], isOld)]);
    const unlock = locks.release(page, { ...label, code: `unlock_page(${page})` }, look);
    const fill = { ...label, code: `read ${page} from disk` };
    const filled = [set(data, plus(layout.onDisk(page), number(0))), set(isUptodate, 1)];
    const update = graph.step(fill, [
      action(fill, unlock, filled, isOld),
      action({ ...fill, note: 'somebody has done it' }, unlock, [], is(isUptodate, 1)),
    ]);
    const lock = locks.acquire(page, 'exclusive', { ...label, code: `lock_page(${page})` }, update);
    const first = { ...label, note: 'not up to date' };
    return graph.step(label, [...looks, action(first, lock, [], isOld)]);
  }

  /**
   * dax_load_hole() and dax_insert_entry(), fs/dax.c. What is mapped already stays; a store puts the block in the place of a
   * hole. It is one step, since the fault has the lock of the entry from before it asks for the block until it has mapped it
   * (grab_mapping_entry(), since 4.7), and an invalidation waits for that lock.
   */
  mapInstall({ index, isWrite }: Of<'mapInstall'>, label: Label, next: NodeId): NodeId {
    const { layout, graph } = this;
    const entry = layout.entry(index);
    if (isWrite === true) {
      const stores = [
        set(layout.hasBlock(index), 1),
        set(entry, BLOCK),
        set(layout.isTagged(index), 1),
        set(layout.isStored(index), 1),
      ];
      return graph.step(label, [action({ ...label, note: 'maps the block, and stores' }, next, stores)]);
    }
    const isEmpty = is(entry, NOTHING);
    const block = layout.hasBlock(index);
    return graph.step(label, [
      action({ ...label, note: 'maps a hole' }, next, [set(entry, HOLE)], all([isEmpty, is(block, 0)])),
      action({ ...label, note: 'maps the block' }, next, [set(entry, BLOCK)], all([isEmpty, is(block, 1)])),
      action(label, next, [], isNot(entry, NOTHING)),
    ]);
  }

  /**
   * The entry goes, and with it the tag that says what to flush (clear_exceptional_entry(), mm/truncate.c); or it stays if it
   * has one (__dax_invalidate_entry(), fs/dax.c, for invalidate_inode_pages2_range() since 4.10).
   */
  invalidate({ indexes, keepsDirty = false }: Of<'invalidate'>, label: Label, next: NodeId): NodeId {
    const { layout, graph } = this;
    const drops = indexes.flatMap((index) => {
      const entry = layout.entry(index);
      const tag = layout.isTagged(index);
      return keepsDirty
        ? [set(entry, choice(is(tag, 0), number(NOTHING), cell(entry)))]
        : [set(entry, NOTHING), set(tag, 0)];
    });
    return graph.step(label, [action(label, next, drops)]);
  }

  written({ index }: Of<'written'>, label: Label, next: NodeId): NodeId {
    const { layout, graph } = this;
    const entry = layout.entry(index);
    const stale = graph.broken(
      label,
      `leaves a mapping that shows a hole at ${index}, where it has put data`,
    );
    return graph.step(label, [
      action(label, next, [], isNot(entry, HOLE)),
      action(label, stale, [], is(entry, HOLE)),
    ]);
  }

  /** What carries no tag is not flushed (dax_writeback_mapping_range(), fs/dax.c). */
  sync({ index }: Of<'sync'>, label: Label, next: NodeId): NodeId {
    const { layout, graph } = this;
    const isTagged = layout.isTagged(index);
    const isStored = layout.isStored(index);
    const lost = graph.broken(
      label,
      `flushes nothing of what was stored at ${index} through a mapping: the tag that says so is gone`,
    );
    return graph.step(label, [
      action(label, next, [set(isStored, 0), set(isTagged, 0)], is(isTagged, 1)),
      action(label, next, [], all([is(isTagged, 0), is(isStored, 0)])),
      action(label, lost, [], all([is(isTagged, 0), is(isStored, 1)])),
    ]);
  }
}
