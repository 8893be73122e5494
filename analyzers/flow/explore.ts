/**
 * Explores the paths of one sequence. States whose property part is equal merge where they meet, so the work
 * is bounded by the number of different lock states, not by the number of paths.
 */

import type { BlockId } from '../c/graph.ts';
import type { Sequence, SequenceBlock } from '../events/sequence.ts';
import type { KernelEvent, Scope } from '../vocabulary/event.ts';
import { detourEvents } from './detour.ts';
import { assume, contradictsStale, forgetAnswers, forgetCallResults, holds } from './facts.ts';
import { hasPendingBio, mergeFacts, NO_SCOPES, propertyKey, START, type State } from './state.ts';
import { doubt, transfer, wentRound } from './transfer.ts';

/** Block visits per function. No function of fs, mm and block of Linux 6.12 reaches it. */
const MAX_VISITS = 20_000;

/** Events visited per function, each with its state in memory. No function of the same tree reaches it. */
const MAX_EVENTS = 100_000;

/** Lock states kept apart at one block; a function with more is unrolling something. */
export const MAX_STATES_PER_BLOCK = 64;

/** An event as one path reached it; `state` is the state before it. */
export interface Visit {
  readonly event: KernelEvent;
  readonly state: State;
}

export interface Exploration {
  readonly visits: readonly Visit[];
  /** A limit was hit: paths are missing, none is wrong. */
  readonly isBounded: boolean;
}

/**
 * Visits every event on every path, in a fixed order. `openElsewhere` are scopes that code out of sight may
 * have entered before. If some path leaves a scope that it never entered, the function began inside it: the
 * exploration is then done again from there.
 */
export function explore(sequence: Sequence, openElsewhere: ReadonlySet<Scope> = new Set()): Exploration {
  const openAtStart = new Set(openElsewhere);
  const isKnown = openAtStart.size > 0;
  const first = isKnown ? null : walk(sequence, START, (scope) => openAtStart.add(scope));
  if (first !== null && openAtStart.size === 0) return first;
  const scopes = { ...NO_SCOPES };
  for (const scope of openAtStart) scopes[scope] = 1;
  return walk(sequence, { ...START, scopes }, () => undefined);
}

function walk(sequence: Sequence, start: State, onUnmatchedLeave: (scope: Scope) => void): Exploration {
  const visits: Visit[] = [];
  const seen = sequence.blocks.map(() => new Map<string, State>());
  const queue: { readonly block: BlockId; readonly key: string }[] = [];
  let isBounded = false;

  const arrive = (block: BlockId, state: State): void => {
    const states = seen[block];
    if (states === undefined) return;
    const key = propertyKey(state);
    const known = states.get(key);
    if (known === undefined) {
      if (states.size >= MAX_STATES_PER_BLOCK) {
        isBounded = true;
        return;
      }
      states.set(key, state);
      queue.push({ block, key });
      return;
    }
    const merged = mergeFacts(known, state);
    if (merged === known) return;
    states.set(key, merged);
    queue.push({ block, key });
  };

  arrive(sequence.entry, start);
  for (const entry of sequence.unseenEntries) arrive(entry, start);
  for (let next = 0; next < queue.length; next++) {
    if (next >= MAX_VISITS || visits.length >= MAX_EVENTS) {
      isBounded = true;
      break;
    }
    const item = queue[next];
    if (item === undefined) break;
    const block = sequence.blocks[item.block];
    const state = seen[item.block]?.get(item.key);
    if (block === undefined || state === undefined) continue;
    const results = runEvents(block, state, visits, onUnmatchedLeave);
    if (results.length > MAX_STATES_PER_BLOCK) isBounded = true;
    for (const after of results.slice(0, MAX_STATES_PER_BLOCK)) jump(sequence, block, after, arrive);
  }
  return { visits, isBounded: isBounded || visits.length >= MAX_EVENTS };
}

function runEvents(
  block: SequenceBlock,
  state: State,
  visits: Visit[],
  onUnmatchedLeave: (scope: Scope) => void,
): readonly State[] {
  let states: readonly State[] = [state];
  for (const event of block.events) {
    if (visits.length >= MAX_EVENTS) return [];
    states = states.flatMap((before) => {
      visits.push({ event, state: before });
      return transfer(before, event, onUnmatchedLeave);
    });
    // A block of many operations that may fail doubles its states each time; the caller sees the excess.
    if (states.length > MAX_STATES_PER_BLOCK + 1) states = states.slice(0, MAX_STATES_PER_BLOCK + 1);
  }
  return states;
}

function jump(
  sequence: Sequence,
  block: SequenceBlock,
  state: State,
  arrive: (block: BlockId, state: State) => void,
): void {
  switch (block.jump.kind) {
    case 'goto':
      arrive(block.jump.to, block.jump.again === true ? forgetAnswers(state) : state);
      return;
    case 'choose':
      for (const to of block.jump.to) arrive(to, state);
      return;
    case 'branch': {
      const { test, whenTrue, whenFalse } = block.jump;
      const known = test === null ? undefined : holds(state, test);
      for (const [outcome, to, other] of [
        [true, whenTrue, whenFalse],
        [false, whenFalse, whenTrue],
      ] as const) {
        if (known !== undefined && known !== outcome) continue;
        const doubtful = test !== null && contradictsStale(state, test, outcome);
        const start = doubtful ? doubt(state) : state;
        const next = forgetCallResults(test === null ? start : assume(start, test, outcome));
        const mayGoRound = known === undefined && (state.held.length > 0 || hasPendingBio(state));
        arrive(to, mayGoRound ? wentRound(next, detourEvents(sequence, other, to)) : next);
      }
      return;
    }
    case 'return':
    case 'leave':
      return;
  }
}
