/**
 * Mail that no program may answer: RFC 3834, section 2, and the fields that were in use before it. A mail goes in, the reason
 * comes out, or null where it may be answered. Lists mark their mail `Precedence: bulk`; patches come by lists.
 */

import type { Original } from './types.ts';

/** What our own replies say in User-Agent. */
export const AGENT = 'patchwitness';

/** Nobody reads what is sent there. */
const MACHINES =
  /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|.*-bounces?|.*-request|owner-.*)$/i;

/** Values of X-Auto-Response-Suppress under which Exchange lets no automatic reply through. */
const NO_REPLY_WANTED = /\b(?:all|autoreply)\b/i;

export function whyAutomatic({ sender, traces }: Pick<Original, 'sender' | 'traces'>): string | null {
  const value = (name: string): string => (traces.get(name) ?? '').trim();
  const submitted = value('auto-submitted').replace(/[;(\s].*$/s, '');
  if (submitted !== '' && submitted.toLowerCase() !== 'no') return 'a program has sent it (Auto-Submitted)';
  if (value('user-agent').startsWith(`${AGENT}/`)) return 'it is one of our own replies';
  if (NO_REPLY_WANTED.test(value('x-auto-response-suppress'))) {
    return 'it wants no automatic answers (X-Auto-Response-Suppress)';
  }
  const precedence = value('precedence').toLowerCase();
  const isFromList = traces.has('list-id') || traces.has('list-post');
  if (precedence === 'junk' || (precedence === 'bulk' && !isFromList)) {
    return `it is mass mail of no list (Precedence: ${precedence})`;
  }
  if (/^<\s*>$/.test(value('return-path'))) return 'a mail server has sent it (empty Return-Path)';
  const local = sender?.address.split('@')[0] ?? '';
  return MACHINES.test(local) ? 'nobody reads what is sent to its sender' : null;
}
