/** `review --tree`: patches beside the whole files that they change, through the built program. */

import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchesOf, patchwitness, reviewJson, unreadOf } from './program.ts';

afterAll(removeTempDirs);

const PATH = 'fs/demofs/fault.c';
const FILLER = Array.from({ length: 12 }, (_, index) => `\tdemofs_count(info, ${index});\n`).join('');

/** A lock is taken, much is counted, and the lock is dropped: no hunk shows all of it. */
function source({ inside = '', behind = '' } = {}): string {
  return (
    'static int demofs_fault(struct page *page, struct demofs_info *info)\n{\n\tlock_page(page);\n' +
    `${FILLER}${inside}${FILLER}\tunlock_page(page);\n${FILLER}${behind}${FILLER}\treturn 0;\n}\n`
  );
}

const ALLOCATES = '\tinfo->buffer = kmalloc(64, GFP_KERNEL);\n';
const COUNTS = '\tinfo->faults++;\n';

/** A repository whose branch `topic` has a commit for each state of the file behind the first. */
function repository(states: readonly string[]): string {
  const directory = newRepository();
  const [base = '', ...later] = states;
  write(directory, PATH, base);
  write(directory, 'fs/demofs/other.c', 'int demofs_other;\n');
  commit(directory, 'demofs: base');
  git(directory, ['checkout', '-q', '-b', 'topic']);
  for (const [index, state] of later.entries()) {
    write(directory, PATH, state);
    commit(directory, `demofs: step ${index + 1}`);
  }
  return directory;
}

/** The topic as mail, numbered. */
function mailed(directory: string, ...options: readonly string[]): Buffer {
  return git(directory, ['format-patch', '--stdout', '-n', ...options, 'main..topic']);
}

interface Told {
  readonly subject: string;
  readonly findings: readonly string[];
}

async function review(
  tree: string,
  input: Buffer,
  ...options: readonly string[]
): Promise<{ told: Told[]; reasons: string[]; status: number | null }> {
  const { report, status } = await reviewJson(['--tree', tree, ...options, '-'], { input });
  return {
    told: patchesOf(report).map(({ subject, findings }) => ({
      subject: subject.replace(/^.*demofs: /, ''),
      findings: findings.map((one) => `${one.status} ${one.rule} line ${one.line}, ${one.sight} seen`),
    })),
    reasons: unreadOf(report).map(({ path, reason }) => `${path ?? '-'}: ${reason}`),
    status,
  };
}

/** A function that takes the lock and calls another one of its file, which allocates. */
function withHelper(mask: string): string {
  return (
    `static void *demofs_buffer(void)\n{\n\treturn kmalloc(64, ${mask});\n}\n\n` +
    `static int demofs_count_all(struct demofs_info *info)\n{\n${FILLER}\treturn 0;\n}\n\n` +
    'static int demofs_fault(struct page *page, struct demofs_info *info)\n{\n\tlock_page(page);\n' +
    '\tinfo->buffer = demofs_buffer();\n\tunlock_page(page);\n\treturn 0;\n}\n'
  );
}

describe('review --tree', () => {
  it('tells at a function that the patch leaves alone what becomes of it by one that the patch changes', async () => {
    const directory = repository([withHelper('GFP_NOFS'), withHelper('GFP_KERNEL')]);
    const { told } = await review(`${directory}@main`, mailed(directory));
    expect(told).toEqual([
      { subject: 'step 1', findings: ['introduced alloc-fs-under-page-lock line 26, file seen'] },
    ]);
  });

  it.each([
    ['a directory', (directory: string) => directory],
    ['a revision', (directory: string) => `${directory}@main`],
  ])('finds in %s what no hunk shows', async (_, name) => {
    const directory = repository([source(), source({ inside: ALLOCATES })]);
    const mail = mailed(directory);
    git(directory, ['checkout', '-q', 'main']);
    expect((await patchwitness(['review', '-'], { input: mail })).status).toBe(0);
    expect(await review(name(directory), mail)).toEqual({
      told: [
        {
          subject: 'step 1',
          findings: ['introduced alloc-fs-under-page-lock line 16, file seen'],
        },
      ],
      reasons: [],
      status: 1,
    });
  });

  it('takes the patches of a series in their order, whatever the order of the mails', async () => {
    const states = [
      source(),
      source({ behind: COUNTS }),
      source({ inside: ALLOCATES, behind: COUNTS }),
      source({ inside: ALLOCATES, behind: `${COUNTS}${COUNTS}` }),
      source({ behind: `${COUNTS}${COUNTS}` }),
    ];
    const directory = repository(states);
    const mails = mailed(directory, '--thread')
      .toString()
      .split(/^(?=From [0-9a-f]{40} )/m);
    const expected: Told[] = [
      { subject: 'step 1', findings: [] },
      { subject: 'step 2', findings: ['introduced alloc-fs-under-page-lock line 16, file seen'] },
      { subject: 'step 3', findings: [] },
      { subject: 'step 4', findings: ['fixed alloc-fs-under-page-lock line 16, file seen'] },
    ];
    for (const order of [mails, mails.toReversed()]) {
      const { told, reasons } = await review(`${directory}@main`, Buffer.from(order.join('')));
      expect(told).toEqual(expected);
      expect(reasons).toEqual([]);
    }
    const { report } = await reviewJson(['--tree', `${directory}@main`, '--git', directory, 'main..topic']);
    expect(patchesOf(report).map(({ findings }) => findings.map(({ status }) => status))).toEqual(
      expected.map(({ findings }) => findings.map((text) => text.split(' ')[0])),
    );
  });

  it('a series and its second version each start from the tree', async () => {
    const directory = repository([
      source(),
      source({ behind: COUNTS }),
      source({ inside: ALLOCATES, behind: COUNTS }),
    ]);
    const both = Buffer.concat([mailed(directory), mailed(directory, '-v2')]);
    const { told, reasons } = await review(`${directory}@main`, both);
    expect(told.map(({ findings }) => findings.length)).toEqual([0, 1, 0, 1]);
    expect(reasons).toEqual([]);
  });

  it('-R takes a series back from its end', async () => {
    const directory = repository([source({ inside: ALLOCATES }), source(), source({ behind: COUNTS })]);
    const { told, reasons } = await review(`${directory}@topic`, mailed(directory), '-R');
    expect(told).toEqual([
      { subject: 'step 2', findings: [] },
      { subject: 'step 1', findings: ['introduced alloc-fs-under-page-lock line 16, file seen'] },
    ]);
    expect(reasons).toEqual([]);
  });

  it('names the lines where hunks are found, not those that a patch of another base gives', async () => {
    const directory = repository([source(), source({ inside: ALLOCATES })]);
    const mail = mailed(directory);
    git(directory, ['checkout', '-q', 'main']);
    write(directory, PATH, `/* one */\n/* two */\n${source()}`);
    const { told } = await review(directory, mail);
    expect(told[0]?.findings).toEqual(['introduced alloc-fs-under-page-lock line 18, file seen']);
  });

  it('leaves alone what stands in functions that the patch does not touch', async () => {
    const old = source({ inside: ALLOCATES }).replace('demofs_fault', 'demofs_old_fault');
    const directory = repository([`${old}${source()}`, `${old}${source({ behind: COUNTS })}`]);
    const { told } = await review(`${directory}@main`, mailed(directory));
    expect(told).toEqual([{ subject: 'step 1', findings: [] }]);
  });

  it('follows a file that is renamed, and one that is new', async () => {
    const directory = repository([source()]);
    git(directory, ['mv', PATH, 'fs/demofs/moved.c']);
    write(directory, 'fs/demofs/new.c', source({ inside: ALLOCATES }));
    commit(directory, 'demofs: move');
    write(directory, 'fs/demofs/moved.c', source({ inside: ALLOCATES }));
    commit(directory, 'demofs: allocate');
    const { told, reasons } = await review(`${directory}@main`, mailed(directory, '-M'));
    expect(told.map(({ findings }) => findings)).toEqual([
      ['introduced alloc-fs-under-page-lock line 16, file seen'],
      ['introduced alloc-fs-under-page-lock line 16, file seen'],
    ]);
    expect(reasons).toEqual([]);
  });

  it('says which hunk does not fit, and reviews that file and its later patches by their hunks', async () => {
    const whole =
      'int demofs_get(struct page *page)\n{\n\tlock_page(page);\n\tunlock_page(page);\n\treturn 0;\n}\n';
    const broken = whole.replace('\tunlock', `${ALLOCATES}\tunlock`);
    const directory = repository([whole, broken, broken.replace('return 0', 'return 1')]);
    git(directory, ['checkout', '-q', 'main']);
    write(directory, PATH, whole.replace('unlock_page', 'unlock_it'));
    const { told, reasons, status } = await review(directory, mailed(directory));
    expect(told[0]?.findings).toEqual(['introduced alloc-fs-under-page-lock line 4, function seen']);
    expect(reasons).toEqual([
      `${PATH}: only its hunks are reviewed: hunk 1 expects "\\tunlock_page(page);" in line 4, but found "\\tunlock_it(page);"`,
      `${PATH}: only its hunks are reviewed: an earlier patch of the series does not fit it`,
    ]);
    expect(status).toBe(1);
  });

  it.each([
    ['is not in the tree', (directory: string) => rmSync(join(directory, PATH)), 'the file does not exist'],
    [
      'is a symbolic link out of the tree',
      (directory: string) => {
        rmSync(join(directory, PATH));
        symlinkSync('/etc/hostname', join(directory, PATH));
      },
      'it is a symbolic link',
    ],
    [
      'is no text',
      (directory: string) => write(directory, PATH, Buffer.from(source(), 'utf16le')),
      'it is no text in UTF-8 or in an encoding with one byte a character',
    ],
  ])('a file that %s is reviewed by its hunks, and the report says so', async (_, change, reason) => {
    const directory = repository([source(), source({ inside: ALLOCATES })]);
    const mail = mailed(directory);
    git(directory, ['checkout', '-q', 'main']);
    change(directory);
    const { reasons, status } = await review(directory, mail);
    expect(reasons).toEqual([`${PATH}: only its hunks are reviewed: ${reason}`]);
    expect(status).toBe(0);
  });

  it('a patch that names a file outside of the tree does not reach it', async () => {
    const directory = repository([source(), source({ inside: ALLOCATES })]);
    const inner = join(directory, 'inner');
    write(directory, 'inner/x.c', '');
    const mail = Buffer.from(mailed(directory).toString().replaceAll(PATH, `../${PATH}`));
    const { reasons } = await review(inner, mail);
    expect(reasons.join('\n')).toBe(`../${PATH}: path leaves the tree`);
  });

  it('reads a Latin-1 file that a mail in UTF-8 changes', async () => {
    const directory = repository([source()]);
    git(directory, ['checkout', '-q', 'main']);
    write(directory, PATH, Buffer.from(source({ behind: '\t/* gr\u00f6\u00dfe */\n' }), 'latin1'));
    commit(directory, 'demofs: words');
    git(directory, ['checkout', '-q', '-B', 'topic']);
    write(
      directory,
      PATH,
      Buffer.from(source({ inside: ALLOCATES, behind: '\t/* gr\u00f6\u00dfe */\n' }), 'latin1'),
    );
    commit(directory, 'demofs: step 1');
    const { told, reasons } = await review(`${directory}@main`, mailed(directory));
    expect(told[0]?.findings).toEqual(['introduced alloc-fs-under-page-lock line 16, file seen']);
    expect(reasons).toEqual([]);
  });

  it.each([
    [() => '/no/such/tree', 'is neither a directory nor REPO@REV'],
    [() => `${tempDir()}@main`, 'not a git repository'],
    [() => `${newRepository()}@v1`, 'has no revision v1'],
  ])('a tree that cannot be opened is bad usage', async (tree, reason) => {
    const { status, stdout, stderr } = await patchwitness(['review', '--tree', tree(), '-']);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('error: --tree ');
    expect(stderr).toContain(reason);
  });
});
