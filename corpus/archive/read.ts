/**
 * Reads an archive: an mbox, a single mail, a bare diff, any of them gzipped, a public-inbox, a directory of those,
 * or standard input. One message at a time comes out, with problems in between; nothing throws for what a file holds.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { systemReason } from '../../analyzers/source/reason.ts';
import { textHolds } from '../mangled/text.ts';
import { listDirectory } from './directory.ts';
import { GzipError, gunzip, isGzip } from './gzip.ts';
import { MAX_MESSAGE_BYTES, splitMbox } from './mbox-splitter.ts';
import { counted, problem, tooLong } from './problem.ts';
import { readInbox } from './public-inbox.ts';
import { withoutFromLine } from './separator.ts';
import { type ContentKind, holdsDiff, SNIFF_BYTES, sniff } from './sniff.ts';
import type { ArchiveItem, ReadBefore } from './types.ts';

export interface ReadOptions {
  /** Read for the path `-` in place of the process's own standard input. */
  readonly stdin?: Readable;
  /** Is told of each piece of a file that was read, compressed or not. Not of standard input, nor of a public-inbox. */
  readonly onRead?: (bytes: number) => void;
  /** What was read before is passed over: null for a source that is new. Message numbers go on behind it. */
  readonly before?: (source: string) => ReadBefore | null;
  /** Is told of each file that was read to its end, and its size, when its last message has been taken. */
  readonly onEnd?: (source: string, bytes: number) => void;
}

/** What a path named `-` is called in messages and problems. */
const STDIN_NAME = '<stdin>';

/** How a file was found decides what is said of one that holds no mail. */
type Expectation = 'named-by-user' | 'named-as-mail' | 'maybe';

export async function* readArchive(path: string, options: ReadOptions = {}): AsyncGenerator<ArchiveItem> {
  if (path === '-') {
    yield* readStream(STDIN_NAME, buffers(options.stdin ?? process.stdin), 'named-by-user');
    return;
  }
  let isDirectory;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (error) {
    yield problem(path, null, systemReason(error));
    return;
  }
  yield* isDirectory ? readDirectory(path, options) : readFile(path, 'named-by-user', options);
}

async function* readDirectory(directory: string, options: ReadOptions): AsyncGenerator<ArchiveItem> {
  let items = 0;
  for await (const entry of listDirectory(directory)) {
    if (entry.type === 'unreadable') {
      items++;
      yield problem(entry.path, null, entry.reason);
      continue;
    }
    if (entry.type === 'inbox') {
      // One without messages says so itself.
      items++;
      yield* readInbox(entry.path, entry.repositories, options.before);
      continue;
    }
    if ((options.before?.(entry.path) ?? null) !== null) items++;
    for await (const item of readFile(entry.path, entry.named ? 'named-as-mail' : 'maybe', options)) {
      items++;
      yield item;
    }
  }
  if (items === 0) yield problem(directory, null, 'no mail or patch in this directory');
}

async function* readFile(
  path: string,
  expectation: Expectation,
  options: ReadOptions,
): AsyncGenerator<ArchiveItem> {
  const { onRead, before, onEnd } = options;
  const known = before?.(path) ?? null;
  const size = known === null ? null : ((await stat(path).catch(() => null))?.size ?? null);
  if (known !== null && size !== null && known.bytes === size) return onRead?.(size);
  const passed = known?.messages ?? 0;
  let last = 0;
  let bytes = 0;
  let isWhole = true;
  /** What was read before is not there any more: it is another file, or somebody has taken mails out of it. */
  let isOther = false;
  const input = buffers(createReadStream(path), (count) => {
    bytes += count;
    onRead?.(count);
  });
  for await (const item of readStream(path, input, expectation)) {
    const { index } = item;
    isOther = index === null ? last < passed : index === passed && markOf(item) !== known?.cursor;
    if (isOther) break;
    if (index === null) isWhole = false;
    else last = index;
    if (index === null || before === undefined) yield item;
    else if (index > passed) yield { ...item, cursor: markOf(item) };
  }
  if (isOther || last < passed) yield* readFile(path, expectation, { ...options, before: () => null });
  else if (isWhole) onEnd?.(path, bytes);
}

/** The same for the same message. */
function markOf(item: ArchiveItem): string {
  return item.type === 'problem' ? item.reason : createHash('sha256').update(item.bytes).digest('hex');
}

/**
 * How many bytes `onRead` will be told of: the size of all files at the paths. Null where that does not say how much there is
 * to do, as with standard input and a public-inbox.
 */
export async function sizeOfArchives(paths: readonly string[]): Promise<number | null> {
  let sum = 0;
  for (const path of paths) {
    const size = path === '-' ? null : await sizeOf(path);
    if (size === null) return null;
    sum += size;
  }
  return sum;
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 0;
  if (!found.isDirectory()) return found.isFile() ? found.size : null;
  let sum = 0;
  for await (const entry of listDirectory(path)) {
    if (entry.type === 'inbox') return null;
    if (entry.type === 'file') sum += (await stat(entry.path).catch(() => null))?.size ?? 0;
  }
  return sum;
}

async function* readStream(
  source: string,
  input: AsyncIterable<Buffer>,
  expectation: Expectation,
): AsyncGenerator<ArchiveItem> {
  let index = 0;
  try {
    const raw = await peek(input, 2);
    const plain = isGzip(raw.head)
      ? await peek(gunzip(raw.all), SNIFF_BYTES)
      : await peek(raw.all, SNIFF_BYTES);
    const kind = sniff(plain.head);
    if (kind === 'mbox') {
      for await (const { index: number, bytes } of splitMbox(plain.all)) {
        index = number;
        yield bytes === null
          ? tooLong(source, index)
          : { type: 'message', source, index, form: 'mail', bytes };
      }
      return;
    }
    const item = await readSingle(source, kind, plain.all, expectation);
    if (item !== null) yield item;
  } catch (error) {
    yield problem(source, null, error instanceof GzipError ? damaged(error, index) : systemReason(error));
  }
}

function damaged(error: GzipError, messages: number): string {
  return `${error.message} after ${counted(messages, 'whole message')}; the rest is not reviewed`;
}

/** A file that is one mail or one diff. Null when it is neither and nobody said that it should be. */
async function readSingle(
  source: string,
  kind: Exclude<ContentKind, 'mbox'>,
  chunks: AsyncIterable<Buffer>,
  expectation: Expectation,
): Promise<ArchiveItem | null> {
  const quiet = expectation === 'maybe';
  const bytes = await collect(chunks);
  if (bytes === null) return quiet && kind === 'other' ? null : tooLong(source, 1);
  if (bytes.length === 0) return quiet ? null : problem(source, null, 'file is empty');
  if (kind === 'mail') {
    return { type: 'message', source, index: 1, form: 'mail', bytes: withoutFromLine(bytes) };
  }
  if (kind === 'diff') return { type: 'message', source, index: 1, form: 'diff', bytes };
  // A page without a patch in it was found by chance unless somebody named it.
  const held = holdsDiff(bytes) ? 'patch' : textHolds(bytes);
  if (held === 'patch' || (held === 'page' && !quiet)) {
    return { type: 'message', source, index: 1, form: 'text', bytes };
  }
  return quiet ? null : problem(source, null, 'neither a mail nor a patch');
}

/** Everything in one buffer, or null when that is over the bound; the rest is then read and dropped. */
async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer | null> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_MESSAGE_BYTES) parts = [];
    else parts.push(chunk);
  }
  return size > MAX_MESSAGE_BYTES ? null : Buffer.concat(parts);
}

/** A stream's chunks as buffers, whatever encoding somebody set on it. */
async function* buffers(stream: Readable, onRead?: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    onRead?.(bytes.length);
    yield bytes;
  }
}

interface Peeked {
  /** The first bytes: at least as many as were asked for, unless the stream is shorter or breaks. */
  readonly head: Buffer;
  /** The whole stream from its first byte on. */
  readonly all: AsyncIterable<Buffer>;
}

async function peek(chunks: AsyncIterable<Buffer>, bytes: number): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let size = 0;
  let failure: unknown = null;
  let done = false;
  while (size < bytes && !done) {
    try {
      const next = await iterator.next();
      if (next.done === true) {
        done = true;
      } else {
        read.push(next.value);
        size += next.value.length;
      }
    } catch (error) {
      // What came before the error is still good; the error belongs behind it.
      failure = error;
      done = true;
    }
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield* read;
      if (failure !== null) throw failure;
      if (!done) yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(read), all: all() };
}
