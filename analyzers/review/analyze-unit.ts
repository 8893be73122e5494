/** The functions of one file, or of one side of its hunks, through the engine: events, paths, rules. */

import type { CodeUnit } from '../c/units.ts';
import { extractSequence } from '../events/extract.ts';
import type { FileFacts } from '../events/file-facts.ts';
import { sequenceOfEra } from '../events/of-era.ts';
import type { Sequence } from '../events/sequence.ts';
import { isHeldForSure } from '../flow/ahead.ts';
import type { Enclosure } from '../flow/called-inside.ts';
import type { Exploration, Visit } from '../flow/explore.ts';
import { type ContextLock, FileFlow, type FlowUnit } from '../flow/file-flow.ts';
import { handlesOf } from '../flow/handles.ts';
import { LockOrders } from '../flow/lock-orders.ts';
import type { Outside } from '../flow/outside.ts';
import type { Held } from '../flow/state.ts';
import { eraOfText } from '../knowledge/era-of.ts';
import type { Knowledge, OpsSlot } from '../knowledge/types.ts';
import { lackedFlags } from '../rules/roles.ts';
import type { Hit, LensName, Piece, Role, Rule, RuleContext, TreeLocks } from '../rules/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import type { KernelEvent, Scope } from '../vocabulary/event.ts';
import { classesOf, isNofsScope, type LockClass, PAGE_LOCK } from '../vocabulary/lock.ts';
import { CallsInFile } from './calls-in-file.ts';
import { faultLocksOf } from './fault-locks.ts';
import { judgeHit, type Verdict } from './judge-hit.ts';
import { groupsOf, lensOf } from './lenses.ts';
import { helpersOf, passedFunctions } from './passed-functions.ts';
import { ReclaimSide } from './reclaim-side.ts';

export interface RuleHit {
  readonly rule: Rule;
  readonly hit: Hit;
  /** What the executable model makes of it; null where it has nothing to say. */
  readonly verdict: Verdict | null;
}

export interface UnitAnalysis {
  readonly unit: CodeUnit;
  readonly lockClasses: Knowledge['lockClasses'];
  /** By group of rules; none for a group whose rules have nothing to say of such a function. */
  readonly explorations: ReadonlyMap<LensName, Exploration>;
  /** Events of the function as its code shows them, calls not followed. */
  readonly events: readonly KernelEvent[];
  /** The same function in other hunks of the patch. */
  readonly elsewhere: readonly Piece[];
  /** The function of that name, if the whole of it is in sight. */
  functionNamed(name: string): CodeUnit | null;
  /** The same function, called with these locks as well. */
  assuming(locks: readonly ContextLock[]): UnitAnalysis;
  /** Events of the other functions that are in sight together with it. */
  beside(): readonly KernelEvent[];
  /** In order of line, then of rule. */
  readonly hits: readonly RuleHit[];
  /** What the executable model refutes, and is not said. */
  readonly refuted: readonly RuleHit[];
  /** A limit was hit: paths are missing, none is wrong. */
  readonly isBounded: boolean;
}

/** One function, with what is known of it from elsewhere. */
export interface UnitInput {
  readonly unit: CodeUnit;
  /** Its sequence, where the caller has it already. */
  readonly sequence?: Sequence;
  readonly elsewhere?: readonly Piece[];
}

/** What a group of rules gets to know of functions of other files. */
export type OutsideOfLens = (lens: LensName) => Outside | null;

const NO_NAMES: ReadonlySet<string> = new Set();

/** Allocations in one of these do not enter a filesystem. */
const NO_FS_SCOPES: ReadonlySet<Scope> = new Set<Scope>(['nofs', 'noio', 'noreclaim']);

/** Events that change what is known and that no rule's `check` looks at. */
const BOOKKEEPING: ReadonlySet<KernelEvent['kind']> = new Set(['assign', 'call', 'write']);

/** Paths on which locks are taken that others hold: see {@link Analyzer.shared}. */
const ENTRIES: ReadonlySet<string> = new Set(['writeback', 'reclaim', 'fault']);

/** Analyses functions that are in sight together; each when it is asked for. */
export class Analyzer {
  private readonly knowledge: Knowledge;
  private readonly rules: readonly Rule[];
  private readonly outside: OutsideOfLens;
  private readonly era: KernelEra;
  private readonly units = new Map<CodeUnit, FlowUnit>();
  private readonly elsewhere = new Map<CodeUnit, readonly Piece[]>();
  private readonly slots = new Map<string, readonly OpsSlot[]>();
  private locksOfFaults: ReadonlyMap<string, string> | null = null;
  private readonly flows: ReadonlyMap<LensName, FileFlow>;
  private readonly reclaimSide: ReclaimSide;
  private readonly treeLocks: TreeLocks | null;
  /** Once all functions are known. */
  private readonly lockOrders: LockOrders | null = null;
  private inverted: ReturnType<RuleContext['mayBeInverted']> | null = null;
  private calls: CallsInFile | null = null;
  private readonly filled: ReadonlySet<string>;
  private readonly helpers: ReadonlySet<string>;

  /** Rules on code that could speak of the text that was asked about last: a file's functions come one after the other. */
  private codeRules: { readonly text: string; readonly rules: readonly Rule[] } = { text: '', rules: [] };

  /** `facts` are those of the whole file, or of what of it is in sight. `era` is that of the kernel. */
  constructor(
    inputs: readonly UnitInput[],
    facts: FileFacts | null,
    general: Knowledge,
    rules: readonly Rule[],
    era: KernelEra,
    isWholeFile = false,
    outsideOf: OutsideOfLens = () => null,
    treeLocks: TreeLocks | null = null,
  ) {
    this.outside = outsideOf;
    this.treeLocks = treeLocks;
    const knowledge = { ...general, lockClasses: classesOf(general.lockClasses, era) };
    this.knowledge = knowledge;
    this.rules = rules;
    this.era = era;
    for (const { function: name, slot, structType } of facts?.slots ?? []) {
      const slots = knowledge.opsSlots.filter(
        (one) => one.slot === slot && (structType === null || structType === one.struct),
      );
      this.slots.set(name, [...(this.slots.get(name) ?? []), ...slots]);
    }
    const passed = passedFunctions(
      inputs.map(({ unit }) => unit),
      knowledge,
    );
    for (const [name, slots] of passed) this.slots.set(name, [...(this.slots.get(name) ?? []), ...slots]);
    this.helpers = isWholeFile ? this.addHelpers(inputs.map(({ unit }) => unit)) : NO_NAMES;
    for (const { unit, sequence, elsewhere = [] } of inputs) {
      this.elsewhere.set(unit, elsewhere);
      const events = sequenceOfEra(sequence ?? extractSequence(unit, knowledge), era);
      this.units.set(unit, {
        unit,
        sequence: events,
        openElsewhere: scopesOpenedBy(
          elsewhere.flatMap(({ events: own }) => own),
          knowledge,
        ),
        context: [...this.contextOf(unit), ...handlesOf(unit, events, knowledge.lockClasses)],
        flagless: lackedFlags(this.roleOf(unit)).map(({ parameter }) => parameter),
      });
    }
    this.filled = new Set([...this.slots.values()].flat().map(({ struct, slot }) => `${struct}.${slot}`));
    this.lockOrders = new LockOrders([...this.units.values()]);
    this.reclaimSide = new ReclaimSide(
      [...this.units.values()].flatMap(({ unit, sequence }) =>
        unit.name === null || unit.sight === 'hunk'
          ? []
          : { name: unit.name, sequence, slots: this.slotsOf(unit) },
      ),
      knowledge,
    );
    const units = [...this.units.values()];
    this.flows = new Map(
      [...groupsOf(rules)].map(([name, group]) => [
        name,
        new FileFlow(
          units,
          lensOf(group, knowledge, (unit) => this.roleOf(unit)),
          outsideOf(name),
        ),
      ]),
    );
  }

  /** The functions with what is known of how they are called, in their order. */
  flowUnits(): readonly FlowUnit[] {
    return [...this.units.values()];
  }

  /** Explores the unit and asks each rule; a rule speaks once of one event. */
  analyze(unit: CodeUnit): UnitAnalysis {
    const known = this.units.get(unit);
    if (known === undefined) throw new Error('a unit that is not part of what is analysed');
    return this.analyzeFlow(known);
  }

  /** Units that call one of these, themselves or through others of the file, and these. */
  callersOf(units: Iterable<CodeUnit>): ReadonlySet<CodeUnit> {
    return this.callsInFile().above(units);
  }

  /** What decides about each function, beside its code and that of its callees. */
  sharedFacts(): string {
    const slots = [...this.slots].map(([name, own]) => [
      name,
      own.map(({ struct, slot }) => `${struct}.${slot}`),
    ]);
    return JSON.stringify([slots, [...this.helpers]]);
  }

  /** Units that decide about others which do not call them: both orders of two locks, and whatever fault handlers, writeback and reclaim call. */
  shared(): ReadonlySet<CodeUnit> {
    const entries = [...this.units.keys()].filter((unit) =>
      this.slotsOf(unit).some(({ paths }) => paths.some((path) => ENTRIES.has(path))),
    );
    return new Set([...this.callsInFile().below(entries), ...(this.lockOrders?.functions() ?? [])]);
  }

  private callsInFile(): CallsInFile {
    this.calls ??= new CallsInFile([...this.units.values()]);
    return this.calls;
  }

  private analyzeFlow(known: FlowUnit): UnitAnalysis {
    const { unit, context } = known;
    const explorations = new Map<LensName, Exploration>();
    for (const [name, flow] of this.flows) {
      const exploration = flow.explore(known);
      if (exploration !== null) explorations.set(name, exploration);
    }
    const hits = this.hitsOfCode(unit);
    for (const [lens, exploration] of explorations) hits.push(...this.hitsOfPaths(lens, unit, exploration));
    const judged = this.judged(this.inOrder(hits), unit, explorations);
    return {
      unit,
      lockClasses: this.knowledge.lockClasses,
      explorations,
      get events() {
        return known.sequence.blocks.flatMap(({ events }) => events);
      },
      elsewhere: this.elsewhere.get(unit) ?? [],
      functionNamed: (name) => this.functionNamed(name),
      beside: () =>
        [...this.units.values()].flatMap((other) =>
          other.unit.name === unit.name ? [] : other.sequence.blocks.flatMap(({ events }) => events),
        ),
      hits: judged.filter((one) => !isRefuted(one)),
      refuted: judged.filter(isRefuted),
      assuming: (locks) => this.analyzeFlow({ ...known, context: [...context, ...locks] }),
      isBounded: [...explorations.values()].some(({ isBounded }) => isBounded),
    };
  }

  private functionNamed(name: string): CodeUnit | null {
    const units = [...this.units.keys()];
    return units.find((one) => one.name === name && one.sight === 'function') ?? null;
  }

  private judged(
    hits: readonly RuleHit[],
    unit: CodeUnit,
    explorations: ReadonlyMap<LensName, Exploration>,
  ): readonly RuleHit[] {
    return hits.map(({ rule, hit, verdict }): RuleHit => {
      const exploration = explorations.get(rule.lens);
      if (exploration === undefined || unit.sight === 'hunk') return { rule, hit, verdict };
      const { era, knowledge } = this;
      const context = this.ruleContext(unit, exploration);
      const judged = {
        functionName: unit.name,
        era,
        lockClasses: knowledge.lockClasses,
        exploration,
        isHeld: (visit: Visit, held: Held) => context.isHeld(visit, held),
      };
      return { rule, hit, verdict: judgeHit(rule, hit, judged) };
    });
  }

  private hitsOfCode(unit: CodeUnit): RuleHit[] {
    const { text } = unit;
    if (text !== this.codeRules.text) {
      const rules = this.rules.filter(
        (rule) => rule.checkCode !== undefined && rule.inText?.test(text) !== false,
      );
      this.codeRules = { text, rules };
    }
    const { rules } = this.codeRules;
    if (rules.length === 0) return [];
    const role = this.roleOf(unit);
    return rules.flatMap((rule) =>
      (rule.checkCode?.(unit, role) ?? []).map((hit) => ({ rule, hit, verdict: null })),
    );
  }

  private hitsOfPaths(lens: LensName, unit: CodeUnit, exploration: Exploration): RuleHit[] {
    const context = this.ruleContext(unit, exploration);
    const visits = exploration.visits.filter(({ event }) => !BOOKKEEPING.has(event.kind));
    return this.rules.flatMap((rule): RuleHit[] => {
      if (rule.lens !== lens) return [];
      const found: RuleHit[] = [];
      if (rule.check !== undefined) {
        for (const visit of visits) {
          const hit = rule.check(visit, context);
          if (hit !== null) found.push({ rule, hit, verdict: null });
        }
      }
      for (const hit of rule.checkFunction?.(exploration, context) ?? []) {
        found.push({ rule, hit, verdict: null });
      }
      return found;
    });
  }

  /** By place, then by rule, each rule once of a place. */
  private inOrder(hits: readonly RuleHit[]): readonly RuleHit[] {
    if (hits.length === 0) return hits;
    const sorted = hits.toSorted(
      (a, b) =>
        a.hit.event.site.offset - b.hit.event.site.offset ||
        this.rules.indexOf(a.rule) - this.rules.indexOf(b.rule),
    );
    return sorted.filter(({ rule, hit }, index) => {
      const before = sorted[index - 1];
      return before?.rule !== rule || before.hit.event.site.offset !== hit.event.site.offset;
    });
  }

  /** Who is called only by functions that end a direct I/O does so too. */
  private addHelpers(units: readonly CodeUnit[]): ReadonlySet<string> {
    const ends = [...this.slots].filter(([, slots]) =>
      slots.every(({ paths, holds }) => paths.includes('completion') && holds.length > 0),
    );
    const helpers = ends.length === 0 ? NO_NAMES : helpersOf(new Set(ends.map(([name]) => name)), units);
    const [first] = ends;
    if (first !== undefined) for (const name of helpers) this.slots.set(name, first[1]);
    return helpers;
  }

  private slotsOf({ name }: CodeUnit): readonly OpsSlot[] {
    return this.slots.get(name ?? '') ?? [];
  }

  private roleOf(unit: CodeUnit): Role {
    const { era, filled, helpers } = this;
    const { rankings, lockClasses } = this.knowledge;
    const mayInvert = (): boolean => this.lockOrders?.functions().has(unit) === true;
    const isTakenByReclaim = (lock: LockClass): boolean =>
      this.reclaimSide.takes(lock) || this.treeLocks?.takes('reclaim', lock) === true;
    const slots = this.slotsOf(unit);
    return { unit, era, filled, helpers, slots, lockClasses, rankings, mayInvert, isTakenByReclaim };
  }

  private ruleContext(unit: CodeUnit, { sequence }: Exploration): RuleContext {
    return {
      ...this.roleOf(unit),
      sight: unit.sight,
      sequence,
      faultLocks: this.faultLocks(),
      isHeld: (point, held) => isHeldForSure(sequence, point, held),
      takenByReclaim: (lock, object) => this.reclaimSide.find(lock, object),
      isOfMount: () => unit.name !== null && this.outside('locks')?.isOfMount?.(unit.name) === true,
      mayBeInNofs: () =>
        this.mayBeInNofs(unit) || (unit.name !== null && this.treeLocks?.isCalledInNofs(unit.name) === true),
      takenInTree: (side, { since }) =>
        since.kind === 'acquire' ? (this.treeLocks?.find(side, since) ?? null) : null,
      mayBeInverted: () => this.invertible(),
    };
  }

  /** Methods are called by others, too. */
  private mayBeInNofs(unit: CodeUnit): boolean {
    const known = this.units.get(unit);
    if (known === undefined || this.slotsOf(unit).length > 0) return false;
    const { lockClasses } = this.knowledge;
    const enclosure: Enclosure = {
      opens: (event) =>
        (event.kind === 'scopeEnter' && NO_FS_SCOPES.has(event.scope)) ||
        (event.kind === 'acquire' && isNofsScope(lockClasses, event.lock)),
      closes: (event) =>
        (event.kind === 'scopeLeave' && NO_FS_SCOPES.has(event.scope)) ||
        (event.kind === 'release' && isNofsScope(lockClasses, event.lock)),
    };
    // Whichever rules were asked for.
    const flow = this.flows.get('io') ?? this.flows.get('locks');
    return flow?.isCalledInside(known, enclosure) === true;
  }

  private invertible(): ReturnType<RuleContext['mayBeInverted']> {
    this.inverted ??= [...(this.lockOrders?.functions() ?? [])].flatMap((unit) => {
      const known = this.units.get(unit);
      const exploration = known === undefined ? null : (this.flows.get('locks')?.explore(known) ?? null);
      return exploration === null ? [] : [{ context: this.ruleContext(unit, exploration), exploration }];
    });
    return this.inverted;
  }

  private faultLocks(): ReadonlyMap<string, string> {
    this.locksOfFaults ??= faultLocksOf(this.units.values(), this.slots, this.knowledge.lockClasses);
    return this.locksOfFaults;
  }

  /** Locks that every kind of caller of its slots holds. */
  private contextOf({ name, parameters, sight }: CodeUnit): readonly ContextLock[] {
    const slots = sight === 'hunk' ? [] : (this.slots.get(name ?? '') ?? []);
    const [first] = slots;
    if (first === undefined) return [];
    const isWrittenBack = slots.every(
      ({ paths }) => paths.includes('writeback') || paths.includes('reclaim'),
    );
    return first.holds.flatMap(({ lock, argument, member, mode }): ContextLock[] => {
      // A page that is being read is not dirty: no writeback waits for its lock, so nothing may wait for writeback.
      if (lock === PAGE_LOCK && !isWrittenBack) return [];
      const parameter = argument === null ? undefined : parameters[argument - 1];
      const isAlways = slots.every(({ holds }) => holds.some((one) => one.lock === lock));
      if (parameter === undefined || parameter === '' || !isAlways) return [];
      const object = member === null ? parameter : `${parameter}->${member.replaceAll('.', '->')}`;
      return [{ lock, object, mode, why: `${first.slot} of ${first.struct}` }];
    });
  }
}

/** Unless maintainers have ruled whatever the interleaving. */
function isRefuted({ rule, verdict }: RuleHit): boolean {
  return verdict?.kind === 'clear' && rule.meta.isRuling !== true;
}

/** One unit alone. */
export function analyzeUnit(unit: CodeUnit, knowledge: Knowledge, rules: readonly Rule[]): UnitAnalysis {
  return new Analyzer([{ unit }], null, knowledge, rules, eraOfText(unit.text, knowledge)).analyze(unit);
}

/** Scopes that these events of other hunks may have left open. */
function scopesOpenedBy(events: readonly KernelEvent[], { lockClasses }: Knowledge): Set<Scope> {
  const scopes = new Set<Scope>();
  for (const event of events) {
    if (event.kind === 'scopeEnter') scopes.add(event.scope);
    else if (event.kind === 'acquire' && isNofsScope(lockClasses, event.lock)) scopes.add('nofs');
  }
  return scopes;
}
