/**
 * SARIF 2.1.0: what code scanners, editors and GitHub's code scanning read. One log with one run, written result by
 * result, so that an archive of any length passes through. What GitHub would refuse is cut, and the run says so.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */

import type { Invocation, Notification, ToolComponent } from 'sarif';
import type { RuleMeta } from '../../analyzers/rules/types.ts';
import type { ThreadCard } from '../../corpus/threads/load.ts';
import type { Unread } from '../pipeline/types.ts';
import { type FindingForm, type FormOf, findingsOf } from './form.ts';
import { unreadText } from './phrases.ts';
import { cutText, MAX_NOTIFICATIONS, MAX_RESULTS, MAX_RESULTS_WITH_FLOWS } from './sarif-limits.ts';
import { SOURCE_ROOT, sourceLocation } from './sarif-location.ts';
import { sarifResult } from './sarif-result.ts';
import { sarifRule } from './sarif-rules.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** What `Unread.reason` of a defect of the program begins with. */
const DEFECT = 'internal error';

const NOT_READ = 'not-read';

export interface SarifOptions {
  readonly command: FormOf;
  readonly version: string;
  /** The rules of the run. */
  readonly rules: readonly RuleMeta[];
  /** Their pages by id, in Markdown. */
  readonly pages: ReadonlyMap<string, string>;
  readonly threads: ReadonlyMap<string, ThreadCard>;
}

export function sarifForm(options: SarifOptions): FindingForm {
  const indexes = new Map(options.rules.map(({ id }, index) => [id, index]));
  const notifications: Notification[] = [];
  let results = 0;
  const cut = { results: 0, flows: 0, notifications: 0 };
  let hasDefect = false;
  return {
    begin: () => head(options),
    group: (group) =>
      findingsOf(group)
        .map((finding) => {
          if (results === MAX_RESULTS) {
            cut.results++;
            return '';
          }
          const { result, hasFlows } = sarifResult(finding, group, {
            ruleIndex: indexes.get(finding.rule),
            withFlows: results < MAX_RESULTS_WITH_FLOWS,
            threads: options.threads,
          });
          results++;
          if (!hasFlows) cut.flows++;
          return `${results === 1 ? '' : ','}\n${JSON.stringify(result)}`;
        })
        .join(''),
    unread(part) {
      hasDefect ||= part.reason.startsWith(DEFECT);
      if (notifications.length < MAX_NOTIFICATIONS) notifications.push(notRead(part));
      else cut.notifications++;
      return '';
    },
    end({ left }) {
      const said = [...cutText(cut), ...(left === 0 ? [] : [`interrupted: ${left} files not looked at`])];
      const invocation: Invocation = {
        executionSuccessful: !hasDefect && left === 0,
        toolExecutionNotifications: [
          ...notifications,
          ...said.map((text): Notification => ({ level: 'warning', message: { text } })),
        ],
      };
      const cuts = cutText(cut);
      const properties = cuts.length === 0 ? '' : `,"properties":${JSON.stringify({ cut: cuts })}`;
      return `\n],"invocations":${JSON.stringify([invocation])}${properties}}]}\n`;
    },
  };
}

/** Everything in front of the first result. */
function head({ command, version, rules, pages }: SarifOptions): string {
  const driver: ToolComponent = {
    name: 'patchwitness',
    version,
    semanticVersion: version,
    rules: rules.map((meta) => sarifRule(meta, pages.get(meta.id))),
    notifications: [
      {
        id: NOT_READ,
        name: 'NotRead',
        shortDescription: { text: 'A part of the input was not read, or not to the end.' },
        fullDescription: {
          text: 'Nothing was looked for in it, so that nothing being found there says nothing.',
        },
        help: { text: 'The notification says which part it is, and why.' },
      },
    ],
  };
  const bases = { [SOURCE_ROOT]: { description: { text: 'The root of the source tree.' } } };
  const fields = [
    ['tool', { driver }],
    ['automationDetails', { id: `patchwitness/${command}/` }],
    ['originalUriBaseIds', bases],
    ['columnKind', 'utf16CodeUnits'],
  ] as const;
  const run = fields.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join(',\n');
  return `{"$schema":"${SCHEMA}","version":"2.1.0","runs":[{\n${run},\n"results":[`;
}

function notRead(part: Unread): Notification {
  const { source, message, path, line, reason } = part;
  // Of a source file that was linted the place is known; what is inside a mail has none.
  const isFile = message === null && path === null && line !== null;
  return {
    descriptor: { id: NOT_READ, index: 0 },
    level: reason.startsWith(DEFECT) ? 'error' : 'warning',
    message: { text: unreadText(part) },
    ...(isFile ? { locations: [sourceLocation({ path: source, line })] } : {}),
  };
}
