#!/usr/bin/env node
/** `patchwitness <command>`: parses the command line and hands over to one file a command. */

import { constants } from 'node:os';
import { Command, CommanderError } from 'commander';
import { defectText } from './defect.ts';
import { EXIT } from './exit-status.ts';
import { packageVersion } from './package.ts';

/** The status that a shell gives a program which SIGPIPE ended: 128 and the number of the signal. */
const KILLED_BY_SIGPIPE = 128 + constants.signals.SIGPIPE;

/** Each is loaded when it is named: the parser, the rules and the knowledge cost more than a short list of series. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['review', async () => (await import('./commands/review.ts')).reviewCommand()],
  ['pull', async () => (await import('./commands/pull.ts')).pullCommand()],
  ['reply', async () => (await import('./commands/reply.ts')).replyCommand()],
  ['lint', async () => (await import('./commands/lint.ts')).lintCommand()],
  ['index', async () => (await import('./commands/index-tree.ts')).indexCommand()],
  ['locks', async () => (await import('./commands/locks.ts')).locksCommand()],
  ['diff', async () => (await import('./commands/diff.ts')).diffCommand()],
  ['check', async () => (await import('./commands/check.ts')).checkCommand()],
  ['series', async () => (await import('./commands/series.ts')).seriesCommand()],
  ['report', async () => (await import('./commands/report.ts')).reportCommand()],
  ['knowledge', async () => (await import('./commands/knowledge.ts')).knowledgeCommand()],
  ['explain', async () => (await import('./commands/explain.ts')).explainCommand()],
  ['model', async () => (await import('./commands/model.ts')).modelCommand()],
  ['replay', async () => (await import('./commands/replay.ts')).replayCommand()],
  ['inspect', async () => (await import('./commands/inspect.ts')).inspectCommand()],
  ['scan', async () => (await import('./commands/scan.ts')).scanCommand()],
  ['serve', async () => (await import('./commands/serve.ts')).serveCommand()],
  ['worker', async () => (await import('./commands/serve.ts')).workerCommand()],
  ['completion', async () => (await import('./commands/completion.ts')).completionCommand(loadAll)],
]);

async function loadAll(): Promise<readonly Command[]> {
  const commands: Command[] = [];
  for (const load of COMMANDS.values()) commands.push(await load());
  return commands;
}

const program = new Command('patchwitness')
  .description('Reviews kernel patches for deadlocks that the run-time lock checker cannot see')
  .version(packageVersion())
  .showHelpAfterError('(patchwitness --help shows how to use it)')
  .exitOverride();

const named = COMMANDS.get(process.argv[2] ?? '');
// Help and mistakes are about all of them.
for (const load of named === undefined ? COMMANDS.values() : [named]) program.addCommand(await load());

function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride().copyInheritedSettings(parent);
    inherit(command);
  }
}
inherit(program);

// A reader that went away (`| head`) ends the review before it knows what it would have found: no status of its
// own would be true, least of all "clean".
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? KILLED_BY_SIGPIPE);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // commander has already said what is wrong, or printed the help that was asked for.
    process.exitCode = error.exitCode === 0 ? EXIT.clean : EXIT.unreadable;
  } else {
    process.stderr.write(`patchwitness: ${defectText(error)}\n`);
    process.exitCode = EXIT.internal;
  }
}
