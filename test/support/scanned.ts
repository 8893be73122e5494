/** A store as `scan` makes it of mails, and `serve` beside it, both as people start them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patchwitness } from '../e2e/program.ts';
import { Process } from './github-app/running.ts';

export interface Letter {
  readonly id: string;
  readonly subject: string;
  readonly from?: string;
  readonly date?: Date;
  readonly replyTo?: string;
  readonly body?: string;
  /** Its List-Id. */
  readonly list?: string;
}

const FIRST = Date.UTC(2024, 0, 1);

/** A mailbox; letters without a date are an hour apart. */
export function mailbox(letters: readonly Letter[]): string {
  return letters
    .map((letter, number) => `From mboxrd@z Thu Jan  1 00:00:00 1970\n${mailOf(letter, number)}\n`)
    .join('');
}

/** One mail; `hours` behind the first one, if it has no date. */
export function mailOf({ id, subject, from, date, replyTo, body, list }: Letter, hours = 0): string {
  const sent = date ?? new Date(FIRST + hours * 3_600_000);
  const lines = [
    `From: ${from ?? 'Ada Example <ada@example.org>'}`,
    `Subject: ${subject}`,
    `Date: ${sent.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}>`,
    ...(replyTo === undefined ? [] : [`In-Reply-To: <${replyTo}>`]),
    `List-Id: <${list ?? 'linux-demofs.vger.example.org'}>`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    body ?? 'Thank you.\n',
  ];
  return lines.join('\n');
}

/** A patch that makes a file of these lines. */
export function newFile(path: string, lines: readonly string[]): string {
  return [
    'This is needed.',
    '',
    'Signed-off-by: Ada Example <ada@example.org>',
    '---',
    `diff --git a/${path} b/${path}`,
    'new file mode 100644',
    'index 000000000000..111111111111',
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    '-- ',
    '2.39.5',
    '',
  ].join('\n');
}

/** Scanned archives, and the pages of what was found in them. */
export class Scanned {
  readonly directory = mkdtempSync(join(tmpdir(), 'patchwitness-scanned-'));
  private process: Process | null = null;

  /** Throws where the program does not end as it should. */
  async scan(letters: readonly Letter[], ...archives: readonly string[]): Promise<void> {
    const mbox = join(this.directory, 'mails.mbox');
    writeFileSync(mbox, mailbox(letters));
    const { status, stderr } = await patchwitness([
      'scan',
      '--quiet',
      '--data',
      join(this.directory, 'data'),
      mbox,
      ...archives,
    ]);
    if (status !== 0) throw new Error(stderr);
  }

  /** Its address. */
  async serve(): Promise<string> {
    const data = join(this.directory, 'data');
    this.process = new Process('serve', ['--results', '--port', '0', '--data', data], {});
    return await this.process.url;
  }

  async stop(): Promise<void> {
    await this.process?.end('SIGTERM');
    rmSync(this.directory, { recursive: true, force: true });
  }
}
