/** Mails as the database keeps them. */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { MAX_MESSAGE_BYTES } from '../../corpus/archive/mbox-splitter.ts';

export function packMail(bytes: Uint8Array): Buffer {
  return deflateRawSync(bytes);
}

/** Throws RangeError for what is longer than any mail that is read. */
export function unpackMail(packed: Uint8Array): Buffer {
  return inflateRawSync(packed, { maxOutputLength: MAX_MESSAGE_BYTES });
}
