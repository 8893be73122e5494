/** Archive -> messages -> patches: each message as it streams by, with the patches that it carries. */

import type { ArchiveItem, RawMessage } from '../../corpus/archive/types.ts';
import { MailError } from '../../corpus/mail/errors.ts';
import { falsePositives } from '../../corpus/mail/false-positives.ts';
import { readPatchMail } from '../../corpus/mail/mailinfo.ts';
import { findPatch } from '../../corpus/mail/patch.ts';
import type { MailMessage } from '../../corpus/mail/types.ts';
import { mendDiff } from '../../corpus/mangled/diff.ts';
import { readText } from '../../corpus/mangled/text.ts';
import type { PatchJob } from './patch-job.ts';
import { readMessage } from './read-message.ts';
import { textMessage } from './text-message.ts';
import type { ReviewItem } from './types.ts';
import { about, guarded, skipped, unreadPart } from './unread-parts.ts';

export type FoundPatch =
  | ReviewItem
  | { readonly kind: 'job'; readonly job: PatchJob }
  /** A mail that carries no patch: a reply or a cover letter. */
  | { readonly kind: 'mail'; readonly message: MailMessage; readonly claims: readonly string[] };

/** `input` is what the user named; `keepsMails` leaves with each patch the mail that it came in. */
export async function* findPatches(
  archive: AsyncIterable<ArchiveItem>,
  input: string,
  keepsMails = false,
): AsyncGenerator<FoundPatch> {
  for await (const item of archive) {
    if (item.type === 'problem') {
      const { source, index, reason, isNote } = item;
      const unread = unreadPart({ source, message: index, reason });
      yield { kind: 'unread', unread, ...(isNote === true ? { isNote } : {}) };
      continue;
    }
    const message = await readMessage(item);
    if (message instanceof MailError) {
      yield skipped({ source: item.source, message: item.index, reason: message.message });
      yield { kind: 'message', input };
      continue;
    }
    for (const problem of message.problems) yield skipped(about(message, { reason: problem }));
    if (item.form === 'text') {
      yield* await guarded(message, () => Promise.resolve(patchesInText(message, input)));
      continue;
    }
    yield* await guarded(message, () => patchInMail(message, item, keepsMails));
    yield { kind: 'message', input };
  }
}

async function patchInMail(
  message: MailMessage,
  { form, commit, bytes }: RawMessage,
  keepsMails: boolean,
): Promise<readonly FoundPatch[]> {
  const isMail = form === 'mail';
  const found = findPatch(message);
  if (found === null) return isMail ? [{ kind: 'mail', message, claims: falsePositives(message.text) }] : [];
  const items = message.notes.map((reason) => skipped(about(message, { reason })));
  // A `From:` in front of the commit message names the author; the mail's own From is then who sent it.
  const author = isMail ? (await readPatchMail(message)).author : null;
  const job: PatchJob = {
    message,
    bytes: keepsMails && isMail && commit === undefined ? bytes : null,
    isMail,
    patch: mendDiff(found.text, found.diff),
    author: author === null ? null : `${author.name} <${author.email}>`,
    commit: commit ?? null,
    claims: isMail ? falsePositives(message.text) : [],
  };
  return [...items, { kind: 'job', job }];
}

/** Pasted text: none, one or many messages, of which each may hold patches. */
function patchesInText(message: MailMessage, input: string): readonly FoundPatch[] {
  const text = readText(message.text);
  const items: FoundPatch[] = [];
  for (const { message: index, subject, path, line, reason } of text.problems) {
    const at = { ...message, index, subject: subject ?? text.title ?? message.subject };
    items.push(skipped(about(at, { path, line, reason })));
  }
  for (const patch of text.patches) {
    const at = textMessage(message, text, patch);
    const isMail = (patch.subject ?? text.title) !== null;
    const job: PatchJob = {
      message: at,
      bytes: null,
      isMail,
      patch: patch.mended,
      author: null,
      commit: null,
      claims: [],
    };
    items.push({ kind: 'job', job });
  }
  if (text.isPage && text.patches.length === 0 && text.problems.length === 0) {
    const messages = `${text.messages} message${text.messages === 1 ? '' : 's'}`;
    const at = { ...message, subject: text.title ?? message.subject };
    items.push(skipped(about(at, { reason: `a page of ${messages}, no patch in it` })));
  }
  for (let index = 0; index < text.messages; index++) items.push({ kind: 'message', input });
  return items;
}
