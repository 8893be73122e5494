/**
 * Small models over all kinds of resources and statements, for properties that hold of every model. Each has a theme, so
 * that its tasks meet at the same few resources, and most of what is taken is given back: about as many get stuck, break
 * an invariant, or do neither.
 */

import * as fc from 'fast-check';
import { ERAS } from '../../../analyzers/model/eras.ts';
import {
  MASKS,
  MODEL_SCOPES,
  type Model,
  type ModelScope,
  type Reclaim,
  type Resource,
  type ResourceName,
  type Statement,
  type TaskProgram,
} from '../../../analyzers/vocabulary/model.ts';

type Program = readonly Statement[];

/** One statement, or some that belong together. */
type Piece = fc.Arbitrary<Program>;

type Weighted = fc.WeightedArbitrary<Program>;

/** What a theme's tasks meet at. */
interface Theme {
  readonly locks: readonly ResourceName[];
  readonly pages?: readonly ResourceName[];
  readonly journals?: readonly ResourceName[];
  readonly buffers?: readonly ResourceName[];
  readonly indexes?: readonly ResourceName[];
  readonly canAllocate?: boolean;
  /** Nobody looks at data. */
  readonly isBlind?: boolean;
}

const THEMES: readonly Theme[] = [
  { locks: ['M', 'R'] },
  { locks: ['M', 'S', 'R'], canAllocate: true },
  { locks: ['M', 'P'], pages: ['P'], canAllocate: true, isBlind: true },
  { locks: ['P', 'Q'], pages: ['P', 'Q'], canAllocate: true, isBlind: true },
  { locks: ['P'], pages: ['P'], buffers: ['B'] },
  { locks: ['R'], journals: ['J'], canAllocate: true },
  { locks: ['P'], pages: ['P'], journals: ['J'], isBlind: true },
  { locks: ['M'], journals: ['J', 'K'], canAllocate: true },
  { locks: ['R'], journals: ['J'], buffers: ['B'] },
  { locks: ['P', 'R'], pages: ['P'], buffers: ['B'], isBlind: true },
  { locks: ['M'], indexes: ['X'] },
  { locks: ['I'], indexes: ['X'], buffers: ['B'] },
  { locks: ['I', 'S'], pages: ['P'], journals: ['J'], buffers: ['B'], canAllocate: true },
];

const flag = fc.option(fc.boolean(), { nil: undefined });

const seldom = fc.oneof(
  { weight: 9, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

const mode = fc.constantFrom('shared', 'exclusive', undefined);

const NOTHING: Program = [{ do: 'nothing' }];

/** Models of 2 to 4 tasks. */
export const models: fc.Arbitrary<Model> = fc.constantFrom(...THEMES).chain((theme) =>
  fc.record({
    era: fc.constantFrom(...ERAS.map(({ id }) => id)),
    resources: resourcesOf(theme),
    reclaim: theme.canAllocate === true ? reclaimOf(theme) : fc.constant(undefined),
    tasks: tasksOf(theme),
  }),
);

/** Two of its tasks are alike, with another beside them. */
export function withTwins(model: Model): Model {
  const [first, ...others] = model.tasks;
  return first === undefined
    ? model
    : { ...model, tasks: [...others.slice(0, 1), first, { ...first, name: 'twin' }] };
}

/** Tasks with the names t1, t2, ...; some are alike. */
function tasksOf(theme: Theme): fc.Arbitrary<readonly TaskProgram[]> {
  const program = programOf(theme, 2, { minLength: 1, maxLength: 3 });
  return fc
    .tuple(fc.array(program, { minLength: 2, maxLength: 3 }), seldom)
    .map(([programs, isDoubled]) => (isDoubled ? programs.concat(programs.slice(0, 1)) : programs))
    .map((programs) => programs.map((steps, index) => ({ name: `t${index + 1}`, program: steps })));
}

function programOf(theme: Theme, depth: number, size: fc.ArrayConstraints): fc.Arbitrary<Program> {
  return fc.array(pieceOf(theme, depth), size).map((pieces) => pieces.flat());
}

function pieceOf(theme: Theme, depth: number): Piece {
  const leaves: Weighted[] = [
    one(1, ...NOTHING),
    ...(theme.canAllocate === true ? [{ weight: 4, arbitrary: allocation }] : []),
    ...(theme.pages ?? []).flatMap((page) => pageLeaves(page, theme)),
    ...(theme.journals ?? []).map((journal) => one(2, { do: 'wait', for: 'commit', of: journal })),
    ...(theme.buffers ?? []).map((buffer) => one(4, { do: 'fault', buffer })),
    ...(theme.indexes ?? []).flatMap(indexLeaves),
  ];
  return depth === 0 ? fc.oneof(...leaves) : fc.oneof(...leaves, ...nested(theme, depth - 1));
}

const allocation: Piece = fc
  .record({ mask: fc.constantFrom('GFP_KERNEL', ...MASKS), isCharged: flag, isLarge: flag })
  .map((options): Program => [{ do: 'alloc', ...options }]);

/** The same statements each time. */
function one(weight: number, ...statements: Statement[]): Weighted {
  return { weight, arbitrary: fc.constant(statements) };
}

function pageLeaves(page: ResourceName, { isBlind = false }: Theme): readonly Weighted[] {
  const looks: Weighted[] = [
    one(2, { do: 'zero', page }),
    one(1, { do: 'zero', page, isOnlyNew: true }),
    one(2, { do: 'setUptodate', page }),
    one(1, { do: 'clearUptodate', page }),
    one(2, { do: 'read', page }),
    one(1, { do: 'read', page, isMapped: true }),
    one(1, { do: 'allocate', for: page }),
  ];
  return [
    one(2, { do: 'setWriteback', page }, { do: 'bioAdd', page }, { do: 'bioSubmit' }),
    one(2, { do: 'setWriteback', page }),
    one(1, { do: 'endWriteback', page }),
    one(1, { do: 'bioSubmit' }),
    one(1, { do: 'dirty', page }),
    one(3, { do: 'wait', for: 'writeback', of: page }),
    ...(isBlind ? [] : looks),
  ];
}

function indexLeaves(index: ResourceName): readonly Weighted[] {
  const statements: readonly Statement[] = [
    { do: 'mapInstall', index },
    { do: 'mapInstall', index, isWrite: true },
    { do: 'invalidate', indexes: [index] },
    { do: 'invalidate', indexes: [index], keepsDirty: true },
    { do: 'allocate', for: index },
    { do: 'written', index },
    { do: 'sync', index },
  ];
  return statements.map((statement) => one(1, statement));
}

function joined(...parts: readonly Program[]): Program {
  return parts.flat();
}

/** Pieces round others. */
function nested(theme: Theme, depth: number): readonly Weighted[] {
  const inner = programOf(theme, depth, { minLength: 0, maxLength: 2 });
  return [
    ...theme.locks.map((lock) => ({ weight: 6, arbitrary: held(lock, inner) })),
    ...theme.locks.map((lock) => ({ weight: 2, arbitrary: tried(lock, inner) })),
    ...(theme.journals ?? []).map((journal) => ({ weight: 6, arbitrary: held(journal, inner) })),
    ...(theme.buffers ?? []).map((buffer) => ({ weight: 2, arbitrary: copied(buffer, theme, inner) })),
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...MODEL_SCOPES), inner).map(scoped) },
    { weight: 1, arbitrary: fc.tuple(inner, inner).map((of): Program => [{ do: 'choose', of }]) },
    {
      weight: 1,
      arbitrary: inner.map(
        (body): Program => [{ do: 'choose', of: [joined(body, [{ do: 'return' }]), NOTHING] }],
      ),
    },
  ];
}

function scoped([scope, body]: readonly [ModelScope, Program]): Program {
  return joined([{ do: 'scopeEnter', scope }], body, [{ do: 'scopeLeave', scope }]);
}

/** How often what was taken is given back: once, but for few. */
const releases = fc.oneof(
  { weight: 18, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.constantFrom(0, 2) },
);

function held(lock: ResourceName, inner: fc.Arbitrary<Program>): Piece {
  return fc.tuple(mode, seldom, inner, releases).map(([how, isReserved, body, count]) => {
    const given: Program = Array.from({ length: count }, () => ({ do: 'release', lock }));
    return joined([{ do: 'acquire', lock, mode: how, isReserved }], body, given);
  });
}

function tried(lock: ResourceName, inner: fc.Arbitrary<Program>): Piece {
  return fc.tuple(mode, inner, inner).map(([how, body, busy]): Program => {
    const got = joined(body, [{ do: 'release', lock }]);
    return [{ do: 'tryAcquire', lock, mode: how, got, busy }];
  });
}

/** Copied with page faults on, or with none where what is missing is dealt with. */
function copied(buffer: ResourceName, { pages = [] }: Theme, inner: fc.Arbitrary<Program>): Piece {
  return fc
    .tuple(fc.constantFrom(undefined, ...pages), fc.boolean(), inner, inner)
    .map(([page, isAtomic, full, short]): Program => {
      const copy: Program = [{ do: 'copy', buffer, page, full, short }];
      return isAtomic ? scoped(['pagefault', copy]) : copy;
    });
}

function resourcesOf(theme: Theme): fc.Arbitrary<Readonly<Record<ResourceName, Resource>>> {
  const { locks, pages = [], journals = [], buffers = [], indexes = [] } = theme;
  const kinds: Record<ResourceName, fc.Arbitrary<Resource>> = {};
  for (const lock of locks) kinds[lock] = plainLock(lock);
  for (const page of pages) {
    kinds[page] = fc.record({ kind: fc.constant('page'), uptodate: flag, onDisk: flag, inFlight: flag });
  }
  for (const journal of journals) {
    kinds[journal] = fc.record({
      kind: fc.constant('journal'),
      isNofsScope: flag,
      ordered: fc.subarray([...pages]),
      timer: fc.constantFrom(0, 1, undefined),
      writesOrdered: flag,
    });
  }
  const rwsems = locks.filter((lock) => lock === 'R' || lock === 'I');
  for (const buffer of buffers) {
    kinds[buffer] = fc.record({
      kind: fc.constant('buffer'),
      mm: fc.constantFrom(undefined, ...rwsems.filter((lock) => lock === 'R')),
      maps: fc.constantFrom(undefined, ...pages),
      faultLocks: fc.subarray(rwsems.filter((lock) => lock === 'I')),
      startsTransaction: fc.constantFrom(undefined, ...journals),
      isResident: fc.constantFrom(undefined, false, undefined, true),
    });
  }
  for (const index of indexes) kinds[index] = fc.constant({ kind: 'index' });
  return fc.record(kinds);
}

function plainLock(name: ResourceName): fc.Arbitrary<Resource> {
  switch (name) {
    case 'S':
      return fc.constant({ kind: 'spinlock' });
    case 'M':
      return fc.constant({ kind: 'mutex' });
    default:
      return fc.constant({ kind: 'rwsem' });
  }
}

function reclaimOf({ locks, pages = [], journals = [] }: Theme): fc.Arbitrary<Reclaim> {
  const others = locks.filter((lock) => !pages.includes(lock));
  return fc.record({
    pages: fc.subarray([...pages]),
    writepage: fc.constantFrom(undefined, ...WRITEPAGES),
    evicts: fc.subarray([...journals]),
    takes: fc.subarray(others.slice(0, 1)),
  });
}

/** Bodies of ->writepage, as reclaim calls it with the page locked. */
const WRITEPAGES: readonly Program[] = [
  [{ do: 'setWriteback', page: 'page' }, { do: 'release', lock: 'page' }, { do: 'bioSubmit' }],
  [
    { do: 'wait', for: 'writeback', of: 'page' },
    { do: 'release', lock: 'page' },
  ],
];
