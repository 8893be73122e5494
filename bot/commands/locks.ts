/** `patchwitness locks [CLASS]`: who takes the locks of a tree on which path, who holds them over what, and in which order. */

import { availableParallelism } from 'node:os';
import { Argument, Command, Option } from 'commander';
import { type LockOrder, lockOrders } from '../../analyzers/index/lock-table.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { LOCK_RULES } from '../pipeline/lock-rules.ts';
import { type LockTables, lockTablesOf } from '../pipeline/lock-tables.ts';
import { print } from '../print.ts';
import { Progress, phaseTexts } from '../progress.ts';
import { locksHtml } from '../reports/html/locks.ts';
import { jsonDocument } from '../reports/json-document.ts';
import { lockOrderDot } from '../reports/locks-dot.ts';
import { LOCKS_SCHEMA_VERSION } from '../reports/locks-json.ts';
import { lockClassText, lockListText } from '../reports/locks-text.ts';
import { printable } from '../reports/printable.ts';
import { parseJobs } from './jobs.ts';
import { IndexError, indexOption, openNamedIndex } from './named-index.ts';
import { nearNames } from './near-names.ts';

interface Options {
  readonly tree?: string;
  readonly index: readonly string[];
  readonly format: 'text' | 'json' | 'dot' | 'html';
  readonly jobs: number;
}

const HELP = `
A class is a member of a structure (ext4_inode_info.i_data_sem), a variable, or one that the knowledge names (inode-lock).

Exit status: 0 printed, 2 bad usage or a file could not be read, 130 interrupted, 3 internal error
`;

export function locksCommand(): Command {
  return new Command('locks')
    .description('who takes the locks of a tree on which path, and who holds them over what')
    .addArgument(new Argument('[class]', 'only this lock class, with all its places'))
    .option('--tree <tree>', 'a directory or REPO@REV; without it, that in which the folders lie')
    .addOption(indexOption('a folder of the tree whose functions are looked at'))
    .addOption(
      new Option('--format <format>', 'form of the output')
        .choices(['text', 'json', 'html', 'dot'])
        .default('text'),
    )
    .option('--jobs <count>', 'processes to work in', parseJobs, availableParallelism())
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, options: Options, command: Command) => {
      try {
        process.exitCode = await locks(name, options, command);
      } catch (error) {
        if (!(error instanceof IndexError)) throw error;
        command.error(`error: ${printable(error.message)}`);
      }
    });
}

async function locks(name: string | undefined, options: Options, command: Command): Promise<ExitStatus> {
  const progress = new Progress(process.stderr);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  // A second Ctrl-C ends the program as it would any other.
  process.once('SIGINT', interrupt);
  const { signal } = interruption;
  const index = await openNamedIndex(options, LOCK_RULES, signal, progress);
  if (index === null) return command.error('error: name folders with --index, or a tree with --tree');
  const textOf = phaseTexts();
  const onProgress = (done: number, total: number): void =>
    progress.show(`locks: ${textOf('functions', done, total)}`);
  const tables = signal.aborted
    ? null
    : await lockTablesOf(index.tree, { jobs: options.jobs, signal, onProgress });
  process.off('SIGINT', interrupt);
  progress.clear();
  if (signal.aborted || tables === null) return EXIT.interrupted;
  const missing = index.unread.map(({ path, reason }) => ({ path, reason }));
  const all: LockTables = { classes: tables.classes, unread: [...missing, ...tables.unread] };
  const shown =
    name === undefined ? all : { ...all, classes: all.classes.filter((one) => one.name === name) };
  if (name !== undefined && shown.classes.length === 0) {
    const names = all.classes.map((one) => one.name);
    const near = nearNames(name, names);
    return command.error(
      `error: no lock class ${printable(name)}${near.length === 0 ? '' : `; near: ${near.map(printable).join(', ')}`}`,
    );
  }
  for (const { path, reason } of shown.unread) {
    process.stderr.write(`patchwitness: ${printable(path)}: not looked at: ${printable(reason)}\n`);
  }
  await printTables(shown, name, all, options.format);
  return shown.unread.length > 0 ? EXIT.unreadable : EXIT.clean;
}

async function printTables(
  { classes, unread }: LockTables,
  name: string | undefined,
  all: LockTables,
  format: Options['format'],
): Promise<void> {
  switch (format) {
    case 'json': {
      const document = jsonDocument(LOCKS_SCHEMA_VERSION, packageVersion());
      await print(document.begin());
      for (const one of classes) await print(document.item(one));
      await print(document.end({ unread }));
      return;
    }
    case 'dot':
      await print(lockOrderDot(ordersOf(all, name)));
      return;
    case 'html':
      for (const piece of locksHtml({
        version: packageVersion(),
        classes,
        orders: ordersOf(all, name),
        unread,
      })) {
        await print(piece);
      }
      return;
    case 'text':
      for (const one of name === undefined ? [] : classes) await print(lockClassText(one));
      if (name === undefined) await print(lockListText(classes));
  }
}

/** Those of all classes, or those that one is part of. */
function ordersOf({ classes }: LockTables, name: string | undefined): readonly LockOrder[] {
  return lockOrders(classes).filter(({ from, to }) => name === undefined || from === name || to === name);
}
