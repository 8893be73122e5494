/** Commits of a repository as messages; `git diff` and `git log` are the judges of what they must say. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCommits } from '../../../corpus/archive/commits.ts';
import type { ArchiveItem } from '../../../corpus/archive/types.ts';
import { parseMessage } from '../../../corpus/mail/parse.ts';
import { findPatch } from '../../../corpus/mail/patch.ts';
import type { MailMessage } from '../../../corpus/mail/types.ts';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from './git-oracle.ts';

afterAll(removeTempDirs);

async function items(repository: string, ...revisions: readonly string[]): Promise<ArchiveItem[]> {
  const found: ArchiveItem[] = [];
  for await (const item of readCommits(repository, revisions)) found.push(item);
  return found;
}

async function mails(repository: string, ...revisions: readonly string[]): Promise<MailMessage[]> {
  const found: MailMessage[] = [];
  for (const item of await items(repository, ...revisions)) {
    if (item.type === 'message') found.push(await parseMessage(item));
  }
  return found;
}

async function summary(repository: string, ...revisions: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const item of await items(repository, ...revisions)) {
    if (item.type === 'message') lines.push(`${item.index} ${(await parseMessage(item)).subject}`);
    else lines.push(`${item.isNote === true ? 'note' : 'problem'} ${item.reason}`);
  }
  return lines;
}

const id = (repository: string, revision: string): string =>
  git(repository, ['rev-parse', revision]).toString().trim();

/** main: one, two, and a merge of topic; topic: three, four. */
function history(): string {
  const repository = newRepository();
  write(repository, 'x.c', 'one\n');
  commit(repository, 'one');
  git(repository, ['checkout', '-q', '-b', 'topic']);
  for (const name of ['three', 'four']) {
    write(repository, 'y.c', `${name}\n`);
    commit(repository, name);
  }
  git(repository, ['checkout', '-q', 'main']);
  write(repository, 'x.c', 'two\n');
  commit(repository, 'two');
  git(repository, ['merge', '-q', '--no-ff', '-m', 'merge of topic', 'topic']);
  git(repository, ['tag', '-a', '-m', 'words', 'v1', 'topic']);
  return repository;
}

describe('which commits', () => {
  const repository = history();

  it.each([
    [['main^..topic'], ['1 three', '2 four']],
    [['main~1..main'], ['1 three', '2 four', 'note 1 merge left out']],
    [['topic'], ['1 four']],
    [['v1'], ['1 four']],
    [['main^!'], ['note 1 merge left out']],
    [['topic~1^!'], ['1 three']],
    [
      ['topic', 'main~1'],
      ['1 four', '2 two'],
    ],
    [['main..main'], ['problem main..main holds no commits']],
    [['^main'], ['problem ^main: selects nothing; write a range as main..topic']],
    [
      ['none', 'topic'],
      ["problem none: git rev-parse: bad revision 'none'", '1 four'],
    ],
    [['main:x.c'], ['problem main:x.c: git rev-parse: Needed a single revision']],
    [['--all'], ['problem --all: a revision cannot begin with a dash']],
    [['--output=x'], ['problem --output=x: a revision cannot begin with a dash']],
    [[''], ["problem : git rev-parse: bad revision ''"]],
  ])('%j', async (revisions, expected) => {
    expect(await summary(repository, ...revisions)).toEqual(expected);
  });

  it('from a clone without work tree, or from a folder inside the work tree', async () => {
    const bare = join(tempDir(), 'x.git');
    git(tempDir(), ['clone', '-q', '--bare', repository, bare]);
    expect(await summary(bare, 'topic')).toEqual(['1 four']);
    write(repository, 'sub/z', '');
    expect(await summary(join(repository, 'sub'), 'topic')).toEqual(['1 four']);
  });

  it('each says what it is', async () => {
    const [item] = await items(repository, 'topic');
    expect(item).toMatchObject({
      source: repository,
      index: 1,
      form: 'mail',
      commit: id(repository, 'topic'),
    });
  });

  it('of no repository', async () => {
    expect(await summary(tempDir(), 'HEAD')).toEqual([
      'problem git rev-parse: not a git repository (or any of the parent directories): .git',
    ]);
    expect(await summary(join(tempDir(), 'none'), 'HEAD')).toEqual([
      expect.stringMatching(/^problem git rev-parse: cannot change to .*: No such file or directory$/),
    ]);
  });
});

describe('what a message says', () => {
  const NAMES = ['Jörg "J" Müller, Jr.', 'ASCII Name', 'Name <with> brackets', 'O. (Middle) Last', '张三'];

  it.each(NAMES)('author, date, subject and text are the commit`s own: %s', async (name) => {
    const repository = newRepository();
    write(repository, 'x.c', 'x\n');
    git(repository, ['add', '-A']);
    const subject = `fs: größer =?utf-8?q?als?= ${'sehr '.repeat(30)}lang`;
    const body =
      'First line.\n\nFrom here on Ünïcode.\n--- a/no/patch.c\n+++ b/no/patch.c\n---\nIndex: none\n';
    const text = `${subject}\n\n${body}`;
    const author = `--author=${name} <jm@example.org>`;
    git(repository, ['commit', '-q', '--cleanup=verbatim', author, '-m', text]);
    const [message] = await mails(repository, 'HEAD');
    const written = git(repository, ['log', '-1', '--format=%an <%ae>']).toString().trim();
    expect(message).toMatchObject({ from: written, subject, messageId: null, problems: [], notes: [] });
    expect(message?.date).toBe('2023-01-02T02:04:05Z');
    expect(message?.text).toContain('First line.\n\nFrom here on Ünïcode.\n');
    // A diff that the message quotes is none of the commit.
    expect(message === undefined ? null : findPatch(message)?.text).toMatch(
      /^---\ndiff --git a\/x\.c b\/x\.c\nnew file mode/,
    );
  });

  it('the diff is git`s, byte for byte, whatever the encodings and line ends', async () => {
    const repository = newRepository();
    const before = Buffer.from(`caf\xe9\r\nplain\n${'text to git\n'.repeat(1000)}`, 'latin1');
    write(repository, 'x.c', before);
    write(repository, 'gone.c', 'a\nb\nc\n');
    commit(repository, 'base');
    write(
      repository,
      'x.c',
      Buffer.concat([
        before,
        Buffer.from(`na\xefve\r\n\0${'0'.repeat(40)}\0\nFrom a@example.org Mon\n`, 'latin1'),
      ]),
    );
    git(repository, ['mv', 'gone.c', 'ä "renamed".c']);
    write(repository, 'no-newline.c', 'x');
    write(repository, 'binary', Buffer.from([0, 1, 2, 0]));
    commit(repository, 'ändern');
    const [item] = await items(repository, 'HEAD');
    const patch = git(repository, ['diff', '--full-index', '-M', 'HEAD~1', 'HEAD']);
    const bytes = item?.type === 'message' ? item.bytes.toString('latin1') : '';
    const attached = bytes.split('\n\n').at(-1)?.split('\n--=_')[0] ?? '';
    expect(Buffer.from(attached, 'base64').toString('latin1')).toBe(patch.toString('latin1'));
  });

  it('does not depend on configuration, attributes or environment', async () => {
    const repository = history();
    const plain = await items(repository, 'main~1..topic', 'main~2');
    const settings: readonly (readonly [string, string])[] = [
      ['diff.noprefix', 'true'],
      ['diff.mnemonicPrefix', 'true'],
      ['diff.renames', 'false'],
      ['diff.context', '0'],
      ['diff.algorithm', 'patience'],
      ['diff.external', 'false'],
      ['diff.orderFile', 'order'],
      ['diff.own.textconv', 'false'],
      ['color.ui', 'always'],
      ['core.abbrev', '4'],
      ['core.quotePath', 'false'],
      ['core.attributesFile', join(repository, 'attributes')],
      ['format.pretty', 'oneline'],
      ['format.numbered', 'true'],
      ['log.showSignature', 'true'],
      ['log.date', 'relative'],
      ['gpg.program', 'false'],
      ['i18n.logOutputEncoding', 'ISO-8859-1'],
    ];
    for (const [name, value] of settings) git(repository, ['config', name, value]);
    writeFileSync(join(repository, 'attributes'), '*.c diff=own\n');
    writeFileSync(join(repository, '.gitattributes'), '*.c -diff\n');
    const overrides = {
      GIT_DIR: '/nowhere',
      GIT_EXTERNAL_DIFF: 'false',
      GIT_DIFF_OPTS: '-u0',
      GIT_WORK_TREE: '/',
    };
    try {
      Object.assign(process.env, overrides);
      expect(await items(repository, 'main~1..topic', 'main~2')).toEqual(plain);
    } finally {
      for (const name of Object.keys(overrides)) Reflect.deleteProperty(process.env, name);
    }
  });

  it('a commit over the bound is skipped, and the others are read', async () => {
    const repository = newRepository();
    write(repository, 'x.c', 'x\n');
    commit(repository, 'one');
    write(repository, 'big.c', `${'x'.repeat(1023)}\n`.repeat(33 * 1024));
    commit(repository, 'two');
    write(repository, 'x.c', 'y\n');
    commit(repository, 'three');
    const big = id(repository, 'HEAD~1').slice(0, 12);
    expect(await summary(repository, 'HEAD~1', 'HEAD')).toEqual([
      `problem commit ${big} is longer than 32 MiB and is skipped`,
      '2 three',
    ]);
  });
});
