/** `patchwitness index TREE [PATH…]`: reads the C files of a tree once, so that others need not, and says how it went. */

import { availableParallelism } from 'node:os';
import { Argument, Command } from 'commander';
import { writeRevision } from '../../analyzers/index/revision-record.ts';
import { indexDirectory, MAX_STORE_BYTES, prune, storeDirectory } from '../../analyzers/index/store.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { commitNamed, repositoryAt } from '../../analyzers/source/git-commit.ts';
import { namedRevision } from '../../analyzers/source/open-tree.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { TreeError } from '../../analyzers/source/types.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { writeFunctionTable } from '../pipeline/export-table.ts';
import { type OpenedIndex, type OpenIndexOptions, openIndex } from '../pipeline/open-index.ts';
import type { SummariesMade } from '../pipeline/summarise-tree.ts';
import { print } from '../print.ts';
import { Progress, phaseTexts } from '../progress.ts';
import { printable } from '../reports/printable.ts';
import { parseJobs } from './jobs.ts';

interface Options {
  readonly jobs: number;
  readonly prune: boolean;
  /** A file. */
  readonly exportKnowledge?: string;
}

const HELP = `
What is read is kept in $PATCHWITNESS_CACHE, $XDG_CACHE_HOME/patchwitness or ~/.cache/patchwitness, by the content of the
files: a second revision costs what changed. It may be removed at any time.

Exit status: 0 everything was read, 2 bad usage or a file could not be read, 3 a defect of the program.
`;

export function indexCommand(): Command {
  return new Command('index')
    .description('read the C files of a tree once, for reviews and lint with --index')
    .addArgument(new Argument('[tree]', 'a directory or REPO@REV'))
    .addArgument(new Argument('[path...]', 'only these files and folders of it'))
    .option('--jobs <count>', 'processes to work in', parseJobs, availableParallelism())
    .option(
      '--export-knowledge <file>',
      'write what each function does to its callers, for `review --known-functions`; compressed where the name ends in .gz',
    )
    .option(
      '--prune',
      'remove what older versions of the program have kept, and leftovers of runs that were killed',
      false,
    )
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, paths: string[], options: Options, command: Command) => {
      if (name === undefined) {
        if (options.exportKnowledge !== undefined) command.error('error: --export-knowledge needs a tree');
        if (!options.prune) command.error('error: name a tree, or --prune');
        process.exitCode = EXIT.clean;
      } else process.exitCode = await index(name, paths, options, command);
      const root = indexDirectory();
      const { files, bytes } = prune(root, MAX_STORE_BYTES, !options.prune);
      if (options.prune || files > 0) {
        await print(
          `removed ${files} file${files === 1 ? '' : 's'} of ${megabytes(bytes)} from ${printable(root)}\n`,
        );
      }
    });
}

async function index(
  name: string,
  paths: readonly string[],
  { jobs, exportKnowledge }: Options,
  command: Command,
): Promise<ExitStatus> {
  const progress = new Progress(process.stderr);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  // A second Ctrl-C ends the program as it would any other.
  process.once('SIGINT', interrupt);
  const textOf = phaseTexts();
  const onProgress: OpenIndexOptions['onProgress'] = (what, done, total) =>
    progress.show(textOf(what, done, total));
  const { signal } = interruption;
  const opening = indexAndRemember({ name, paths, rules: RULES, jobs, signal, onProgress });
  const indexed = await opening.catch((error: unknown) => {
    if (error instanceof TreeError) return command.error(`error: ${printable(error.message)}`);
    const directory = storeDirectory(indexDirectory());
    return command.error(`error: ${printable(directory)}: ${systemReason(error)}`);
  });
  process.off('SIGINT', interrupt);
  progress.clear();
  const isInterrupted = interruption.signal.aborted;
  await print(summaryText(indexed, isInterrupted));
  if (isInterrupted) return EXIT.interrupted;
  if (exportKnowledge !== undefined) {
    const count = exportTable(exportKnowledge, indexed, paths, command);
    await print(`${count} functions in ${printable(exportKnowledge)}\n`);
  }
  const isDefect = indexed.unread.some((one) => one.isDefect) || indexed.summaries.failed.length > 0;
  if (isDefect) return EXIT.internal;
  return indexed.unread.length > 0 ? EXIT.unreadable : EXIT.clean;
}

/** Reviews that look for the base of a series try what was indexed. */
async function indexAndRemember(options: OpenIndexOptions): Promise<OpenedIndex> {
  const revision = await revisionToRemember(options.name);
  const indexed = await openIndex(options);
  if (revision !== null && !options.signal.aborted) {
    const { paths } = options;
    writeRevision(indexed.tree.handle.directory, { ...revision, paths: [...paths], indexedAt: Date.now() });
  }
  return indexed;
}

/** Null for a directory, and for a revision that is no commit. */
async function revisionToRemember(
  name: string,
): Promise<{ readonly repository: string; readonly commit: string } | null> {
  const named = await namedRevision(name);
  if (named === null) return null;
  const commit = await commitNamed(named.repository, named.revision);
  return commit === null ? null : { repository: await repositoryAt(named.repository), commit };
}

function exportTable(
  file: string,
  { tree, era }: OpenedIndex,
  folders: readonly string[],
  command: Command,
): number {
  if (era?.from === undefined || era.from === null) {
    return command.error(
      'error: --export-knowledge needs a kernel: no Makefile there says which version it is',
    );
  }
  try {
    return writeFunctionTable(file, tree, era.from, folders);
  } catch (error) {
    return command.error(`error: --export-knowledge ${printable(file)}: ${systemReason(error)}`);
  }
}

function summaryText(
  { files, unread, stored, extracted, summaries }: OpenedIndex,
  isInterrupted: boolean,
): string {
  const functions = files.reduce((sum, { head }) => sum + head.functions.length, 0);
  const lines = [
    ...unread.map(
      ({ path, reason, isDefect }) => `${path}: not read: ${isDefect ? 'internal error: ' : ''}${reason}`,
    ),
    `${files.length} files with ${functions} functions; ${stored} from the store, ${extracted} read anew, ${unread.length} not read`,
    ...summariesText(summaries),
    ...summaries.failed.map((reason) => `not summarised: ${reason}`),
    ...(isInterrupted ? ['interrupted: the rest is left'] : []),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function summariesText({ made, taken, isLater }: SummariesMade): string[] {
  if (isLater) return ['so many functions are summarised only when they are asked for'];
  return made + taken === 0 ? [] : [`summaries: ${made} made anew, ${taken} taken over`];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
