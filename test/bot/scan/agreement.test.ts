/**
 * Where people and program agree: patches with a known mistake, or without one, and answers to them as people write them. All are
 * scanned as one mailbox, and each case looks at what is told of its own patch.
 */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreement, type HumanObjection, type JudgedFinding } from '../../../bot/scan/agreement.ts';
import { openDatabase } from '../../../bot/store/database.ts';
import { type Letter, newFile, Scanned } from '../../support/scanned.ts';

/** Sleeps under a spinlock, in the line that the answers are about. */
const MISTAKE = '\tfs->buffer = kmalloc(sizeof(struct demofs_buffer) * fs->buffers, GFP_KERNEL);';

const BODY = [
  '',
  'static int demofs_fill(struct demofs *fs)',
  '{',
  '\tspin_lock(&fs->lock);',
  MISTAKE,
  '\tspin_unlock(&fs->lock);',
  '\treturn 0;',
  '}',
];

const FINE = [
  '',
  'static int demofs_ask(struct demofs *fs)',
  '{',
  '\tmutex_lock(&fs->big);',
  '\treturn fs->size;',
  '}',
];

/** Comments keep the function far away from what comes first. */
const FAR = Array.from({ length: 40 }, (_, number) => `/* Line ${number}. */`);

type Told =
  | {
      readonly verdict: JudgedFinding['verdict'];
      readonly quoted: string | null;
      readonly words: readonly string[];
    }
  | { readonly objection: readonly string[] | string; readonly quoted: string | null };

interface Case {
  readonly name: string;
  readonly file?: readonly string[];
  readonly from?: string;
  readonly answer: readonly string[];
  readonly told: readonly Told[];
}

const SLEEPS = 'You cannot sleep here, the lock is held.';

function both(words: readonly string[] = [SLEEPS]): readonly Told[] {
  return [{ verdict: 'both', quoted: `+${MISTAKE}`, words }];
}

const NOBODY: readonly Told[] = [{ verdict: 'bot', quoted: null, words: [] }];

const CASES: readonly Case[] = [
  { name: 'behind the quoted line', answer: [`> +${MISTAKE}`, '', SLEEPS], told: both() },
  { name: 'with marks without blanks', answer: [`>+${MISTAKE}`, SLEEPS], told: both() },
  {
    name: 'behind the end of a long quote',
    answer: [
      'On Monday Ada Example wrote:',
      '> This is needed.',
      '>',
      ...BODY.slice(1, 5).map((line) => `> +${line}`),
      '',
      SLEEPS,
    ],
    told: both(),
  },
  {
    name: 'two quotes deep, with talk in between',
    answer: [`> > +${MISTAKE}`, '> >', '> Why is it here and not above?', '', SLEEPS],
    told: both(),
  },
  {
    name: 'behind a line that was wrapped in the quote',
    answer: [
      '> +\tfs->buffer = kmalloc(sizeof(struct demofs_buffer) *',
      '> fs->buffers, GFP_KERNEL);',
      '',
      SLEEPS,
    ],
    told: both(),
  },
  {
    name: 'behind a wrapped line whose end lost its mark',
    answer: [
      '> +\tfs->buffer = kmalloc(sizeof(struct demofs_buffer) *',
      'fs->buffers, GFP_KERNEL);',
      '',
      SLEEPS,
    ],
    told: both(),
  },
  {
    name: 'in words that mean something there only',
    answer: [`> +${MISTAKE}`, '', 'And the spinlock?'],
    told: both(['And the spinlock?']),
  },
  {
    name: 'in the second paragraph, of which the lines are told that say it',
    answer: [`> +${MISTAKE}`, '', 'Thanks for the patch.', '', 'one', 'two', 'three', SLEEPS, 'four'],
    told: both(['two', 'three', SLEEPS]),
  },
  {
    name: 'on something else in the same place',
    answer: [`> +${MISTAKE}`, '', 'Please use kcalloc() for this.'],
    told: [{ verdict: 'other', quoted: `+${MISTAKE}`, words: ['Please use kcalloc() for this.'] }],
  },
  {
    name: 'by the author himself: told as his',
    from: 'Ada Example <ADA@example.org>',
    answer: [`> +${MISTAKE}`, SLEEPS],
    told: [{ verdict: 'author', quoted: `+${MISTAKE}`, words: [SLEEPS] }],
  },
  {
    name: 'by the author himself, who explains',
    from: 'Ada Example <ada@example.org>',
    answer: [`> +${MISTAKE}`, 'The spinlock keeps it in place.'],
    told: NOBODY,
  },
  {
    name: 'by a robot: told as that',
    from: 'kernel test robot <lkp@intel.com>',
    answer: [`> +${MISTAKE}`, SLEEPS],
    told: [{ verdict: 'robot', quoted: `+${MISTAKE}`, words: [SLEEPS] }],
  },
  {
    name: 'without a quote: told, and counted for nothing',
    answer: [SLEEPS],
    told: [{ verdict: 'bot', quoted: null, words: [SLEEPS] }],
  },
  {
    name: 'behind a quote of the changelog',
    answer: ['> This is needed.', '', 'Why?'],
    told: NOBODY,
  },
  { name: 'behind the signature', answer: [`> +${MISTAKE}`, '', '-- ', SLEEPS], told: NOBODY },
  {
    name: 'in a diff of its own',
    answer: [
      `> +${MISTAKE}`,
      '',
      'diff --git a/x.c b/x.c',
      '--- a/x.c',
      '+++ b/x.c',
      '@@ -1 +1 @@',
      '-/* a */',
      `+/* ${SLEEPS} */`,
    ],
    told: NOBODY,
  },
  {
    name: 'where the program finds nothing',
    file: FINE,
    answer: ['> +\treturn fs->size;', '', 'You forgot to unlock it. It will deadlock the next time.'],
    told: [{ objection: ['lock-imbalance'], quoted: '+\treturn fs->size;' }],
  },
  {
    name: 'twice of one place: told once',
    file: FINE,
    answer: [
      '> +\tmutex_lock(&fs->big);',
      'Missing unlock.',
      '> +\treturn fs->size;',
      'Here is the missing unlock.',
    ],
    told: [{ objection: ['lock-imbalance'], quoted: '+\tmutex_lock(&fs->big);' }],
  },
  {
    name: 'in words of several rules',
    file: FINE,
    answer: ['> +\treturn fs->size;', 'The next one who comes will deadlock.'],
    told: [{ objection: 'deadlock', quoted: '+\treturn fs->size;' }],
  },
  {
    name: 'which denies it',
    file: FINE,
    answer: ['> +\treturn fs->size;', 'There is no deadlock here, it is for deadlock avoidance.'],
    told: [],
  },
  {
    name: 'in hints alone, where the program finds nothing',
    file: FINE,
    answer: ['> +\treturn fs->size;', 'Is it held?'],
    told: [],
  },
];

/** The file of each case has a name of its own. */
function pathOf(index: number): string {
  return `fs/demofs/case-${index}.c`;
}

function lettersOf({ file = BODY, from, answer }: Case, index: number): readonly Letter[] {
  const id = `case-${index}@example.org`;
  return [
    { id, subject: `[PATCH] demofs: case ${index}`, body: newFile(pathOf(index), [...FAR, ...file]) },
    {
      id: `answer-${index}@example.org`,
      subject: `Re: [PATCH] demofs: case ${index}`,
      from: from ?? 'Bo Reader <bo@example.net>',
      replyTo: id,
      body: `${answer.join('\n')}\n`,
    },
  ];
}

const store = new Scanned();
const items: (JudgedFinding | HumanObjection)[] = [];
const counts = { series: 0, patches: 0, answers: 0, own: 0, robots: 0, waiting: 0 };

beforeAll(async () => {
  await store.scan(CASES.flatMap(lettersOf), '--jobs', '1', '--no-known-functions');
  const database = await openDatabase({ directory: join(store.directory, 'data') });
  for await (const item of agreement(database, { series: {} }, counts)) items.push(item);
  await database.close();
});

afterAll(() => store.stop());

function toldOf(item: JudgedFinding | HumanObjection): Told {
  if (item.kind === 'objection') {
    return { objection: item.topic ?? item.rules, quoted: item.answer.quoted?.text ?? null };
  }
  const [answer] = item.answers;
  return { verdict: item.verdict, quoted: answer?.quoted?.text ?? null, words: answer?.words ?? [] };
}

describe('an answer', () => {
  it.each(CASES.map((one, index) => ({ ...one, index })))('$name', ({ index, told }) => {
    const own = items.filter(({ messageId }) => messageId === `case-${index}@example.org`);
    expect(own.map(toldOf)).toEqual(told);
  });

  it('is told with its place', () => {
    const [first] = items;
    expect(first).toMatchObject({
      kind: 'finding',
      finding: { rule: 'sleep-in-atomic', path: pathOf(0), line: FAR.length + 5 },
      answers: [{ messageId: 'answer-0@example.org', quoted: { path: pathOf(0), line: FAR.length + 5 } }],
    });
  });

  it('counts for people, for authors and for programs', () => {
    // An answer with a diff is a patch of its own, too.
    const patches = CASES.length + 1;
    expect(counts).toEqual({
      series: patches,
      patches,
      answers: CASES.length - 3,
      own: 2,
      robots: 1,
      waiting: 0,
    });
  });
});
