/**
 * How a finding comes about, as SARIF has it: one code flow with the steps that the code takes, and one with the witness,
 * a thread flow for each task and the order of its steps across them. The wait-for edges of its end are a graph.
 */

import type { CodeFlow, Graph, Location, ThreadFlow, ThreadFlowLocation } from 'sarif';
import { taskTitle } from '../../analyzers/model/witness.ts';
import type { Finding, Step } from '../../analyzers/vocabulary/finding.ts';
import type { Label } from '../../analyzers/vocabulary/model.ts';
import type { BlockedTask, Witness } from '../../analyzers/vocabulary/witness.ts';
import { printable } from './printable.ts';
import { sourceLocation } from './sarif-location.ts';
import { partsOf, SILENT } from './witness-text.ts';

/** `inTree` turns the path of a step into the path in its tree. */
export function codeFlows(finding: Finding, inTree: (path: string) => string): readonly CodeFlow[] {
  const { steps, witness } = finding;
  const chain: CodeFlow = {
    message: { text: 'What the code does' },
    threadFlows: [
      { locations: steps.map((step, index) => stepLocation(step, finding, inTree(step.path), index + 1)) },
    ],
  };
  return witness === null ? [chain] : [chain, witnessFlow(witness)];
}

export function flowLocations(flows: readonly CodeFlow[]): number {
  return flows
    .flatMap(({ threadFlows }) => threadFlows)
    .reduce((sum, { locations }) => sum + locations.length, 0);
}

function stepLocation(
  { line, side, code, what }: Step,
  finding: Finding,
  path: string,
  order: number,
): ThreadFlowLocation {
  const before = side === 'pre' && finding.side === 'post' ? ' (a line of the file before the patch)' : '';
  return {
    location: sourceLocation({ path, line, message: `${code}: ${what}${before}` }),
    executionOrder: order,
  };
}

function witnessFlow(witness: Witness): CodeFlow {
  const threads = new Map<string, ThreadFlowLocation[]>(partsOf(witness).map((task) => [task, []]));
  let order = 0;
  for (const { task, label } of witness.steps) {
    if (SILENT.has(label.code)) continue;
    threads.get(task)?.push(witnessLocation(label, ++order, label.note));
  }
  for (const one of witness.blocked) {
    const location = witnessLocation(one.label, order + 1, endOf(one, witness));
    threads.get(one.task)?.push({ ...location, kinds: ['wait'], importance: 'essential' });
  }
  const threadFlows: ThreadFlow[] = [...threads].flatMap(([task, locations]) => {
    const text = printable(taskTitle(task, witness.model));
    return locations.length === 0 ? [] : [{ id: task, message: { text }, locations }];
  });
  return { message: { text: `${printable(witness.conclusion)}.` }, threadFlows };
}

function witnessLocation(
  { code, at, in: within, depth = 0 }: Label,
  order: number,
  note: string | undefined,
): ThreadFlowLocation {
  const message = note === undefined ? code : `${code}: ${note}`;
  return {
    location: labelLocation(at, within, message),
    executionOrder: order,
    ...(depth === 0 ? {} : { nestingLevel: depth }),
  };
}

/** `at` is `file:line`, or a file, or nothing. */
function labelLocation(at: string | undefined, within: string | undefined, message: string): Location {
  const functionName = within?.replace(/\(\)$/, '') ?? null;
  const place = /^(.*):([1-9]\d*)$/.exec(at ?? '');
  const path = place?.[1] ?? at ?? null;
  const line = place === null ? null : Number(place[2]);
  return sourceLocation({ path, line, functionName, message });
}

/** What a task waits for, or what it sees. */
function endOf({ label, waitsFor }: BlockedTask, { model }: Witness): string | undefined {
  if (waitsFor.length === 0) return label.note;
  return waitsFor
    .map(({ task, what }) => `blocked by ${taskTitle(task, model)}: waits for ${what}`)
    .join('; ');
}

/** Who waits for whom at the end; null where nobody waits. */
export function waitGraph({ model, blocked }: Witness): Graph | null {
  const waits = blocked.flatMap(({ task, waitsFor }) => waitsFor.map((wait) => ({ from: task, ...wait })));
  if (waits.length === 0) return null;
  const tasks = [...new Set(waits.flatMap(({ from, task }) => [from, task]))];
  return {
    description: { text: 'Who waits for whom' },
    nodes: tasks.map((id) => ({ id, label: { text: printable(taskTitle(id, model)) } })),
    edges: waits.map(({ from, task, what }, index) => ({
      id: String(index + 1),
      label: { text: printable(what) },
      sourceNodeId: from,
      targetNodeId: task,
    })),
  };
}
