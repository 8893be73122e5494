/**
 * A stream of bytes as a buffer that one may look ahead in: chunks in, `data` out, from the first byte that nobody
 * has dropped to the last one that was read.
 */

/** From here on the window grows by a quarter of itself, so that copying it stays in proportion to the input. */
const GROWS_FROM_BYTES = 1024 * 1024;

export class ByteWindow {
  data: Buffer = Buffer.alloc(0);
  /** Nothing will come behind `data`. */
  ended = false;
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterator<Buffer>) {
    this.chunks = chunks;
  }

  /** Reads until `data` has so many bytes, or all there are. */
  async fill(bytes: number): Promise<void> {
    let size = this.data.length;
    if (size >= bytes || this.ended) return;
    const goal = size < GROWS_FROM_BYTES ? bytes : Math.max(bytes, size + (size >> 2));
    const parts = size === 0 ? [] : [this.data];
    while (size < goal && !this.ended) {
      const next = await this.chunks.next();
      if (next.done === true) {
        this.ended = true;
        break;
      }
      parts.push(next.value);
      size += next.value.length;
    }
    const [first] = parts;
    this.data = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  }

  drop(bytes: number): void {
    this.data = this.data.subarray(bytes);
  }
}
