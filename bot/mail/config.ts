/** The file that says how replies are sent, and to whom: YAML in, checked settings out. The password is in no file. */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { systemReason } from '../../analyzers/source/reason.ts';
import { type Mailbox, readMailboxes } from '../../corpus/mail/words.ts';
import { printable } from '../reports/printable.ts';

/** Settings that cannot be used; the message names file and field. */
export class ReplyConfigError extends Error {
  override readonly name = 'ReplyConfigError';
}

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** From the first byte, by STARTTLS (without which nothing is sent), or not at all. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly user: string | null;
  /** Name of the environment variable that holds the password; null without a user. */
  readonly passwordVariable: string | null;
}

export interface ReplyConfig {
  readonly from: Mailbox | null;
  /** Other addresses of ours, in lower case. */
  readonly self: readonly string[];
  readonly smtp: SmtpServer | null;
  /** Addresses, `@domain`, `author` or `everyone`, in lower case. */
  readonly allow: readonly string[];
  /** Addresses and `@domain`, in lower case. */
  readonly mute: readonly string[];
  /** Mails in 24 hours. */
  readonly cap: number;
  readonly maxAgeDays: number;
  readonly embargoHours: number;
  /** Where the rules' pages are published. */
  readonly pages: string | null;
}

const address = z
  .string()
  .regex(/^[^\s@<>]+@[^\s@<>]+$/, 'is no address')
  .toLowerCase();
const domain = z
  .string()
  .regex(/^@[\w.-]+$/, 'is no domain')
  .toLowerCase();
const somebody = z.union([domain, address]);

const configSchema = z.strictObject({
  from: z.string().optional(),
  self: z.array(address).default([]),
  smtp: z
    .strictObject({
      host: z.string().min(1),
      port: z.int().min(1).max(65_535),
      tls: z.enum(['implicit', 'starttls', 'none']),
      user: z.string().min(1).optional(),
      'password-variable': z
        .string()
        .regex(/^[A-Za-z_]\w*$/, 'is no name of a variable')
        .optional(),
    })
    .refine((smtp) => (smtp.user === undefined) === (smtp['password-variable'] === undefined), {
      message: 'user and password-variable go together',
    })
    .refine(({ tls, user, host }) => tls !== 'none' || user === undefined || isLoopback(host), {
      message: 'a password is not sent without TLS',
    })
    .optional(),
  allow: z.array(z.union([z.enum(['author', 'everyone']), somebody])).default([]),
  mute: z.array(somebody).default([]),
  cap: z.int().min(0).default(20),
  'max-age-days': z.number().min(0).default(14),
  'embargo-hours': z.number().min(0).default(1),
  pages: z
    .url({ protocol: /^https?$/ })
    .endsWith('/', 'has to end with a slash')
    .optional(),
});

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);
}

export async function defaultReplyConfig(): Promise<ReplyConfig> {
  return readConfig({});
}

/** Throws ReplyConfigError. */
export async function loadReplyConfig(file: string): Promise<ReplyConfig> {
  try {
    return await readConfig(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ReplyConfigError(`${printable(file)}: ${reasonOf(error)}`, { cause: error });
  }
}

async function readConfig(content: unknown): Promise<ReplyConfig> {
  const config = configSchema.parse(content);
  const { smtp, self, allow, mute, cap } = config;
  return {
    from: config.from === undefined ? null : await readFrom(config.from),
    self,
    smtp:
      smtp === undefined
        ? null
        : {
            host: smtp.host,
            port: smtp.port,
            tls: smtp.tls,
            user: smtp.user ?? null,
            passwordVariable: smtp['password-variable'] ?? null,
          },
    allow,
    mute,
    cap,
    maxAgeDays: config['max-age-days'],
    embargoHours: config['embargo-hours'],
    pages: config.pages ?? null,
  };
}

/** One sender, as `Name <address>`. Throws ReplyConfigError. */
export async function readFrom(text: string): Promise<Mailbox> {
  const [mailbox, ...more] = await readMailboxes(text);
  if (mailbox === undefined || more.length > 0) {
    throw new ReplyConfigError(`${printable(text)} is not one sender, such as Ada <ada@example.org>`);
  }
  return mailbox;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return printable(systemReason(error));
  const issues = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  return printable(issues.join('; '));
}
