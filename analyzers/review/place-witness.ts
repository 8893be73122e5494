/** A witness whose lines have the path of the file in front of them, as only who makes a finding knows it. */

import type { Shown, Statement } from '../vocabulary/model.ts';
import type { Witness } from '../vocabulary/witness.ts';
import { LINE_MARK } from './subject.ts';

export function placed(witness: Witness, path: string): Witness {
  const { model, steps, blocked } = witness;
  const tasks = model.tasks.map(({ name, program }) => ({ name, program: placedProgram(program, path) }));
  return {
    ...witness,
    model: { ...model, tasks },
    steps: steps.map(({ task, node, action, label }) => ({ task, node, action, label: inFile(label, path) })),
    blocked: blocked.map(({ task, label, waitsFor }) => ({ task, label: inFile(label, path), waitsFor })),
  };
}

function placedProgram(program: readonly Statement[], path: string): readonly Statement[] {
  return program.map((statement) => placedStatement(inFile(statement, path), path));
}

function placedStatement(statement: Statement, path: string): Statement {
  const inner = (program: readonly Statement[]): readonly Statement[] => placedProgram(program, path);
  if (statement.do === 'tryAcquire')
    return { ...statement, got: inner(statement.got), busy: inner(statement.busy) };
  if (statement.do === 'copy')
    return { ...statement, full: inner(statement.full), short: inner(statement.short) };
  return statement.do === 'choose' ? { ...statement, of: statement.of.map(inner) } : statement;
}

function inFile<T extends Shown>(shown: T, path: string): T {
  return shown.at?.startsWith(LINE_MARK) === true ? { ...shown, at: `${path}${shown.at}` } : shown;
}
