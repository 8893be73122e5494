/** Git's name for a file's content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */

import { createHash } from 'node:crypto';

export function blobId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
