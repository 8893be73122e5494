/**
 * Very many short texts, outside the collector's heap: a text in, the place where it stands out, and back. A string of
 * its own costs two dozen bytes beside its characters and is looked at whenever memory is collected.
 */

/** A text never crosses from one block into the next, so a block has to be much longer than a text. */
const BLOCK_BYTES = 4 * 1024 * 1024;

/** In front of each text stands its length in two bytes; message ids and titles are bounded far below that. */
const LENGTH_BYTES = 2;
const MAX_TEXT_BYTES = 0xffff;

export class TextStore {
  private readonly blocks: Buffer[] = [];
  private used = BLOCK_BYTES;

  /** The place of the text from now on. A text over 64 KiB is cut. */
  add(text: string): number {
    const room = Math.min(Buffer.byteLength(text), MAX_TEXT_BYTES) + LENGTH_BYTES;
    if (this.used + room > BLOCK_BYTES) {
      this.blocks.push(Buffer.alloc(BLOCK_BYTES));
      this.used = 0;
    }
    const block = this.blocks.length - 1;
    const place = block * BLOCK_BYTES + this.used;
    const length = this.blocks[block]?.write(text, this.used + LENGTH_BYTES, room - LENGTH_BYTES) ?? 0;
    this.blocks[block]?.writeUInt16LE(length, this.used);
    this.used += room;
    return place;
  }

  at(place: number): string {
    const block = this.blocks[Math.floor(place / BLOCK_BYTES)];
    const start = place % BLOCK_BYTES;
    if (block === undefined) return '';
    const text = start + LENGTH_BYTES;
    return block.toString('utf8', text, text + block.readUInt16LE(start));
  }
}
