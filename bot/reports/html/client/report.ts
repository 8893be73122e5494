/** The data of the report as it stands in the page: the index at once, each group when it is asked for. */

import type { FindingRow, GroupData, LocksIndex, ReportIndex } from '../data.ts';
import type { Filters } from './route.ts';

export class Report {
  readonly index: ReportIndex;
  private readonly groups = new Map<number, GroupData>();
  private readonly words = new Map<FindingRow, string>();
  private readonly places: ReadonlyMap<string, number>;

  constructor(index: ReportIndex) {
    this.index = index;
    this.places = new Map(index.findings.map(({ id }, place) => [id, place]));
  }

  find(id: string): FindingRow | null {
    return this.index.findings[this.places.get(id) ?? -1] ?? null;
  }

  group(number: number): GroupData {
    const known = this.groups.get(number);
    if (known !== undefined) return known;
    const data: GroupData = readGroup(number);
    this.groups.set(number, data);
    return data;
  }

  /** Findings of a group, in the order of its data. */
  rowsOf(group: number): readonly FindingRow[] {
    return this.index.findings.filter((row) => row.group === group);
  }

  matching(filters: Filters): readonly FindingRow[] {
    const path = filters.path.trim().toLowerCase();
    const words = filters.text.toLowerCase().split(/\s+/);
    return this.index.findings.filter(
      (row) =>
        (filters.rule === '' || row.rule === filters.rule) &&
        (filters.confidence === '' || row.confidence === filters.confidence) &&
        (filters.status === '' || row.status === filters.status) &&
        (path === '' || row.path.toLowerCase().includes(path)) &&
        words.every((word) => this.textOf(row).includes(word)),
    );
  }

  titleOf({ group }: FindingRow): string {
    return this.index.groups[group]?.title ?? '';
  }

  private textOf(row: FindingRow): string {
    const known = this.words.get(row);
    if (known !== undefined) return known;
    const { rule, path, functionName, message, fingerprint, note } = row;
    const text = [rule, path, functionName ?? '', message, fingerprint, note, this.titleOf(row)];
    const made = text.join('\n').toLowerCase();
    this.words.set(row, made);
    return made;
  }
}

export function readIndex(): ReportIndex | LocksIndex {
  return JSON.parse(textOf('index'));
}

/** What one patch, file or class has, of the shape that the kind of report says. */
export function readGroup(number: number): ReturnType<typeof JSON.parse> {
  return JSON.parse(textOf(`group-${number}`));
}

/** Of the script that holds the data. */
function textOf(id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}
