/**
 * What is to be said of a pull request, as plain data: remarks and what was said before go in; out come the comments of one
 * review, comments at files, the review's text, and the check run. Each remark is in one of them, and all are in the check run
 * as far as it has room. Pure.
 */

import { createHash } from 'node:crypto';
import { CONFIDENCES } from '../../analyzers/vocabulary/finding.ts';
import type { Remark } from '../pipeline/review-pull.ts';
import { counted } from '../reports/phrases.ts';
import { commentText, foldedText } from './comment-text.ts';
import type { Conversation } from './conversation.ts';
import { MAX_BODY } from './limits.ts';
import { marker } from './markers.ts';

export interface LineComment {
  readonly remark: Remark;
  readonly path: string;
  /** Equal to `line` for one line. */
  readonly startLine: number;
  readonly line: number;
  readonly body: string;
}

export interface FileComment {
  readonly remark: Remark;
  readonly path: string;
  readonly body: string;
}

export interface Composed {
  readonly lines: readonly LineComment[];
  readonly files: readonly FileComment[];
  /** Remarks for the review's text. */
  readonly inBody: readonly Remark[];
}

/** The surest first, and then as the commits have them. */
export function compose(remarks: readonly Remark[], before: Conversation, budget: number): Composed {
  const said = fingerprintsSaid(before);
  const seen = new Set<string>();
  const fresh = remarks.filter(({ finding: { fingerprint } }) => {
    const isNew = !said.has(fingerprint) && !seen.has(fingerprint);
    seen.add(fingerprint);
    return isNew;
  });
  const sorted = fresh.toSorted((a, b) => rank(b) - rank(a));
  const told = sorted.slice(0, budget);
  const lines: LineComment[] = [];
  const files: FileComment[] = [];
  const inBody: Remark[] = [];
  for (const remark of told) {
    const { place } = remark;
    switch (place.kind) {
      case 'lines':
        // A suggestion replaces all lines of its comment.
        lines.push({
          remark,
          path: place.path,
          startLine: remark.remedy === null ? place.first : place.last,
          line: place.last,
          body: commentText(remark),
        });
        break;
      case 'file':
        files.push({ remark, path: place.path, body: commentText(remark) });
        break;
      case 'elsewhere':
        inBody.push(remark);
        break;
    }
  }
  return { lines, files, inBody: [...inBody, ...sorted.slice(budget)] };
}

/** What stands in the pull request already, in threads or in texts of reviews. */
export function fingerprintsSaid({ threads, reviews }: Conversation): ReadonlySet<string> {
  return new Set([
    ...threads.map(({ fingerprint }) => fingerprint),
    ...reviews.flatMap(({ fingerprints }) => fingerprints),
  ]);
}

function rank({ finding: { confidence } }: Remark): number {
  return CONFIDENCES.indexOf(confidence);
}

/** The text of a review; what does not fit is counted, and stands in the check run. */
export function reviewBody(
  key: string,
  {
    comments,
    inBody,
    total,
  }: { readonly comments: number; readonly inBody: readonly Remark[]; readonly total: number },
): string {
  const head = [
    `**patchwitness**: ${counted(total, 'new finding')}${comments === 0 ? '' : `, ${counted(comments, 'comment')} below`}.`,
    '',
  ];
  const end = ['', marker('review', key)].join('\n');
  let text = head.join('\n');
  let used = 0;
  for (const remark of inBody) {
    const next = `${text}\n${foldedText(remark)}\n`;
    if (next.length + leftText(inBody.length).length + end.length > MAX_BODY) break;
    text = next;
    used++;
  }
  return `${text}${leftText(inBody.length - used)}${end}`;
}

function leftText(count: number): string {
  return count === 0 ? '' : `\n${counted(count, 'more finding')} did not fit here; the check run has all.`;
}

/** What a review is known by: the state of the pull request that it speaks of. */
export function stateKey(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}
