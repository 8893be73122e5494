/**
 * `npm run eval -- mailinfo ARCHIVE…`: takes every mail of the archives apart with our anatomy and with
 * `git mailinfo -u`, and compares author, address, subject, date, message and patch byte for byte; then the
 * trailers with `git interpret-trailers --parse`. `--scissors` does it with scissors on both sides. Prints each
 * disagreement and, for those of a known kind, its reason; the exit status is 1 when one is of no known kind.
 */

import { isUtf8 } from 'node:buffer';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readArchive } from '../../corpus/archive/read.ts';
import type { RawMessage } from '../../corpus/archive/types.ts';
import { declaredFlow } from '../../corpus/mail/content-type.ts';
import { fieldValue, readHeader } from '../../corpus/mail/header.ts';
import { type PatchMail, readPatchMail } from '../../corpus/mail/mailinfo.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import { withoutTransportCr } from '../../corpus/mail/transfer.ts';

/** Two cores are what a small machine has; git is most of the time. */
const WORKERS = 3;
const MAX_OUTPUT = 1 << 26;

interface Judged {
  readonly info: Buffer;
  readonly message: Buffer;
  readonly patch: Buffer;
  readonly failed: boolean;
}

interface Disagreement {
  readonly index: number;
  readonly fields: readonly string[];
  readonly reason: string | null;
  readonly shown: string;
}

interface Run {
  readonly work: string;
  readonly scissors: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { scissors: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (positionals.length === 0) {
    process.stderr.write('usage: npm run eval -- mailinfo [--scissors] ARCHIVE…\n');
    return 2;
  }
  const work = mkdtempSync(join(tmpdir(), 'patchwitness-mailinfo-'));
  try {
    let unknown = 0;
    for (const archive of positionals)
      unknown += await compareArchive(archive, { work, scissors: values.scissors });
    return unknown === 0 ? 0 : 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function compareArchive(archive: string, setting: Run): Promise<number> {
  const found: Disagreement[] = [];
  let mails = 0;
  let patches = 0;
  const items = readArchive(archive)[Symbol.asyncIterator]();
  const worker = async (name: number): Promise<void> => {
    for (;;) {
      const next = await items.next();
      if (next.done === true) return;
      if (next.value.type !== 'message') continue;
      mails++;
      const { disagreement, hasPatch } = await compareMail(next.value, name, setting);
      if (hasPatch) patches++;
      if (disagreement !== null) found.push(disagreement);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, name) => worker(name)));
  return report(archive, mails, patches, found);
}

function report(archive: string, mails: number, patches: number, found: readonly Disagreement[]): number {
  const unknown = found.filter(({ reason }) => reason === null);
  process.stdout.write(
    `${archive}: ${mails} mails, ${patches} with a patch, ${mails - found.length} alike in every field, ` +
      `${found.length - unknown.length} differ for a known reason, ${unknown.length} for none\n`,
  );
  for (const reason of [...Object.values(REASONS), null]) {
    const group = found.filter((one) => one.reason === reason);
    if (group.length === 0) continue;
    const numbers = group
      .toSorted((a, b) => a.index - b.index)
      .map(({ index, fields }) => `${index} ${fields.join('+')}`);
    process.stdout.write(`  ${reason ?? 'no known reason'}: ${group.length}\n    ${numbers.join(', ')}\n`);
  }
  for (const { index, shown } of unknown)
    process.stdout.write(`--- ${archive}: message ${index}\n${shown}\n`);
  return unknown.length;
}

async function compareMail(
  raw: RawMessage,
  worker: number,
  { work, scissors }: Run,
): Promise<{ disagreement: Disagreement | null; hasPatch: boolean }> {
  const ours = await readPatchMail(await parseMessage(raw), { scissors });
  const hasPatch = ours.patch !== '';
  const flags = scissors ? ['--scissors'] : ['--no-scissors'];
  const files = [join(work, `${worker}.message`), join(work, `${worker}.patch`)] as const;
  const judged = await mailinfo(raw, flags, files);
  const rows = compareParts(judged, ours, raw);
  if (hasPatch && rows.every(isSame)) {
    const theirs = await git(
      ['interpret-trailers', '--parse'],
      Buffer.from(`${ours.title}\n\n${ours.message}`),
    );
    const mine = ours.trailers.map(({ key, value }) => `${key}: ${value}\n`).join('');
    rows.push(row('trailers', theirs.output.toString(), mine));
  }
  const different = rows.filter((one) => !isSame(one));
  if (different.length === 0) return { disagreement: null, hasPatch };
  const stripped = compareParts(await mailinfo(raw, [...flags, '--quoted-cr=strip'], files), ours, raw);
  const reason = stripped.every(isSame) ? REASONS.quotedCr : knownReason(raw, judged, different);
  const shown = different.map(showDifference).join('\n');
  return {
    disagreement: { index: raw.index, fields: different.map(({ name }) => name), reason, shown },
    hasPatch,
  };
}

async function mailinfo(
  raw: RawMessage,
  flags: readonly string[],
  [message, patch]: readonly [string, string],
): Promise<Judged> {
  // git am hands mailinfo what mailsplit made, and that has no line ends of the transport.
  const { output, failed } = await git(
    ['mailinfo', '-u', ...flags, message, patch],
    withoutTransportCr(raw.bytes),
  );
  return { info: output, message: readFileSync(message), patch: readFileSync(patch), failed };
}

interface Row {
  readonly name: string;
  readonly theirs: string;
  readonly ours: string;
}

function row(name: string, theirs: string, ours: string): Row {
  return { name, theirs, ours };
}

const isSame = ({ theirs, ours }: Row): boolean => theirs === ours;

function compareParts(judged: Judged, ours: PatchMail, raw: RawMessage): Row[] {
  const info = new Map(
    judged.info
      .toString()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
  );
  return [
    row('author', info.get('Author') ?? '', ours.author?.name ?? ''),
    row('email', info.get('Email') ?? '', ours.author?.email ?? ''),
    row('subject', info.get('Subject') ?? '', ours.title),
    row('date', info.get('Date') ?? '', ours.date ?? ''),
    row('message', decode(judged.message, raw), ours.message),
    row('patch', decode(judged.patch, raw), ours.patch),
  ];
}

/** git leaves a patch in the charset of its mail, and a message too when the mail names none. */
function decode(bytes: Buffer, raw: RawMessage): string {
  if (isUtf8(bytes)) return bytes.toString();
  const charset = charsetOf(raw);
  if (charset === '' || LATIN1.test(charset)) return bytes.toString('latin1');
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** TextDecoder reads `iso-8859-1` as Windows-1252, which is not the same. */
const LATIN1 = /^(?:us-ascii|utf-8|iso-8859-1)$/;

function charsetOf(raw: RawMessage): string {
  const type = fieldValue(readHeader(raw.bytes).fields, 'content-type') ?? '';
  return (/charset="?([\w-]+)/i.exec(type)?.[1] ?? '').toLowerCase();
}

const REASONS = {
  quotedCr: 'encoded text with CR LF lines: git keeps the CRs, and with --quoted-cr=strip gives what we give',
  gaveUp: 'git gives up on the mail',
  parts:
    'several parts: git also takes in signatures, HTML, binary files and a blank line for each boundary; all our lines are among its',
  flowed: 'format=flowed: git joins lines, we do not; the same but for white space and quote marks',
  blanks: 'quoted-printable: git keeps blanks at the ends of lines, which RFC 2045 (6.7, rule 3) has deleted',
} as const;

/** What joining lines takes or leaves. */
const SQUEEZED = /[\s>]/g;

/** Why message and patch may differ, each reason checked; null when nothing explains it. */
function knownReason(raw: RawMessage, judged: Judged, different: readonly Row[]): string | null {
  if (judged.failed) return REASONS.gaveUp;
  if (!different.every(({ name }) => name === 'message' || name === 'patch')) return null;
  const { fields } = readHeader(raw.bytes);
  const type = fieldValue(fields, 'content-type') ?? '';
  const every = (same: (theirs: string, ours: string) => boolean): boolean =>
    different.every(({ theirs, ours }) => same(theirs, ours));
  const alike = (drop: RegExp): boolean =>
    every((theirs, ours) => theirs.replaceAll(drop, '') === ours.replaceAll(drop, ''));
  if (/^multipart\//i.test(type)) {
    const isPartOf = (all: string, some: string): boolean =>
      holdsLines(all, some) || all.replaceAll(SQUEEZED, '').includes(some.replaceAll(SQUEEZED, ''));
    return every(
      (theirs, ours) => isPartOf(theirs, ours) || isPartOf(theirs, Buffer.from(ours).toString('latin1')),
    )
      ? REASONS.parts
      : null;
  }
  if (declaredFlow(type) !== 'fixed') return alike(SQUEEZED) ? REASONS.flowed : null;
  const encoding = fieldValue(fields, 'content-transfer-encoding') ?? '';
  return /^quoted-printable$/i.test(encoding) && alike(/[\t ]+$/gm) ? REASONS.blanks : null;
}

/**
 * Whether the lines of one text are among those of the other, in order; blank ones do not count. A binary part that
 * git takes in has no line feed at its end, and the next part's first line hangs on to it.
 */
function holdsLines(all: string, some: string): boolean {
  const lines = all.split('\n');
  let at = 0;
  for (const line of some.split('\n')) {
    if (line === '') continue;
    while (at < lines.length && lines[at]?.endsWith(line) !== true) at++;
    if (at++ >= lines.length) return false;
  }
  return true;
}

function showDifference({ name, theirs, ours }: Row): string {
  let at = 0;
  while (at < theirs.length && theirs.charAt(at) === ours.charAt(at)) at++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 100));
  return `${name} at ${at}\n  git  ${around(theirs)}\n  ours ${around(ours)}`;
}

function git(args: readonly string[], input: Buffer): Promise<{ output: Buffer; failed: boolean }> {
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
  return new Promise((resolve) => {
    const options = { env, cwd: tmpdir(), encoding: 'buffer' as const, maxBuffer: MAX_OUTPUT };
    const child = execFile('git', [...args], options, (error, stdout) =>
      resolve({ output: stdout, failed: error !== null }),
    );
    // git may be done before it has read everything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
