/** `patchwitness completion <shell>`: prints a script with which the shell completes commands, options and their values. */

import { Argument, Command } from 'commander';
import { RULES } from '../../analyzers/rules/registry.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type CommandShape, type KnownValues, shapesOf } from '../completion/shape.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { print } from '../print.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

type Shell = (typeof SHELLS)[number];

/** `loadAll` gives every command of the program, as its help lists them. */
export function completionCommand(loadAll: () => Promise<readonly Command[]>): Command {
  return new Command('completion')
    .description('print a script with which your shell completes this command line')
    .addArgument(new Argument('<shell>', 'for whom').choices(SHELLS))
    .addHelpText(
      'after',
      `
Set up:
  bash   source <(patchwitness completion bash)      in ~/.bashrc
  zsh    patchwitness completion zsh > DIR/_patchwitness      where DIR is in $fpath
  fish   patchwitness completion fish > ~/.config/fish/completions/patchwitness.fish`,
    )
    .action(async (shell: Shell) => {
      await print(scriptFor(shell, shapesOf(await loadAll(), knownValues())));
    });
}

function knownValues(): KnownValues {
  const rules = RULES.map(({ meta }) => meta.id);
  return new Map([
    ['--rule', rules],
    ['--no-rule', rules],
    // The argument of `explain`.
    ['rule', rules],
  ]);
}

function scriptFor(shell: Shell, shapes: readonly CommandShape[]): string {
  switch (shell) {
    case 'bash':
      return bashCompletion(shapes);
    case 'zsh':
      return zshCompletion(shapes);
    case 'fish':
      return fishCompletion(shapes);
  }
}
