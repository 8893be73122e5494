/** The lines by which `inspect` shows one function: shared by the text form, its side-by-side form and Graphviz. */

import type { OutlineBlock, OutlineEvent } from '../../analyzers/events/outline.ts';
import type { InspectedFunction } from '../pipeline/inspect.ts';
import { printable } from './printable.ts';

/** Code in a column is cut here; a longer column would push the events out of sight. */
const MAX_CODE_WIDTH = 52;

/** `setWriteback` and `endWriteback` are the longest. */
const KIND_WIDTH = 12;

export interface InspectOptions {
  /** Show the bookkeeping of variables too: what is assigned, what is written through pointers. */
  readonly all: boolean;
}

/** What a reader is shown of a block: assignments only serve to follow names. */
function shownEvents({ events }: OutlineBlock, { all }: InspectOptions): readonly OutlineEvent[] {
  return all ? events : events.filter(({ kind }) => kind !== 'assign' && kind !== 'write');
}

/** Blocks that show something, or that decide where control goes; ways lead past the others. */
export function shownBlocks(fn: InspectedFunction, options: InspectOptions): readonly OutlineBlock[] {
  const next = new Map<number, number>();
  for (const block of fn.blocks) {
    const [to] = block.jump.to;
    const isPassage = block.jump.kind === 'goto' && shownEvents(block, options).length === 0;
    if (isPassage && to !== undefined && to !== block.id && !block.isEntry && !block.isUnseenEntry)
      next.set(block.id, to);
  }
  const behind = (id: number): number => {
    let at = id;
    // A ring of passages is an endless loop: it has at most as many as there are.
    for (let steps = 0; steps <= next.size; steps++) at = next.get(at) ?? at;
    return at;
  };
  const shown = new Set(fn.blocks.flatMap(({ jump }) => jump.to.map(behind)));
  return fn.blocks
    .filter(({ id }) => !next.has(id) || shown.has(id))
    .map(({ id, isEntry, isUnseenEntry, events, jump: { kind, test, to } }) => {
      return { id, isEntry, isUnseenEntry, events, jump: { kind, test, to: to.map(behind) } };
    });
}

/** How an event is called in print; what is not known and what could not be read stands out. */
function kindText({ kind, code }: OutlineEvent): string {
  if (kind === 'unreadable') return 'UNREADABLE';
  if (kind !== 'call') return kind;
  return code === '' ? 'skipped' : 'UNKNOWN';
}

/** The events of a block, one a line: line, code, event. The code of a call with several events stands once. */
export function eventLines(block: OutlineBlock, options: InspectOptions): readonly EventLine[] {
  let before = '';
  return shownEvents(block, options).map((event) => {
    const place = `${event.line} ${event.code}`;
    const isRepeated = place === before;
    before = place;
    const code = printable(event.code);
    return {
      line: isRepeated ? null : event.line,
      code: isRepeated ? '' : code.length > MAX_CODE_WIDTH ? `${code.slice(0, MAX_CODE_WIDTH - 1)}…` : code,
      what: `${kindText(event).padEnd(KIND_WIDTH)} ${printable(event.operand)}`.trimEnd(),
    };
  });
}

export interface EventLine {
  readonly line: number | null;
  readonly code: string;
  readonly what: string;
}

export function blockTitle({ id, isEntry, isUnseenEntry }: OutlineBlock): string {
  if (isEntry) return `block ${id}, the function begins`;
  return isUnseenEntry ? `block ${id}, may be entered from code out of sight` : `block ${id}`;
}

/** Where control goes from a block. */
export function jumpLine({ jump }: OutlineBlock): string {
  const [first, second] = jump.to;
  switch (jump.kind) {
    case 'goto':
      return `-> ${first}`;
    case 'branch':
      return `${printable(jump.test ?? 'a test that is not followed')} ? ${first} : ${second}`;
    case 'choose':
      return `-> any of ${jump.to.join(', ')}`;
    case 'return':
      return 'end';
    case 'stop':
      return 'control does not come back';
    case 'leave':
      return 'on to code out of sight';
  }
}

/** `name(type name, …)`. */
export function functionTitle({ name, parameters }: InspectedFunction): string {
  const listed = parameters.map((parameter) => {
    const { type } = parameter;
    if (parameter.name === null || type === '') return parameter.name ?? type;

    return type.endsWith('*') ? `${type}${parameter.name}` : `${type} ${parameter.name}`;
  });
  return printable(`${name ?? '(a function whose name is out of sight)'}(${listed.join(', ')})`);
}
