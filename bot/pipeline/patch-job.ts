/** A patch that was found in a message and waits to be reviewed. */

import type { MailMessage } from '../../corpus/mail/types.ts';
import type { MendedDiff } from '../../corpus/mangled/types.ts';

export interface PatchJob {
  readonly message: MailMessage;
  /** The mail as it was read; null where nobody will ask for it. */
  readonly bytes: Buffer | null;
  /** False for a bare diff. */
  readonly isMail: boolean;
  readonly patch: MendedDiff;
  /** Whom the mail's text names; null where that says nothing. */
  readonly author: string | null;
  readonly commit: string | null;
  /** Fingerprints of findings that the sender, in words of his own, calls false alarms. */
  readonly claims: readonly string[];
}
