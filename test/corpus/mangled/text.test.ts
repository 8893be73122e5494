/** Pasted text: pages of threads, quoted patches, escapes. Names and words are invented. */
import { describe, expect, it } from 'vitest';
import { readText } from '../../../corpus/mangled/text.ts';

const PATCH = [
  'diff --git a/fs/demofs/inode.c b/fs/demofs/inode.c',
  'index 1111111..2222222 100644',
  '--- a/fs/demofs/inode.c',
  '+++ b/fs/demofs/inode.c',
  '@@ -20,3 +20,4 @@ int demofs_read(struct folio *folio)',
  ' \tint err;',
  '+\tfolio_lock(folio);',
  ' \terr = demofs_map(folio);',
  ' \treturn err < 0 && folio->index > 1;',
];
const SECOND = PATCH.map((line) => line.replaceAll('inode.c', 'file.c'));

const quote = (lines: readonly string[], marks = '> '): string[] => lines.map((line) => marks + line);
const text = (...lines: readonly (string | readonly string[])[]): string => `${lines.flat().join('\n')}\n`;

/** Each patch in one line: its message, subject, author, first hunk's line and place, and what was repaired. */
function patches(page: string): string[] {
  return readText(page).patches.map(({ message, subject, from, mended }) => {
    const hunk = mended.diff.files[0]?.hunks[0];
    const where = `${mended.diff.files[0]?.newPath} line ${hunk?.line} @${hunk?.newStart}`;
    return [message, subject ?? '-', from ?? '-', where, ...mended.repairs.map(({ what }) => what)].join(
      ' | ',
    );
  });
}

/** A message of a page with dated blocks. */
const dated = (name: string, subject: string, body: readonly string[]): string[] => [
  '2024-06-21 16:58:25',
  '',
  `by ${name}`,
  '',
  '[permalink] [raw]',
  `Subject: ${subject}`,
  '',
  ...body,
  '',
  '',
];

/** A page that shows a mail's header. */
const block = (date: string): string =>
  text(
    'Thread (2 messages)',
    '',
    'Subject: lock it',
    'From: Ada <ada@example.org>',
    `Date: ${date}`,
    '',
    PATCH,
  );

describe('archived pages', () => {
  it('with dated blocks: each message has its subject and author', () => {
    const page = text(
      dated('Ada Example', 'demofs: lock it', ['Here it is.', '', ...PATCH]),
      dated('Bob Example', 'Re: demofs: lock it', [...quote(PATCH), '', 'Rather so:', '', ...SECOND]),
    );
    const { isPage, messages } = readText(page);
    expect([isPage, messages]).toEqual([true, 2]);
    expect(patches(page)).toEqual([
      '1 | demofs: lock it | Ada Example | fs/demofs/inode.c line 14 @20',
      '2 | Re: demofs: lock it | Bob Example | fs/demofs/file.c line 44 @20',
    ]);
  });

  it('by Patchwork: the patch at the end belongs to the submission', () => {
    const page = text(
      '[RFC] demofs: lock it',
      '',
      'Message ID 1-2-ada@example.org',
      'Commit Message',
      '',
      'Ada Example Oct. 30, 2024, 12:22 a.m.',
      'It has to be locked.',
      '---',
      'Comments',
      '',
      'Bob Example Oct. 31, 2024, 6:49 p.m. | #1',
      quote(PATCH),
      'No.',
      'Patch',
      '',
      PATCH,
    );
    expect(patches(page)).toEqual([
      '1 | [RFC] demofs: lock it | Ada Example | fs/demofs/inode.c line 28 @20',
    ]);
    expect(readText(page).messages).toBe(2);
  });

  it('by public-inbox: times in UTC are dates', () => {
    const page = text(
      '* [PATCH] demofs: lock it',
      'From: Ada Example @ 2024-11-27 11:42 UTC (permalink / raw)',
      '  To: linux-demofs',
      '',
      PATCH,
      '',
      '* Re: [PATCH] demofs: lock it',
      'From: Bob Example @ 2024-11-27 12:00 UTC (permalink / raw)',
      '',
      'Fine.',
    );
    expect(patches(page)).toEqual([
      '1 | [PATCH] demofs: lock it | Ada Example | fs/demofs/inode.c line 9 @20',
    ]);
    expect(readText(page).patches[0]?.date).toBe('2024-11-27T11:42:00Z');
    expect(readText(page).messages).toBe(2);
  });

  it('with header blocks: a time without its zone is no date', () => {
    expect(readText(block('2024-07-29 02:27:10')).patches[0]?.date).toBeNull();
    expect(readText(block('Mon, 29 Jul 2024 02:27:10 +0200')).patches[0]?.date).toBe('2024-07-29T00:27:10Z');
  });

  it('a patch above the first furniture is not lost', () => {
    const page = text(PATCH, '', 'Subject: other', 'From: Ada <ada@example.org>', '', 'words');
    expect(patches(page)).toEqual(['1 | - | - | fs/demofs/inode.c line 5 @20']);
  });
});

describe('quoted patches', () => {
  it.each(['> ', '>', '> > ', '>> ', '| '])(
    'are read behind the marks "%s", of an author that is not told',
    (marks) => {
      expect(patches(text('Ada Example wrote:', quote(PATCH, marks), '', 'Why?'))).toEqual([
        `1 | - | - | fs/demofs/inode.c line 6 @20 | quote marks "${marks.trim()}" taken off`,
      ]);
    },
  );

  it('are mended once they are unquoted', () => {
    const eaten = PATCH.map((line) => line.replace(/^ /, ''));
    expect(patches(text(quote(eaten)))).toEqual([
      '1 | - | - | fs/demofs/inode.c line 5 @20 | quote marks ">" taken off | context whose leading blank was lost',
    ]);
  });

  it('cut up by comments are named, or passed over where the whole hunk stands elsewhere', () => {
    const cut = [...quote(PATCH.slice(0, 7)), '', 'Why?', '', ...quote(PATCH.slice(7))];
    expect(patches(text(cut))).toEqual([]);
    expect(readText(text(cut)).problems).toEqual([
      expect.objectContaining({ message: 1, line: 5, path: 'fs/demofs/inode.c' }),
    ]);
    // A later quote that is whole is read, whatever was cut before.
    expect(patches(text(cut, '', quote(PATCH, '> > ')))).toHaveLength(1);
    const both = text(PATCH, '', 'So I said:', cut);
    expect(patches(both)).toHaveLength(1);
    expect(readText(both).problems).toEqual([]);
  });
});

describe('escapes', () => {
  it('HTML entities are undone where they were made everywhere', () => {
    const escaped = PATCH.map((line) =>
      line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    );
    const lines = readText(text('Words.', escaped)).patches[0]?.mended.diff.files[0]?.hunks[0]?.lines;
    expect(lines?.at(-1)?.text).toBe('\treturn err < 0 && folio->index > 1;');
    const mixed = readText(text('a < b', escaped)).patches[0]?.mended;
    expect(mixed?.repairs).toEqual([]);
  });

  it('dashes of a signed text are taken off', () => {
    const patch = [...PATCH.slice(0, 4), '@@ -20,2 +20,1 @@', ' int a;', '-int b;'];
    const signed = text(
      '-----BEGIN PGP SIGNED MESSAGE-----',
      'Hash: SHA1',
      '',
      patch.map((line) => (line.startsWith('-') ? `- ${line}` : line)),
      '-----BEGIN PGP SIGNATURE-----',
      'aW52ZW50ZWQ=',
      '-----END PGP SIGNATURE-----',
    );
    const { mended } = readText(signed).patches[0] ?? {};
    expect(mended?.diff.files[0]?.hunks[0]?.lines.at(-1)).toEqual({ kind: 'remove', text: 'int b;' });
    expect(mended?.repairs).toEqual([{ lines: [6, 10], what: 'dash escapes of the signed text taken off' }]);
  });
});
