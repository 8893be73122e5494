/** What a shell has to know of the command line to complete it: taken from commander, so that it is never another one. */

import type { Command, Option } from 'commander';

export interface OptionShape {
  /** `--format`, and `-R` where there is a short one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** What the value may be; null for a file or a name of the user's. */
  readonly choices: readonly string[] | null;
}

export interface CommandShape {
  /** Words behind the program's name: `['model', 'run']`. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly OptionShape[];
  /** What its arguments may be; null for files and names of the user's. */
  readonly choices: readonly string[] | null;
}

/** Values of options and arguments that the command line checks itself, by their names. */
export type KnownValues = ReadonlyMap<string, readonly string[]>;

/** Commands in the order of their help, each followed by its own. */
export function shapesOf(commands: readonly Command[], known: KnownValues): readonly CommandShape[] {
  return commands.flatMap((command) => shapesBelow(command, [], known));
}

function shapesBelow(
  command: Command,
  above: readonly string[],
  known: KnownValues,
): readonly CommandShape[] {
  const path = [...above, command.name()];
  const below = command.commands.filter((one) => one.name() !== 'help');
  const names = below.map((one) => one.name());
  const [argument] = command.registeredArguments;
  const values = argument === undefined ? [] : (argument.argChoices ?? known.get(argument.name()) ?? null);
  const own: CommandShape = {
    path,
    description: command.description(),
    options: [...command.options.map((option) => optionShape(option, known)), HELP],
    choices: names.length > 0 ? names : values,
  };
  return [own, ...below.flatMap((one) => shapesBelow(one, path, known))];
}

const HELP: OptionShape = {
  names: ['--help', '-h'],
  description: 'display help for command',
  takesValue: false,
  choices: null,
};

function optionShape(option: Option, known: KnownValues): OptionShape {
  const { long, short, description, required, optional, argChoices } = option;
  return {
    names: [long, short].filter((name) => name !== undefined && name !== null),
    description,
    takesValue: required || optional,
    choices: argChoices ?? known.get(long ?? '') ?? null,
  };
}

/** Those of the program itself: `[]` where none is named yet. */
export function rootShape(shapes: readonly CommandShape[]): CommandShape {
  const choices = shapes.flatMap(({ path }) => (path.length === 1 ? path : []));
  return { path: [], description: '', options: [HELP, VERSION], choices };
}

const VERSION: OptionShape = {
  names: ['--version', '-V'],
  description: 'output the version number',
  takesValue: false,
  choices: null,
};

/** Text in single quotes, for any of the shells but fish. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
