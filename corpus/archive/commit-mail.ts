/**
 * Writes a commit as a mail, so that whatever reads mail reads commits: the message as text, the diff attached.
 * Base64 keeps every byte of both, whichever encodings and line ends the files have. There is no Message-ID,
 * because nobody sent it.
 */

export interface CommitRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** As a mail's Date field has it. */
  readonly date: string;
  readonly subject: string;
  /** The message behind its subject. */
  readonly body: string;
  readonly patch: Buffer;
}

/** RFC 2047 allows 75 characters for an encoded word; these are 60 in base64 and twelve around them. */
const ENCODED_WORD_BYTES = 45;

/** RFC 5322: a line is at most 998 characters long. */
const MAX_PLAIN_CHARACTERS = 900;

const BASE64_LINE = /.{76}/g;

export function commitMail({ id, name, email, date, subject, body, patch }: CommitRecord): Buffer {
  // The id cannot stand in the commit that it is computed from.
  const boundary = `=_${id}`;
  const lines = [
    `From: ${headerText(name)} <${email.replace(/[\s<>]/g, '')}>`,
    `Date: ${date}`,
    `Subject: ${headerText(subject)}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    base64(Buffer.from(`${withoutPatchStarts(body)}\n---\n`)),
    `--${boundary}`,
    'Content-Type: text/x-patch',
    'Content-Disposition: attachment; filename="commit.patch"',
    'Content-Transfer-Encoding: base64',
    '',
    base64(patch),
    `--${boundary}--`,
    '',
  ];
  return Buffer.from(lines.join('\n'));
}

/** A diff that a commit message quotes is none of the commit: its first lines get a blank, so that none begins there. */
function withoutPatchStarts(body: string): string {
  return body.replace(/^(?=diff -|Index: |---)/gm, ' ');
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(BASE64_LINE, '$&\n');
}

/** Letters and digits as they are, all else in encoded words, where nothing has a meaning of its own. */
function headerText(text: string): string {
  if (/^\w+(?:[ -]\w+)*$/.test(text) && text.length < MAX_PLAIN_CHARACTERS) return text;
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > ENCODED_WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join('\n ');
}
