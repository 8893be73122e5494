/** A witness made ready for the player of the page: its tasks as lanes, each step with what is held and waited for behind it. */

import { eraOf } from '../../../analyzers/model/eras.ts';
import { type Frame, framesOf } from '../../../analyzers/model/frames.ts';
import { isNamedIn } from '../../../analyzers/model/statement-code.ts';
import { taskTitle } from '../../../analyzers/model/witness.ts';
import type { Label } from '../../../analyzers/vocabulary/model.ts';
import type { Witness } from '../../../analyzers/vocabulary/witness.ts';
import { printable } from '../printable.ts';
import { endOf, headOf, isSameCall, legendOf, partsOf, SILENT } from '../witness-text.ts';
import type { CallData, MomentData, PlayerData, PlayerEnd, PlayerStep, WaitData } from './data.ts';

const NOTHING: MomentData = { holds: [], waits: [] };

export function playerData(witness: Witness): PlayerData {
  const { model, steps } = witness;
  const frames = framesOf(witness) ?? [];
  const lanes = lanesOf(witness, frames);
  const shown = steps.flatMap(({ label }, index) => (isShown(label) ? [index] : []));
  const data = shown.map((index, at): PlayerStep => {
    const { task = '', label = { code: '' } } = steps[index] ?? {};
    // What only the machine needs happens unseen, behind the step in front of it.
    const next = shown[at + 1] ?? steps.length;
    return { task: lanes.indexOf(task), call: callData(label), after: momentData(frames[next], lanes) };
  });
  const ends = endsOf(witness, lanes);
  const said = [...data.map(({ call }) => call), ...ends.map(({ call }) => call)].flatMap((call) =>
    call === null ? [] : [call.code, call.note ?? '', call.object ?? ''],
  );
  const held = frames.flatMap(({ holds }) => holds.map(({ what }) => what));
  return {
    verdict: headOf(witness),
    conclusion: printable(witness.conclusion),
    kernel: `Linux ${eraOf(model.era).title}`,
    tasks: lanes.map((task) => printable(taskTitle(task, model))),
    start: momentData(frames[shown[0] ?? 0], lanes),
    steps: data,
    ends,
    circle: circleOf(witness, frames.at(-1), lanes),
    legend: legendOf(witness, [...said, ...held, witness.conclusion].join(' ')),
  };
}

/** Those that take part, and those that they wait for on the way. */
function lanesOf(witness: Witness, frames: readonly Frame[]): readonly string[] {
  const parts = partsOf(witness);
  const others = frames.flatMap(({ waits }) => waits.filter(({ task }) => parts.includes(task)));
  return [...new Set([...parts, ...others.map(({ on }) => on)])];
}

function isShown({ code }: Label): boolean {
  return !SILENT.has(code);
}

function callData({ code, note, of, in: functionName, at, depth, isRest }: Label): CallData {
  const place = [functionName, at].filter((part) => part !== undefined).join(', ');
  return {
    code: printable(code),
    ...(note === undefined ? {} : { note: printable(note) }),
    ...(of === undefined || isNamedIn(code, of) ? {} : { object: printable(of) }),
    ...(place === '' ? {} : { place: printable(place) }),
    ...(depth === undefined ? {} : { depth }),
    ...(isRest === true ? { isRest } : {}),
  };
}

function momentData(frame: Frame | undefined, lanes: readonly string[]): MomentData {
  if (frame === undefined) return NOTHING;
  return {
    holds: frame.holds.flatMap(({ task, what }) => {
      const lane = lanes.indexOf(task);
      return lane < 0 ? [] : [[lane, printable(what)] as const];
    }),
    waits: frame.waits.flatMap(({ task, on, what, how }) => waitData(lanes, { task, on, what, how })),
  };
}

function waitData(
  lanes: readonly string[],
  { task, on, what, how }: { task: string; on: string; what: string; how: string },
): readonly WaitData[] {
  const [from, to] = [lanes.indexOf(task), lanes.indexOf(on)];
  return from < 0 || to < 0 ? [] : [[from, to, printable(what), printable(how)]];
}

function endsOf(witness: Witness, lanes: readonly string[]): readonly PlayerEnd[] {
  const last = witness.steps.at(-1);
  return witness.blocked.map((one) => {
    const isLast =
      witness.verdict === 'broken' && last?.task === one.task && isSameCall(last.label, one.label);
    return {
      task: lanes.indexOf(one.task),
      call: isLast ? null : callData(one.label),
      says: endOf(one, witness),
    };
  });
}

/** The waits of the end that the witness names, in the words that the machine has for them. */
function circleOf(
  { blocked }: Witness,
  frame: Frame | undefined,
  lanes: readonly string[],
): readonly WaitData[] {
  return blocked.flatMap(({ task, waitsFor }) =>
    waitsFor.flatMap(({ task: on, what }) => {
      const known = frame?.waits.find((wait) => wait.task === task && wait.on === on && wait.what === what);
      return waitData(lanes, { task, on, what, how: known?.how ?? '' });
    }),
  );
}
