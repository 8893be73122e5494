/** `patchwitness inspect <file[:function]>`: prints what the program sees in C code or in a patch. */

import { existsSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { type InspectItem, inspectFile, inspectPatches, readSource } from '../pipeline/inspect.ts';
import { print } from '../print.ts';
import { DOT_END } from '../reports/dot.ts';
import { DOT_BEGIN, inspectItemDot } from '../reports/inspect-dot.ts';
import { INSPECT_SCHEMA_VERSION } from '../reports/inspect-json-schema.ts';
import { inspectItemText } from '../reports/inspect-text.ts';
import { jsonDocument } from '../reports/json-document.ts';
import { printable } from '../reports/printable.ts';
import { nearNames } from './near-names.ts';

interface Options {
  readonly format: 'text' | 'json' | 'dot';
  readonly patch: boolean;
  readonly all: boolean;
}

/** What holds patches rather than C. */
const PATCH_NAME = /\.(?:patch|diff|mbox|eml)(?:\.gz)?$/;

export function inspectCommand(): Command {
  return new Command('inspect')
    .description('print the control-flow graph and the lock, allocation and IO events of functions')
    .addArgument(
      new Argument('<file[:function]>', 'a C file, or with --patch a patch or mail; - is standard input'),
    )
    .addOption(
      new Option('--format <format>', 'form of the output').choices(['text', 'json', 'dot']).default('text'),
    )
    .option('--patch', 'the file holds patches (taken for granted of .patch, .diff, .mbox and .eml)', false)
    .option('--all', 'show assignments and writes through pointers too', false)
    .addHelpText('after', '\nExit status: 0 printed, 2 bad usage or unreadable input, 3 internal error')
    .action(async (target: string, options: Options) => {
      process.exitCode = await inspect(target, options);
    });
}

async function inspect(target: string, options: Options): Promise<ExitStatus> {
  const { path, name } = parseTarget(target);
  const knowledge = loadKnowledge();
  if (options.patch || PATCH_NAME.test(path)) {
    const status = await printItems(inspectPatches(path, name, knowledge), options);
    if (status === null) return fail(`no function ${name ?? ''} of a C file is touched in ${path}`);
    return status;
  }
  let text: string;
  try {
    text = await readSource(path);
  } catch (error) {
    return fail(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const status = await printItems(inspectFile(path, text, name, knowledge), options);
  if (status !== null) return status;
  const names = inspectFile(path, text, null, knowledge).flatMap((item) =>
    item.kind === 'function' && item.function.name !== null ? [item.function.name] : [],
  );
  if (name === null) return fail(`no function in ${path}`);
  const near = nearNames(name, names);
  return fail(`no function ${name} in ${path}${near.length === 0 ? '' : `; near: ${near.join(', ')}`}`);
}

/** `file:function`, unless a file has that very name. */
function parseTarget(target: string): { path: string; name: string | null } {
  const [, path, name] = /^(.+):([A-Za-z_]\w*)$/.exec(target) ?? [];
  if (path === undefined || name === undefined || existsSync(target)) return { path: target, name: null };
  return { path, name };
}

/** Prints the items; null if there are none. */
async function printItems(
  items: Iterable<InspectItem> | AsyncIterable<InspectItem>,
  options: Options,
): Promise<ExitStatus | null> {
  const reporter = makeReporter(options);
  let isEmpty = true;
  let isUnread = false;
  for await (const item of items) {
    if (isEmpty) await print(reporter.begin());
    isEmpty = false;
    isUnread ||= item.kind === 'unread';
    await print(reporter.item(item));
  }
  if (isEmpty) return null;
  await print(reporter.end());
  return isUnread ? EXIT.unreadable : EXIT.clean;
}

interface InspectReporter {
  begin(): string;
  item(item: InspectItem): string;
  end(): string;
}

function makeReporter({ format, all }: Options): InspectReporter {
  switch (format) {
    case 'json':
      return jsonDocument(INSPECT_SCHEMA_VERSION, packageVersion());
    case 'dot': {
      let count = 0;
      return {
        begin: () => DOT_BEGIN,
        item: (item) => inspectItemDot(item, count++, { all }),
        end: () => DOT_END,
      };
    }
    case 'text':
      return { begin: () => '', item: (item) => inspectItemText(item, { all }), end: () => '' };
  }
}

function fail(reason: string): ExitStatus {
  process.stderr.write(`patchwitness: ${printable(reason)}\n`);
  return EXIT.unreadable;
}
