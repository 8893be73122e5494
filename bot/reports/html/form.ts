/**
 * The report as a page for a browser: an overview, and each patch or file with what was found in it. Groups are written as they
 * come, each as data of its own that the page reads when somebody opens it; the index of all findings stands behind them.
 */

import type { RuleMeta } from '../../../analyzers/rules/types.ts';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';
import type { PatchContext, PatchReport } from '../../pipeline/types.ts';
import { type FindingForm, type FindingGroup, type FormOf, findingsOf } from '../form.ts';
import { unreadText } from '../phrases.ts';
import type { Threads } from '../plain-finding.ts';
import { printable } from '../printable.ts';
import { notableClauses } from '../series-words.ts';
import { patchName } from '../text.ts';
import type { FindingRow, GroupHead, ReportIndex, SeriesData } from './data.ts';
import { groupData } from './group-data.ts';
import { dataScript, makePage } from './page.ts';

/** More are only counted. */
const MAX_UNREAD = 1_000;

export interface HtmlOptions {
  readonly command: FormOf;
  readonly version: string;
  /** The rules of the run. */
  readonly rules: readonly RuleMeta[];
  readonly threads: Threads;
}

export function htmlForm({ command, version, rules, threads }: HtmlOptions): FindingForm {
  const page = makePage(`patchwitness ${command}`);
  const contents = new Contents();
  const unread: string[] = [];
  let unreadCount = 0;
  return {
    begin: () => page.head,
    group(group) {
      const number = contents.add(group);
      return number === null ? '' : dataScript(`group-${number}`, groupData(group, threads));
    },
    unread(part) {
      unreadCount++;
      if (unread.length < MAX_UNREAD) unread.push(unreadText(part));
      return '';
    },
    end({ text }) {
      const index: ReportIndex = {
        kind: command,
        version,
        summary: text.trim(),
        rules: rules.map(({ id, summary }) => ({ id, summary })),
        ...contents.listed(),
        unread,
        moreUnread: unreadCount - unread.length,
      };
      return `${dataScript('index', index)}${page.end}`;
    },
  };
}

type Listed = Pick<ReportIndex, 'series' | 'groups' | 'findings' | 'months'>;

/** What the index says of the groups that went by. */
class Contents {
  private readonly series = new Map<string, { readonly place: number; readonly data: SeriesData }>();
  private readonly groups: GroupHead[] = [];
  private readonly findings: FindingRow[] = [];
  private readonly months = new Map<string, number>();
  private readonly ids = new Map<string, number>();

  /** The number of the group; null where nothing was found in it. */
  add(group: FindingGroup): number | null {
    const month = group.kind === 'patch' ? monthOf(group.report) : null;
    if (month !== null) this.months.set(month, (this.months.get(month) ?? 0) + 1);
    const findings = findingsOf(group);
    if (findings.length === 0) return null;
    const number = this.groups.length;
    const context = group.kind === 'patch' ? group.report.context : undefined;
    this.groups.push({ title: titleOf(group), series: this.placeOf(context?.series ?? null), month });
    for (const finding of findings) this.findings.push(this.row(finding, group, number));
    return number;
  }

  listed(): Listed {
    const { groups, findings } = this;
    const months = [...this.months].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return { series: [...this.series.values()].map(({ data }) => data), groups, findings, months };
  }

  private row(finding: Finding, { kind }: FindingGroup, group: number): FindingRow {
    const { rule, confidence, status, path, line, functionName, message, fingerprint, witness } = finding;
    return {
      id: this.idOf(fingerprint),
      group,
      rule,
      confidence,
      status: kind === 'patch' ? status : null,
      path: printable(path),
      line,
      functionName: functionName === null ? null : printable(functionName),
      message: printable(message),
      fingerprint,
      note: notableClauses(finding).join(', '),
      hasWitness: witness !== null,
    };
  }

  /** Versions of a series bring the same finding again. */
  private idOf(fingerprint: string): string {
    const count = (this.ids.get(fingerprint) ?? 0) + 1;
    this.ids.set(fingerprint, count);
    return count === 1 ? fingerprint : `${fingerprint}-${count}`;
  }

  private placeOf(series: PatchContext['series']): number | null {
    if (series === null) return null;
    const known = this.series.get(series.id);
    if (known !== undefined) return known.place;
    const place = this.series.size;
    this.series.set(series.id, { place, data: { title: printable(series.title), version: series.version } });
    return place;
  }
}

function titleOf(group: FindingGroup): string {
  if (group.kind === 'file') return printable(group.file.path);
  const { isMail, commit, subject } = group.report;
  return isMail || commit !== null ? printable(subject) : patchName(group.report);
}

/** ISO 8601 begins with it. */
function monthOf({ date }: PatchReport): string | null {
  return /^\d{4}-\d{2}/.exec(date ?? '')?.[0] ?? null;
}
