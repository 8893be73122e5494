/**
 * Streams gzip data through zlib so that what was inflated comes out before the error of a damaged file. (Node's
 * own stream drops what it has buffered when it is destroyed by an error, so where the good part ends would depend
 * on timing.) Compressed chunks in, inflated chunks out, and a GzipError where that ends early.
 */
import { createGunzip } from 'node:zlib';

/** The first two bytes of every gzip file; names lie. */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * Input goes to zlib in slices of this size. Deflate expands at most about a thousandfold, so one slice never puts
 * more than 8 MiB in memory; and of a slice with an error in it, all is kept but zlib's last 16 KiB of output.
 */
const SLICE_BYTES = 8 * 1024;

/**
 * Data that inflates further than this, and to more than so many times its size, is a bomb and not read on. Mail
 * shrinks three- to twentyfold, repetitive logs fiftyfold, and deflate itself at most 1,032-fold. The first bound
 * keeps small files of whatever ratio readable, the second makes the work for a longer file a multiple of what was
 * really sent.
 */
const MAX_FREE_INFLATED_BYTES = 1024 * 1024 * 1024;
const MAX_INFLATION = 200;

/** Gzip data that ends early, is corrupt or a bomb. */
export class GzipError extends Error {
  override readonly name = 'GzipError';
}

/** Inflates a stream of one or more gzip members; throws GzipError behind the last good bytes. */
export async function* gunzip(
  chunks: AsyncIterable<Buffer>,
  maxFreeBytes: number = MAX_FREE_INFLATED_BYTES,
): AsyncGenerator<Buffer> {
  const stream = createGunzip();
  let out: Buffer[] = [];
  let failure: Error | null = null;
  let sizeIn = 0;
  let sizeOut = 0;
  stream.on('data', (bytes: Buffer) => {
    sizeOut += bytes.length;
    out.push(bytes);
  });
  stream.on('error', (error) => {
    failure ??= error;
  });
  const take = (): Buffer[] => {
    const taken = out;
    out = [];
    return taken;
  };
  const check = (): void => {
    if (sizeOut > maxFreeBytes && sizeOut > sizeIn * MAX_INFLATION) {
      throw new GzipError(`gzip data inflates to more than ${MAX_INFLATION} times its size`);
    }
    if (failure === null) return;
    const early = 'code' in failure && failure.code === 'Z_BUF_ERROR';
    throw new GzipError(early ? 'gzip data ends early' : 'gzip data is corrupt', { cause: failure });
  };

  try {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
        const slice = chunk.subarray(from, from + SLICE_BYTES);
        sizeIn += slice.length;
        await new Promise<void>((resolve) => {
          stream.once('close', resolve);
          stream.write(slice, () => {
            stream.off('close', resolve);
            resolve();
          });
        });
        yield* take();
        check();
      }
    }
    await new Promise<void>((resolve) => {
      stream.once('close', resolve);
      stream.once('end', resolve);
      stream.end();
    });
    yield* take();
    check();
  } finally {
    stream.destroy();
  }
}
