/** One raw message decoded; a mail that cannot be decoded is an answer like any other, so that the next one is read. */

import type { RawMessage } from '../../corpus/archive/types.ts';
import { MailError } from '../../corpus/mail/errors.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import type { MailMessage } from '../../corpus/mail/types.ts';

export async function readMessage(raw: RawMessage): Promise<MailMessage | MailError> {
  try {
    return await parseMessage(raw);
  } catch (error) {
    if (error instanceof MailError) return error;
    throw error;
  }
}
