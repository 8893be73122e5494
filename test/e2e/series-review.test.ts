/** What a review says of a series as a whole, of its versions and of replies to it, through the built program. */

import { afterAll, describe, expect, it } from 'vitest';
import type { JsonReport } from '../../bot/reports/json-schema.ts';
import { commit, git, newRepository, removeTempDirs, write } from '../corpus/archive/git-oracle.ts';
import { patchesOf, patchwitness, reviewJson } from './program.ts';

afterAll(removeTempDirs);

const PATH = 'fs/demofs/fault.c';
const RULE = 'alloc-fs-under-page-lock';
const ALLOCATES = '\tinfo->buffer = kmalloc(64, GFP_KERNEL);\n';
const CAREFUL = '\tinfo->buffer = kmalloc(64, GFP_NOFS);\n';
const FILLER = Array.from({ length: 12 }, (_, index) => `\tdemofs_count(info, ${index});\n`).join('');

interface Parts {
  readonly inside?: string;
  readonly behind?: string;
  /** Lines between the locks and what is inside: with them no hunk shows both. */
  readonly filler?: string;
}

function source({ inside = '', behind = '', filler = FILLER }: Parts = {}): string {
  return (
    'static int demofs_fault(struct page *page, struct demofs_info *info)\n{\n\tlock_page(page);\n' +
    `${filler}${inside}${filler}\tunlock_page(page);\n${filler}${behind}${filler}\treturn 0;\n}\n`
  );
}

const COUNTS = '\tinfo->faults++;\n';

/** 2/5 introduces, 3/5 changes the same function, 4/5 fixes, 5/5 introduces again. */
function fiveStates(filler = FILLER): readonly string[] {
  return [
    source({ filler }),
    source({ behind: COUNTS, filler }),
    source({ inside: ALLOCATES, behind: COUNTS, filler }),
    source({ inside: ALLOCATES, behind: `${COUNTS}${COUNTS}`, filler }),
    source({ inside: CAREFUL, behind: `${COUNTS}${COUNTS}`, filler }),
    source({ inside: ALLOCATES, behind: `${COUNTS}${COUNTS}`, filler }),
  ];
}

/** `main` has the first state, `topic` a commit for each of the others. */
function repository(states: readonly string[]): string {
  const directory = newRepository();
  const [base = '', ...later] = states;
  write(directory, PATH, base);
  write(directory, 'Makefile', 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n');
  commit(directory, 'demofs: base');
  git(directory, ['checkout', '-q', '-b', 'topic']);
  for (const [index, state] of later.entries()) {
    write(directory, PATH, state);
    commit(directory, `demofs: step ${index + 1}`);
  }
  git(directory, ['checkout', '-q', 'main']);
  return directory;
}

/** The topic as a thread, each mail with an id that begins with `name`. */
function mailed(states: readonly string[], name: string, ...options: readonly string[]): Mails {
  const directory = repository(states);
  const cover = ['--cover-letter', '--cover-from-description=none', '--thread=shallow'];
  const text = git(directory, ['format-patch', '--stdout', '-n', ...cover, ...options, 'main..topic'])
    .toString()
    .replaceAll('*** SUBJECT HERE ***', 'demofs: answer faults sooner');
  let count = 0;
  const ids = new Map<string, string>();
  const threaded = text.replaceAll(/<[^<>\s]+@[^<>\s]*>/g, (id) => {
    if (!id.includes('.git.')) return id;
    const known = ids.get(id) ?? `<${name}-${count++}@example.org>`;
    ids.set(id, known);
    return known;
  });
  return { directory, text: threaded };
}

interface Mails {
  readonly directory: string;
  readonly text: string;
}

function reply(to: string, from: string, lines: readonly string[]): string {
  return [
    'From mboxrd@z Thu Jan  1 00:00:00 1970',
    `From: ${from}`,
    'Date: Tue, 3 Jan 2023 10:00:00 +0000',
    'Subject: Re: [PATCH 2/5] demofs: step 2',
    `Message-ID: <reply-${from.length}-${lines.length}@example.org>`,
    `In-Reply-To: <${to}@example.org>`,
    '',
    ...lines,
    '',
    '',
  ].join('\n');
}

function place({ part, total }: { part: number; total: number }): string {
  return `${part}/${total}`;
}

/** `2/5 introduced, gone after 4/5`, one a finding. */
function told(report: JsonReport): string[] {
  return patchesOf(report).flatMap(({ findings }) =>
    findings.map(({ status, inSeries, rule }) => {
      expect(rule).toBe(RULE);
      if (inSeries === undefined) return status;
      const { patch, atEnd, goneAfter, introducedBy, wasGoneAfter, saidOfVersion, goneInVersion } = inSeries;
      return [
        `${place(patch)} ${status}`,
        ...(introducedBy === null ? [] : [`introduced by ${place(introducedBy)}`]),
        ...(wasGoneAfter === null ? [] : [`was gone after ${place(wasGoneAfter)}`]),
        ...(goneAfter === null ? [] : [`gone after ${place(goneAfter)}`]),
        ...(atEnd === null || atEnd === 'gone' ? [] : [atEnd]),
        ...(saidOfVersion === null ? [] : [`said of v${saidOfVersion}`]),
        ...(goneInVersion === null ? [] : [`gone in v${goneInVersion}`]),
      ].join(', ');
    }),
  );
}

const FIVE = [
  '2/5 introduced, gone after 4/5',
  '4/5 fixed, introduced by 2/5',
  '5/5 introduced, introduced by 2/5, was gone after 4/5, there',
];

describe('a series of five', () => {
  it('has each finding once, at its patch, with what becomes of it', async () => {
    const { directory, text } = mailed(fiveStates(), 'a');
    const args = ['--tree', `${directory}@main`];
    const { report, status } = await reviewJson([...args, '-'], { input: text });
    expect(told(report)).toEqual(FIVE);
    expect(report.summary).toMatchObject({ introduced: 2, goneLater: 1, fixed: 1, preExisting: 0 });
    expect(status).toBe(1);
    const { stdout } = await patchwitness(['review', ...args, '-'], { input: text });
    const lines = stdout.split('\n').filter((line) => line.includes('in demofs_fault(), '));
    expect(lines).toEqual([
      '    in demofs_fault(), introduced by "[PATCH 2/5] demofs: step 2" (<stdin>, message 3), gone after 4/5',
      '    in demofs_fault(), fixed by "[PATCH 4/5] demofs: step 4" (<stdin>, message 5), 2/5 introduced it',
      '    in demofs_fault(), introduced again by "[PATCH 5/5] demofs: step 5" (<stdin>, message 6), first by 2/5, was gone after 4/5, still there at the end of the series',
    ]);
    expect(stdout).toContain('2 findings introduced (1 gone after a later patch), 1 fixed, 0 pre-existing; ');
  });

  it('has the same as commits, and names them', async () => {
    const directory = repository(fiveStates());
    const args = ['--tree', `${directory}@main`, '--git', directory, 'main..topic'];
    expect(told((await reviewJson(args)).report)).toEqual(FIVE);
    const { stdout } = await patchwitness(['review', ...args]);
    const fourth = git(directory, ['rev-parse', 'topic~1']).toString().slice(0, 12);
    expect(stdout).toContain(`, gone after 4/5 (${fourth})\n`);
  });

  it('has the same by hunks that show enough', async () => {
    const { text } = mailed(fiveStates(''), 'a');
    const { report } = await reviewJson(['-'], { input: text });
    expect(told(report)).toEqual(FIVE);
  });

  it('of which the end is taken away again leaves a clean status', async () => {
    const { directory, text } = mailed(fiveStates().slice(0, 5), 'a');
    const { report, status } = await reviewJson(['--tree', `${directory}@main`, '-'], { input: text });
    expect(told(report)).toEqual(['2/4 introduced, gone after 4/4', '4/4 fixed, introduced by 2/4']);
    expect(status).toBe(0);
  });

  it('does not say what is there at the end where patches are missing', async () => {
    const { directory, text } = mailed(fiveStates().slice(0, 4), 'a');
    const short = text.split(/^(?=From [0-9a-f]{40} )/m).slice(0, -1);
    const { report, status } = await reviewJson(['--tree', `${directory}@main`, '-'], {
      input: short.join(''),
    });
    expect(told(report)).toEqual(['2/3 introduced, unknown']);
    expect(status).toBe(1);
  });

  it('whose later patch removes the function has nothing left', async () => {
    const other = 'int demofs_other(void)\n{\n\treturn 0;\n}\n';
    const states = [source(), source({ inside: ALLOCATES }), ''].map((state) => `${other}${state}`);
    const { directory, text } = mailed(states, 'a');
    const { report, status } = await reviewJson(['--tree', `${directory}@main`, '-'], { input: text });
    expect(told(report)).toEqual(['1/2 introduced, gone after 2/2']);
    expect(status).toBe(0);
  });

  it('tells what was there before it once', async () => {
    const states = ['', COUNTS, `${COUNTS}${COUNTS}`].map((behind) => source({ inside: ALLOCATES, behind }));
    const { directory, text } = mailed(states, 'a');
    const args = ['--tree', `${directory}@main`, '--min-confidence', 'advice', '-'];
    const { report } = await reviewJson(args, { input: text });
    expect(told(report)).toEqual(['1/2 pre-existing']);
  });
});

describe('two versions of a series', () => {
  const bad = [source(), source({ behind: COUNTS }), source({ inside: ALLOCATES, behind: COUNTS })];
  const good = [source(), source({ behind: COUNTS }), source({ inside: CAREFUL, behind: COUNTS })];

  it('tell what the newer one has no more, and exit with what it leaves', async () => {
    const older = mailed(bad, 'a');
    const newer = mailed(good, 'b', '-v2');
    const args = ['--tree', `${older.directory}@main`, '-'];
    const input = older.text + newer.text;
    const { report, status } = await reviewJson(args, { input });
    expect(told(report)).toEqual(['2/2 introduced, there, gone in v2']);
    expect(report.summary.versions).toEqual([
      {
        title: 'demofs: answer faults sooner',
        version: 2,
        previousVersion: 1,
        isIncomplete: false,
        gone: 1,
        still: 0,
        fresh: 0,
      },
    ]);
    expect(status).toBe(0);
    const { stdout } = await patchwitness(['review', ...args], { input });
    expect(stdout).toContain(
      'v2 of "demofs: answer faults sooner" against v1: 1 gone, 0 still there, 0 new\n',
    );
  });

  it('tell what the newer one has still', async () => {
    const older = mailed(bad, 'a');
    const newer = mailed(bad, 'b', '-v2');
    const { report, status } = await reviewJson(['--tree', `${older.directory}@main`, '-'], {
      input: older.text + newer.text,
    });
    expect(told(report)).toEqual(['2/2 introduced, there', '2/2 introduced, there, said of v1']);
    expect(report.summary.versions).toMatchObject([{ gone: 0, still: 1, fresh: 0 }]);
    expect(status).toBe(1);
  });

  it('take nothing for gone of which the patch is missing', async () => {
    const older = mailed(bad, 'a');
    const newer = mailed(good, 'b', '-v2').text.split(/^(?=From [0-9a-f]{40} )/m);
    const { report, status } = await reviewJson(['--tree', `${older.directory}@main`, '-'], {
      input: older.text + newer.slice(0, -1).join(''),
    });
    expect(told(report)).toEqual(['2/2 introduced, there']);
    expect(report.summary.versions).toMatchObject([{ isIncomplete: true, gone: 0 }]);
    expect(status).toBe(1);
  });
});

describe('a reply that calls a finding a false positive', () => {
  const states = [source({ filler: '' }), source({ inside: ALLOCATES, filler: '' })];
  const AUTHOR = 'A U Thor <author@example.org>';

  interface Thread {
    readonly text: string;
    readonly later: string;
    readonly fingerprint: string;
  }

  let thread: Thread | undefined;

  async function makeThread(): Promise<Thread> {
    const { text } = mailed(states, 'a');
    const { report } = await reviewJson(['-'], { input: text });
    const [finding] = patchesOf(report).flatMap(({ findings }) => findings);
    return { text, later: mailed(states, 'b', '-v2').text, fingerprint: finding?.fingerprint ?? '' };
  }

  interface Outcome {
    readonly introduced: number;
    readonly silenced: number;
    readonly obeyed: readonly boolean[];
    readonly status: number | null;
    readonly input: string;
  }

  async function review(
    lines: readonly string[],
    from: string,
    ...args: readonly string[]
  ): Promise<Outcome> {
    thread ??= await makeThread();
    const { text, later, fingerprint } = thread;
    const answer = reply(
      'a-1',
      from,
      lines.map((line) => line.replace('FINGERPRINT', fingerprint)),
    );
    const input = `${text}${answer}${later}`;
    const { report, status } = await reviewJson([...args, '-'], { input });
    const { introduced, claims, silenced } = report.summary;
    return { introduced, silenced, obeyed: claims.map(({ isObeyed }) => isObeyed), status, input };
  }

  const CLAIM = 'patchwitness: false-positive FINGERPRINT';

  it('silences it in all versions when it is the author', async () => {
    expect(await review(['The lock is not held here.', CLAIM], AUTHOR)).toMatchObject({
      introduced: 0,
      silenced: 2,
      obeyed: [true],
      status: 0,
    });
  });

  it('is listed and not obeyed when it is anybody else, unless trusted', async () => {
    const other = 'Ada <ada@example.org>';
    const untrusted = await review([CLAIM], other);
    expect(untrusted).toMatchObject({ introduced: 2, obeyed: [false], status: 1 });
    const { stdout } = await patchwitness(['review', '-'], { input: untrusted.input });
    expect(stdout).toMatch(
      /^ {4}[0-9a-f]{16} by Ada <ada@example\.org> \(<stdin>, message 3\): not obeyed: neither the author/m,
    );
    expect(await review([CLAIM], other, '--trust', 'Ada@example.org')).toMatchObject({
      introduced: 0,
      obeyed: [true],
      status: 0,
    });
  });

  it.each([
    ['quoted', [`> ${CLAIM}`, 'No.']],
    ['quoted without marks', ['No.', '-----Original Message-----', CLAIM]],
    ['in a signature', ['No.', '-- ', CLAIM]],
    ['in a sentence', [`Who wrote "${CLAIM}"?`]],
    ['of no fingerprint', ['patchwitness: false-positive 0123']],
  ])('that is %s is nobody’s word', async (_, lines) => {
    expect(await review(lines, AUTHOR)).toMatchObject({ introduced: 2, obeyed: [], status: 1 });
  });
});
