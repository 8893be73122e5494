/** A patch or a file with findings made ready for the page: what is known of it, its diff, and where in that each finding is. */

import type { FileDiff, Hunk } from '../../../analyzers/diff/types.ts';
import type { Finding, Step } from '../../../analyzers/vocabulary/finding.ts';
import type { PatchReport } from '../../pipeline/types.ts';
import { threadText } from '../finding-text.ts';
import { type FindingGroup, findingsOf } from '../form.ts';
import { counted } from '../phrases.ts';
import type { Threads } from '../plain-finding.ts';
import { printable } from '../printable.ts';
import { placeOfLine, remedyIn, sourceOf } from '../source-lines.ts';
import type { FileData, FindingData, GroupData, HunkData, PlaceData, StepData } from './data.ts';
import { playerData } from './player-data.ts';

/** Lines of the diff of one patch: more are left out, so that a page with thousands of patches can be opened. */
const MAX_LINES = 4_000;

/** A line of source that is longer is cut. */
const MAX_LINE_LENGTH = 400;

const MARKS: Readonly<Record<Hunk['lines'][number]['kind'], string>> = {
  context: ' ',
  add: '+',
  remove: '-',
};

export function groupData(group: FindingGroup, threads: Threads): GroupData {
  const diff = sourceOf(group);
  const files = filesData(diff);
  const placeIn = (step: StepPlace): PlaceData => {
    const place = placeOfLine(diff, step);
    if (place === null) return null;
    const { file, hunk, line } = place;
    return line < (files[file]?.hunks[hunk]?.lines.length ?? 0) ? [file, hunk, line] : null;
  };
  return {
    facts: group.kind === 'patch' ? patchFacts(group.report) : fileFacts(group.file.functions),
    files,
    findings: findingsOf(group).map((finding) => findingData(finding, threads, { placeIn, diff })),
  };
}

type StepPlace = Pick<Step, 'path' | 'line' | 'side' | 'code'>;

interface Source {
  readonly diff: readonly FileDiff[];
  /** Where the page shows a line. */
  readonly placeIn: (step: StepPlace) => PlaceData;
}

type Fact = readonly [string, string];

function patchFacts(report: PatchReport): readonly Fact[] {
  const { source, message, isMail, messageId, commit, from, author, date, base, repairs } = report;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Author', author ?? from],
    ['Sent by', author === from ? null : from],
    ['Date', date],
    ['Commit', commit],
    ['Message-ID', messageId],
    ['Read from', isMail && commit === null ? `${source}, message ${message}` : source],
    ['Reviewed on', base?.revision ?? null],
    ['Damaged', repairs.length === 0 ? null : counted(repairs.length, 'repair')],
  ];
  return facts.flatMap(([name, value]): Fact[] => (value === null ? [] : [[name, printable(value)]]));
}

function fileFacts(functions: number): readonly Fact[] {
  return [['Read', counted(functions, 'function')]];
}

function filesData(diff: readonly FileDiff[]): readonly FileData[] {
  let left = MAX_LINES;
  return diff.map(({ oldPath, newPath, hunks }) => {
    const shown: HunkData[] = [];
    for (const hunk of hunks) {
      if (left === 0) break;
      const lines = hunk.lines.slice(0, left);
      left -= lines.length;
      shown.push({
        oldStart: hunk.oldStart,
        newStart: hunk.newStart,
        heading: lineText(hunk.heading),
        lines: lines.map(({ kind, text }) => `${MARKS[kind]}${lineText(text)}`),
        cut: hunk.lines.length - lines.length,
      });
    }
    return { path: printable(newPath ?? oldPath ?? ''), hunks: shown, cut: hunks.length - shown.length };
  });
}

function lineText(text: string): string {
  const tabs = text.replaceAll('\t', '        ');
  return printable(tabs.length > MAX_LINE_LENGTH ? `${tabs.slice(0, MAX_LINE_LENGTH)}…` : tabs);
}

function findingData(finding: Finding, threads: Threads, { placeIn, diff }: Source): FindingData {
  const { steps, why, fix, assumptions, sight, witness } = finding;
  const last = steps.findLast(({ path, line }) => path === finding.path && line === finding.line);
  const remedy = remedyIn(diff, finding);
  return {
    place: placeIn({ ...finding, code: last?.code ?? '' }),
    steps: steps.map(
      (step): StepData => ({
        path: printable(step.path),
        line: step.line,
        isBefore: step.side === 'pre' && finding.side === 'post',
        code: printable(step.code),
        what: printable(step.what),
        place: placeIn(step),
      }),
    ),
    why: printable(why),
    fix: printable(fix),
    remedy: remedy === null ? null : [lineText(remedy[0]), lineText(remedy[1])],
    assumptions: assumptions.map(printable),
    sight,
    threads: finding.threads.map((id) => printable(threadText(id, threads))),
    player: witness === null ? null : playerData(witness),
  };
}
