/**
 * Where people and program agree: reviewed series and what was answered to them go in; out comes for each finding whether somebody
 * objected to the same at the same place, and each objection of a person at a place where the program found nothing. An
 * objection is what a person who is not the patch's author says right behind a quoted line of the patch, in words of a rule.
 */

import { RULES } from '../../analyzers/rules/registry.ts';
import { atLeast, type Confidence, type Finding } from '../../analyzers/vocabulary/finding.ts';
import { readIdentity } from '../../corpus/mail/identity.ts';
import { type Passage, paragraphsOf, passagesOf } from '../../corpus/objections/passages.ts';
import { loadObjectionWords, type ObjectionWords, type Spoken } from '../../corpus/objections/words.ts';
import type { Reply } from '../../corpus/series/types.ts';
import type { PatchReport } from '../pipeline/types.ts';
import type { Executor } from '../store/database.ts';
import { isAt, isNear, PatchLines, type QuotedPlace } from './quoted-place.ts';
import type { ReportFilter } from './stored-items.ts';
import { eachSeries, storedReplies, type ToldPatch, type ToldSeries } from './stored-series.ts';
import { diffOf } from './told-mails.ts';

/** What somebody said. */
export interface Answer {
  readonly messageId: string | null;
  readonly from: string;
  /** ISO 8601, UTC. */
  readonly date: string | null;
  /** The line of the patch that is quoted last; null where none is. */
  readonly quoted: { readonly path: string; readonly line: number; readonly text: string } | null;
  /** The beginning of the paragraph that matters. */
  readonly words: readonly string[];
}

/**
 * `both`: somebody objects to the same at the same place; `author`: the author himself says it there, or `robot`, another program;
 * `other`: somebody speaks of something else a few lines away; `bot`: nobody says anything there.
 */
export const VERDICTS = ['both', 'author', 'robot', 'other', 'bot'] as const;

export type Verdict = (typeof VERDICTS)[number];

export interface AboutPatch {
  readonly series: { readonly id: string; readonly title: string; readonly version: number };
  readonly lists: readonly string[];
  readonly subject: string;
  readonly messageId: string | null;
}

export interface JudgedFinding extends AboutPatch {
  readonly kind: 'finding';
  readonly verdict: Verdict;
  readonly finding: Finding;
  /** Answers at that place; for `bot` those that speak of the rule without quoting a line of the patch. */
  readonly answers: readonly Answer[];
}

export interface HumanObjection extends AboutPatch {
  readonly kind: 'objection';
  /** Whose words are said; where they are of none, `topic` names what is spoken of. */
  readonly rules: readonly string[];
  readonly topic: string | null;
  readonly answer: Answer;
  /** Further passages that say the same of the same hunk. */
  readonly more: number;
}

/** Counted while the items come. */
export interface AgreementCounts {
  series: number;
  patches: number;
  /** Answers of other people to these patches. */
  answers: number;
  /** The author's own, and those of programs: they count where there is a finding. */
  own: number;
  robots: number;
  /** Series whose review is still to come. */
  waiting: number;
}

export async function* agreement(
  executor: Executor,
  filter: ReportFilter,
  counts: AgreementCounts,
): AsyncGenerator<JudgedFinding | HumanObjection> {
  const question = questionOf(filter);
  // What is found at a place counts there, whatever of it is told.
  for await (const told of eachSeries(executor, filter.series)) {
    counts.series++;
    if (told.isWaiting) counts.waiting++;
    for (const patch of told.patches) {
      // What a version takes over was answered in the one before.
      if (patch.report === null || patch.patch.carriedFrom !== null) continue;
      counts.patches++;
      const remarks = await remarksTo(executor, told, patch, question.words, counts);
      const about = aboutPatch(told, patch);
      yield* judged(about, patch.report, remarks, question);
      yield* unseen(about, patch.report, remarks, question);
    }
  }
}

/** What is looked for. */
interface Question {
  readonly words: ObjectionWords;
  /** With what the paths of places begin. */
  readonly path: string;
  readonly rules: ReadonlySet<string>;
  readonly minConfidence: Confidence;
}

function questionOf({ findings }: ReportFilter): Question {
  const all = RULES.map(({ meta }) => meta.id);
  return {
    words: loadObjectionWords(all),
    path: findings?.path ?? '',
    rules: new Set(findings?.rules ?? all),
    minConfidence: findings?.minConfidence ?? 'advice',
  };
}

function isAsked({ rule, confidence, path, status }: Finding, question: Question): boolean {
  return (
    status !== 'fixed' &&
    question.rules.has(rule) &&
    atLeast(confidence, question.minConfidence) &&
    path.startsWith(question.path)
  );
}

function aboutPatch({ series: { id, title, version }, lists }: ToldSeries, { mail }: ToldPatch): AboutPatch {
  return { series: { id, title, version }, lists, subject: mail.subject, messageId: mail.messageId };
}

/** A passage of an answer. */
interface Remark {
  readonly by: 'person' | 'author' | 'robot';
  readonly reply: Reply & { readonly from: string };
  /** Null where no line of the patch is quoted. */
  readonly place: QuotedPlace | null;
  readonly paragraphs: readonly SpokenParagraph[];
}

interface SpokenParagraph {
  readonly lines: readonly string[];
  readonly spoken: Spoken;
}

/** Nobody's answer says more at one place. */
const MAX_PARAGRAPHS = 6;

/** Remarks of which more than these are made to one patch are talk. */
const MAX_REMARKS = 1_000;

/** What other people say of a patch. */
async function remarksTo(
  executor: Executor,
  { series }: ToldSeries,
  { patch, mail, report }: ToldPatch,
  words: ObjectionWords,
  counts: AgreementCounts,
): Promise<readonly Remark[]> {
  const own = new Set([series.from, patch.from, mail.author].map(addressOf));
  const isFound = report?.findings.some(({ status }) => status !== 'fixed') ?? false;
  const isWanted = ({ from }: Reply): boolean => {
    const by = whoIs(from, own, words);
    if (by === 'author') counts.own++;
    else if (by === 'robot') counts.robots++;
    else if (by === 'person') counts.answers++;
    return by !== null && (isFound || by === 'person');
  };
  const remarks: Remark[] = [];
  let lines: PatchLines | null = null;
  for await (const { reply, text } of storedReplies(executor, patch, isWanted)) {
    const { from } = reply;
    const by = whoIs(from, own, words);
    if (from === null || by === null || remarks.length >= MAX_REMARKS) continue;
    const passages = passagesOf(text);
    if (!isFound && !passages.some((one) => isStrong(spokenIn(one, words)))) continue;
    lines ??= new PatchLines((await diffOf(executor, mail.id)).files);
    lines.begin();
    for (const passage of passages) {
      const found = lines.find(passage.quoted, passage.said);
      const said = found === null ? passage.said : passage.said.slice(found.wrapped);
      const paragraphs = spokenIn({ ...passage, said }, words);
      if (paragraphs.length === 0) continue;
      remarks.push({ by, reply: { ...reply, from }, place: found?.place ?? null, paragraphs });
    }
  }
  return remarks;
}

/** Null for a mail without a sender. */
function whoIs(
  from: string | null,
  own: ReadonlySet<string | null>,
  words: ObjectionWords,
): Remark['by'] | null {
  if (from === null) return null;
  if (own.has(addressOf(from))) return 'author';
  return words.isRobot(from) ? 'robot' : 'person';
}

function addressOf(from: string | null): string | null {
  return from === null ? null : (readIdentity(from)?.email.toLowerCase() ?? from);
}

function spokenIn({ said }: Passage, words: ObjectionWords): readonly SpokenParagraph[] {
  return paragraphsOf(said)
    .slice(0, MAX_PARAGRAPHS)
    .map((lines) => ({ lines, spoken: words.spokenIn(lines.join('\n')) }));
}

function isStrong(paragraphs: readonly SpokenParagraph[]): boolean {
  return paragraphs.some(({ spoken }) => spoken.strong.size + spoken.general.size > 0);
}

/** Each finding that is asked for, with what people say at its place. */
function* judged(
  about: AboutPatch,
  { findings }: PatchReport,
  remarks: readonly Remark[],
  question: Question,
): Generator<JudgedFinding> {
  for (const finding of findings.filter((one) => isAsked(one, question))) {
    const { verdict, answers } = verdictOn(finding, remarks, question);
    yield { kind: 'finding', verdict, finding, answers, ...about };
  }
}

/** The answers that the first verdict goes by which anybody's words stand for. */
function verdictOn(
  finding: Finding,
  remarks: readonly Remark[],
  question: Question,
): Pick<JudgedFinding, 'verdict' | 'answers'> {
  const { rule } = finding;
  const answers: Record<Verdict, Answer[]> = { both: [], author: [], robot: [], other: [], bot: [] };
  const inStrongWords: Speaks = ({ strong }) => strong.has(rule);
  for (const remark of remarks) {
    const { place, by } = remark;
    const isPerson = by === 'person';
    // Authors explain their code, in the same words.
    const same = speaking(
      remark,
      isPerson && place !== null ? ({ any }) => any.has(rule) : inStrongWords,
      question,
    );
    if (place === null) {
      if (isPerson) answers.bot.push(...same);
    } else if (isAt(finding, place) && same.length > 0) answers[isPerson ? 'both' : by].push(...same);
    else if (isPerson && isNear(finding, place))
      answers.other.push(...speaking(remark, () => true, question));
  }
  const verdict = VERDICTS.find((one) => answers[one].length > 0) ?? 'bot';
  return { verdict, answers: answers[verdict] };
}

const IS_C = /\.[ch]$/;

/** Objections where the program found nothing of the kind, each hunk and kind once. */
function unseen(
  about: AboutPatch,
  { findings }: PatchReport,
  remarks: readonly Remark[],
  question: Question,
): readonly HumanObjection[] {
  const objections = new Map<string, HumanObjection>();
  for (const remark of remarks) {
    const { by, place, paragraphs } = remark;
    if (
      by !== 'person' ||
      place === null ||
      !IS_C.test(place.last.path) ||
      !place.last.path.startsWith(question.path)
    )
      continue;
    for (const paragraph of paragraphs) {
      const { strong, general } = paragraph.spoken;
      const rules = [...strong].filter((rule) => question.rules.has(rule)).toSorted();
      const [topic = null] = strong.size > 0 ? [] : general;
      if (rules.length === 0 && topic === null) continue;
      const spoken = paragraph.spoken.any;
      if (findings.some((one) => one.status !== 'fixed' && spoken.has(one.rule) && isAt(one, place)))
        continue;
      const key = `${place.last.hunk} ${topic ?? rules.join(' ')}`;
      const known = objections.get(key);
      if (known !== undefined) objections.set(key, { ...known, more: known.more + 1 });
      else {
        const speaks: Speaks = ({ strong: some, general: others }) =>
          topic === null ? rules.some((rule) => some.has(rule)) : others.has(topic);
        const answer = answerOf(remark, excerptOf(paragraph.lines, speaks, question));
        objections.set(key, { kind: 'objection', rules, topic, answer, more: 0, ...about });
      }
    }
  }
  return [...objections.values()];
}

/** Nobody's words are told at length. */
const MAX_WORDS = 3;
const MAX_LINE = 160;

type Speaks = (spoken: Spoken) => boolean;

/** The first lines of a paragraph that say it, or else its first lines. */
function excerptOf(lines: readonly string[], speaks: Speaks, { words }: Question): readonly string[] {
  const windows = lines.map((_, at) => lines.slice(at, at + MAX_WORDS));
  const shown = windows.find((some) => speaks(words.spokenIn(some.join('\n')))) ?? lines.slice(0, MAX_WORDS);
  return shown.map((line) => line.slice(0, MAX_LINE));
}

/** The answer with its first paragraph that says it; none where no paragraph does. */
function speaking(remark: Remark, speaks: Speaks, question: Question): readonly Answer[] {
  const paragraph = remark.paragraphs.find(({ spoken }) => speaks(spoken));
  return paragraph === undefined ? [] : [answerOf(remark, excerptOf(paragraph.lines, speaks, question))];
}

function answerOf({ reply, place }: Remark, words: readonly string[]): Answer {
  const { messageId, from, date } = reply;
  return { messageId, from, date, quoted: place === null ? null : quotedOf(place), words };
}

const SIGNS = { context: ' ', add: '+', remove: '-' } as const;

function quotedOf({ last, lines }: QuotedPlace): Answer['quoted'] {
  // A brace says nothing.
  const { path, kind, text, post, pre } = lines.findLast(({ code }) => code.length > 1) ?? last;
  return { path, line: post ?? pre ?? 1, text: `${SIGNS[kind]}${text.slice(0, MAX_LINE)}` };
}
