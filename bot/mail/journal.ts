/**
 * What became of each reply, kept from run to run so that no patch is answered twice. A line of JSON for each event, written to
 * the disk before anything else happens: `about` in front of a sending, its result behind it. Where the result is missing, the
 * program ended in between and nobody knows whether the mail went out: a person says so, and until then it is not sent again.
 */

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** A journal that cannot be read: nothing is sent then. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

const RESULTS = ['sent', 'later', 'refused', 'unknown'] as const;

const about = z.strictObject({
  event: z.literal('about'),
  id: z.string(),
  at: z.iso.datetime(),
  /** Message-IDs of the patch and of the reply. */
  patch: z.string(),
  reply: z.string(),
  subject: z.string(),
  to: z.array(z.string()),
});

const result = z.strictObject({
  event: z.enum(RESULTS),
  id: z.string(),
  at: z.iso.datetime(),
  reason: z.string().optional(),
  /** A person has said so. */
  byHand: z.literal(true).optional(),
});

const journalLine = z.discriminatedUnion('event', [about, result]);

type About = z.infer<typeof about>;

/** What is known of the last attempt: `unknown` until something else is. */
export interface Attempt extends Omit<About, 'event'> {
  readonly fate: (typeof RESULTS)[number];
  readonly reason: string | null;
}

/** What a sending ends in, as the journal keeps it. */
export interface AttemptResult {
  readonly fate: Attempt['fate'];
  readonly reason?: string;
}

const FILE = 'replies.ndjson';

/** `$XDG_STATE_HOME/patchwitness`, by the rules of the XDG Base Directory Specification. */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env['XDG_STATE_HOME'];
  const base = xdg?.startsWith('/') === true ? xdg : join(homedir(), '.local', 'state');
  return join(base, 'patchwitness');
}

export class Journal {
  private readonly file: string;
  private readonly directory: string;
  /** By the patch's Message-ID, the last one at the end. */
  private readonly attempts = new Map<string, Attempt[]>();
  private readonly byId = new Map<string, Attempt>();
  /** Bytes of whole lines. */
  private size = 0;
  private isMended = false;

  /** Reads what is there. Throws JournalError, and the operating system's errors. */
  constructor(directory: string) {
    this.directory = directory;
    this.file = join(directory, FILE);
    if (!existsSync(this.file)) return;
    const text = readFileSync(this.file, 'utf8');
    // A line without its end was being written when the program or the machine stopped: nothing followed from it.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.size = Buffer.byteLength(whole);
    for (const [index, line] of whole.split('\n').slice(0, -1).entries()) this.read(line, index + 1);
  }

  /** The last attempt to answer the patch; null where there was none. */
  lastOf(patch: string): Attempt | null {
    return this.attempts.get(patch)?.at(-1) ?? null;
  }

  /** Attempts of which nobody knows whether the mail went out. */
  unknown(): readonly Attempt[] {
    return [...this.byId.values()].filter(({ fate }) => fate === 'unknown');
  }

  find(id: string): Attempt | null {
    return this.byId.get(id) ?? null;
  }

  /** Mails that went out since then, or may have. */
  countSince(time: Date): number {
    const counted = [...this.byId.values()].filter(({ fate }) => fate === 'sent' || fate === 'unknown');
    return counted.filter(({ at }) => Date.parse(at) > time.getTime()).length;
  }

  /** Says, on the disk, that the mail is about to be sent; returns what the attempt is called. */
  begin(reply: Pick<About, 'patch' | 'reply' | 'subject' | 'to'>, now: Date): string {
    const count = this.attempts.get(reply.patch)?.length ?? 0;
    const id = createHash('sha256').update(`${count} ${reply.patch}`).digest('hex').slice(0, 12);
    const line: About = { event: 'about', id, at: now.toISOString(), ...reply };
    this.append(line);
    this.take(line);
    return id;
  }

  end(id: string, { fate, reason }: AttemptResult, now: Date, isByHand = false): void {
    const line: z.infer<typeof result> = {
      event: fate,
      id,
      at: now.toISOString(),
      ...(reason === undefined ? {} : { reason }),
      ...(isByHand ? { byHand: true } : {}),
    };
    this.append(line);
    this.take(line);
  }

  private read(text: string, number: number): void {
    try {
      this.take(journalLine.parse(JSON.parse(text)));
    } catch (error) {
      throw new JournalError(`${this.file}: line ${number} cannot be read, so nobody knows what was sent`, {
        cause: error,
      });
    }
  }

  private take(line: z.infer<typeof journalLine>): void {
    if (line.event === 'about') {
      const { event: _, ...rest } = line;
      this.keep({ ...rest, fate: 'unknown', reason: null });
      return;
    }
    const attempt = this.byId.get(line.id);
    if (attempt !== undefined) this.keep({ ...attempt, fate: line.event, reason: line.reason ?? null });
  }

  private keep(attempt: Attempt): void {
    const others = (this.attempts.get(attempt.patch) ?? []).filter(({ id }) => id !== attempt.id);
    this.attempts.set(attempt.patch, [...others, attempt]);
    this.byId.set(attempt.id, attempt);
  }

  /** On the disk when it returns. */
  private append(line: z.infer<typeof journalLine>): void {
    this.mend();
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    const handle = openSync(this.file, 'a', 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  /** Before the first line of a run: takes half a line away, and sees to it that the file is in its directory. */
  private mend(): void {
    if (this.isMended) return;
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    closeSync(openSync(this.file, 'a', 0o600));
    truncateSync(this.file, this.size);
    const directory = openSync(this.directory, 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
    this.isMended = true;
  }
}
