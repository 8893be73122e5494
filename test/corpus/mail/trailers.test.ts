/** Trailers of messages, as `git interpret-trailers` reads them, and trailers that reviewers give in replies. */
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseTrailers, repliedTrailers } from '../../../corpus/mail/trailers.ts';
import { git, removeTempDirs, tempDir } from '../archive/git-oracle.ts';

afterAll(removeTempDirs);

function judge(directory: string, message: string): string {
  return git(directory, ['interpret-trailers', '--parse'], `A title\n\n${message}`).toString();
}

function ours(message: string): string {
  return parseTrailers(message)
    .map(({ key, value }) => `${key}: ${value}\n`)
    .join('');
}

const SOB = 'Signed-off-by: Ann <ann@example.org>\n';

describe('trailers of a message', () => {
  it('come with key and value, in order, folded lines joined', () => {
    expect(
      parseTrailers(
        `Words.\n\nFixes: 0123456789ab ("x: a long\n title")\nCc: stable@example.org # 5.4\nlink : here\n${SOB}`,
      ),
    ).toEqual([
      { key: 'Fixes', value: '0123456789ab ("x: a long title")' },
      { key: 'Cc', value: 'stable@example.org # 5.4' },
      { key: 'link', value: 'here' },
      { key: 'Signed-off-by', value: 'Ann <ann@example.org>' },
    ]);
  });

  it.each([
    ['alone in the message', SOB],
    ['none', 'Words.\n'],
    ['in the middle only', `Words.\n\n${SOB}\nMore words.\n`],
    ['with a note among them', `Words.\n\n${SOB}[bob: fixed it]\n${SOB}`],
    ['among many notes', `Words.\n\n${SOB}${'[bob: fixed it]\n'.repeat(4)}`],
    ['with words among them and no sign-off', 'Words.\n\nLink: x\nwords\n'],
    ['without a sign-off', 'Words.\n\nLink: x\nCc: y\n'],
    ['behind a cherry-pick', 'Words.\n\n(cherry picked from commit 0123)\nCc: y\n'],
    ['with comments', `Words.\n\n# a comment\n${SOB}# another\nCc: x\n# last\n\n`],
    ['with a list of conflicts', `Words.\n\n${SOB}\nConflicts:\n\tx.c\n\ty.c\n`],
    ['that only look so', 'Words: are words.\nAnd: more\nnot this\n'],
    ['with blanks around the colon', 'Words.\n\nCc : x\nA key: y\n'],
    ['behind two blank lines', `Words.\n\n\n${SOB}\n \n`],
    ['with an empty value', 'Words.\n\nCc:\nLink: x\n'],
    ['with a continuation that is blank', 'Words.\n\nCc: x\n  \nLink: x\n'],
  ])('%s', (_, message) => {
    expect(ours(message)).toBe(judge(tempDir(), message));
  });

  it('are what git reads in any mixture of lines', () => {
    const directory = tempDir();
    const line = fc.constantFrom(
      SOB,
      'Cc: x\n',
      'Link: y z\n',
      ' continued\n',
      '\tindented: more\n',
      '\n',
      ' \n',
      'words\n',
      '# comment\n',
      '[note]\n',
      '(cherry picked from commit 01)\n',
      'Conflicts:\n',
      'A key with blanks: x\n',
      ': x\n',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 9 }), (lines) => {
        const message = lines.join('');
        expect(ours(message)).toBe(judge(directory, message));
      }),
      { numRuns: 120 },
    );
  });
});

describe('trailers in a reply', () => {
  it('are those that the reviewer gives', () => {
    const reply = [
      'On Monday Ann wrote:',
      '> Words.',
      '> Signed-off-by: Ann <ann@example.org>',
      '>Reviewed-by: Quoted <quoted@example.org>',
      'Looks good: thanks.',
      '',
      'Reviewed-by: Rob Reader <rob@example.org>',
      '  Tested-by: Rob Reader <rob@example.org> # on one machine',
      'Reported-and-tested-by: A Very Long Name Of A Person Who Reports',
      '<person@example.org>',
      'Fixes: 0123456789ab ("x: y")',
      '-- ',
      'Acked-by: Signature <sig@example.org>',
    ].join('\r\n');
    expect(repliedTrailers(reply)).toEqual([
      { key: 'Reviewed-by', value: 'Rob Reader <rob@example.org>' },
      { key: 'Tested-by', value: 'Rob Reader <rob@example.org> # on one machine' },
      {
        key: 'Reported-and-tested-by',
        value: 'A Very Long Name Of A Person Who Reports <person@example.org>',
      },
      { key: 'Fixes', value: '0123456789ab ("x: y")' },
    ]);
  });

  it.each([
    ['without an address', 'Acked-by: me\n'],
    ['in words', 'You can add my Acked-by: Ann <ann@example.org>\n'],
    ['of no known kind', 'Phone: ann@example.org\nCc: bob@example.org\nFixes: the bug\n'],
    ['in a message quoted without marks', '----- Original Message -----\nAcked-by: Ann <ann@example.org>\n'],
    ['in a patch', `--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n Acked-by: Ann <ann@example.org>\n`],
  ])('%s are none', (_, reply) => {
    expect(repliedTrailers(reply)).toEqual([]);
  });
});
