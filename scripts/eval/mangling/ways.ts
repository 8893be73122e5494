/**
 * Ways in which patches are damaged on their way to a reader. Each takes the lines of a patch and a random source with a
 * fixed seed, and gives the lines as somebody would find them, or null where the way leaves the patch as it is.
 */

export interface PatchLines {
  readonly lines: readonly string[];
  /** Index of each `@@` line, and of the line behind the hunk. */
  readonly hunks: readonly { readonly start: number; readonly end: number }[];
}

export interface Way {
  readonly name: string;
  /** The counts of the hunks tell what happened: a wrong reading is a defect. */
  readonly isDecidable: boolean;
  /** It is read as pasted text and not as a mail. */
  readonly isText: boolean;
  /** A line's text without what the damage is known to lose. */
  loss(text: string): string;
  damage(patch: PatchLines, random: Random): readonly string[] | null;
}

/** A whole number from 0 up to, but not, the bound. */
export type Random = (bound: number) => number;

/** Mulberry32: small, and the same everywhere. */
export function makeRandom(seed: number): Random {
  let state = seed | 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

const same = (text: string): string => text;
const withoutIndent = (text: string): string => text.trimStart();
const oneBlank = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Whether each line is part of a hunk, its `@@` line not included. */
function inHunks({ lines, hunks }: PatchLines): readonly boolean[] {
  const flags = lines.map(() => false);
  for (const { start, end } of hunks) flags.fill(true, start + 1, end);
  return flags;
}

const eachLine =
  (change: (line: string, isInHunk: boolean) => string) =>
  (patch: PatchLines): readonly string[] => {
    const flags = inHunks(patch);
    return patch.lines.map((line, index) => change(line, flags[index] ?? false));
  };

const eatBlank = eachLine((line, isInHunk) => (isInHunk && line.startsWith(' ') ? line.slice(1) : line));

const eatAll = eachLine((line, isInHunk) =>
  isInHunk
    ? line
        .replace(/^ ?\s+/, '')
        .replace(/\s+/g, ' ')
        .trimEnd()
    : line.replace(/\t/g, ' '),
);

const wrapAt =
  (width: number, keepBlank: boolean) =>
  ({ lines }: PatchLines): readonly string[] | null => {
    const wrapped = lines.flatMap((line) => wrapLine(line, width, keepBlank));
    return wrapped.length === lines.length ? null : wrapped;
  };

function wrapLine(line: string, width: number, keepBlank: boolean): readonly string[] {
  if (line.length <= width) return [line];
  const ink = /^[ +@-]?\s*/.exec(line)?.[0].length ?? 0;
  let at = line.lastIndexOf(' ', width);
  if (at <= ink) at = line.indexOf(' ', Math.max(width, ink));
  if (at <= ink) return [line];
  const rest = line.slice(at).trimStart();
  if (rest === '') return [line];
  return [line.slice(0, at).trimEnd() + (keepBlank ? ' ' : ''), ...wrapLine(rest, width, keepBlank)];
}

const quote =
  (marks: string) =>
  ({ lines }: PatchLines): readonly string[] => [
    'Ada Example wrote:',
    ...lines.map((line) => (marks + line).replace(/^([> ]*>) $/, '$1')),
    '',
    'Looks good to me.',
    '',
  ];

/** Changes the body of one hunk, chosen by chance. */
const inOneHunk =
  (change: (body: readonly string[], random: Random) => readonly string[] | null) =>
  ({ lines, hunks }: PatchLines, random: Random): readonly string[] | null => {
    const hunk = hunks[random(hunks.length)];
    if (hunk === undefined) return null;
    const body = change(lines.slice(hunk.start + 1, hunk.end), random);
    return body === null ? null : [...lines.slice(0, hunk.start + 1), ...body, ...lines.slice(hunk.end)];
  };

const COMMENTS = [
  ['Why?'],
  ['This looks wrong to me, the lock is held here.'],
  ['I would rather see this done by the caller, which knows the length already.'],
  ['Please do not do that here.', 'It sleeps.'],
] as const;

const dropLine = inOneHunk((body, random) => body.toSpliced(random(body.length), 1));
const doubleLine = inOneHunk((body, random) => {
  const at = random(body.length);
  return body.toSpliced(at, 0, body[at] ?? '');
});
const swapLines = inOneHunk((body, random) => {
  if (body.length < 2) return null;
  const at = random(body.length - 1);
  return body.toSpliced(at, 2, body[at + 1] ?? '', body[at] ?? '');
});

const comment = (isSpaced: boolean, place: (body: readonly string[], random: Random) => number) =>
  inOneHunk((body, random) => {
    const words = COMMENTS[random(COMMENTS.length)] ?? COMMENTS[0];
    const lines = isSpaced ? ['', ...words, ''] : words;
    return body.toSpliced(place(body, random), 0, ...lines);
  });

const anywhere = (body: readonly string[], random: Random): number => 1 + random(body.length);
const behindLongest = (body: readonly string[]): number => {
  const longest = Math.max(...body.map((line) => line.length));
  return 1 + body.findIndex((line) => line.length === longest);
};

const eatenAllAnd =
  (change: (patch: PatchLines, random: Random) => readonly string[] | null) =>
  (patch: PatchLines, random: Random): readonly string[] | null =>
    change({ lines: eatAll(patch), hunks: patch.hunks }, random);

/** One way after another, on the same hunk of the same patch. */
const eatenAnd =
  (change: (patch: PatchLines, random: Random) => readonly string[] | null) =>
  (patch: PatchLines, random: Random): readonly string[] | null =>
    change({ lines: eatBlank(patch), hunks: patch.hunks }, random);

const plain = { isDecidable: true, isText: false, loss: same } as const;

export const WAYS: readonly Way[] = [
  { ...plain, name: 'none', damage: ({ lines }) => lines },
  { ...plain, name: 'leading blank eaten', loss: withoutIndent, damage: eatBlank },
  { ...plain, name: 'all indentation eaten', loss: oneBlank, damage: eatAll },
  { ...plain, name: 'wrapped at 72', loss: oneBlank, damage: wrapAt(72, false) },
  { ...plain, name: 'wrapped at 78', loss: oneBlank, damage: wrapAt(78, false) },
  { ...plain, name: 'wrapped at 72, blank kept', loss: oneBlank, damage: wrapAt(72, true) },
  { ...plain, name: 'wrapped at 78, blank kept', loss: oneBlank, damage: wrapAt(78, true) },
  { ...plain, name: 'quoted', isText: true, damage: quote('> ') },
  { ...plain, name: 'quoted twice', isText: true, damage: quote('> > ') },
  {
    ...plain,
    name: 'trailing blanks stripped',
    loss: (text) => text.trimEnd(),
    damage: eachLine((line) => line.trimEnd()),
  },
  { ...plain, name: 'tabs expanded', loss: oneBlank, damage: eachLine((line) => expandTabs(line)) },
  {
    ...plain,
    name: 'no-break spaces',
    isText: true,
    loss: (text) => text.replaceAll('\u00a0', ' '),
    damage: eachLine((line) => line.replaceAll(' ', '\u00a0')),
  },
  {
    ...plain,
    name: 'no-break spaces in the first column of a mail',
    damage: eachLine((line, isInHunk) => (isInHunk ? line.replace(/^ /, '\u00a0') : line)),
  },
  {
    ...plain,
    name: 'HTML entities',
    isText: true,
    damage: eachLine((line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
  },
  {
    ...plain,
    name: 'dash-escaped and signed',
    isText: true,
    damage: ({ lines }) => [
      '-----BEGIN PGP SIGNED MESSAGE-----',
      'Hash: SHA1',
      '',
      ...lines.map((line) => (line.startsWith('-') ? `- ${line}` : line)),
      '-----BEGIN PGP SIGNATURE-----',
      '',
      'aW52ZW50ZWQ=',
      '-----END PGP SIGNATURE-----',
      '',
    ],
  },
  { ...plain, name: 'a line dropped', damage: dropLine },
  { ...plain, name: 'a line doubled', damage: doubleLine },
  { ...plain, name: 'two lines exchanged', damage: swapLines },
  { ...plain, name: 'comment with empty lines around', damage: comment(true, anywhere) },
  { ...plain, name: 'comment in between', damage: comment(false, anywhere) },
  {
    ...plain,
    name: 'comment behind the longest line',
    isDecidable: false,
    damage: comment(false, behindLongest),
  },
  {
    ...plain,
    name: 'leading blank eaten, a line dropped',
    isDecidable: false,
    loss: withoutIndent,
    damage: eatenAnd(dropLine),
  },
  {
    ...plain,
    name: 'all indentation eaten, a line dropped',
    isDecidable: false,
    loss: oneBlank,
    damage: eatenAllAnd(dropLine),
  },
  {
    ...plain,
    name: 'leading blank eaten, a line doubled',
    isDecidable: false,
    loss: withoutIndent,
    damage: eatenAnd(doubleLine),
  },
  {
    ...plain,
    name: 'leading blank eaten, comment in between',
    isDecidable: false,
    loss: withoutIndent,
    damage: eatenAnd(comment(false, anywhere)),
  },
];

/** Columns between tab stops. */
const TAB = 8;

function expandTabs(line: string): string {
  let out = '';
  for (const char of line) out += char === '\t' ? ' '.repeat(TAB - (out.length % TAB)) : char;
  return out;
}
