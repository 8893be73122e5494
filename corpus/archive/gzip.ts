/**
 * Streams gzip data through zlib so that what was inflated comes out before the error of a damaged file. (Node's own stream drops what it has buffered when it is destroyed by an error, so where the
 * good part ends would depend on timing.)
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

/** Gzip data that ends early or is corrupt. */
export class GzipError extends Error {
  override readonly name = 'GzipError';
}

/** Inflates a stream of one or more gzip members; throws GzipError behind the last good bytes. */
export async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream = createGunzip();
  let out: Buffer[] = [];
  let failure: Error | null = null;
  stream.on('data', (bytes: Buffer) => out.push(bytes));
  stream.on('error', (error) => {
    failure ??= error;
  });
  const take = (): Buffer[] => {
    const taken = out;
    out = [];
    return taken;
  };
  const check = (): void => {
    if (failure === null) return;
    const early = 'code' in failure && failure.code === 'Z_BUF_ERROR';
    throw new GzipError(early ? 'gzip data ends early' : 'gzip data is corrupt', { cause: failure });
  };

  try {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
        const slice = chunk.subarray(from, from + SLICE_BYTES);
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
