/** Replies as the program makes them, for tests: a mailbox or a mail is reviewed, and each patch with findings answered. */

import { Readable } from 'node:stream';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { type Prepared, prepareReply, type ReplyMeans, type ReviewedMail } from '../../bot/mail/prepare.ts';
import type { Original, Reply } from '../../bot/mail/types.ts';
import { reviewArchives } from '../../bot/pipeline/review-archive.ts';
import type { PatchReport } from '../../bot/pipeline/types.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';

export const MEANS: ReplyMeans = {
  from: { name: 'Patch Witness', address: 'witness@example.org' },
  self: new Set(['witness@example.org']),
  version: '1.2.3',
  threads: loadThreadCards(),
  pages: null,
  isReversed: false,
};

/** Every patch of the input that has a finding, with its mail. */
export async function reviewedMails(
  input: string | Buffer,
  isReversed = false,
): Promise<readonly ReviewedMail[]> {
  const options = {
    knowledge: loadKnowledge(),
    rules: RULES,
    reverse: isReversed,
    minConfidence: 'likely' as const,
    keepsMails: true,
    stdin: Readable.from([Buffer.from(input)]),
  };
  const mails: ReviewedMail[] = [];
  for await (const item of reviewArchives(['-'], options)) {
    if (item.kind === 'patch' && item.report.findings.length > 0) mails.push(item);
  }
  return mails;
}

/** What is prepared for each of them where there is something to say. */
export async function preparedFor(
  input: string | Buffer,
  means: Partial<ReplyMeans> = {},
): Promise<readonly Exclude<Prepared, { readonly kind: 'nothing' }>[]> {
  const all = { ...MEANS, ...means };
  const prepared: Exclude<Prepared, { readonly kind: 'nothing' }>[] = [];
  for (const mail of await reviewedMails(input, all.isReversed)) {
    const one = await prepareReply(mail, all);
    if (one.kind !== 'nothing') prepared.push(one);
  }
  return prepared;
}

/** The one reply to the one patch of a mail; throws where there is none. */
export async function onlyReply(
  input: string,
  means: Partial<ReplyMeans> = {},
): Promise<{ readonly reply: Reply; readonly original: Original }> {
  const [prepared, ...more] = await preparedFor(input, means);
  if (prepared?.kind !== 'reply' || more.length > 0) throw new Error('there is not one reply');
  return prepared;
}

let buggy: Promise<readonly ReviewedMail[]> | null = null;

/** What is prepared for the patch of `buggyMail()` when this is the mail that it came in; it is reviewed only once. */
export async function preparedForBuggy(mail: string, report: Partial<PatchReport> = {}): Promise<Prepared> {
  buggy ??= reviewedMails(buggyMail());
  const [reviewed] = await buggy;
  if (reviewed?.original === undefined) throw new Error('the mail has no patch with findings');
  const original = { ...reviewed.original, bytes: Buffer.from(mail) };
  return prepareReply({ report: { ...reviewed.report, ...report }, original }, MEANS);
}

/** The reply to such a mail; throws where there is none. */
export async function replyToBuggy(header: readonly string[] = [], message?: string): Promise<Reply> {
  const prepared = await preparedForBuggy(buggyMail(header, message));
  if (prepared.kind !== 'reply') throw new Error(prepared.kind);
  return prepared.reply;
}

/** A patch mail with a bug in it; `header` lines come in front of the others and may name them again. */
export function buggyMail(header: readonly string[] = [], message = 'Let it grow.'): string {
  const named = new Set(header.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()));
  const usual = [
    'From: Ada Example <ada@example.org>',
    'To: demofs-devel@example.org',
    'Cc: Bob Sample <bob@example.net>',
    'Subject: [PATCH] demofs: let it grow',
    'Date: Mon, 14 Mar 2022 09:01:00 +0000',
    'Message-ID: <grow-1@example.org>',
  ];
  const kept = usual.filter((line) => !named.has(line.slice(0, line.indexOf(':')).toLowerCase()));
  return [...header, ...kept, '', message, '---', BUGGY_DIFF].join('\n');
}

/** A page lock held over GFP_KERNEL at line 15 of the new file. */
const BUGGY_DIFF = `diff --git a/fs/demofs/grow.c b/fs/demofs/grow.c
index 1111111..2222222 100644
--- a/fs/demofs/grow.c
+++ b/fs/demofs/grow.c
@@ -8,6 +8,17 @@
 #include "demofs.h"
 
+int demofs_grow(struct page *page)
+{
+	void *p;
+
+	lock_page(page);
+	p = kmalloc(64, GFP_KERNEL);
+	kfree(p);
+	unlock_page(page);
+	return 0;
+}
+
 int demofs_last;
 int demofs_later;
 int demofs_end;
 int demofs_really;
-- 
2.39.2
`;
