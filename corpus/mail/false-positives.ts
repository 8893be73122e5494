/**
 * Who says that a finding is wrong: the text of a mail goes in, the fingerprints come out that it calls false alarms, each
 * on a line of its own, `patchwitness: false-positive 0123456789abcdef`. Only the sender's own words count: no line that
 * is quoted or indented, nothing behind a signature, a patch or a message quoted without marks.
 */

const CLAIM = /^patchwitness: false-positive ([0-9a-f]{16})[\t \r]{0,8}$/;

/** What all such lines have in common: most texts are passed by one scan. */
const WORDS = 'patchwitness: false-positive ';

/** From here on others speak, or a diff. */
const NOT_ONES_OWN =
  /^(?:-- \r?$|diff -|Index: |--- \S|@@ -|From:[\t ]|[\t ]{0,8}-{2,20} ?Original Message ?-{2,20}|[\t ]{0,8}-{2,20} ?Forwarded message ?-{2,20})/i;

/** Nobody answers more findings in one mail. */
const MAX_CLAIMS = 100;

export function falsePositives(text: string): readonly string[] {
  if (!text.includes(WORDS)) return [];
  const claims = new Set<string>();
  for (let at = 0; at < text.length && claims.size < MAX_CLAIMS; ) {
    const lf = text.indexOf('\n', at);
    const end = lf < 0 ? text.length : lf;
    const line = text.slice(at, Math.min(end, at + MAX_LINE));
    at = end + 1;
    if (NOT_ONES_OWN.test(line)) break;
    const claim = CLAIM.exec(line)?.[1];
    if (claim !== undefined) claims.add(claim);
  }
  return [...claims];
}

/** A longer line is no claim. */
const MAX_LINE = 200;
