/** Short mails for tests of series: written as an mbox would hold them, read as the program reads them. */

import { parseMessage } from '../../../corpus/mail/parse.ts';
import { type ArchiveCounts, SeriesAssembler } from '../../../corpus/series/assemble.ts';
import type { Series } from '../../../corpus/series/types.ts';

interface Mail {
  /** The part of the Message-ID in front of `@example.org`; left out: no Message-ID. */
  readonly id?: string;
  readonly subject: string;
  readonly from?: string;
  /** Minutes after 2024-03-01 12:00 UTC; left out: one minute for each mail of the archive. */
  readonly minute?: number;
  /** The id it answers. */
  readonly to?: string;
  readonly references?: readonly string[];
  readonly text?: string;
  /** The diff adds this line; left out: no diff. */
  readonly adds?: string;
  readonly path?: string;
}

export const AUTHOR = 'Ada Example <ada@example.org>';
export const REVIEWER = 'Rev Ewer <rev@example.net>';

/** A patch mail: its diff adds a line made of its subject. */
export function patch(subject: string, rest: Partial<Mail> = {}): Mail {
  return { id: rest.id ?? subject.replace(/[^\w]+/g, '-'), subject, adds: `line of ${subject}`, ...rest };
}

export function reply(to: string, text: string, rest: Partial<Mail> = {}): Mail {
  return { id: `reply-${to}-${text.length}`, subject: 'Re: x', from: REVIEWER, to, text, ...rest };
}

const FIRST = Date.UTC(2024, 2, 1, 12);

export async function assemble(mails: readonly Mail[]): Promise<{ series: Series[]; counts: ArchiveCounts }> {
  const assembler = new SeriesAssembler();
  for (const [index, mail] of mails.entries()) {
    const bytes = Buffer.from(written(mail, index));
    assembler.add(
      await parseMessage({ type: 'message', source: 'test.mbox', index: index + 1, form: 'mail', bytes }),
    );
  }
  return { series: [...assembler.finish()], counts: assembler.counts };
}

/** One line a series, as people would say it: `v2 1,2/2 title (cover) missing 3`. */
export function described(series: readonly Series[]): string[] {
  return series.map((one) => {
    const parts = one.patches
      .map(({ part, carriedFrom }) => `${part}${carriedFrom === null ? '' : '*'}`)
      .join(',');
    const missing = one.missing
      .map(({ first, last }) => (first === last ? first : `${first}-${last}`))
      .join(',');
    return [
      `v${one.version} ${parts}/${one.total} ${one.title}`,
      ...(one.cover === null ? [] : ['with cover']),
      ...(missing === '' ? [] : [`missing ${missing}`]),
      ...(one.isResend ? ['resend'] : []),
      ...(one.supersededBy === null ? [] : ['superseded']),
    ].join(', ');
  });
}

function written(mail: Mail, index: number): string {
  const date = new Date(FIRST + (mail.minute ?? index) * 60_000).toUTCString();
  const headers = [
    `From: ${mail.from ?? AUTHOR}`,
    `Subject: ${mail.subject}`,
    `Date: ${date}`,
    ...(mail.id === undefined ? [] : [`Message-ID: <${mail.id}@example.org>`]),
    ...(mail.to === undefined ? [] : [`In-Reply-To: <${mail.to}@example.org>`]),
    ...(mail.references === undefined
      ? []
      : [`References: ${mail.references.map((id) => `<${id}@example.org>`).join(' ')}`]),
  ];
  const path = mail.path ?? 'fs/demofs/inode.c';
  const diff =
    mail.adds === undefined
      ? ''
      : `---\n\ndiff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1,2 @@\n one\n+${mail.adds}\n`;
  return `${headers.join('\n')}\n\n${mail.text ?? 'words'}\n${diff}`;
}
