/**
 * A mailing list that nobody wrote: how many messages in, an mboxrd out, message by message, the same in every run.
 * It has what makes a list costly to index: covers and patches in threads, rerolls up to v3, single patches, long
 * discussions with quotes and trailers, several thousand senders of very uneven diligence, an id of its own for
 * every mail. The proportions are those of filesystem lists: four mails in ten are replies, and a mail has two
 * to four kilobytes.
 */

const SENDERS = 6000;
/** Mails and series that people still answer and post again. */
const RECENT_MAILS = 4000;
const RECENT_SERIES = 800;
const MAX_VERSION = 3;
const MAX_PARTS = 14;
const MAX_REFERENCES = 12;
const SEED = 20181030;
const FIRST_MAIL = Date.UTC(2015, 0, 5);
/** Makes a million mails ten years. */
const SECONDS_APART = 315;

const GIVEN =
  'Ada Ben Cleo Dan Eva Finn Gita Hugo Ines Jan Kai Lena Max Nora Otto Pia Quin Rosa Sam Tia'.split(' ');
const AREAS = 'demofs toyfs mm/demo block/toy demobd vfs demofs/journal toyfs/extent iodemo demomap'.split(
  ' ',
);
const VERBS = 'fix avoid drop rework hoist split document simplify convert guard tidy handle'.split(' ');
const THINGS =
  'folio lock|page cache read|extent lookup|journal credits|inode eviction|writeback error|bio completion|delayed allocation|fault path|quota charge|block bitmap|mount option|reserved range|truncate race'.split(
    '|',
  );
const PLACES =
  'the write path|remount|direct IO|the fault handler|recovery|fallocate|readahead|error paths|fsync|the shrinker|rename|xattr code'.split(
    '|',
  );
const WORDS =
  'the folio is locked here and the transaction is still open when we wait for writeback so a second task may sleep on it until reclaim comes back to us which never happens under memory pressure because of the dirty limit'.split(
    ' ',
  );
const CODE = [
  'struct inode *inode = mapping->host;',
  'error = demofs_start(inode, blocks);',
  'if (error)',
  'goto out_unlock;',
  'folio_lock(folio);',
  'folio_unlock(folio);',
  'return demofs_map(inode, folio, &map);',
  'map.m_len = min(len, max_blocks);',
  'spin_lock(&sbi->s_lock);',
  'spin_unlock(&sbi->s_lock);',
  'demofs_stop(handle);',
  'while (len > 0) {',
  '}',
];

interface Mail {
  readonly id: string;
  /** Without `Re: `. */
  readonly subject: string;
  readonly references: readonly string[];
  readonly quote: string;
}

interface Posted {
  readonly sender: string;
  readonly title: string;
  readonly parts: readonly string[];
  readonly version: number;
}

/** Mulberry32: small, quick and the same everywhere. */
class Random {
  private state = SEED;

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick(list: readonly string[]): string {
    return list[this.below(list.length)] ?? '';
  }
}

/** The list's mails, each with its separator in front. */
export function* syntheticList(count: number): Generator<string> {
  const list = new SyntheticList();
  let written = 0;
  while (written < count) {
    for (const mail of list.happen()) {
      yield mail;
      if (++written === count) return;
    }
  }
}

class SyntheticList {
  private readonly random = new Random();
  private readonly recent: Mail[] = [];
  private readonly series: Posted[] = [];
  private written = 0;

  /** One thing that happens on the list: a posting, or an answer. */
  happen(): string[] {
    const chance = this.random.next();
    if (chance < 0.09) return this.post(this.newSeries());
    if (chance < 0.14) return this.reroll();
    if (chance < 0.25) return [this.single()];
    return [this.reply()];
  }

  private title(): string {
    const { random } = this;
    return `${random.pick(AREAS)}: ${random.pick(VERBS)} ${random.pick(THINGS)} in ${random.pick(PLACES)} ${random.below(40)}`;
  }

  /** A few people write most of the mail. */
  private sender(): string {
    const number = Math.floor(this.random.next() ** 3 * SENDERS);
    const given = GIVEN[number % GIVEN.length] ?? '';
    return `${given} Example${number} <${given.toLowerCase()}.${number}@example.org>`;
  }

  private newSeries(): Posted {
    const parts = Array.from({ length: 2 + this.random.below(MAX_PARTS - 1) }, () => this.title());
    return { sender: this.sender(), title: this.title(), parts, version: 1 };
  }

  private reroll(): string[] {
    const at = this.random.below(this.series.length);
    const old = this.series[at];
    if (old === undefined || old.version >= MAX_VERSION) return [this.reply()];
    return this.post({ ...old, version: old.version + 1 }, at);
  }

  private post(posted: Posted, place = this.place(this.series, RECENT_SERIES)): string[] {
    const { sender, title, parts, version } = posted;
    this.series[place] = posted;
    const tag = (part: number): string =>
      `[PATCH${version === 1 ? '' : ` v${version}`} ${String(part).padStart(parts.length > 9 ? 2 : 1, '0')}/${parts.length}]`;
    const cover = this.mail(sender, `${tag(0)} ${title}`, [], this.coverBody(parts, version));
    const patches = parts.map((part, at) =>
      this.mail(sender, `${tag(at + 1)} ${part}`, [cover.id], this.patchBody(sender)),
    );
    return [cover.text, ...patches.map(({ text }) => text)];
  }

  private single(): string {
    const sender = this.sender();
    return this.mail(sender, `[PATCH] ${this.title()}`, [], this.patchBody(sender)).text;
  }

  private reply(): string {
    const { random, recent } = this;
    // Most answers go to what came last.
    const back = Math.floor(random.next() ** 2 * recent.length);
    const above = recent[(this.written - 1 - back + RECENT_MAILS) % RECENT_MAILS];
    if (above === undefined) return this.single();
    const sender = this.sender();
    const references = [...above.references, above.id].slice(-MAX_REFERENCES);
    const trailer = random.next() < 0.3 ? `\nReviewed-by: ${sender}\n` : '';
    const body = `On that day somebody wrote:\n${above.quote}\n${this.prose(60)}\n${above.quote}${trailer}\n${this.prose(20)}`;
    return this.mail(sender, `Re: ${above.subject}`, references, body).text;
  }

  /** Where in a ring the next one goes. */
  private place(ring: readonly unknown[], size: number): number {
    return ring.length < size ? ring.length : this.random.below(size);
  }

  private mail(
    sender: string,
    subject: string,
    references: readonly string[],
    body: string,
  ): { readonly id: string; readonly text: string } {
    const { random } = this;
    const number = this.written++;
    const date = new Date(FIRST_MAIL + number * SECONDS_APART * 1000).toUTCString().replace('GMT', '+0000');
    const id = `${date.slice(5, 16).replaceAll(' ', '')}.${random.below(1e9)}-${number}-demo@example.org`;
    const answered = references.at(-1);
    const plain = subject.replace(/^Re: /, '');
    this.recent[number % RECENT_MAILS] = {
      id,
      subject: plain,
      references,
      quote: `> ${body.slice(0, 400).replaceAll('\n', '\n> ')}\n`,
    };
    const hop = `from mx${random.below(90)}.example.org (mx.example.org [192.0.2.${random.below(250)}])\n\tby list.example.org (Postfix) with ESMTPS id ${random.below(1e9).toString(16)}\n\tfor <demofs@list.example.org>; ${date}`;
    const text =
      'From mboxrd@z Thu Jan  1 00:00:00 1970\n' +
      `Return-Path: <demofs-owner@list.example.org>\nReceived: ${hop}\nReceived: ${hop}\nX-Signature: ${'0123456789abcdef'.repeat(16)}\n` +
      `From: ${sender}\nTo: demofs@list.example.org\nCc: linux-demo@list.example.org,\n\t${this.sender()}\n` +
      `Subject: ${subject}\nDate: ${date}\nMessage-ID: <${id}>\n` +
      (answered === undefined
        ? ''
        : `In-Reply-To: <${answered}>\nReferences: ${references.map((one) => `<${one}>`).join('\n ')}\n`) +
      'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n' +
      `List-Id: <demofs.list.example.org>\n\n${body}\n\n`;
    return { id, text };
  }

  private coverBody(parts: readonly string[], version: number): string {
    const changes = version === 1 ? '' : `Changes since v${version - 1}:\n - ${this.prose(30)}\n`;
    const list = parts.map((part) => `  ${part}\n`).join('');
    return `${this.prose(150)}\n${changes}\nAn Example (${parts.length}):\n${list}\n fs/demofs/inode.c | 24 +++++++-----\n ${parts.length} files changed, 18 insertions(+), 6 deletions(-)\n\nbase-commit: ${'0123456789'.repeat(4)}\n-- \n2.39.5\n`;
  }

  private patchBody(sender: string): string {
    const { random } = this;
    const hunks = Array.from({ length: 2 + random.below(4) }, (_, at) => this.hunk(100 * at + 10));
    const path = `fs/demofs/${random.pick(WORDS)}${random.below(60)}.c`;
    return `${this.prose(70)}\nSigned-off-by: ${sender}\n---\n ${path} | 12 ++++++------\n 1 file changed, 6 insertions(+), 6 deletions(-)\n\ndiff --git a/${path} b/${path}\nindex 1111111..2222222 100644\n--- a/${path}\n+++ b/${path}\n${hunks.join('')}-- \n2.39.5\n`;
  }

  private hunk(start: number): string {
    const { random } = this;
    const line = (sign: string): string => `${sign}\t${random.pick(CODE)}\n`;
    const lines = [' ', ' ', ' ', '-', '-', '+', '+', '+', ' ', ' ', ' '].map(line);
    return `@@ -${start},8 +${start},9 @@ static int demofs_${random.pick(VERBS)}(struct folio *folio)\n${lines.join('')}`;
  }

  private prose(words: number): string {
    const { random } = this;
    let text = '';
    for (let at = 1; at <= words; at++)
      text += random.pick(WORDS) + (at % 14 === 0 || at === words ? '\n' : ' ');
    return text;
  }
}
