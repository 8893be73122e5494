/** Pasted text and damaged patches, reviewed by the built program as a user would. */

import { describe, expect, it } from 'vitest';
import { patchesOf, patchwitness, reviewJson, unreadOf } from './program.ts';

const RULE = 'alloc-fs-under-page-lock';
const PATCH = `diff --git a/fs/demofs/fault.c b/fs/demofs/fault.c
index 1111111..2222222 100644
--- a/fs/demofs/fault.c
+++ b/fs/demofs/fault.c
@@ -20,8 +20,9 @@ static void *demofs_keep(struct page *page)
 static void *demofs_copy(struct page *page)
 {
 	void *copy = NULL;
 
 	lock_page(page);
+	copy = kmalloc(64, GFP_KERNEL);
 	unlock_page(page);
 	return copy;
 }
`;
/** What a web page leaves of it: blanks in the first column are gone. */
const EATEN = PATCH.replace(/^ /gm, '');

const PAGE = `2024-06-21 16:58:25

by Ada Example

[permalink] [raw]
Subject: demofs: answer read faults

What about this?

${EATEN}

2024-06-22 00:10:52

by Bob Example

[permalink] [raw]
Subject: Re: demofs: answer read faults

No.
`;

describe('an archived page', () => {
  it('whose patch lost its blanks: found, marked as repaired, and the finding rests on the repair', async () => {
    const { report, status } = await reviewJson(['-'], { input: PAGE });
    expect(unreadOf(report)).toEqual([]);
    const [patch] = patchesOf(report);
    expect(patch).toMatchObject({ subject: 'demofs: answer read faults', from: 'Ada Example', message: 1 });
    expect(patch?.repairs.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/leading blank was lost/),
    );
    const [finding] = patch?.findings ?? [];
    expect(finding?.rule).toBe(RULE);
    expect(finding?.assumptions).toContainEqual(
      expect.stringMatching(/^the repaired hunk at line \d+ reads/),
    );
    expect(report.summary).toMatchObject({ messages: 2, patches: 1 });
    expect(status).toBe(1);
  });

  it('says in words what was repaired, and on which lines', async () => {
    const { stdout } = await patchwitness(['review', '-'], { input: PAGE, env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(/^"demofs: answer read faults" \(<stdin>, message 1\)\n {4}repaired: lines \d+/m);
  });

  it('without a patch was read: it says so, and that is no failure', async () => {
    const page = PAGE.replace(EATEN, 'No patch yet.\n');
    const { report, status } = await reviewJson(['-'], { input: page });
    expect(unreadOf(report).map(({ reason }) => reason)).toEqual(['a page of 2 messages, no patch in it']);
    expect(status).toBe(0);
  });
});

it('words without a patch stay neither a mail nor a patch', async () => {
  const { report, status } = await reviewJson(['-'], { input: 'Only words.\n\nNothing else.\n' });
  expect(unreadOf(report).map(({ reason }) => reason)).toEqual(['neither a mail nor a patch']);
  expect(status).toBe(2);
});

describe('a patch in quotes', () => {
  const quoted = PATCH.replace(/^/gm, '> ');

  it('is reviewed when it is all there is', async () => {
    const { report } = await reviewJson(['-'], { input: `Ada Example wrote:\n${quoted}\n` });
    expect(patchesOf(report).flatMap(({ findings }) => findings.map(({ rule }) => rule))).toEqual([RULE]);
  });

  it('is no patch in a mail: the archive holds the one that it answers', async () => {
    const mail = `From: Bob <bob@example.org>\nSubject: Re: [PATCH] demofs\n\n${quoted}\nNo.\n`;
    const { report } = await reviewJson(['-'], { input: mail });
    expect(report.summary).toMatchObject({ messages: 1, patches: 0 });
  });
});

it('a mail whose hunk cannot be mended names the line that is to blame', async () => {
  const body =
    '--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,4 @@\n int a;\n+int b;\nWhy is this?\n int c;\n int d;\n int e;\n';
  const mail = `From: Ada <ada@example.org>\nSubject: [PATCH] x\n\n${body}`;
  const { report } = await reviewJson(['-'], { input: mail });
  const [unread] = unreadOf(report);
  expect(unread?.line).toBe(3);
  expect(unread?.reason).toMatch(/line 6 begins with none of a hunk's columns/);
});
