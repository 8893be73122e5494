/**
 * A page counts as up to date, or is unlocked, before its data is complete: a mapping or a reader sees what was there
 * before. Thread: the page-cache write deadlocks of 2007.
 */

import type { BlockId } from '../c/graph.ts';
import type { CodeUnit } from '../c/units.ts';
import type { Sequence } from '../events/sequence.ts';
import type { Exploration, MarkChange, Visit } from '../flow/explore.ts';
import { isWithin } from '../flow/paths.ts';
import { type Place, placesOf, reach } from '../flow/reach.ts';
import type { State } from '../flow/state.ts';
import type { AccessPath, KernelEvent, PageStateEvent } from '../vocabulary/event.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import {
  argumentTexts,
  callAt,
  callsOf,
  destinationPage,
  findAhead,
  isGiven,
  isMappedBetween,
} from './calls.ts';
import {
  CLEARED,
  COPIED,
  isAtomicCopy,
  PROGRESS,
  readsUserMemory,
  SHORT,
  trackCopies,
  trackShortness,
} from './copies.ts';
import type { Hit, Rule, RuleContext } from './types.ts';

/** Followed by the page: it was marked up to date, and nothing has filled it since. */
const MARKED = 'uptodate-before-data:marked:';
/** All of a page was cleared. */
const WHOLE = 'uptodate-before-data:whole';

const WHOLE_PAGE =
  /^(?:clear_(?:user_)?(?:high)?page\(|(?:memset|zero_user)\(\w+, 0, PAGE_(?:CACHE_)?SIZE\)|zero_user_segment\(\w+, 0, PAGE_(?:CACHE_)?SIZE\))/;

export const uptodateBeforeData: Rule = {
  meta: {
    id: 'uptodate-before-data',
    summary: 'page marked up to date, or unlocked, before its data is complete',
    why:
      'A mapping shows a page that is up to date even while it is locked, and a reader brings an unlocked page up to ' +
      'date from blocks that nobody has written: both see data that is not of this file.',
    fix: 'mark the page up to date when its data is complete; zero only what is new and not up to date',
    threads: ['2007-02-pagecache-write-deadlocks'],
    scenarios: ['uptodate-before-data', 'unwritten-blocks-shown', 'zeroes-over-data'],
    confidence: 'likely',
  },
  lens: 'data',
  families: ['page', 'transaction'],
  kinds: ['copy', 'fault', 'zero', 'call', 'setUptodate', 'dirty'],
  needs: [['setUptodate'], ['copy'], ['scopeEnter', 'fault']],
  tracker(event, state) {
    const copies = trackCopies(event, state);
    const marks = trackMarked(event, state);
    return copies.length === 0 ? marks : [...copies, ...marks];
  },
  testTracker: trackShortness,
  undoneBy: /^(?:ClearPageUptodate|folio_clear_uptodate)$/,
  checkFunction(exploration, context) {
    const hits = exploration.visits.map((visit) => judge(visit, exploration, context));
    return [...hits.filter((hit) => hit !== null), ...leftMarked(exploration, context)];
  },
};

function judge(visit: Visit, { sequence }: Exploration, context: RuleContext): Hit | null {
  const { event } = visit;
  if (event.via !== undefined) return null;
  if (event.kind === 'setUptodate') {
    return markedAfterShortCopy(visit, event, sequence, context) ?? markedWhenPrepared(visit, event, context);
  }
  if (event.kind === 'copy' || event.kind === 'fault') return copiedBehindMark(visit, context);
  if (event.kind === 'zero') return clearedWhatMayBeSeen(visit, sequence, context);
  if (event.kind !== 'release' || event.lock !== PAGE_LOCK || event.object === null) return null;
  return unlockedUnwritten(visit, event.object, sequence, context);
}

function trackMarked(event: KernelEvent, { marks }: State): readonly MarkChange[] {
  if (event.kind === 'setUptodate') {
    return event.object === null ? [] : [{ mark: `${MARKED}${event.object}`, event }];
  }
  if (event.kind === 'zero') return WHOLE_PAGE.test(event.site.code) ? [{ mark: WHOLE, event }] : [];
  if (marks.size === 0) return [];
  if (event.kind === 'assign') {
    const mark = `${MARKED}${event.target}`;
    return marks.has(mark) ? [{ mark, event: null }] : [];
  }
  return [];
}

/** The copy that may have come short, and the page that it went to, if that is still the page of that name. */
function copyOf(
  visit: Visit,
  sequence: Sequence,
  { unit }: RuleContext,
): { event: KernelEvent; page: AccessPath; place: Place } | null {
  const event = visit.state.marks.get(COPIED);
  const call = event === undefined ? undefined : callAt(unit, event.site.offset);
  const page = call === undefined ? null : destinationPage(unit, call);
  const place = placesOf(sequence).find((one) => one.event === event);
  if (event === undefined || page === null || place === undefined) return null;
  const isSame = reach(sequence, place, (next) => {
    if (next === visit.event) return 'found';
    return next.kind === 'assign' && isWithin(page, next.target) ? 'stop' : 'on';
  });
  return isSame === null ? null : { event, page, place };
}

/** 07a-3: the copy came short, and the page counts as complete all the same. */
function markedAfterShortCopy(
  visit: Visit,
  event: PageStateEvent,
  sequence: Sequence,
  context: RuleContext,
): Hit | null {
  const { marks } = visit.state;
  // With a part of it copied, the page may be complete by what was there before.
  if (!marks.has(COPIED) || marks.has(CLEARED) || marks.has(PROGRESS)) return null;
  const copy = copyOf(visit, sequence, context);
  if (copy === null || event.object !== copy.page) return null;
  const { unit } = context;
  // In one go with the copy: nobody can have looked how much it copied.
  const isUnasked = reach(
    sequence,
    copy.place,
    (next) => (next === event ? 'found' : 'on'),
    (_, block) => isConstantTest(unit, block),
  );
  if (!marks.has(SHORT) && isUnasked === null) return null;
  // Whoever asks whether it was up to date already knows why.
  const isAsked = callsOf(unit).some(
    (one) =>
      /^(?:PageUptodate|folio_test_uptodate)$/.test(one.name) &&
      isGiven(one, copy.page) &&
      one.call.start > copy.event.site.offset &&
      one.call.start < event.site.offset,
  );
  if (isAsked) return null;
  return {
    event,
    message: `${copy.page} is marked up to date although the copy into it may have come short`,
    steps: [
      { event: copy.event, what: 'copies with page faults disabled, and comes short' },
      { event, what: 'marks the page up to date: a mapping shows what was not copied' },
    ],
    assumptions: [`${copy.page} was not up to date before, and the file is mapped or read meanwhile`],
  };
}

/** `do { … } while (0)`. */
function isConstantTest({ graph }: CodeUnit, block: BlockId): boolean {
  const jump = graph.blocks[block]?.jump;
  return jump?.kind === 'branch' && jump.test.kind === 'number';
}

/** A prepared write fills the page around the range that will be written, and nothing in the range. */
function markedWhenPrepared({ state }: Visit, event: PageStateEvent, { unit }: RuleContext): Hit | null {
  if (event.object === null || state.marks.has(WHOLE) || !/(?:^|_)prepare_write$/.test(unit.name ?? ''))
    return null;
  if (!unit.parameters.includes(event.object) || !/_?Uptodate|uptodate/.test(event.site.code)) return null;
  const [from, to] = unit.parameters.filter((name) => /^(?:from|to|offset|start|end)$/.test(name));
  if (from === undefined || to === undefined) return null;
  const around = callsOf(unit).find(
    (one) =>
      one.name === 'memset' &&
      destinationPage(unit, one) === event.object &&
      argumentTexts(unit, one).some((text) => new RegExp(`\\b(?:${from}|${to})\\b`).test(text)),
  );
  if (around === undefined) return null;
  return {
    event,
    message: `${event.object} is marked up to date before the range that will be written has data`,
    steps: [{ event, what: `marks the page up to date; nothing has filled ${from} to ${to} yet` }],
    assumptions: ['the file is mapped or read while the write goes on'],
  };
}

/** 07a-3: first the mark, then the data. */
function copiedBehindMark(visit: Visit, context: RuleContext): Hit | null {
  const { event, state } = visit;
  if (!readsUserMemory(event)) return null;
  const call = callAt(context.unit, event.site.offset);
  const page = call === undefined ? null : destinationPage(context.unit, call);
  const marked = page === null ? undefined : state.marks.get(`${MARKED}${page}`);
  if (page === null || marked === undefined) return null;
  const isOwn = state.held.some(({ lock, names }) => lock === PAGE_LOCK && names.includes(page));
  if (!isOwn || mayHaveData(context, page, marked.site.offset)) return null;
  return {
    event: marked,
    message: `${page} is marked up to date before the data is copied into it`,
    steps: [
      { event: marked, what: 'marks the page up to date: from here on a mapping shows it' },
      { event, what: isAtomicCopy(event, state) ? 'copies the data, if it can' : 'copies the data' },
    ],
    assumptions: [`${page} was not up to date before, and the file is mapped`],
  };
}

/** Calls that leave a page's data alone. */
const LEAVES_DATA =
  /^(?:Page[A-Z]|(?:__)?(?:Test)?(?:Set|Clear)Page|folio_(?:test|set|clear|mark|lock|unlock|put|get|pos|index|size)|(?:un)?lock_page|trylock_page|wait_on_page|folio_wait|put_page|get_page|page_cache_(?:get|release)|page_offset|mark_page_accessed|flush_dcache|grab_cache_page|find_|VM_BUG_ON|BUG_ON|WARN_ON)/;

/** Whether anything in front of the mark may have filled the page; by the order of the source, so rather too often. */
function mayHaveData({ unit }: RuleContext, page: AccessPath, marked: number): boolean {
  const isFilled = callsOf(unit).some(
    (one) => one.call.start < marked && isGiven(one, page) && !LEAVES_DATA.test(one.name),
  );
  return isFilled || isMappedBetween(unit, page, -1, marked);
}

/** 07a-7: zeroes over data that a reader can see. */
function clearedWhatMayBeSeen(visit: Visit, sequence: Sequence, context: RuleContext): Hit | null {
  const { event, state } = visit;
  if (!state.marks.has(SHORT)) return null;
  const copy = copyOf(visit, sequence, context);
  const { unit } = context;
  const call = callAt(unit, event.site.offset);
  if (copy === null || call === undefined || destinationPage(unit, call) !== copy.page) return null;
  // Somebody has looked whether the page, or the block, is new.
  const isAsked = callsOf(unit).some(
    (one) =>
      /^(?:PageUptodate|folio_test_uptodate|Page_Uptodate|buffer_(?:new|uptodate|mapped))$/.test(one.name) &&
      one.call.start < event.site.offset,
  );
  if (isAsked) return null;
  const commit = findAhead(
    unit,
    call,
    (one) =>
      isGiven(one, copy.page) && /commit_write$|write_end$|mark_dirty|page_dirty|ptodate$/.test(one.name),
  );
  if (commit === null) return null;
  return {
    event,
    message: `the rest of ${copy.page} is zeroed although it may hold data that readers see`,
    steps: [
      { event: copy.event, what: 'copies with page faults disabled, and comes short' },
      { event, what: 'zeroes the rest, be the page up to date or not' },
    ],
    assumptions: [`${copy.page} is up to date, and is read or mapped before the copy is tried again`],
  };
}

/** 07a-4: blocks are allocated, nothing is in them, and the page can be read. */
function unlockedUnwritten(
  visit: Visit,
  object: AccessPath,
  sequence: Sequence,
  context: RuleContext,
): Hit | null {
  const { event, state } = visit;
  if (!state.marks.has(SHORT) || state.marks.has(CLEARED)) return null;
  const copy = copyOf(visit, sequence, context);
  if (copy === null || copy.page !== object) return null;
  const calls = callsOf(context.unit);
  const prepare = calls.find(
    (one) =>
      /(?:^|_)prepare_write$/.test(one.name) &&
      isGiven(one, object) &&
      one.call.start < copy.event.site.offset,
  );
  if (prepare === undefined) return null;
  const isClosed = calls.some(
    (one) =>
      one.call.start > copy.event.site.offset &&
      one.call.start < event.site.offset &&
      isGiven(one, object) &&
      !LEAVES_DATA.test(one.name) &&
      !/^kun?map/.test(one.name),
  );
  if (isClosed) return null;
  return {
    event,
    message: `${object} is unlocked with blocks that were allocated for it and never written`,
    steps: [
      { event: copy.event, what: 'copies with page faults disabled, and comes short' },
      { event, what: 'unlocks the page: a reader brings it up to date from what the disk had there' },
    ],
    assumptions: ['preparing the write has allocated blocks, and the file is read meanwhile'],
  };
}

/** A write is refused behind the mark that stood for its data: the page stays up to date, with none. */
function leftMarked({ sequence }: Exploration, context: RuleContext): Hit[] {
  const { unit, slots } = context;
  const isBegin =
    slots.some(({ slot }) => slot === 'write_begin') || /(?:^|_)write_begin$/.test(unit.name ?? '');
  if (!isBegin) return [];
  const places = placesOf(sequence);
  return places.flatMap(({ event: marked, ...place }): Hit[] => {
    if (marked.kind !== 'setUptodate' || marked.object === null || marked.via !== undefined) return [];
    const page = marked.object;
    const fills = (event: KernelEvent): boolean => givesData(event, page, context);
    // Some way leads from where the page was found to the mark, and nothing fills the page on it.
    const isUnfilled = places.some(
      ({ event, ...at }) =>
        event.kind === 'acquire' &&
        event.lock === PAGE_LOCK &&
        event.object === page &&
        reach(sequence, at, (next) => (next === marked ? 'found' : fills(next) ? 'stop' : 'on')) !== null,
    );
    if (!isUnfilled || isMappedBetween(unit, page, -1, marked.site.offset)) return [];
    const given = reach(sequence, place, (next) => {
      if (next.kind === 'release' && next.lock === PAGE_LOCK && next.object === page) return 'found';
      return fills(next) ? 'stop' : 'on';
    });
    if (given === null || clears(context, page, marked.site.offset, given.event.site.offset)) return [];
    return [
      {
        event: marked,
        message: `${page} stays marked up to date when the write is refused, with no data in it`,
        steps: [
          { event: marked, what: 'marks the page up to date, because all of it is about to be written' },
          { event: given.event, what: 'gives the page back unwritten, still marked' },
        ],
        assumptions: [`${page} was not up to date before, and is read later`],
      },
    ];
  });
}

/** Anybody who gets the page but is not known to leave its data alone. */
function givesData(event: KernelEvent, page: AccessPath, { unit }: RuleContext): boolean {
  if (event.kind === 'zero' || event.kind === 'copy' || event.kind === 'bioAdd') return true;
  if (event.kind !== 'call') return false;
  const isGivenPage = event.receives.includes(page) || event.args.some(({ path }) => path === page);
  if (!isGivenPage) return false;
  const name = event.callee ?? callAt(unit, event.site.offset)?.name ?? '';
  return !LEAVES_DATA.test(name) && !/budget|reserve|quota/.test(name);
}

function clears({ unit }: RuleContext, page: AccessPath, start: number, end: number): boolean {
  return callsOf(unit).some(
    (one) =>
      /^(?:ClearPageUptodate|folio_clear_uptodate)$/.test(one.name) &&
      isGiven(one, page) &&
      one.call.start > start &&
      one.call.start < end,
  );
}
