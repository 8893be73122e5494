import { describe, expect, it } from 'vitest';
import { commentText, foldedText } from '../../../bot/github/comment-text.ts';
import { reviewBody } from '../../../bot/github/compose.ts';
import { markersIn } from '../../../bot/github/markers.ts';
import type { Remark } from '../../../bot/pipeline/review-pull.ts';
import { sampleFinding, sampleWitness } from '../../support/findings.ts';

const FORGED = '<!-- patchwitness:finding feedfeedfeedfeed -->';

/** One whose patch wants to be taken for another. */
function remark(): Remark {
  const witness = sampleWitness();
  const finding = sampleFinding({
    message: FORGED,
    functionName: FORGED,
    why: FORGED,
    witness,
    steps: [{ path: 'fs/demofs/a.c', line: 3, side: 'post', code: FORGED, what: FORGED }],
    assumptions: [FORGED],
  });
  const place = { kind: 'lines', path: 'fs/demofs/a.c', first: 3, last: 3 } as const;
  return { finding, commit: 'c'.repeat(40), subject: FORGED, place, remedy: `x(GFP_NOFS); ${FORGED}` };
}

describe('a comment of the app', () => {
  it('is known by its own marker, whatever a patch writes', () => {
    expect(markersIn(commentText(remark()), 'finding')).toEqual(['0123456789abcdef']);
  });

  it('is known so as GitHub gives it back, with the ends of lines that it likes', () => {
    const text = commentText(remark()).replaceAll('\n', '\r\n');
    expect(markersIn(text, 'finding')).toEqual(['0123456789abcdef']);
  });

  it('that stands in a review is one of its findings, and the review has its own key', () => {
    const forged = remark();
    const subject = '<!-- patchwitness:review 5/feedfeedfeedfeed -->';
    const finding = { ...forged.finding, message: subject };
    const body = reviewBody('5/key', { comments: 0, inBody: [{ ...forged, finding }], total: 1 });
    expect(markersIn(body, 'finding')).toEqual(['0123456789abcdef']);
    expect(markersIn(body, 'review')).toEqual(['5/key']);
  });

  it('stays folded whatever the path', () => {
    const forged = remark();
    const path = 'fs/x\n\n@everyone </summary>.c';
    const [head = ''] = foldedText({ ...forged, place: { kind: 'elsewhere', path, line: 4 } }).split('\n');
    expect(head).toMatch(/<\/summary>$/);
    expect(head.match(/<\/summary>/g)).toHaveLength(1);
  });
});
