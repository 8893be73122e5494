/**
 * One function's summary -> its line of a function table: what it may do to its callers, in words and without its source.
 * Parameters are `_1`, `_2`, …, for their names say nothing. What cannot be written is left out where a caller then sees less of
 * what is done; where a caller would take more for certain, the function is not written at all.
 */

import type { AccessPath, AcquireEvent, GfpTerm, KernelEvent } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { UNKNOWN_MASK, withVariables } from './gfp-terms.ts';
import { isWithin, rootOf } from './paths.ts';
import type { Exposed, FunctionSummary, NetAcquire, ParameterValue } from './summary.ts';
import { RESULT } from './summary.ts';
import { isTablePath, termText, valuesText } from './table-terms.ts';

/** Between two effects of a line. */
export const SEPARATOR = '; ';

/**
 * What the summaries say together, each of the same function and made for other rules, as effects of one line; null where
 * they contradict each other or cannot be written.
 */
export function effectsText(summaries: readonly FunctionSummary[]): string | null {
  const [first] = summaries;
  if (first === undefined) return null;
  const words = summaries.map((summary) => new SummaryWords(summary));
  const [scopes, ...others] = new Set(words.map((one) => one.scopes()));
  const kept = words.flatMap((one) => one.certain());
  if (others.length > 0 || kept.includes(null)) return null;
  const effects = [
    ...withoutTwins(words.flatMap((one) => one.exposed())),
    ...new Set(kept.flatMap((one) => one ?? [])),
    ...(scopes === undefined || scopes === '' ? [] : [scopes]),
    ...handsText(words.flatMap((one) => one.hands())),
  ];
  return effects.join(SEPARATOR);
}

/** The same effect through other functions is the same: that of the fewest calls stays. */
function withoutTwins(effects: readonly Effect[]): readonly string[] {
  const found = new Map<string, string>();
  for (const { text, by } of effects) {
    const before = found.get(text);
    if (before === undefined || depthOf(by) < depthOf(before)) found.set(text, by);
  }
  return [...found].map(([text, by]) => (by === NAMELESS ? text : `${text}${BY}${by}`));
}

/** The part of an effect that only tells how it comes to it. */
const BY = ' by=';

/** Two effects that are one but for how the functions come to it have the same. */
export function effectKey(effect: string): string {
  const at = effect.indexOf(BY);
  return at === -1 ? effect : effect.slice(0, at);
}

function depthOf(by: string): number {
  return by.split('>').length;
}

/** What lies in another is handed on with it. */
function handsText(paths: readonly AccessPath[]): readonly string[] {
  const all = [...new Set(paths)];
  const outer = all.filter(
    (path) => !all.some((other) => other !== path && !other.startsWith('&') && isWithin(path, other)),
  );
  return outer.length === 0 ? [] : [`hands ${outer.toSorted().join(' ')}`];
}

interface Effect {
  readonly text: string;
  /** Functions that it is done by, outermost first, the operation last. */
  readonly by: string;
}

class SummaryWords {
  private readonly summary: FunctionSummary;

  constructor(summary: FunctionSummary) {
    this.summary = summary;
  }

  /** Null for what no table can name. */
  private path(path: AccessPath): AccessPath | null {
    if (path === RESULT) return path;
    const root = rootOf(path);
    const index = this.summary.parameters.indexOf(root);
    if (index === -1 || root === '') return null;
    const start = path.indexOf(root);
    const named = `${path.slice(0, start)}_${index + 1}${path.slice(start + root.length)}`;
    return isTablePath(named) ? named : null;
  }

  private optional(path: AccessPath | null): string {
    return (path === null ? null : this.path(path)) ?? '-';
  }

  exposed(): readonly Effect[] {
    return this.summary.exposed.flatMap((one) => {
      const text = this.event(one.event);
      return text === null ? [] : [{ text: `${text}${this.when(one)}`, by: byText(one.event) }];
    });
  }

  private when({ event, when }: Exposed): string {
    const inside = event.inTransaction === true ? ' inside' : '';
    const conditions = when.map(
      ({ parameter, may }: ParameterValue) => ` if=_${parameter + 1}:${valuesText(may)}`,
    );
    return inside + conditions.join('');
  }

  /** Null for what callers need not know: what rests on an assumption, and what is asked of pages' data only. */
  private event(event: KernelEvent): string | null {
    switch (event.kind) {
      case 'alloc':
        if (event.assumption !== null) return null;
        return `alloc ${termText(this.mask(event.gfp))}${event.charged ? ' charged' : ''}`;
      case 'fault':
        return event.assumption === null ? `fault ${event.purpose}` : null;
      case 'sleep':
        return `sleep ${event.when}`;
      case 'wait':
        return `wait ${event.condition} ${this.optional(event.object)}`;
      case 'acquire':
        return `lock ${event.lock} ${this.optional(event.object)}${flagsText(event)}`;
      case 'setWriteback':
        return `set-writeback ${this.optional(event.object)}`;
      case 'endWriteback':
        return `end-writeback ${this.optional(event.object)}`;
      case 'bioAdd':
        return `add-to-bio ${this.optional(event.bio)} ${this.optional(event.page)}`;
      case 'bioSubmit':
        return `submit-bio ${this.optional(event.bio)}`;
      case 'assign':
        return this.assignment(event.target, event.value.kind === 'path' ? event.value.path : null);
      case 'copy':
      case 'setUptodate':
      case 'dirty':
      case 'zero':
      case 'invalidate':
      case 'mapInstall':
      case 'recheck':
      case 'publish':
      case 'release':
      case 'scopeEnter':
      case 'scopeLeave':
      case 'return':
      case 'fresh':
      case 'call':
      case 'write':
      case 'stop':
      case 'unreadable':
        return null;
      default:
        return unreachable(event);
    }
  }

  private assignment(target: AccessPath, source: AccessPath | null): string | null {
    const [to, from] = [this.path(target), source === null ? null : this.path(source)];
    return to === null || from === null || to === from ? null : `store ${to} ${from}`;
  }

  private mask(term: GfpTerm): GfpTerm {
    return withVariables(term, (variable) => {
      const path = this.path(variable);
      return path === null ? UNKNOWN_MASK : { kind: 'variable', path };
    });
  }

  /** What holds on every way through the function, and what may be lost on some; null for what no table can name. */
  certain(): readonly (string | null)[] {
    const { acquires, releases, murky, mayEnd } = this.summary;
    return [
      ...acquires.map((one) => this.taken(one)),
      ...releases.map(({ lock, object }) => prefixed(`drops ${lock}`, this.path(object))),
      ...murky.map((lock) => `may-drop ${lock}`),
      ...mayEnd.map((path) => prefixed('may-end', this.path(path))),
    ];
  }

  private taken({ event, object, sign }: NetAcquire): string | null {
    const text = prefixed(`takes ${event.lock}`, this.path(object));
    return text === null ? null : `${text} ${sign}${event.blocks ? '' : ' unblocked'}${flagsText(event)}`;
  }

  scopes(): string {
    const all = this.summary.scopes.map(({ scope, depth }) => `scope ${scope} ${depth}`);
    return all.toSorted().join(SEPARATOR);
  }

  /** Parameters for what has no name of its own. */
  hands(): readonly AccessPath[] {
    const { hands, parameters } = this.summary;
    return hands.map((path) => this.path(path) ?? `_${parameters.indexOf(rootOf(path)) + 1}`);
  }
}

function prefixed(words: string, path: AccessPath | null): string | null {
  return path === null ? null : `${words} ${path}`;
}

function flagsText({ mode, isPlace, isOptional, isBehindUnknown }: AcquireEvent): string {
  return [
    mode === 'shared' ? ' shared' : '',
    isPlace === true ? ' place' : '',
    isOptional === true ? ' optional' : '',
    isBehindUnknown === true ? ' unsure' : '',
  ].join('');
}

/** Where the operation has no name of its own. */
export const NAMELESS = '-';

function byText({ via = [], site }: KernelEvent): string {
  const operation = /^(?:\w+ = )?(\w+)\(/.exec((via.at(-1)?.site ?? site).code)?.[1] ?? NAMELESS;
  return [...via.map(({ callee }) => callee), operation].join('>');
}
