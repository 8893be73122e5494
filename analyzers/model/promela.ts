/**
 * Prints a machine in Promela, so that SPIN can be asked for a second opinion: the same guarded actions, and as an
 * assertion that nobody waits for himself in the end, or for somebody who will never move again. Nothing of the explorer
 * stands behind it. Promela is described in Holzmann, The SPIN Model Checker (2004), and on spinroot.com/spin/Man.
 */

import type { Label } from '../vocabulary/model.ts';
import type { Cell, Expression } from './expression.ts';
import type { Action, Machine, MachineTask, Node, TaskId } from './machine.ts';

/** Values of a Promela byte. */
const BYTE_VALUES = 256;

/** A global variable of the Promela text: a program counter, or a cell. */
export interface PromelaVariable {
  readonly identifier: string;
  readonly initial: number;
  /** What it stands for, fit for a comment. */
  readonly meaning: string;
}

/** The text in parts, for those who put several machines into one file. */
export interface PromelaParts {
  readonly variables: readonly PromelaVariable[];
  /** `byte`, or `short` where numbers may not fit. */
  readonly type: 'byte' | 'short';
  /** For each task the name of its process, and a loop of all of its actions. */
  readonly processes: readonly {
    readonly identifier: string;
    readonly meaning: string;
    readonly loop: string;
  }[];
  /** Statements that find out who waits for whom: they set `stuck` and `broken`. */
  readonly observation: string;
}

/** Variables of the observation. They are hidden: no part of the state, and worth nothing outside of one step. */
export function observationVariables(taskCount: number): string {
  return [
    `hidden short waits[${taskCount}]; /* bit j of waits[i]: task i cannot move before task j has moved */`,
    'hidden short rest; /* bit j: task j is done, or has nothing to do until somebody asks */',
    'hidden byte i;',
    'hidden byte k;',
    'hidden byte stuck;',
    'hidden byte broken;',
  ].join('\n');
}

/** A file for `spin -a`. The verifier reports an error where a task can get stuck or sees an invariant broken. */
export function promela(machine: Machine, name: string): string {
  const { variables, type, processes, observation } = promelaParts(machine);
  return [
    `/* ${comment(name)} */`,
    '/* spin -a FILE && gcc -O2 -DSAFETY -o pan pan.c && ./pan -E */',
    '',
    ...variables.map(
      ({ identifier, initial, meaning }) => `${type} ${identifier} = ${initial}; /* ${meaning} */`,
    ),
    '',
    observationVariables(machine.tasks.length),
    ...processes.map(
      ({ identifier, meaning, loop }) => `\n/* ${meaning} */\nactive proctype ${identifier}() {\n${loop}\n}`,
    ),
    '',
    '/* Looks at every state, and changes none. */',
    'active proctype observer() {',
    '  do',
    '  :: d_step {',
    observation,
    '    assert(!stuck);',
    '    assert(!broken);',
    '  }',
    '  od',
    '}',
    '',
  ].join('\n');
}

export function promelaParts(machine: Machine): PromelaParts {
  const names = new Names(machine);
  return {
    variables: [
      ...machine.tasks.map(({ name, start }, task) => ({
        identifier: names.counter(task),
        initial: start,
        meaning: `where ${comment(name)} stands`,
      })),
      ...machine.cells.map(({ name, initial }, index) => ({
        identifier: names.cell(machine.tasks.length + index),
        initial,
        meaning: comment(name),
      })),
    ],
    type: typeOf(machine),
    processes: machine.tasks.map((task, id) => ({
      identifier: names.process(id),
      meaning: comment(task.name),
      loop: loopOf(task, id, names),
    })),
    observation: observationOf(machine, names),
  };
}

/** A counter grows by at most one with a step of a program, and no step of a program comes twice. */
function typeOf({ tasks, cells }: Machine): 'byte' | 'short' {
  const steps = tasks.reduce((most, { nodes }) => Math.max(most, nodes.length), 0);
  const initial = cells.reduce((most, cell) => Math.max(most, cell.initial), 0);
  return steps + initial + tasks.length < BYTE_VALUES ? 'byte' : 'short';
}

/** Identifiers that say what they are, each of them once. */
class Names {
  private readonly tasks: readonly string[];
  private readonly all: readonly string[];

  constructor({ tasks, cells }: Machine) {
    this.tasks = distinct(tasks.map(({ name }) => identifierOf(name)));
    const cellNames = cells.map(({ name, of }) =>
      identifierOf(of === null ? name : `${of.family} ${this.tasks[of.task] ?? of.task}`),
    );
    this.all = distinct([...this.tasks.map((task) => `at_${task}`), ...cellNames]);
  }

  process(task: TaskId): string {
    return `task_${this.tasks[task] ?? task}`;
  }

  counter(task: TaskId): string {
    return this.cell(task);
  }

  cell(cell: Cell): string {
    return this.all[cell] ?? `cell_${cell}`;
  }
}

function identifierOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
}

function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    return free;
  });
}

/** Printable ASCII that cannot end a comment; the preprocessor has no business with what is left. */
function comment(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll('\\', '/')
    .replaceAll('*/', '* /')
    .replaceAll('/*', '/ *')
    .replaceAll('??', '? ?');
}

function textOf({ code, note, in: place, at }: Label): string {
  return comment([code, note, place, at].filter((part) => part !== undefined).join(', '));
}

function loopOf({ nodes }: MachineTask, task: TaskId, names: Names): string {
  const lines = nodes.flatMap((node, id): string[] => {
    const head = `  /* ${id}: ${textOf(node.label)}${node.kind === 'end' ? ', for good' : ''} */`;
    return node.actions.length === 0
      ? [head]
      : [
          head,
          ...node.actions.map((action) =>
            actionOf(action, node, `${names.counter(task)} == ${id}`, task, names),
          ),
        ];
  });
  // A task that has nothing to do at all is a process that blocks.
  const none = nodes.every(({ actions }) => actions.length === 0) ? ['  :: false -> skip'] : [];
  return ['  do', ...lines, ...none, '  od'].join('\n');
}

function actionOf(
  { guard, assigns, to, label }: Action,
  node: Node,
  isHere: string,
  task: TaskId,
  names: Names,
): string {
  const isAlways = guard.op === 'number' && guard.value !== 0;
  const when = isAlways ? isHere : `${isHere} && ${operand(guard, names)}`;
  const steps = [
    ...assigns.map(({ cell, value }) => `${names.cell(cell)} = ${expressionText(value, names)}`),
    `${names.counter(task)} = ${to}`,
  ];
  const note = label.code === node.label.code ? label.note : textOf(label);
  const said = note === undefined || note === node.label.note ? '' : ` /* ${comment(note)} */`;
  return `  :: d_step { ${when} -> ${steps.join('; ')} }${said}`;
}

function expressionText(expression: Expression, names: Names): string {
  const part = (of: Expression): string => operand(of, names);
  switch (expression.op) {
    case 'number':
      return String(expression.value);
    case 'cell':
      return names.cell(expression.cell);
    case 'not': {
      const { of } = expression;
      return of.op === '=' ? `${part(of.left)} != ${part(of.right)}` : `!(${expressionText(of, names)})`;
    }
    case 'and':
      return expression.of.length === 0 ? 'true' : expression.of.map(part).join(' && ');
    case 'or':
      return expression.of.length === 0 ? 'false' : expression.of.map(part).join(' || ');
    case 'if':
      return `(${part(expression.when)} -> ${part(expression.yes)} : ${part(expression.no)})`;
    case '=':
      return `${part(expression.left)} == ${part(expression.right)}`;
    case '<':
    case '+':
    case '-':
      return `${part(expression.left)} ${expression.op} ${part(expression.right)}`;
  }
}

/** With parentheses round all that has parts. */
function operand(expression: Expression, names: Names): string {
  const text = expressionText(expression, names);
  return expression.op === 'number' || expression.op === 'cell' || expression.op === 'if'
    ? text
    : `(${text})`;
}

function observationOf(machine: Machine, names: Names): string {
  const { tasks } = machine;
  const broken = tasks.flatMap(({ nodes }, task) =>
    nodes.flatMap(({ kind }, id) => (kind === 'broken' ? [`${names.counter(task)} == ${id}`] : [])),
  );
  const rest = tasks.map((task, id) => `((${atRest(task, id, names)}) << ${id})`);
  const last = tasks.length - 1;
  return [
    ...tasks.flatMap((task, id) => waitsOf(task, id, names)),
    `    rest = ${rest.join(' | ')};`,
    '    /* Who waits for somebody waits for whom he waits for, too. */',
    `    for (k : 0 .. ${last}) {`,
    `      for (i : 0 .. ${last}) {`,
    '        if',
    '        :: waits[i] & (1 << k) -> waits[i] = waits[i] | waits[k]',
    '        :: else',
    '        fi',
    '      }',
    '    }',
    '    stuck = false;',
    `    for (i : 0 .. ${last}) {`,
    '      if',
    '      :: waits[i] & ((1 << i) | rest) -> stuck = true',
    '      :: else',
    '      fi',
    '    }',
    `    broken = ${broken.length === 0 ? 'false' : broken.join(' || ')};`,
  ].join('\n');
}

/** Where a task wants to move on and cannot, for whom it waits; everywhere else for nobody. */
function waitsOf({ nodes, name }: MachineTask, task: TaskId, names: Names): string[] {
  const ways = nodes.flatMap(({ kind, actions, waits, label }, id): string[] => {
    if (kind !== 'step' || waits.length === 0) return [];
    const isBlocked = [
      `${names.counter(task)} == ${id}`,
      ...actions.map(({ guard }) => `!(${expressionText(guard, names)})`),
    ];
    const edges = waits.map(({ on, when }) => `((${expressionText(when, names)}) << ${on})`);
    return [
      `    :: ${isBlocked.join(' && ')} -> /* ${textOf(label)} */`,
      `       waits[${task}] = ${edges.join(' | ')}`,
    ];
  });
  const head = `    /* for whom ${comment(name)} waits */`;
  if (ways.length === 0) return [head, `    waits[${task}] = 0;`];
  return [head, '    if', ...ways, `    :: else -> waits[${task}] = 0`, '    fi;'];
}

/** It has ended, or is a server that nothing wakes. */
function atRest({ nodes }: MachineTask, task: TaskId, names: Names): string {
  const ways = nodes.flatMap(({ kind, actions }, id): string[] => {
    const isHere = `${names.counter(task)} == ${id}`;
    if (kind === 'end') return [isHere];
    if (kind !== 'idle') return [];
    return [
      [`(${isHere})`, ...actions.map(({ guard }) => `!(${expressionText(guard, names)})`)].join(' && '),
    ];
  });
  return ways.length === 0 ? 'false' : ways.join(' || ');
}
