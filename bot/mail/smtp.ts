/**
 * One mail to one SMTP server: bytes in, its fate out. A server's answer decides; where the connection breaks while the mail is
 * under way, nobody knows.
 */

import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { printable } from '../reports/printable.ts';
import type { SmtpServer } from './config.ts';

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

export type SendResult =
  | {
      readonly fate: 'sent';
      /** Recipients that the server refused while it took the mail for the others. */
      readonly refused: readonly string[];
    }
  /** It may be tried again; `isServer` where another mail would fare no better. */
  | { readonly fate: 'later'; readonly reason: string; readonly isServer: boolean }
  /** It never will be taken. */
  | { readonly fate: 'refused'; readonly reason: string }
  /** It may have been taken. */
  | { readonly fate: 'unknown'; readonly reason: string };

const CONNECT_TIMEOUT = 30_000;

/** RFC 5321, 4.5.3.2.6: a server may take ten minutes to say that it has the mail. */
const ANSWER_TIMEOUT = 600_000;

/** `password` is for the user that the server names. Never throws. */
export async function sendMail(
  { host, port, tls, user }: SmtpServer,
  password: string | null,
  envelope: Envelope,
  mail: Buffer,
): Promise<SendResult> {
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: CONNECT_TIMEOUT,
    greetingTimeout: CONNECT_TIMEOUT,
    socketTimeout: ANSWER_TIMEOUT,
  });
  const content = new Content(mail);
  try {
    await connected(connection);
    if (user !== null) await loggedIn(connection, user, password ?? '');
    const rejected = await taken(connection, envelope, content);
    connection.quit();
    return { fate: 'sent', refused: rejected.map(printable) };
  } catch (error) {
    connection.close();
    return fateOf(error, content.isUnderWay);
  }
}

/** The mail, which tells whether anybody has begun to read it: that is, whether the server has asked for it. */
class Content extends Readable {
  isUnderWay = false;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.bytes = bytes;
  }

  override _read(): void {
    this.isUnderWay = true;
    this.push(this.bytes);
    this.push(null);
  }
}

function connected(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    // Later errors come to the command that is under way, and here too, where they are heard no more.
    connection.on('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

function loggedIn(connection: SMTPConnection, user: string, pass: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.login({ credentials: { user, pass } }, (error) => (error ? reject(error) : resolve()));
  });
}

/** Recipients that were refused. */
function taken(
  connection: SMTPConnection,
  { from, to }: Envelope,
  content: Readable,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('the connection was closed')));
    connection.send({ from, to: [...to] }, content, (error, info) => {
      if (error) reject(error);
      else resolve((info?.rejected ?? []).map(String));
    });
  });
}

function fateOf(error: unknown, isUnderWay: boolean): SendResult {
  const { code, status, said } = told(error);
  // What a server says of a password may hold it.
  if (code === 'EAUTH') {
    return { fate: 'later', reason: `the server does not let this user in (${status})`, isServer: true };
  }
  const isAnswer = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (isAnswer && status >= 500) return { fate: 'refused', reason: said };
  if (isAnswer && status >= 400) return { fate: 'later', reason: said, isServer: status === 421 };
  if (isUnderWay) return { fate: 'unknown', reason: said };
  return { fate: 'later', reason: said, isServer: true };
}

function told(error: unknown): { readonly code: string; readonly status: number; readonly said: string } {
  if (!(error instanceof Error)) return { code: '', status: 0, said: printable(String(error)) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : 0;
  return { code, status, said: printable(error.message.replace(/\s+/g, ' ').trim()) };
}
