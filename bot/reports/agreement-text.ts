/** The agreement report for people: each place with what was quoted and said there, and a table of how often both spoke. */

import type {
  AboutPatch,
  AgreementCounts,
  Answer,
  HumanObjection,
  JudgedFinding,
  Verdict,
} from '../scan/agreement.ts';
import type { AgreementRow } from '../scan/agreement-tally.ts';
import type { AgreementReporter } from './agreement-types.ts';
import { mailLink } from './mail-link.ts';
import { counted, INDENT } from './phrases.ts';
import { printable } from './printable.ts';

/** `isQuiet`: the places only; `isVerbose`: also findings of which nobody speaks. */
export function agreementTextReporter(detail: 'quiet' | 'normal' | 'verbose'): AgreementReporter {
  return {
    begin: () => '',
    item: (item) => (item.kind === 'finding' ? findingText(item, detail) : objectionText(item)),
    end: (counts, rows) => (detail === 'quiet' ? '' : `${tableText(rows)}${countsText(counts)}`),
  };
}

/** More answers at one place are counted. */
const MAX_ANSWERS = 3;

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  both: 'both',
  author: 'the author agrees',
  robot: 'two programs',
  other: 'program only, people speak of something else there',
  bot: 'program only',
};

function findingText(item: JudgedFinding, detail: 'quiet' | 'normal' | 'verbose'): string {
  const { verdict, finding, answers } = item;
  if (verdict === 'bot' && detail === 'quiet') return '';
  const { path, line, rule, message } = finding;
  return [
    `${printable(path)}:${line}: ${VERDICT_WORDS[verdict]}: [${rule}] ${printable(message)}`,
    patchText(item),
    ...(verdict === 'bot' && answers.length > 0 ? [`${INDENT}spoken of without a quoted line:`] : []),
    ...answers.slice(0, MAX_ANSWERS).flatMap((answer) => answerText(answer, item)),
    ...(answers.length > MAX_ANSWERS ? [`${INDENT}and ${answers.length - MAX_ANSWERS} more`] : []),
    '\n',
  ].join('\n');
}

function objectionText(item: HumanObjection): string {
  const { rules, topic, answer, more } = item;
  const place = answer.quoted === null ? '' : `${printable(answer.quoted.path)}:${answer.quoted.line}: `;
  return [
    `${place}people only: ${topic ?? `[${rules.join('] [')}]`}`,
    patchText(item),
    ...answerText(answer, item),
    ...(more === 0 ? [] : [`${INDENT}and ${more} more`]),
    '\n',
  ].join('\n');
}

function patchText({ subject, messageId, lists }: AboutPatch): string {
  return `${INDENT}"${printable(subject)}" ${placeOf(lists, messageId)}`;
}

function placeOf(lists: readonly string[], messageId: string | null): string {
  return printable(mailLink(lists, messageId) ?? (messageId === null ? '' : `<${messageId}>`));
}

function answerText(answer: Answer, { lists }: AboutPatch): readonly string[] {
  const { from, date, messageId, quoted, words } = answer;
  const day = date === null ? '' : `, ${date.slice(0, 10)}`;
  return [
    `${INDENT}${printable(from)}${day} ${placeOf(lists, messageId)}`,
    ...(quoted === null ? [] : [`${INDENT}${INDENT}> ${printable(quoted.text)}`]),
    ...words.map((line) => `${INDENT}${INDENT}${printable(line)}`),
  ];
}

const HEADS = ['both', 'author', 'robots', 'other', 'program', 'people'] as const;

function tableText(rows: readonly AgreementRow[]): string {
  if (rows.length === 0) return '';
  const wide = Math.max(...rows.map(({ name }) => name.length));
  const head = `${''.padEnd(wide)}${HEADS.map((title) => title.padStart(COLUMN)).join('')}`;
  const lines = rows.map(({ name, both, author, robot, other, bot, human }) => {
    const counts = [both, author, robot, other, bot, human];
    return `${name.padEnd(wide)}${counts.map((count) => String(count).padStart(COLUMN)).join('')}`;
  });
  return `${[head, ...lines].join('\n')}\n\n`;
}

const COLUMN = 9;

function countsText({ series, patches, answers, own, robots }: AgreementCounts): string {
  return (
    `${counted(series, 'series', 'series')}, ${counted(patches, 'patch', 'patches')}, ` +
    `${counted(answers, 'answer')} of other people, ${own} of the author, ${robots} of programs\n`
  );
}
