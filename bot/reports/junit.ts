/**
 * JUnit XML, for servers that show test results: a suite a patch or file, a test case a finding. What a run complains of has
 * failed, advice, what was there before and what the series takes away again is skipped, what a patch fixes has passed; a patch without findings is a case
 * that has passed. Names of cases hold no line numbers, so that a server knows them again.
 *
 * There is no standard: it is what both the schema of Apache Ant's reports and those of Jenkins take. They ask for times
 * and a host; nothing here depends on either.
 */

import { type Finding, isStanding } from '../../analyzers/vocabulary/finding.ts';
import type { Unread } from '../pipeline/types.ts';
import { type FindingForm, type FindingGroup, findingsOf, isComplaint } from './form.ts';
import { escaped } from './markup.ts';
import { unreadText } from './phrases.ts';
import { plainFinding, type Threads } from './plain-finding.ts';
import { printable } from './printable.ts';
import { notableSuffix } from './series-words.ts';
import { patchName } from './text.ts';

type Outcome = 'passed' | 'failed' | 'skipped';

interface Case {
  readonly classname: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** On one line; what is skipped has no place for it. */
  readonly message: string;
  readonly body: string;
}

const NO_TIME = 'timestamp="1970-01-01T00:00:00" hostname="localhost" time="0"';

/** A damaged archive must not bury the findings. */
const MAX_UNREAD = 1_000;

export function junitForm(threads: Threads): FindingForm {
  let suites = 0;
  const unread: Unread[] = [];
  let unreadCount = 0;
  const suite = (name: string, cases: readonly Case[]): string => suiteText(suites++, name, cases);
  return {
    begin: () => '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n',
    group(group) {
      const name = nameOf(group);
      const cases = findingsOf(group).map((finding) => findingCase(finding, group, threads));
      return suite(name, cases.length > 0 ? cases : [passed(name, 'nothing found')]);
    },
    unread(part) {
      unreadCount++;
      if (unread.length < MAX_UNREAD) unread.push(part);
      return '';
    },
    end({ text }) {
      const more = unreadCount - unread.length;
      const cases = [
        ...unread.map((part) => unreadCase(part.source, unreadText(part))),
        ...(more === 0 ? [] : [unreadCase('patchwitness', `${more} more parts`)]),
      ];
      const [first = '', ...rest] = text.trimEnd().split('\n');
      const summary = suite('summary', [passed('patchwitness', [first, ...rest].join('; '))]);
      return `${cases.length === 0 ? '' : suite('not read', cases)}${summary}</testsuites>\n`;
    },
  };
}

function nameOf(group: FindingGroup): string {
  return group.kind === 'patch' ? patchName(group.report) : group.file.path;
}

function findingCase(finding: Finding, group: FindingGroup, threads: Threads): Case {
  const { rule, path, line, functionName, fingerprint, confidence, status, message } = finding;
  const place = functionName === null ? '' : ` in ${functionName}()`;
  const isOurs = isComplaint(finding, group);
  const word = isOurs ? confidence : status;
  return {
    classname: path,
    name: `${rule}${place} [${fingerprint}]`,
    outcome: outcomeOf(finding, group),
    message: `${path}:${line}: ${word}: ${message}${notableSuffix(finding)}`,
    body: plainFinding(finding, group, threads),
  };
}

/** What the series takes away again itself is told, but has not failed. */
function outcomeOf(finding: Finding, group: FindingGroup): Outcome {
  const hasFailed = group.kind === 'file' || isStanding(finding);
  if (hasFailed) return finding.confidence === 'advice' ? 'skipped' : 'failed';
  return finding.status === 'fixed' ? 'passed' : 'skipped';
}

function unreadCase(classname: string, message: string): Case {
  return { classname, name: message, outcome: 'skipped', message: '', body: `not read: ${message}` };
}

function passed(classname: string, name: string): Case {
  return { classname, name, outcome: 'passed', message: '', body: '' };
}

function suiteText(id: number, name: string, cases: readonly Case[]): string {
  const count = (outcome: Outcome): number => cases.filter((one) => one.outcome === outcome).length;
  const counts = `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`;
  // A passed case has no room for what it is about.
  const told = cases.flatMap(({ outcome, body }) => (outcome === 'passed' && body !== '' ? [body] : []));
  return [
    `<testsuite id="${id}" package="patchwitness" name="${attribute(name)}" ${counts} ${NO_TIME}>`,
    '<properties><property name="tool" value="patchwitness"/></properties>',
    ...cases.map(caseText),
    `<system-out>${escaped(told.join('\n\n'))}</system-out>`,
    '<system-err></system-err>',
    '</testsuite>\n',
  ].join('\n');
}

function caseText({ classname, name, outcome, message, body }: Case): string {
  const open = `<testcase classname="${attribute(classname)}" name="${attribute(name)}" time="0"`;
  switch (outcome) {
    case 'passed':
      return `${open}/>`;
    case 'skipped':
      return `${open}><skipped>${escaped(body)}</skipped></testcase>`;
    case 'failed':
      return `${open}><failure type="patchwitness" message="${attribute(message)}">${escaped(body)}</failure></testcase>`;
  }
}

/** On one line. */
function attribute(text: string): string {
  return escaped(printable(text));
}
