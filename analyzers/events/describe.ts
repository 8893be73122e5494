/** Events, masks and tests in words, for people who read a sequence. */

import type { CallEvent, GfpMask, GfpTerm, KernelEvent, StoredValue, Tristate } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { withAccessors } from './accessor.ts';

/** What an event is and what it is done to: `acquire` and `page-lock of page`. */
export interface EventText {
  readonly kind: KernelEvent['kind'];
  readonly operand: string;
}

export function describeEvent(event: KernelEvent): EventText {
  return { kind: event.kind, operand: withAccessors(operandOf(event)) };
}

function operandOf(event: KernelEvent): string {
  switch (event.kind) {
    case 'acquire': {
      const { sign } = event.outcome;
      const notes = [
        event.mode === 'shared' ? ', shared' : '',
        event.blocks ? '' : ', no blocking',
        sign === 'always' ? '' : `, worked if ${sign}`,
      ];
      return `${event.lock}${of(event.object)}${notes.join('')}`;
    }
    case 'release':
      return `${event.lock}${of(event.object)}`;
    case 'alloc':
      return `${gfpText(event.gfp)}${event.charged ? ', charged' : ''}${
        event.assumption === null ? '' : `, if ${event.assumption}`
      }`;
    case 'scopeEnter':
    case 'scopeLeave':
      return event.scope;
    case 'fault':
      return event.assumption === null ? event.purpose : `${event.purpose}, if ${event.assumption}`;
    case 'copy':
      return 'without faulting';
    case 'bioAdd':
      return `${event.page ?? 'something'} to ${event.bio ?? 'a bio'}`;
    case 'bioSubmit':
      return event.bio ?? 'a bio';
    case 'wait':
      return `for ${event.condition}${of(event.object)}`;
    case 'sleep':
      return event.when;
    case 'invalidate':
      return `${event.extent === 'whole' ? 'all' : 'a range'}${of(event.object)}`;
    case 'setWriteback':
    case 'endWriteback':
    case 'setUptodate':
    case 'dirty':
    case 'zero':
    case 'mapInstall':
    case 'recheck':
    case 'fresh':
    case 'publish':
      return event.object ?? 'something';
    case 'return':
      // What a call returned has no name of its own.
      return event.value === null || event.value.startsWith('@') ? '' : event.value;
    case 'assign':
      return `${event.target} = ${valueText(event.value)}`;
    case 'call':
      return callText(event);
    case 'write':
      return event.targets.join(', ');
    case 'stop':
    case 'unreadable':
      return '';
    default:
      return unreachable(event);
  }
}

function of(object: string | null): string {
  return object === null ? '' : ` of ${object}`;
}

function callText(event: CallEvent): string {
  const gets = event.receives.length === 0 ? '' : `, gets ${event.receives.join(', ')}`;
  return `${isSkippedLoop(event) ? 'loop that did not run' : (event.callee ?? 'through a pointer')}${gets}`;
}

/** Stands for what a loop's body would have done, and has no text of its own. */
function isSkippedLoop({ callee, site }: CallEvent): boolean {
  return callee === null && site.code === '';
}

function valueText(value: StoredValue): string {
  switch (value.kind) {
    case 'path':
      return value.path;
    case 'constant':
      return value.text;
    case 'raised':
      return value.bits === null ? 'one more' : `the same | ${value.bits}`;
    case 'errorOf':
      return `error of ${value.path}`;
    case 'gfp':
      return gfpText(value.gfp);
    case 'unknown':
      return '?';
    default:
      return unreachable(value);
  }
}

/** `may reclaim, IO, FS`; a `?` stands behind what is not known. */
function gfpText(term: GfpTerm): string {
  switch (term.kind) {
    case 'mask':
      return maskText(term.mask);
    case 'variable':
      return term.path;
    case 'not':
      return `~(${gfpText(term.operand)})`;
    case 'or':
      return `(${gfpText(term.left)}) | (${gfpText(term.right)})`;
    case 'and':
      return `(${gfpText(term.left)}) & (${gfpText(term.right)})`;
    default:
      return unreachable(term);
  }
}

function maskText({ reclaim, io, fs }: GfpMask): string {
  const bits: readonly (readonly [string, Tristate])[] = [
    ['reclaim', reclaim],
    ['IO', io],
    ['FS', fs],
  ];
  if (bits.every(([, bit]) => bit === 'maybe')) return 'mask not known';
  const allowed = bits.flatMap(([name, bit]) => (bit === 'no' ? [] : [bit === 'yes' ? name : `${name}?`]));
  return allowed.length === 0 ? 'no reclaim' : allowed.join('+');
}
