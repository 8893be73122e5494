/**
 * A sequence for readers: blocks that something leads to, numbered as they follow in the source, empty ones left
 * out, with events and jumps as plain text and lines. `inspect` prints it.
 */

import { type BlockId, successors } from '../c/graph.ts';
import type { CodeUnit } from '../c/units.ts';
import { describeEvent } from './describe.ts';
import type { Condition, Sequence, SequenceBlock, SequenceJump } from './sequence.ts';

export interface OutlineEvent {
  readonly line: number;
  readonly code: string;
  readonly kind: string;
  readonly operand: string;
}

export interface OutlineJump {
  /** `stop` behind a call that does not return. */
  readonly kind: SequenceJump['kind'] | 'stop';
  /** The test of a branch; null where either side may be taken. */
  readonly test: string | null;
  /** Numbers of blocks; for a branch the one for true and the one for false. */
  readonly to: readonly number[];
}

export interface OutlineBlock {
  /** From 1. */
  readonly id: number;
  /** Where the function begins. */
  readonly isEntry: boolean;
  /** Source that is not in sight may jump here. */
  readonly isUnseenEntry: boolean;
  readonly events: readonly OutlineEvent[];
  readonly jump: OutlineJump;
}

/** The outline of a unit's sequence. */
export function outlineOf(sequence: Sequence, { text }: CodeUnit): readonly OutlineBlock[] {
  const behind = (id: BlockId): BlockId => behindEmpty(sequence, id);
  const order = reachable(sequence, behind);
  const numbers = new Map(order.map((id, index) => [id, index + 1]));
  const entry = behind(sequence.entry);
  const unseen = new Set(sequence.unseenEntries.map(behind));
  return order.flatMap((id) => {
    const block = sequence.blocks[id];
    if (block === undefined) return [];
    const to = targets(block).map((target) => numbers.get(behind(target)) ?? 0);
    return {
      id: numbers.get(id) ?? 0,
      isEntry: id === entry,
      isUnseenEntry: unseen.has(id),
      events: block.events.map((event) => {
        const { line, code } = event.site;
        return { line, code, ...describeEvent(event) };
      }),
      jump: outlineJump(block, to, text),
    };
  });
}

function outlineJump(block: SequenceBlock, to: readonly number[], source: string): OutlineJump {
  const { jump } = block;
  if (stops(block)) return { kind: 'stop', test: null, to: [] };
  const different = [...new Set(to)];
  if (jump.kind !== 'branch') return { kind: jump.kind, test: null, to: different };
  // `if (p) kfree(p);` shows nothing on either side.
  if (different.length === 1) return { kind: 'goto', test: null, to: different };
  return { kind: 'branch', test: testText(jump.test, source), to };
}

/** The block that control comes to from here before anything happens. */
function behindEmpty(sequence: Sequence, start: BlockId): BlockId {
  const seen = new Set<BlockId>();
  let id = start;
  for (;;) {
    const block = sequence.blocks[id];
    if (block === undefined || block.events.length > 0 || block.jump.kind !== 'goto') return id;
    // `for (;;);` comes back to itself.
    if (seen.has(id)) return id;
    seen.add(id);
    id = block.jump.to;
  }
}

/** Blocks that something leads to, those first that stand first in the source. */
function reachable(sequence: Sequence, behind: (id: BlockId) => BlockId): readonly BlockId[] {
  // A depth-first walk that takes the first side first follows the source closely.
  const order: BlockId[] = [];
  const done = new Set<BlockId>();
  const stack = [...sequence.unseenEntries.map(behind).toReversed(), behind(sequence.entry)];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (done.has(id)) continue;
    done.add(id);
    order.push(id);
    const block = sequence.blocks[id];
    if (block !== undefined) stack.push(...targets(block).map(behind).toReversed());
  }
  const first = (id: BlockId): number => sequence.blocks[id]?.events[0]?.site.offset ?? -1;
  const entry = behind(sequence.entry);
  // Blocks without events stay behind the one that leads to them.
  let last = -1;
  const place = new Map(
    order.map((id) => {
      last = first(id) === -1 ? last : first(id);
      return [id, id === entry ? -1 : last];
    }),
  );
  return order.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}

function stops({ events }: SequenceBlock): boolean {
  return events.at(-1)?.kind === 'stop';
}

function targets(block: SequenceBlock): readonly BlockId[] {
  return stops(block) ? [] : successors(block.jump);
}

function testText(test: Condition | null, source: string): string | null {
  if (test === null) return null;
  const value = test.value
    .replace(/^@(\d+)/, (_, offset: string) => `${callAt(source, Number(offset))} `)
    .replace(/^@/, '');
  const isPlain = /^[\w>.()*&[\]-]+$/.test(value);
  const name = value.trim();
  if (test.expected) return name;
  return isPlain ? `!${name}` : `!(${name})`;
}

/** The name of a call whose result is tested in place. */
function callAt(source: string, offset: number): string {
  const name = /^\w+/.exec(source.slice(offset, offset + 80))?.[0];
  return `${name ?? 'call'}()`;
}
