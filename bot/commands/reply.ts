/**
 * `patchwitness reply <path|->…`: reviews mail as `review` does and answers the patches that it has something to say of. It says
 * what it would send, puts it into an outbox, or, when asked in so many words, sends it.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import { systemReason } from '../../analyzers/source/reason.ts';
import type { Mailbox } from '../../corpus/mail/words.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import {
  defaultReplyConfig,
  loadReplyConfig,
  type ReplyConfig,
  ReplyConfigError,
  readFrom,
} from '../mail/config.ts';
import { type Delivery, deliverTo, type ReplyTally, sendBy, showWhatWouldGo } from '../mail/delivery.ts';
import { Journal, JournalError, stateDirectory } from '../mail/journal.ts';
import { openOutbox } from '../mail/outbox.ts';
import type { ReplyMeans } from '../mail/prepare.ts';
import { Sender } from '../mail/sender.ts';
import { packageVersion } from '../package.ts';
import { print } from '../print.ts';
import { LockedError, lockDirectory } from '../process-lock.ts';
import { unreadText } from '../reports/phrases.ts';
import { printable } from '../reports/printable.ts';
import { addFindingOptions, RULES_HELP, selectRules } from './report-options.ts';
import {
  addReviewInputs,
  collectAddress,
  inputArgument,
  type ReviewInputs,
  type ReviewMeans,
  withReviewMeans,
} from './review-inputs.ts';
import { runReview } from './run-review.ts';

interface Options extends ReviewInputs {
  readonly quiet?: true;
  readonly from?: string;
  readonly config?: string;
  readonly outbox?: string;
  readonly send?: true;
  readonly yes?: true;
  readonly embargo?: number;
  readonly maxAge?: number;
  readonly cap?: number;
  readonly mute?: readonly string[];
  readonly unknown?: true;
  readonly resolve?: readonly string[];
}

const HELP = `
Without --outbox and --send it only says what it would send. The file of --config, in YAML:
  from: Ada Example <ada@example.org>
  smtp: { host: mail.example.org, port: 587, tls: starttls, user: ada, password-variable: SMTP_PASSWORD }
  allow: [demofs-devel@example.org, author]
What was sent is kept in $XDG_STATE_HOME/patchwitness or ~/.local/state/patchwitness.

Exit status: 0 done, whatever was found; 2 bad usage, unreadable input, or a reply that could not be
sent or whose fate is unknown; 3 internal error`;

export function replyCommand(): Command {
  const base = new Command('reply')
    .description('answer the mails of patches with findings: show, put into an outbox, or send')
    .addArgument(inputArgument('[path...]'))
    .addOption(
      new Option('--outbox <path>', 'write the replies to a directory, or to FILE.mbox').conflicts('send'),
    )
    .option('--send', 'send them; needs --config and --yes')
    .option('--yes', 'yes, send')
    .option('--config <file>', 'who sends, by which server, and who may get replies')
    .option('--from <sender>', 'who sends, as Name <address>')
    .option('--embargo <hours>', 'answer no patch that is younger; 1 if nothing else is said', parseNumber)
    .option('--max-age <days>', 'answer no patch that is older; 14 if nothing else is said', parseNumber)
    .option('--cap <mails>', 'send no more in 24 hours; 20 if nothing else is said', parseNumber)
    .option(
      '--mute <address>',
      'send nothing there, and answer no patch from there (may be given again)',
      collectAddress,
    )
    .option('--unknown', 'list the mails of which nobody knows whether they went out')
    .option('--resolve <id...>', 'say of such a mail whether it was sent: ID sent, or ID unsent')
    .addOption(new Option('-q, --quiet', 'no progress'));
  return addReviewInputs(addFindingOptions(base))
    .addHelpText('after', RULES_HELP)
    .addHelpText('after', HELP)
    .action(async (paths: string[], options: Options, command: Command) => {
      const status = await reply(paths, options, command);
      // What it was reading may still hold the program up.
      if (status === EXIT.interrupted) process.exit(status);
      process.exitCode = status;
    });
}

function parseNumber(text: string): number {
  if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(text)) throw new InvalidArgumentError('A number.');
  return Number(text);
}

async function reply(paths: readonly string[], options: Options, command: Command): Promise<ExitStatus> {
  try {
    if (options.resolve !== undefined) return await resolveUnknown(options.resolve, command);
    if (options.unknown === true) return await listUnknown();
    if (paths.length === 0) command.error("error: missing required argument 'path'");
    const rules = selectRules(options, command);
    const config = await configOf(options);
    const release = options.send === true ? lockDirectory(stateDirectory(), 'sending') : () => undefined;
    try {
      const delivery = deliveryOf(options, config, command);
      return await withReviewMeans(options, rules, command, (means) =>
        answer({ paths, options, means, config, delivery }),
      );
    } finally {
      release();
    }
  } catch (error) {
    if (error instanceof ReplyConfigError || error instanceof JournalError || error instanceof LockedError) {
      return refuse(error.message);
    }
    throw error;
  }
}

/** The file's settings, and what the options put in their place. Throws ReplyConfigError. */
async function configOf({
  config: file,
  from,
  embargo,
  maxAge,
  cap,
  mute = [],
}: Options): Promise<ReplyConfig> {
  const config = file === undefined ? await defaultReplyConfig() : await loadReplyConfig(file);
  return {
    ...config,
    from: from === undefined ? config.from : await readFrom(from),
    mute: [...config.mute, ...mute],
    ...(embargo === undefined ? {} : { embargoHours: embargo }),
    ...(maxAge === undefined ? {} : { maxAgeDays: maxAge }),
    ...(cap === undefined ? {} : { cap }),
  };
}

/** What is done with the replies. Ends the command where the options do not say enough. */
function deliveryOf(options: Options, config: ReplyConfig, command: Command): Delivery {
  const { outbox, send, yes, reverse } = options;
  const version = packageVersion();
  if (outbox !== undefined) {
    try {
      return deliverTo(openOutbox(outbox), config, version);
    } catch (error) {
      return command.error(`error: --outbox ${printable(outbox)}: ${printable(systemReason(error))}`);
    }
  }
  const journal = new Journal(stateDirectory());
  if (send !== true) return showWhatWouldGo(journal, config);
  if (yes !== true) command.error('error: --send needs --yes');
  if (reverse) command.error('error: what is said of patches that are turned round is not sent');
  const { smtp, from, allow, cap } = config;
  if (smtp === null) return command.error('error: --send needs --config with smtp');
  if (from === null) return command.error('error: --send needs a sender: from in --config, or --from');
  if (allow.length === 0)
    return command.error('error: --send needs --config with allow: who may get replies');
  const { passwordVariable } = smtp;
  const password = passwordVariable === null ? null : (process.env[passwordVariable] ?? null);
  if (passwordVariable !== null && password === null) {
    return command.error(`error: the password is looked for in $${passwordVariable}, which is not set`);
  }
  return sendBy(new Sender(journal, { server: smtp, password, cap, version }), config);
}

interface Answering {
  readonly paths: readonly string[];
  readonly options: Options;
  readonly means: ReviewMeans;
  readonly config: ReplyConfig;
  readonly delivery: Delivery;
}

async function answer({ paths, options, means, config, delivery }: Answering): Promise<ExitStatus> {
  const { from, self, pages } = config;
  const replies: ReplyMeans = {
    from,
    self: new Set([...self, ...ownAddress(from)]),
    version: packageVersion(),
    threads: loadThreadCards(),
    pages,
    isReversed: options.reverse,
  };
  let isInterrupted = false;
  process.once('SIGINT', () => {
    isInterrupted = true;
  });
  const tally: ReplyTally = { done: 0, failed: 0, left: 0 };
  const outcome = await runReview(
    { paths, options, means, keepsMails: true },
    {
      async patch(item, progress) {
        // What an unfinished review found may be taken back by a mail that it did not come to.
        if (!isInterrupted) await print(await delivery.take(item, replies, tally), progress);
      },
      unread(unread, progress) {
        progress.clear();
        process.stderr.write(`patchwitness: not read: ${unreadText(unread)}\n`);
        return Promise.resolve();
      },
    },
  );
  await print(delivery.end(tally));
  if (outcome.isInterrupted) {
    process.stderr.write('patchwitness: interrupted, the rest was not answered\n');
    return EXIT.interrupted;
  }
  if (outcome.isDefect) return EXIT.internal;
  return outcome.isUnreadable || tally.failed > 0 ? EXIT.unreadable : EXIT.clean;
}

function ownAddress(from: Mailbox | null): readonly string[] {
  return from === null ? [] : [from.address.toLowerCase()];
}

async function listUnknown(): Promise<ExitStatus> {
  const lines = new Journal(stateDirectory()).unknown().map(({ id, at, subject, to, patch, reason }) => {
    const why = reason === null ? 'the program ended before the server had answered' : reason;
    return `${id} ${at} "${subject}" to ${to.join(', ')}, on <${patch}>: ${why}`;
  });
  await print(lines.map((line) => `${printable(line)}\n`).join(''));
  return EXIT.clean;
}

async function resolveUnknown(words: readonly string[], command: Command): Promise<ExitStatus> {
  const [id = '', fate, ...more] = words;
  if ((fate !== 'sent' && fate !== 'unsent') || more.length > 0) {
    return command.error('error: --resolve ID sent, or --resolve ID unsent');
  }
  const directory = stateDirectory();
  const release = lockDirectory(directory, 'sending');
  try {
    const journal = new Journal(directory);
    const attempt = journal.find(id);
    if (attempt?.fate !== 'unknown') return refuse(`${id} is no mail whose fate is unknown`);
    journal.end(id, { fate: fate === 'sent' ? 'sent' : 'later' }, new Date(), true);
    await print(`${printable(`"${attempt.subject}"`)}: ${fate}\n`);
    return EXIT.clean;
  } finally {
    release();
  }
}

function refuse(reason: string): ExitStatus {
  process.stderr.write(`patchwitness: ${printable(reason)}\n`);
  return EXIT.unreadable;
}
