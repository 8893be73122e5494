/**
 * `npm run eval -- plain ARCHIVE…`: the mails that are read from their bytes, without the MIME parser, beside what
 * the parser gives for them: text, subject and sender must be the same. Prints what differs, why if that is known,
 * and how fast both ways are; the exit status is 1 when something differs without a known reason.
 */
import { simpleParser } from 'mailparser';
import { readArchive } from '../../corpus/archive/read.ts';
import type { RawMessage } from '../../corpus/archive/types.ts';
import { readParts } from '../../corpus/mail/body.ts';
import { fieldValue, readHeader } from '../../corpus/mail/header.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import { readPlainBody } from '../../corpus/mail/plain.ts';
import { withoutTransportCr } from '../../corpus/mail/transfer.ts';
import { PARSER_OPTIONS } from '../../corpus/mail/words.ts';

const ROUNDS = 3;

export async function run(args: readonly string[]): Promise<number> {
  if (args.length === 0) {
    process.stderr.write('usage: npm run eval -- plain ARCHIVE…\n');
    return 2;
  }
  let unknown = 0;
  for (const archive of args) unknown += await compareArchive(archive);
  return unknown === 0 ? 0 : 1;
}

async function compareArchive(archive: string): Promise<number> {
  const mails: RawMessage[] = [];
  for await (const item of readArchive(archive)) if (item.type === 'message') mails.push(item);
  const quick = mails.filter(({ bytes }) => readPlainBody(bytes, readHeader(bytes)) !== null);
  const differing: string[] = [];
  const crOnly: number[] = [];
  for (const mail of mails) {
    const fields = await differences(mail);
    if (fields.length === 0) continue;
    if (fields.join('') === 'text but for CRs') crOnly.push(mail.index);
    else differing.push(`${mail.index} ${fields.join('+')}`);
  }
  process.stdout.write(
    `${archive}: ${mails.length} mails, ${quick.length} read from their bytes; ` +
      `${mails.length - crOnly.length - differing.length} the same as by the parser\n` +
      `  a CR inside the text is kept, the parser drops it: ${crOnly.length} ${crOnly.join(', ')}\n` +
      `  no known reason: ${differing.length} ${differing.join(', ')}\n`,
  );
  await measure('everything by the parser', mails, byParser);
  await measure('as the program does it', mails, parseMessage);
  return differing.length;
}

const withoutCr = (text: string): string => text.replaceAll('\r\n', '\n');

async function differences(mail: RawMessage): Promise<string[]> {
  const ours = await parseMessage(mail);
  const bytes = withoutTransportCr(mail.bytes);
  const header = readHeader(bytes);
  const body = await readParts(bytes, header);
  const parsed = await byParser(mail);
  const found: string[] = [];
  if (ours.text !== body.text) {
    found.push(withoutCr(ours.text) === withoutCr(body.text) ? 'text but for CRs' : 'text');
  }
  if (ours.subject !== (parsed.subject ?? '')) found.push('subject');
  const { name = '', address = '' } = parsed.from?.value[0] ?? {};
  const sender = name === '' ? address : address === '' ? name : `${name} <${address}>`;
  if ((ours.from ?? '') !== sender) found.push('sender');
  return found;
}

/** The parser on the whole mail: its own reading of the body, and the two headers that it decodes for us. */
function byParser(mail: RawMessage): ReturnType<typeof simpleParser> {
  const { fields, bodyStart } = readHeader(mail.bytes);
  const block = ['from', 'subject', 'content-type', 'content-transfer-encoding', 'content-disposition']
    .map((name) => [name, fieldValue(fields, name)] as const)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\n`]))
    .join('');
  const header = Buffer.from(`${block}\n`, 'latin1');
  return simpleParser(Buffer.concat([header, mail.bytes.subarray(bodyStart)]), PARSER_OPTIONS);
}

async function measure(
  name: string,
  mails: readonly RawMessage[],
  read: (mail: RawMessage) => Promise<unknown>,
): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (const mail of mails) await read(mail);
    best = Math.min(best, performance.now() - start);
  }
  process.stdout.write(`  ${name}: ${((mails.length / best) * 1000).toFixed(0)} messages/s\n`);
}
