/**
 * A line of a function table -> the summary that it was written from, as far as a table keeps it, for callers of that function.
 * Every step that leads into it says as of which kernel it is true.
 */

import {
  type AccessPath,
  type AcquireEvent,
  type EventSite,
  type KernelEvent,
  SCOPES,
  type SuccessSign,
  type ViaStep,
  WAITED_FOR,
} from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import type { Exposed, FunctionSummary, NetAcquire, NetRelease, ParameterValue } from './summary.ts';
import { readOptionalPath, readPath, readTerm, readValues, TableSyntaxError } from './table-terms.ts';
import { NAMELESS, SEPARATOR } from './write-summary.ts';

/** Where a line stands, and who knows the locks that it names. */
export interface LineContext {
  readonly name: string;
  readonly parameters: number;
  /** The function's file. */
  readonly path: string;
  /** A kernel version. */
  readonly asOf: string;
  readonly locks: { has(lock: LockClass): boolean };
}

/** Throws {@link TableSyntaxError}. */
export function readSummary(text: string, context: LineContext): FunctionSummary {
  const reader = new SummaryReader(context);
  if (text !== '') for (const effect of text.split(SEPARATOR)) reader.add(effect.split(' '));
  return reader.summary();
}

/** Events of a table have no place, but for what is called there: what leads to them says which function of which file it is. */
function siteOf(callee: string | undefined): EventSite {
  return { line: 1, offset: 0, code: callee === undefined || callee === NAMELESS ? '' : `${callee}()` };
}

const NOWHERE = siteOf(undefined);

const SIGNS: readonly SuccessSign[] = ['always', 'nonzero', 'zero', 'pointer'];

/** Names of functions and of what they do, outermost first. */
const CHAIN = /^[\w>-]{1,400}$/;

class SummaryReader {
  private readonly context: LineContext;
  private readonly exposed: Exposed[] = [];
  private readonly acquires: NetAcquire[] = [];
  private readonly releases: NetRelease[] = [];
  private readonly scopes: FunctionSummary['scopes'][number][] = [];
  private readonly murky: LockClass[] = [];
  private readonly hands: AccessPath[] = [];
  private readonly mayEnd: AccessPath[] = [];

  constructor(context: LineContext) {
    this.context = context;
  }

  summary(): FunctionSummary {
    const { name, parameters, path, asOf } = this.context;
    const { exposed, acquires, releases, scopes, murky, hands, mayEnd } = this;
    const places = Array.from({ length: parameters }, (_, index) => `_${index + 1}`);
    return {
      name,
      path,
      asOf,
      parameters: places,
      exposed,
      acquires,
      releases,
      scopes,
      murky,
      hands,
      mayEnd,
    };
  }

  add([verb = '', ...words]: readonly string[]): void {
    const [first = '', second = '', ...more] = words;
    switch (verb) {
      case 'takes':
        this.acquires.push(this.taken(first, second, more));
        break;
      case 'drops':
        this.releases.push({ lock: this.lock(first), object: readPath(second) });
        noMore(more);
        break;
      case 'may-drop':
        this.murky.push(this.lock(first));
        noMore(words.slice(1));
        break;
      case 'may-end':
        this.mayEnd.push(readPath(first));
        noMore(words.slice(1));
        break;
      case 'scope':
        this.scopes.push({ scope: oneOf(SCOPES, first), depth: depthOf(second) });
        noMore(more);
        break;
      case 'hands':
        for (const word of words) this.hands.push(readPath(word));
        break;
      default:
        this.exposed.push(this.happening(verb, words));
    }
  }

  private lock(name: string): LockClass {
    if (!this.context.locks.has(name)) throw new TableSyntaxError(`no lock class ${name} is declared`);
    return name;
  }

  private taken(lock: string, object: string, [sign = '', ...flags]: readonly string[]): NetAcquire {
    const isUnblocked = flags[0] === 'unblocked';
    const path = readPath(object);
    const event = this.acquisition(lock, path, isUnblocked ? flags.slice(1) : flags);
    return { event: { ...event, blocks: !isUnblocked }, object: path, sign: oneOf(SIGNS, sign) };
  }

  private acquisition(lock: string, object: AccessPath | null, flags: readonly string[]): AcquireEvent {
    const rest = new Set(flags);
    const has = (flag: string): boolean => rest.delete(flag);
    const event: AcquireEvent = {
      kind: 'acquire',
      lock: this.lock(lock),
      object,
      outcome: { sign: 'always', value: '' },
      blocks: true,
      mode: has('shared') ? 'shared' : 'exclusive',
      ...(has('place') && { isPlace: true }),
      ...(has('optional') && { isOptional: true }),
      ...(has('unsure') && { isBehindUnknown: true }),
      site: NOWHERE,
    };
    noMore([...rest]);
    return event;
  }

  private happening(verb: string, words: readonly string[]): Exposed {
    const [last = ''] = words.slice(-1);
    const by = last.startsWith('by=') ? last.slice('by='.length) : null;
    const rest = by === null ? [...words] : words.slice(0, -1);
    const when: ParameterValue[] = [];
    while (rest.at(-1)?.startsWith('if=') === true) when.unshift(this.condition(rest.pop() ?? ''));
    const isInside = rest.at(-1) === 'inside';
    if (isInside) rest.pop();
    const { via, site } = this.chain(by);
    const event = this.event(verb, rest);
    return {
      event: { ...event, site, ...(via.length > 0 && { via }), ...(isInside && { inTransaction: true }) },
      when,
    };
  }

  private condition(word: string): ParameterValue {
    const [, number = '', values = ''] = /^if=_(\d{1,2}):(.+)$/.exec(word) ?? [];
    const parameter = Number(number) - 1;
    if (parameter < 0 || parameter >= this.context.parameters) {
      throw new TableSyntaxError(`${word} is of no parameter`);
    }
    return { parameter, may: readValues(values) };
  }

  /** The first of the calls that lead to the operation, and the others. */
  private chain(text: string | null): { readonly site: EventSite; readonly via: readonly ViaStep[] } {
    if (text === null) return { site: NOWHERE, via: [] };
    if (!CHAIN.test(text)) throw new TableSyntaxError(`${text} is no chain of functions`);
    const { path, asOf } = this.context;
    const [first, ...others] = text.split('>');
    const callees = [first ?? NAMELESS, ...others];
    const via = others.map((next, index) => {
      return { callee: callees[index] ?? NAMELESS, site: siteOf(next), path, asOf };
    });
    return { site: siteOf(first), via };
  }

  private event(verb: string, words: readonly string[]): KernelEvent {
    const [first = '', second = '', ...more] = words;
    const site = NOWHERE;
    switch (verb) {
      case 'lock':
        return this.acquisition(first, readOptionalPath(second), more);
      case 'alloc': {
        const charged = second === 'charged';
        noMore(charged ? more : words.slice(1));
        return { kind: 'alloc', gfp: readTerm(first), charged, assumption: null, site };
      }
      case 'fault':
        noMore(words.slice(1));
        return { kind: 'fault', purpose: oneOf(['copy', 'prefault'], first), assumption: null, site };
      case 'sleep':
        noMore(words.slice(1));
        return { kind: 'sleep', when: oneOf(['always', 'sometimes'], first), site };
      case 'wait':
        noMore(more);
        return { kind: 'wait', condition: oneOf(WAITED_FOR, first), object: readOptionalPath(second), site };
      case 'set-writeback':
      case 'end-writeback': {
        noMore(words.slice(1));
        const kind = verb === 'set-writeback' ? 'setWriteback' : 'endWriteback';
        return { kind, object: readOptionalPath(first), site };
      }
      case 'add-to-bio':
        noMore(more);
        return { kind: 'bioAdd', bio: readOptionalPath(first), page: readOptionalPath(second), site };
      case 'submit-bio':
        noMore(words.slice(1));
        return { kind: 'bioSubmit', bio: readOptionalPath(first), page: null, site };
      case 'store':
        noMore(more);
        return {
          kind: 'assign',
          target: readPath(first),
          value: { kind: 'path', path: readPath(second) },
          site,
        };
      default:
        throw new TableSyntaxError(`${verb} is no effect`);
    }
  }
}

function noMore(words: readonly string[]): void {
  const [first] = words;
  if (first !== undefined) throw new TableSyntaxError(`${first} is one word too many`);
}

function oneOf<Word extends string>(known: readonly Word[], word: string): Word {
  const found = known.find((one) => one === word);
  if (found === undefined) throw new TableSyntaxError(`${word} is none of ${known.join(', ')}`);
  return found;
}

/** Scopes nest a few deep. */
function depthOf(word: string): number {
  if (!/^-?[1-9]$/.test(word)) throw new TableSyntaxError(`${word} is no depth of a scope`);
  return Number(word);
}
