/** `patchwitness replay <witness.json|->`: steps through a witness again, and refuses it where the machine does. */

import { Argument, Command, Option } from 'commander';
import { replay } from '../../analyzers/model/replay.ts';
import { parseWitness, WitnessError } from '../../analyzers/model/witness-schema.ts';
import type { Witness } from '../../analyzers/vocabulary/witness.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { readSource } from '../pipeline/inspect.ts';
import { print } from '../print.ts';
import { printable } from '../reports/printable.ts';
import { replayText } from '../reports/replay-text.ts';

interface Options {
  readonly format: 'text' | 'json';
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('step through a witness again, and refuse it where the model does not go that way')
    .addArgument(
      new Argument('<witness.json>', 'what `model run --format witness` prints; - is standard input'),
    )
    .addOption(
      new Option('--format <format>', 'form of the output').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', '\nExit status: 0 accepted, 1 refused, 2 bad usage or no witness, 3 internal error')
    .action(async (path: string, { format }: Options) => {
      process.exitCode = await replayFile(path, format);
    });
}

async function replayFile(path: string, format: Options['format']): Promise<ExitStatus> {
  const witness = await readWitness(path);
  if (typeof witness === 'string') {
    process.stderr.write(`patchwitness: ${printable(witness)}\n`);
    return EXIT.unreadable;
  }
  const replayed = replay(witness);
  await print(format === 'json' ? `${JSON.stringify(replayed, null, 2)}\n` : replayText(replayed, witness));
  return replayed.refusal === null ? EXIT.clean : EXIT.findings;
}

/** The reason where there is none. */
export async function readWitness(path: string): Promise<Witness | string> {
  try {
    return parseWitness(await readSource(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isKnown = error instanceof WitnessError || 'code' in error;
    if (!isKnown) throw error;
    return `${path === '-' ? '<stdin>' : path}: ${error.message}`;
  }
}
