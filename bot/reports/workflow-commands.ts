/**
 * GitHub workflow commands: printed in a job of GitHub Actions they become annotations at their lines.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */

import { complaintsOf, type FindingForm, type FindingGroup, type Severity, severityOf } from './form.ts';
import { counted, unreadText } from './phrases.ts';
import { plainFinding, type Threads } from './plain-finding.ts';
import { printable } from './printable.ts';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  note: 'notice',
};

/** "10 warning annotations, 10 error annotations, and 10 notice annotations per step" are shown; the log has all. */
const MAX_SHOWN = 10;

export function workflowForm(threads: Threads): FindingForm {
  const counts: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
  return {
    begin: () => '',
    group: (group) =>
      complaintsOf(group)
        .map((finding) => {
          const severity = severityOf(finding);
          counts[severity]++;
          const properties = {
            file: pathInTree(finding.path, group),
            line: String(finding.line),
            title: `${finding.confidence}: ${finding.rule}`,
          };
          return command(COMMANDS[severity], properties, plainFinding(finding, group, threads));
        })
        .join(''),
    unread: (part) => command('notice', { title: 'not read' }, unreadText(part)),
    end({ text }) {
      const hidden = Object.values(counts).reduce((sum, count) => sum + Math.max(0, count - MAX_SHOWN), 0);
      const more =
        hidden === 0
          ? ''
          : `${counted(hidden, 'finding')} more than GitHub shows, ${MAX_SHOWN} of a level: they are in this log\n`;
      return `${text}${more}`;
    },
  };
}

/** Annotations stand at files of the checkout. */
function pathInTree(path: string, group: FindingGroup): string {
  return group.kind === 'file' && path === group.file.path ? group.file.treePath : path;
}

function command(name: string, properties: Readonly<Record<string, string>>, text: string): string {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(value)}`);
  return `::${name} ${listed.join(',')}::${escapedData(text)}\n`;
}

/** As `@actions/core` does it: the runner undoes it. */
function escapedData(text: string): string {
  return text.split('\n').map(printable).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
