/**
 * Damage for mails: a mail as one character a byte and a mutation in, the damaged mail out. A mutation is plain data (which
 * kind, where, how much, with what), so that fast-check can make one up, shrink it and print it.
 */

export interface Mutation {
  readonly kind: MutationKind;
  /** Where, as a share of what there is to choose from. */
  readonly at: number;
  /** How much or which; each kind reads it in its own way. */
  readonly size: number;
}

type Change = (mail: string, place: Mutation) => string;

/** Longest run of anything that a mutation adds. */
const MAX_RUN = 300_000;

/** Fields that lie about the body, name other mails, or end the header. */
const FIELDS = [
  'Content-Type: text/plain; charset=utf-16',
  'Content-Type: text/plain; charset=big5; format=flowed; delsp=yes',
  'Content-Type: text/html',
  'Content-Type: multipart/mixed; boundary="b"',
  'Content-Type: multipart/mixed',
  'Content-Type: multipart/signed; boundary=diff',
  'Content-Type: message/rfc822',
  'Content-Type: application/octet-stream; name=a.patch',
  'Content-Type: ;;;==""',
  'Content-Transfer-Encoding: base64',
  'Content-Transfer-Encoding: quoted-printable',
  'Content-Transfer-Encoding: uuencode',
  'Content-Disposition: attachment; filename="x.diff"',
  'Content-Length: 17',
  'Content-Length: 99999999999',
  'Message-ID: <same@example.org>',
  'In-Reply-To: <same@example.org>',
  'References: <same@example.org> <other@example.org> <same@example.org>',
  `References: ${'<r@example.org>\n '.repeat(2000)}`,
  'Message-ID: no id at all',
  'Supersedes: <same@example.org>',
  'Date: Thu, 99 Foo 20000 99:99:99 +9999',
  'Date: Mon, 01 Jan 0000 00:00:00 -1559',
  'Subject: [PATCH v999 9999/1] x',
  'Subject: [PATCH 0/9999] x',
  'Subject: Re: [[[[[PATCH',
  'Subject: =?utf-8?B?////?= =?x?Q?=ZZ?= =?utf-16?B?AAA?=',
  'From: "',
  'From: =?utf-8?q?=?= <<<@>>>, (((',
  'From: @',
  'no field',
  ' folded from nothing',
  '',
] as const;

/** Lines that mean something to one reader or another. */
const LINES = [
  'From a@example.org Mon Jan  2 03:04:05 2023',
  'From mboxrd@z Thu Jan  1 00:00:00 1970',
  '>From x',
  '---',
  '-- ',
  '-- >8 --',
  '--b',
  '--b--',
  '@@ -1,999999999 +1,999999999 @@',
  '@@ -0,0 +0,0 @@',
  '@@ -1 +1 @@@@',
  '@@@ -1,2 -1,2 +1,3 @@@',
  'diff --git a/x.c b/y.c',
  'diff --git "a/\\303\\ b/',
  'rename from x',
  'new file mode 100644',
  '--- /dev/null',
  '+++ b/../../etc/passwd.c',
  'GIT binary patch',
  'Index: x.c',
  '\\ No newline at end of file',
  'begin 644 a.patch',
  'From: other@example.org',
  'Signed-off-by:',
  'base-commit: 0',
  'Supersedes: <same@example.org>',
  '#if 0',
  '/*',
  '"',
  '{ ( [',
  '> > > +x',
  '[PATCH] x',
] as const;

const CONTROLS = '\0\x01\x08\x0b\x0c\r\x1b\x7f\x80\x9b\xa0\xc3\xe2\xff\xfe';

const CHANGES = {
  flip: (mail, { at, size }) => {
    const index = Math.floor(at * mail.length);
    const flipped = String.fromCharCode(mail.charCodeAt(index) ^ (1 << (size % 8)));
    return mail.slice(0, index) + flipped + mail.slice(index + 1);
  },
  cut: (mail, { at }) => mail.slice(0, Math.floor(at * mail.length)),
  lose: (mail, { at, size }) => {
    const index = Math.floor(at * mail.length);
    return mail.slice(0, index) + mail.slice(index + 1 + size);
  },
  control: (mail, { at, size }) => insert(mail, at, CONTROLS.charAt(size % CONTROLS.length)),
  controls: (mail, { at, size }) =>
    insert(mail, at, CONTROLS.charAt(size % CONTROLS.length).repeat((size * 7) % 20_000)),
  dropLine: (mail, place) => onLines(mail, place, (lines, index) => lines.splice(index, 1)),
  doubleLines: (mail, place) =>
    onLines(mail, place, (lines, index) => {
      lines.splice(index, 0, ...lines.slice(index, index + 1 + (place.size % 60)));
    }),
  swapLines: (mail, place) =>
    onLines(mail, place, (lines, index) => {
      const [line = ''] = lines.splice(index, 1);
      lines.splice((index + place.size) % (lines.length + 1), 0, line);
    }),
  indentLine: (mail, place) =>
    onLines(mail, place, (lines, index) => {
      lines[index] = `${' \t>+-'.charAt(place.size % 5)}${lines[index] ?? ''}`;
    }),
  wrapLines: (mail, { size }) => mail.replace(new RegExp(`^(.{${40 + (size % 40)}}\\S*) `, 'gm'), '$1\n'),
  line: (mail, place) =>
    onLines(mail, place, (lines, index) => {
      lines.splice(index, 0, LINES[place.size % LINES.length] ?? '');
    }),
  hugeLine: (mail, { at, size }) => insert(mail, at, pattern(size).repeat(MAX_RUN / 10)),
  manyLines: (mail, { at, size }) =>
    insert(mail, at, `${LINES[size % LINES.length] ?? ''}\n`.repeat(1 + ((size * 13) % 3000))),
  field: (mail, { size }) => `${FIELDS[size % FIELDS.length] ?? ''}\n${mail}`,
  fieldInside: (mail, { at, size }) => {
    const end = mail.search(/\n\r?\n/);
    const header = end < 0 ? mail : mail.slice(0, end);
    const lf = header.indexOf('\n', Math.floor(at * header.length));
    const index = lf < 0 ? 0 : lf + 1;
    return `${mail.slice(0, index)}${FIELDS[size % FIELDS.length] ?? ''}\n${mail.slice(index)}`;
  },
  fieldInPlace: (mail, { size }) => {
    const field = FIELDS[size % FIELDS.length] ?? '';
    const name = /^[\w-]+:/.exec(field)?.[0] ?? 'X:';
    return mail.replace(new RegExp(`^${name}.*(?:\\n[ \\t].*)*`, 'im'), () => field);
  },
  joinHeader: (mail) => mail.replace(/\n\r?\n/, '\n'),
  hunkCounts: (mail, { at, size }) =>
    onMatch(mail, /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/gm, at, (header) =>
      header.replace(/\d+/g, (number) =>
        size % 3 === 0 ? String(size) : `${Number(number) + (size % 5) - 2}`,
      ),
    ),
  crlf: (mail) => mail.replaceAll('\n', '\r\n'),
  someCrlf: (mail, { size }) => {
    let line = 0;
    return mail.replace(/\n/g, () => (line++ % (2 + (size % 9)) === 0 ? '\r\n' : '\n'));
  },
  crOnly: (mail) => mail.replaceAll('\n', '\r'),
  base64: (mail) => encoded(mail, 'base64', (body) => Buffer.from(body, 'latin1').toString('base64')),
  quotedPrintable: (mail, { size }) =>
    encoded(mail, 'quoted-printable', (body) =>
      body.replace(/[=+\-\x80-\xff]/g, (char) =>
        size % 4 === 0 ? '=' : `=${char.charCodeAt(0).toString(16)}`,
      ),
    ),
  multipart: (mail, { size }) => {
    let nested = mail;
    for (let depth = 0; depth <= size % 12; depth++) {
      const type = size % 2 === 0 ? 'message/rfc822' : 'text/x-patch';
      const close = size % 3 === 0 ? '' : `\n--b${depth}--\n`;
      nested = `Subject: [PATCH] nested ${depth}\nContent-Type: multipart/mixed; boundary="b${depth}"\n\n--b${depth}\nContent-Type: ${type}\n\n${nested}${close}`;
    }
    return nested;
  },
  boundary: (mail, { at }) =>
    onMatch(mail, /boundary="?[^"\s;]+/gi, at, (boundary) => boundary.slice(0, -1)) || mail,
  charset: (mail, { at, size }) =>
    onMatch(
      mail,
      /charset="?[\w-]+/gi,
      at,
      () => `charset="${['utf-7', 'utf-16le', 'x', 'gb2312', ''][size % 5] ?? ''}`,
    ),
  highBytes: (mail, { size }) =>
    mail.replace(/[aeo]/g, (char) => String.fromCharCode(char.charCodeAt(0) + (size % 128))),
  quote: (mail) => mail.replace(/^(?=[^\n]*$)/gm, '> '),
  html: (mail) => mail.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
} satisfies Record<string, Change>;

export type MutationKind = keyof typeof CHANGES;

export const MUTATION_KINDS = Object.keys(CHANGES).filter((kind): kind is MutationKind => kind in CHANGES);

export function mutate(mail: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((damaged, mutation) => {
    const change: Change = CHANGES[mutation.kind];
    return change(damaged, mutation);
  }, mail);
}

function insert(mail: string, at: number, text: string): string {
  const index = Math.floor(at * mail.length);
  return mail.slice(0, index) + text + mail.slice(index);
}

function onLines(
  mail: string,
  { at }: Mutation,
  change: (lines: string[], index: number) => unknown,
): string {
  const lines = mail.split('\n');
  change(lines, Math.floor(at * lines.length));
  return lines.join('\n');
}

/** Changes one of the places where a pattern matches. */
function onMatch(mail: string, global: RegExp, at: number, change: (text: string) => string): string {
  const matches = [...mail.matchAll(global)];
  const match = matches[Math.floor(at * matches.length)];
  if (match === undefined) return mail;
  return mail.slice(0, match.index) + change(match[0]) + mail.slice(match.index + match[0].length);
}

/** Ten characters that some loop might not like to see very often. */
function pattern(size: number): string {
  return (
    ['x', ' ', '=', '> ', '[', '(', '{', '"', '*/', '-', '<a@b> ', '\t', '\\', '&lt;', '=?utf-8?q?'][
      size % 15
    ] ?? 'x'
  );
}

/** The body in a transfer encoding, with a header that says so. */
function encoded(mail: string, name: string, encode: (body: string) => string): string {
  const end = mail.indexOf('\n\n');
  if (end < 0) return mail;
  const header = mail.slice(0, end).replace(/^content-transfer-encoding:.*\n?/gim, '');
  return `${header}\nContent-Transfer-Encoding: ${name}\n\n${encode(mail.slice(end + 2))}`;
}
