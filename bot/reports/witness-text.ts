/**
 * A witness for people, as kernel changelogs draw a race: one column a task, time downwards, the call that never returns at
 * the end of its column. Behind it the deadlock in one sentence, what the short names stand for, and where the calls are.
 */

import { eraOf } from '../../analyzers/model/eras.ts';
import { isNamedIn } from '../../analyzers/model/statement-code.ts';
import { taskTitle } from '../../analyzers/model/witness.ts';
import type { Label, Resource } from '../../analyzers/vocabulary/model.ts';
import type { BlockedTask, Witness } from '../../analyzers/vocabulary/witness.ts';
import { columns, type Line, type Row, UNBROKEN, wrap } from './columns.ts';
import { printable } from './printable.ts';

/** Two columns fit a mail, three a terminal. */
const WIDTH_OF_TWO = 80;
const WIDTH_OF_MORE = 100;

const INDENT = 2;

/** What a resource is where the model has no words for it. The calls themselves name a lock well enough. */
const KINDS: Readonly<Record<Resource['kind'], string | null>> = {
  page: 'a page of the page cache',
  journal: 'a journal',
  buffer: 'user memory',
  index: 'a block of a DAX file',
  mutex: null,
  spinlock: null,
  rwsem: null,
};

/** Steps that only the machine needs. */
export const SILENT: ReadonlySet<string> = new Set(['one of these', 'nothing']);

/** `width` in characters, indentation not counted; by the number of tasks where it is left out. Ends with a line break. */
export function witnessText(witness: Witness, width = witnessWidth(witness)): string {
  const tasks = partsOf(witness);
  const places = new Map<string, number>();
  const rows = rowsOf(witness, tasks, places);
  const titles = tasks.map((task) => plain(taskTitle(task, witness.model)));
  const drawn = columns(titles, rows, width);
  const sentence = `${headOf(witness)}: ${plain(witness.conclusion)}.`;
  const behind = [...wrap(sentence, width), ''];
  const said = [...drawn, ...behind].join('\n');
  const footnotes = [...places].flatMap(([place, number]) => {
    const tag = `[${number}] `;
    return wrap(`${tag}${place}`, width, tag.length);
  });
  const legend = legendOf(witness, said).flatMap((line) => wrap(line, width, INDENT));
  const kernel = `Linux ${eraOf(witness.model.era).title}`;
  return `${[...drawn, '', ...behind, ...legend, ...footnotes, kernel].join('\n')}\n`;
}

export function witnessWidth(witness: Witness): number {
  return partsOf(witness).length > 2 ? WIDTH_OF_MORE : WIDTH_OF_TWO;
}

/** Tasks that take part, in the order of the model; the kernel's own threads last. */
export function partsOf({ model, steps, blocked }: Witness): readonly string[] {
  const moving = new Set([...steps, ...blocked].map(({ task }) => task));
  const named = model.tasks.map(({ name }) => name);
  const servers = [...moving].filter((task) => !named.includes(task)).toSorted();
  return [...named.filter((name) => moving.has(name)), ...servers];
}

/** One row a step, and one for all who are blocked at the end. Numbers the places as they come. */
function rowsOf(witness: Witness, tasks: readonly string[], places: Map<string, number>): readonly Row[] {
  const { steps, blocked } = witness;
  const rows = steps.flatMap(({ task, label }): Row[] => {
    const lines = [...callOf(label, places), ...noteOf(label)];
    return lines.length === 0 ? [] : [{ cells: new Map([[tasks.indexOf(task), lines]]) }];
  });
  const ends = blocked.map((one): [number, readonly Line[]] => {
    const last = steps.at(-1);
    const isShown =
      witness.verdict === 'broken' && last?.task === one.task && isSameCall(last.label, one.label);
    const mark = { indent: indentOf(one.label), text: `*** ${endOf(one, witness)}`, tag: '' };
    return [
      tasks.indexOf(one.task),
      [...(isShown ? [] : callOf(one.label, places)), { ...mark, isProse: true }],
    ];
  });
  return [...rows, { cells: new Map(ends) }];
}

/** Nothing for the rest of a call that stands further up. */
function callOf(label: Label, places: Map<string, number>): readonly Line[] {
  if (label.isRest === true || SILENT.has(label.code)) return [];
  const place = plain([label.in, label.at].filter((part) => part !== undefined).join(' '));
  if (place !== '' && !places.has(place)) places.set(place, places.size + 1);
  const number = places.get(place);
  const { code, of } = label;
  const object =
    of === undefined || isNamedIn(code, of) ? [] : [plain(`/* ${of} */`).replaceAll(' ', UNBROKEN)];
  const tag = [...object, ...(number === undefined ? [] : [`[${number}]`])]
    .map((part) => ` ${part}`)
    .join('');
  return [{ indent: indentOf(label), text: plain(code), tag, isProse: false }];
}

function noteOf(label: Label): readonly Line[] {
  if (label.note === undefined || SILENT.has(label.code)) return [];
  return [{ indent: indentOf(label) + INDENT, text: `<${plain(label.note)}>`, tag: '', isProse: true }];
}

function indentOf({ depth = 0 }: Label): number {
  return INDENT * depth;
}

export function isSameCall(a: Label, b: Label): boolean {
  return a.code === b.code && a.in === b.in && a.at === b.at;
}

/** Why a task of the end does not move on. */
export function endOf({ task, label, waitsFor: [wait] }: BlockedTask, { model, blocked }: Witness): string {
  if (wait === undefined) return plain(label.note ?? 'broken');
  if (wait.task === task) return 'blocked by itself';
  const isBlocked = blocked.some((one) => one.task === wait.task);
  return `blocked by ${plain(taskTitle(wait.task, model))}${isBlocked ? '' : ', which has ended'}`;
}

/** What has happened, in a word or two. */
export function headOf({ verdict, blocked }: Witness): string {
  if (verdict === 'broken') return 'Broken invariant';
  const names = new Set(blocked.map(({ task }) => task));
  const isCycle = blocked.every(({ waitsFor }) => waitsFor.every(({ task }) => names.has(task)));
  return isCycle ? 'Deadlock' : 'Hang';
}

/** Of those resources that the text names. */
export function legendOf({ model }: Witness, text: string): readonly string[] {
  const words = new Set(text.match(/[A-Za-z][\w-]*/g));
  return Object.entries(model.resources).flatMap(([name, { kind }]) => {
    const meaning = model.legend?.[name] ?? KINDS[kind];
    return meaning === null || !words.has(name) ? [] : [plain(`${name}: ${meaning}`)];
  });
}

/** On one line, and harmless for a terminal. */
function plain(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}
