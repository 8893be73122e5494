/**
 * An answer to a patch, cut into passages: what is quoted, and what its sender says right behind that. The decoded text of the mail
 * goes in. Only the sender's own words count: nothing behind a signature, a diff or a message quoted without marks.
 */

export interface Passage {
  /** Lines without their marks, whoever was quoted; empty where nothing is quoted in front of the words. */
  readonly quoted: readonly string[];
  /** The sender's lines. */
  readonly said: readonly string[];
}

/** One blank at most stands in front of the marks, and one behind each. */
const MARKS = /^ ?(?:>[ \t]?){1,40}/;

/** From here on others speak, or a diff. */
const END =
  /^(?:-- ?\r?$|diff --git |Index: \S|--- a\/|@@ -\d|[\t ]{0,8}-{2,20} ?(?:Original|Forwarded) message ?-{2,20})/i;

/** `On Monday Jane Doe wrote:`, which stands in front of a quote, and may go over two lines. */
const ATTRIBUTION = /(?:wrote|writes|schrieb|said):[\t \r]{0,8}$/;
const ATTRIBUTION_BEGINS = /^On .{1,200}$/;

/** Nobody reads longer answers; logs are longer. */
const MAX_LINES = 5_000;
const MAX_LINE = 1_000;

/** What stands further behind a quote is hardly about its last line. */
const MAX_SAID = 40;

export function passagesOf(text: string): readonly Passage[] {
  const passages: Passage[] = [];
  let quoted: string[] = [];
  let said: string[] = [];
  const close = (): void => {
    const words = ownWords(said);
    if (words.length > 0) passages.push({ quoted, said: words });
  };
  for (const whole of text.split('\n', MAX_LINES)) {
    const line = whole.slice(0, MAX_LINE).trimEnd();
    if (END.test(line)) break;
    const marks = MARKS.exec(line)?.[0];
    if (marks === undefined) {
      said.push(line);
      continue;
    }
    if (said.some((one) => one !== '')) {
      close();
      // A line that is the end of an attribution only does not part two quotes.
      quoted = [];
    }
    said = [];
    quoted.push(line.slice(marks.length));
  }
  close();
  return passages;
}

function ownWords(lines: readonly string[]): readonly string[] {
  const own = lines.filter((line, at) => {
    const isBegun = ATTRIBUTION_BEGINS.test(line) && ATTRIBUTION.test(lines[at + 1] ?? '');
    // What is indented by a tab is code, or a picture.
    return !isBegun && !ATTRIBUTION.test(line) && !line.startsWith('\t');
  });
  const first = own.findIndex((line) => line !== '');
  return first < 0 ? [] : own.slice(first, first + MAX_SAID);
}

/** What a passage says, by paragraphs. */
export function paragraphsOf(said: readonly string[]): readonly (readonly string[])[] {
  const paragraphs: string[][] = [];
  let open: string[] | null = null;
  for (const line of said) {
    if (line.trim() === '') open = null;
    else if (open === null) paragraphs.push((open = [line]));
    else open.push(line);
  }
  return paragraphs;
}
