/** `review --git` and inboxes, through the built program. */
import { afterAll, describe, expect, it } from 'vitest';
import { commit, git, newRepository, removeTempDirs, write } from '../corpus/archive/git-oracle.ts';
import { patchesOf, patchwitness, reviewJson, unreadOf } from './program.ts';

afterAll(removeTempDirs);

const BEFORE =
  'static int demofs_fault(struct page *page)\n{\n\tlock_page(page);\n\tunlock_page(page);\n\treturn 0;\n}\n';
const AFTER = BEFORE.replace(
  'lock_page(page);\n',
  'lock_page(page);\n\tdemofs_buffer = kmalloc(64, GFP_KERNEL);\n',
);

/** main has the base, topic the commit that introduces a finding. */
function repository(): string {
  const directory = newRepository();
  write(directory, 'fs/demofs/fault.c', BEFORE);
  commit(directory, 'demofs: base');
  git(directory, ['checkout', '-q', '-b', 'topic']);
  write(directory, 'fs/demofs/fault.c', AFTER);
  commit(directory, 'demofs: allocate');
  return directory;
}

describe('review --git', () => {
  it('reviews a range, and names the commit', async () => {
    const directory = repository();
    const id = git(directory, ['rev-parse', 'topic']).toString().trim();
    const { report, status } = await reviewJson(['--git', directory, 'main..topic']);
    expect(status).toBe(1);
    expect(patchesOf(report)).toMatchObject([
      { source: directory, message: 1, messageId: null, commit: id, subject: 'demofs: allocate' },
    ]);
    const { stdout } = await patchwitness(['review', '--git', directory, 'main..topic']);
    expect(stdout).toContain(`introduced by ${id.slice(0, 12)} ("demofs: allocate") (${directory})`);
  });

  it('says how many merges are left out, and is clean all the same', async () => {
    const directory = repository();
    git(directory, ['checkout', '-q', 'main']);
    write(directory, 'x', 'x\n');
    commit(directory, 'words');
    git(directory, ['merge', '-q', '-m', 'merge', 'topic']);
    const { report, status } = await reviewJson(['--git', directory, '--fail-on', 'never', 'topic..main']);
    expect(unreadOf(report).map(({ reason }) => reason)).toEqual(['1 merge left out']);
    expect(status).toBe(0);
  });

  it.each([
    [['no-such-revision'], "no-such-revision: git rev-parse: bad revision 'no-such-revision'"],
    [['--', '--output=x'], '--output=x: a revision cannot begin with a dash'],
  ])('%j cannot be read: status 2', async (revisions, reason) => {
    const { report, status } = await reviewJson(['--git', repository(), ...revisions]);
    expect(unreadOf(report).map((unread) => unread.reason)).toEqual([reason]);
    expect(status).toBe(2);
  });

  it('without a revision is bad usage', async () => {
    const { status, stderr } = await patchwitness(['review', '--git', repository()]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/error:/);
  });
});

describe('review of a public-inbox', () => {
  it('with a deleted message is clean, and says so', async () => {
    const directory = newRepository();
    for (const [path, other] of [
      ['m', 'd'],
      ['d', 'm'],
      ['m', 'd'],
    ] as const) {
      git(directory, ['rm', '-q', '--ignore-unmatch', other]);
      write(directory, path, `Subject: one\n\nwords\n`);
      commit(directory, 'one');
    }
    const { report, status } = await reviewJson([directory]);
    expect(report.summary).toMatchObject({ messages: 1, patches: 0 });
    expect(unreadOf(report)).toMatchObject([{ source: directory, reason: '1 deleted message is left out' }]);
    expect(status).toBe(0);
  });
});
