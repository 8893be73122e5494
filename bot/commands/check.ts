/**
 * `patchwitness check`: reviews the patch of one mail and hands the result to b4, on standard output, or to Patchwork, as a
 * check of that patch.
 */

import { readFileSync } from 'node:fs';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { openFunctions } from '../../analyzers/flow/open-tables.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import type { SourceTree } from '../../analyzers/source/types.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { b4Results } from '../checks/b4.ts';
import {
  apiOf,
  checkProblem,
  findPatchId,
  PatchworkError,
  type PatchworkServer,
  postCheck,
} from '../checks/patchwork.ts';
import { type Reviewed, verdictOf } from '../checks/verdict.ts';
import { defectText } from '../defect.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { reviewArchive } from '../pipeline/review-archive.ts';
import type { PatchReport, Unread } from '../pipeline/types.ts';
import { print } from '../print.ts';
import { printable } from '../reports/printable.ts';
import { addFindingOptions, type FindingOptions, selectRules, withoutUnsure } from './report-options.ts';
import { withTree } from './with-tree.ts';

interface Options extends FindingOptions {
  readonly b4?: true;
  readonly patchwork?: string;
  readonly tokenFile?: string;
  readonly patch?: number;
  readonly context: string;
  readonly targetUrl?: string;
  readonly tree?: string;
}

const HELP = `
With --b4 the result is printed as b4's external checks have it; in git's configuration:
  [b4]
      review-perpatch-check-cmd = patchwitness check --b4
With --patchwork it becomes a check of the patch on that server. Its state is \`fail\` for a confirmed
finding, \`warning\` for a likely one and for a patch that could not be read, else \`success\`.

Exit status: 0 printed or put, whatever was found; 2 bad usage, nothing to check, or refused by the
server; 3 internal error`;

export function checkCommand(): Command {
  const base = new Command('check')
    .description('review the patch of one mail, and hand the result to b4 or Patchwork')
    .addArgument(new Argument('[path]', 'a mail; - is standard input').default('-'))
    .addOption(new Option('--b4', "print the result as one of b4's external checks").conflicts('patchwork'))
    .option('--patchwork <url>', 'put the result on this Patchwork server')
    .option('--token-file <file>', 'file with the API token for that server')
    .option('--patch <id>', 'number of the patch there; found by Message-ID if left out', parsePatchId)
    .option('--context <name>', 'name of the check there', 'patchwitness')
    .option('--target-url <url>', 'where the check leads to');
  return addFindingOptions(base)
    .option('--tree <tree>', 'what the patch applies to, a directory or REPO@REV: shows the whole files')
    .addHelpText('after', HELP)
    .action(async (path: string, options: Options, command: Command) => {
      const rules = selectRules(options, command);
      const server = serverOf(options, command);
      process.exitCode = await withTree(options.tree, command, async (tree) => {
        const reviewed = await reviewOne(path, options, rules, tree);
        return server === null ? printForB4(reviewed, options) : await put(server, reviewed, options);
      });
    });
}

function parsePatchId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError('A number, as in the address of the patch.');
  return Number(text);
}

/** Null for b4. Ends the command where the options do not say enough. */
function serverOf(options: Options, command: Command): PatchworkServer | null {
  const { b4, patchwork, tokenFile, context, targetUrl } = options;
  if (patchwork === undefined) {
    return b4 === true ? null : command.error('error: --b4 or --patchwork says who is to get the result');
  }
  if (tokenFile === undefined) return command.error('error: --patchwork needs --token-file');
  const problem = checkProblem({ context, ...(targetUrl === undefined ? {} : { target_url: targetUrl }) });
  if (problem !== null) return command.error(`error: ${problem}`);
  try {
    const agent = `patchwitness/${packageVersion()}`;
    return { api: apiOf(patchwork), token: readToken(tokenFile), agent };
  } catch (error) {
    if (!(error instanceof PatchworkError)) throw error;
    return command.error(`error: ${error.message}`);
  }
}

function readToken(file: string): string {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new PatchworkError(`${printable(file)}: ${systemReason(error)}`, { cause: error });
  }
  // Nothing of what the file holds is printed, whatever it is.
  if (!/^[\w-]+$/.test(token))
    throw new PatchworkError(`${printable(file)} does not hold one token and nothing else`);
  return token;
}

interface Outcome extends Reviewed {
  readonly hasDefect: boolean;
  /** The source itself could not be read. */
  readonly isBroken: boolean;
}

async function reviewOne(
  path: string,
  { minConfidence }: Options,
  rules: readonly Rule[],
  tree: SourceTree | undefined,
): Promise<Outcome> {
  const reports: PatchReport[] = [];
  const unread: Unread[] = [];
  let hasDefect = false;
  let isBroken = false;
  let messages = 0;
  const knowledge = loadKnowledge();
  const options = {
    knowledge,
    rules,
    functions: openFunctions(knowledge.lockClasses),
    reverse: false,
    ...(tree === undefined ? {} : { tree }),
  };
  for await (const raw of reviewArchive(path, options)) {
    const item = withoutUnsure(raw, minConfidence);
    switch (item.kind) {
      case 'message':
        messages++;
        break;
      case 'patch':
        reports.push(item.report);
        break;
      case 'unread':
        if (item.isNote === true) break;
        if (item.unread.message === null) isBroken = true;
        unread.push(item.unread);
        break;
      case 'defect':
        hasDefect = true;
        unread.push(item.unread);
        process.stderr.write(`patchwitness: ${defectText(item.error)}\n`);
        break;
      case 'progress':
      case 'version':
      case 'base':
      case 'claim':
        break;
    }
  }
  return { reports, unread, hasDefect, isBroken: isBroken || messages === 0 };
}

async function printForB4(outcome: Outcome, { targetUrl }: Options): Promise<ExitStatus> {
  if (outcome.isBroken) return refuse(outcome.unread[0]?.reason ?? 'there is no mail to check');
  await print(b4Results(verdictOf(outcome, loadThreadCards()), targetUrl));
  return outcome.hasDefect ? EXIT.internal : EXIT.clean;
}

async function put(server: PatchworkServer, outcome: Outcome, options: Options): Promise<ExitStatus> {
  const { reports, isBroken, unread, hasDefect } = outcome;
  if (isBroken) return refuse(unread[0]?.reason ?? 'there is no mail to check');
  if (reports.length > 1) return refuse(`${reports.length} patches where one is to be checked`);
  const verdict = verdictOf(outcome, loadThreadCards());
  if (verdict === null) return refuse('there is no patch in this mail');
  const { context, targetUrl } = options;
  const { state, summary } = verdict;
  const check = {
    state,
    context,
    description: summary,
    ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
  };
  try {
    const patch = options.patch ?? (await findPatchId(server, messageIdOf(reports)));
    const url = await postCheck(server, patch, check);
    await print(`${state}: ${summary}\n${printable(url)}\n`);
  } catch (error) {
    if (!(error instanceof PatchworkError)) throw error;
    return refuse(error.message);
  }
  return hasDefect ? EXIT.internal : EXIT.clean;
}

function messageIdOf([report]: readonly PatchReport[]): string {
  const id = report?.messageId ?? null;
  if (id === null)
    throw new PatchworkError('the mail has no Message-ID to find its patch by: --patch says which it is');
  return id;
}

function refuse(reason: string): ExitStatus {
  process.stderr.write(`patchwitness: ${printable(reason)}\n`);
  return EXIT.unreadable;
}
