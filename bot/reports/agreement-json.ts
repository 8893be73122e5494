/**
 * The agreement report for programs: one JSON document, an item a line, version 1. `docs/agreement-v1.schema.json` is made from its
 * shape; fields may be added within a version, none changes its meaning or goes away.
 */

import { z } from 'zod';
import {
  type AboutPatch,
  type Answer,
  type HumanObjection,
  type JudgedFinding,
  VERDICTS,
} from '../scan/agreement.ts';
import type { AgreementReporter } from './agreement-types.ts';
import { jsonDocument } from './json-document.ts';
import { tool } from './json-schema.ts';
import { mailLink } from './mail-link.ts';

export const AGREEMENT_SCHEMA_VERSION = 1;

const count = z.int().min(0);
const text = z.string();
const link = text.nullable().describe('At lore.kernel.org, where that keeps the list');

const answer = z.strictObject({
  messageId: text.nullable(),
  link,
  from: text,
  date: text.nullable().describe('ISO 8601, UTC'),
  quoted: z
    .strictObject({ path: text, line: z.int().min(1), text: text.describe('With +, - or a blank in front') })
    .nullable()
    .describe('The line of the patch that is quoted last'),
  words: z.array(text).describe('A few lines of what is said'),
});

const patch = {
  series: z.strictObject({ id: text, title: text, version: z.int().min(0) }),
  lists: z.array(text),
  subject: text,
  messageId: text.nullable(),
  link,
};

const finding = z.strictObject({
  rule: text,
  confidence: z.enum(['advice', 'likely', 'confirmed']),
  status: z.enum(['introduced', 'pre-existing', 'fixed']),
  path: text,
  line: z.int().min(1),
  functionName: text.nullable(),
  message: text,
  fingerprint: text,
});

const findingItem = z.strictObject({
  verdict: z
    .enum(VERDICTS)
    .describe(
      'Who says the same there: other people, the author, another program; else whether people speak of something else there',
    ),
  finding,
  ...patch,
  answers: z.array(answer),
});

const objectionItem = z.strictObject({
  rules: z.array(text).describe('Whose words are said'),
  topic: text.nullable().describe('What is spoken of, in words of several rules'),
  ...patch,
  answer,
  more: count.describe('Further passages that say the same of this hunk'),
});

export const agreementSchema = z
  .strictObject({
    schemaVersion: z.literal(AGREEMENT_SCHEMA_VERSION),
    tool,
    items: z.array(
      z.union([z.strictObject({ judged: findingItem }), z.strictObject({ objection: objectionItem })]),
    ),
    summary: z.strictObject({
      series: count,
      patches: count,
      answers: count.describe('Of people who are not the author'),
      own: count,
      robots: count,
      waiting: count.describe('Series that are not reviewed yet'),
      rows: z.array(
        z.strictObject({
          name: text,
          isRule: z.boolean(),
          both: count,
          author: count,
          robot: count,
          other: count,
          bot: count,
          human: count,
        }),
      ),
    }),
  })
  .describe('Where people and patchwitness agree on patches');

/** The JSON Schema (draft 2020-12) of the document. */
export function agreementJsonSchema(): object {
  return z.toJSONSchema(agreementSchema, { target: 'draft-2020-12' });
}

export function agreementJsonReporter(version: string): AgreementReporter {
  const document = jsonDocument(AGREEMENT_SCHEMA_VERSION, version);
  return {
    begin: () => document.begin(),
    item: (item) =>
      document.item(
        item.kind === 'finding' ? { judged: judgedJson(item) } : { objection: objectionJson(item) },
      ),
    end: (counts, rows) => document.end({ summary: { ...counts, rows } }),
  };
}

function judgedJson(item: JudgedFinding): z.input<typeof findingItem> {
  const { verdict, answers, lists } = item;
  const { rule, confidence, status, path, line, functionName, message, fingerprint } = item.finding;
  return {
    verdict,
    finding: { rule, confidence, status, path, line, functionName, message, fingerprint },
    ...patchJson(item),
    answers: answers.map((one) => answerJson(one, lists)),
  };
}

function objectionJson(item: HumanObjection): z.input<typeof objectionItem> {
  const { rules, topic, answer: said, more, lists } = item;
  return { rules: [...rules], topic, ...patchJson(item), answer: answerJson(said, lists), more };
}

function patchJson({
  series,
  lists,
  subject,
  messageId,
}: AboutPatch): Omit<z.input<typeof objectionItem>, 'rules' | 'topic' | 'answer' | 'more'> {
  return { series, lists: [...lists], subject, messageId, link: mailLink(lists, messageId) };
}

function answerJson(
  { messageId, from, date, quoted, words }: Answer,
  lists: readonly string[],
): z.input<typeof answer> {
  return { messageId, link: mailLink(lists, messageId), from, date, quoted, words: [...words] };
}
