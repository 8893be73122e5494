/** Mails made by real git: what we read of them is what git's own tools read. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { readArchive } from '../../../corpus/archive/read.ts';
import { parseMessage } from '../../../corpus/mail/parse.ts';
import { findPatch } from '../../../corpus/mail/patch.ts';
import {
  commit,
  git,
  mailinfoPatch,
  mailsplit,
  newRepository,
  numstat,
  removeTempDirs,
  tempDir,
  write,
} from '../archive/git-oracle.ts';

afterAll(removeTempDirs);

const DIFF = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';

describe('findPatch', () => {
  it.each([
    ['behind a ruler', `words\n---\n x.c | 2\n\n${DIFF}`, 2],
    ['behind a ruler with blanks', `words\n---  \n\n${DIFF}`, 2],
    ['at a header', `words\n\n${DIFF}`, 3],
    ['at an Index line', `words\nIndex: x.c\n===\n${DIFF}`, 2],
    ['at a diff command', `diff -u a/x.c b/x.c\n${DIFF}`, 1],
  ])('begins %s', (_, text, line) => {
    const patch = findPatch({ text });
    expect(patch?.line).toBe(line);
    const lines = text.split('\n').slice(line - 1);
    expect(patch?.text).toBe(lines.join('\n'));
  });

  it.each([
    ['words only', 'words\n'],
    ['a ruler and words', 'words\n---\nmore words\n'],
    ['a header that no hunk follows', 'words\n--- a/x.c\n+++ b/x.c\nwords\n'],
    ['a quoted patch', DIFF.replace(/^/gm, '> ')],
  ])('is null for %s', (_, text) => {
    expect(findPatch({ text })).toBeNull();
  });
});

/** An mbox with what the tools that make it can do: encodings, attachments, a cover letter, a rename, a binary file. */
function mboxOfGit(): Buffer {
  const repository = newRepository();
  const body = Array.from({ length: 30 }, (_, line) => `int line_${line};\n`).join('');
  write(repository, 'fs/old.c', body);
  write(repository, 'fs/h.h', '#define A\n');
  commit(repository, 'base');
  write(repository, 'fs/h.h', '#define B\n');
  write(repository, 'fs/old.c', body.replace('int line_3;', '-- line'));
  commit(
    repository,
    'change two files\n\nFrom here on words begin with From\nFrom words\n>From words\n---\nand a ruler',
  );
  git(repository, ['mv', 'fs/old.c', 'fs/new.c']);
  write(repository, 'data.bin', Buffer.from([0, 1, 2]));
  commit(repository, 'move, with a binary file');
  write(repository, 'fs/é.c', '/* é */\n');
  commit(repository, 'añadir é');
  commit(repository, 'nothing at all');
  const range = ['--root', '--stdout'];
  return Buffer.concat([
    git(repository, ['format-patch', '--cover-letter', ...range]),
    git(repository, ['format-patch', '--attach', ...range]),
    git(repository, ['format-patch', '--inline', '-U1', ...range]),
  ]);
}

describe('an mbox made by git', () => {
  it('has the messages, patches, paths and line counts that git counts', async () => {
    const mbox = mboxOfGit();
    const directory = tempDir();
    write(directory, 'series.mbox', mbox);
    const mails = mailsplit(mbox);
    expect(mails.length).toBeGreaterThan(12);

    let at = 0;
    for await (const item of readArchive(join(directory, 'series.mbox'))) {
      if (item.type === 'problem') throw new Error(item.reason);
      const mail = mails[at++];
      if (mail === undefined) throw new Error('more messages than git has');
      expect(item.bytes.equals(mail)).toBe(true);
      const patch = findPatch(await parseMessage(item));
      const expected = (numstat(mailinfoPatch(mail)) ?? []).map((line) =>
        line.split('\t').slice(0, 2).join(' '),
      );
      const { files, problems } = parseDiff(patch?.text ?? '');
      expect(problems).toEqual([]);
      const counts = files.map(({ binary, hunks }) => {
        const lines = hunks.flatMap((hunk) => hunk.lines);
        const count = (kind: string): string =>
          binary ? '-' : String(lines.filter((line) => line.kind === kind).length);
        return `${count('add')} ${count('remove')}`;
      });
      expect(counts).toEqual(expected);
    }
    expect(at).toBe(mails.length);
  });

  it('is counted by the script that uses git alone', () => {
    const directory = tempDir();
    write(directory, 'series.mbox', mboxOfGit());
    const script = join(import.meta.dirname, '../../../scripts/count-with-git.sh');
    const printed = execFileSync('sh', [script, join(directory, 'series.mbox')], { encoding: 'utf8' });
    expect(printed).toBe('messages 13\npatches 12\nc-files 12\nh-files 6\n');
  });
});
