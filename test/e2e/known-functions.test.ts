/** Function tables through the built program: written from small trees, and what a mail without its tree is told by them. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FunctionTable } from '../../analyzers/flow/function-table.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { readTableText, SHIPPED_TABLES } from '../../analyzers/knowledge/trees.ts';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchesOf, patchwitness, reviewJson } from './program.ts';

afterAll(removeTempDirs);

const HELP = `
static int demofs_fill(struct page *page)
{
	page->private = (unsigned long)kmalloc(64, GFP_KERNEL);
	return 0;
}

int demofs_prepare(struct page *page)
{
	return demofs_fill(page);
}

int demofs_count(struct page *page, int step)
{
	return step + 1;
}

void demofs_finish(struct page *page)
{
	unlock_page(page);
}

struct page *demofs_find(struct address_space *mapping, gfp_t gfp)
{
	struct page *page = find_or_create_page(mapping, 0, gfp);

	return page;
}

int demofs_twice(struct page *page)
{
	return 0;
}
`;

const OTHER = 'static int demofs_twice(struct page *page)\n{\n\treturn demofs_count(page, 1);\n}\n';

function tree(version = '6.12'): string {
  const root = newRepository();
  const [first = '', second = ''] = version.split('.');
  write(root, 'Makefile', `VERSION = ${first}\nPATCHLEVEL = ${second}\n`);
  write(root, 'fs/demofs/help.c', HELP);
  write(root, 'fs/demofs/other.c', OTHER);
  commit(root, 'demofs: base');
  return root;
}

async function exported(
  root: string,
  file: string,
  cache: string,
  ...options: readonly string[]
): Promise<string> {
  const args = ['index', root, 'fs', '--export-knowledge', file, ...options];
  const { stdout, stderr } = await patchwitness(args, { env: { PATCHWITNESS_CACHE: cache } });
  return stdout + stderr;
}

describe('index --export-knowledge', () => {
  it('writes what other files can call, as facts', async () => {
    const file = join(tempDir(), 'own.txt');
    expect(await exported(tree(), file, tempDir())).toContain('4 functions in ');
    expect(readFileSync(file, 'utf8').split('\n')).toEqual([
      'patchwitness function table, form 1',
      'as of Linux 6.12',
      'read: fs',
      '4 functions',
      'demofs_count fs/demofs/help.c 2',
      'demofs_find fs/demofs/help.c 2 alloc _2 charged by=find_or_create_page; lock page-lock - by=find_or_create_page; takes page-lock @result pointer',
      'demofs_finish fs/demofs/help.c 1 drops page-lock _1',
      'demofs_prepare fs/demofs/help.c 1 alloc yyy by=demofs_fill>kmalloc',
      '',
    ]);
  });

  it('writes the same bytes cold and warm, from a bare repository, with one process and with four', async () => {
    const root = tree();
    const bare = join(tempDir(), 'bare.git');
    git(root, ['clone', '-q', '--bare', '.', bare]);
    const directory = tempDir();
    const cache = tempDir();
    const runs: (readonly [name: string, cache: string, jobs: string])[] = [
      [root, cache, '1'],
      [root, cache, '4'],
      [`${bare}@main`, tempDir(), '4'],
    ];
    const tables: Buffer[] = [];
    for (const [index, [name, place, jobs]] of runs.entries()) {
      const file = join(directory, `${index}.txt.gz`);
      await exported(name, file, place, '--jobs', jobs);
      tables.push(readFileSync(file));
    }
    const [first] = tables;
    expect(tables).toEqual([first, first, first]);
    expect(gunzipSync(first ?? '').toString()).toContain('demofs_prepare fs/demofs/help.c 1 alloc yyy');
  });

  it('needs to know which kernel it is', async () => {
    const root = newRepository();
    write(root, 'fs/a.c', OTHER);
    const said = await exported(root, join(tempDir(), 'own.txt'), tempDir());
    expect(said).toContain('error: --export-knowledge needs a kernel');
  });
});

/** A mail of that day with a patch that puts a call under the page lock of a function in its hunk. */
function mail(date: string, call: string, before = ''): string {
  return `From: A <a@example.org>
Date: ${date}
Message-ID: <1@example.org>
Subject: [PATCH] demofs: call it
MIME-Version: 1.0
Content-Type: text/plain

Call it.
---
diff --git a/fs/demofs/write.c b/fs/demofs/write.c
--- a/fs/demofs/write.c
+++ b/fs/demofs/write.c
@@ -1,8 +1,9 @@
 int demofs_write(struct page *page, struct demofs *demo)
 {
 	int ret = 0;${before}
 
 	lock_page(page);
+	${call};
 	unlock_page(page);
 	return ret;
 }
`;
}

const NEW = 'Wed, 5 Mar 2025 10:00:00 +0000';

/** With an allocation behind the call and the unlock out of sight: whether the page is still locked is for the callee to say. */
function above(call: string): string {
  return mail(NEW, `${call};\n+\tdemo->note = kmalloc(64, GFP_KERNEL)`)
    .replace('-1,8 +1,9', '-1,5 +1,7')
    .replace(/\n \tunlock_page[^]*$/, '\n');
}

interface Told {
  readonly rule: string;
  readonly confidence: string;
  readonly assumptions: readonly string[];
  readonly last: string;
}

async function told(input: string, ...options: readonly string[]): Promise<readonly Told[]> {
  const { report } = await reviewJson([...options, '-'], { input });
  return patchesOf(report)
    .flatMap(({ findings }) => findings)
    .map(({ rule, confidence, assumptions, steps }) => {
      return { rule, confidence, assumptions, last: steps.at(-1)?.what ?? '' };
    });
}

describe('review without a tree', () => {
  let own = '';
  beforeAll(async () => {
    own = join(tempDir(), 'own.txt');
    await exported(tree(), own, tempDir());
  });
  const OWN = (): readonly string[] => ['--known-functions', own];

  it('says what a function does that the table knows, and as of when', async () => {
    const [first, ...more] = await told(mail(NEW, 'ret = demofs_prepare(page)'), ...OWN());
    expect(more).toEqual([]);
    expect(first?.rule).toBe('alloc-fs-under-page-lock');
    expect(first?.confidence).toBe('likely');
    expect(first?.last).toContain(
      '; as of Linux 6.12: demofs_prepare() calls demofs_fill() calls kmalloc() (fs/demofs/help.c)',
    );
    expect(first?.assumptions).toContain('demofs_prepare() does what Linux 6.12 does there');
  });

  it('knows that a function keeps its page locked, and that another unlocks it', async () => {
    const kept = above('ret = demofs_count(page, 1)');
    expect(await told(kept, '--no-known-functions')).toEqual([]);
    const [first] = await told(kept, ...OWN());
    expect(first?.rule).toBe('alloc-fs-under-page-lock');
    expect(first?.assumptions).toContain('demofs_count() does what Linux 6.12 does there');
    expect(await told(above('demofs_finish(page)'), ...OWN())).toEqual([]);
  });

  it.each([
    ['the function has another number of arguments', mail(NEW, 'ret = demofs_prepare(page, 1)')],
    ['the tree has another function of that name', mail(NEW, 'ret = demofs_twice(page)')],
    [
      'a variable has the name',
      mail(
        NEW,
        'ret = demofs_prepare(page)',
        '\n \tint (*demofs_prepare)(struct page *) = demo->prepare;',
      ).replace('-1,8 +1,9', '-1,9 +1,10'),
    ],
    [
      'the patch itself changes the function',
      `${mail(NEW, 'ret = demofs_prepare(page)')}diff --git a/fs/demofs/help.c b/fs/demofs/help.c
--- a/fs/demofs/help.c
+++ b/fs/demofs/help.c
@@ -7,4 +7,4 @@ static int demofs_fill(struct page *page)
 int demofs_prepare(struct page *page)
 {
-	return demofs_fill(page);
+	return demofs_fill_nofs(page);
 }
`,
    ],
    [
      'the text is of an old kernel',
      mail(NEW, 'ret = demofs_prepare(page)', '\n \tpage_cache_get(page);').replace(
        '-1,8 +1,9',
        '-1,9 +1,10',
      ),
    ],
    [
      'the file is in a folder that was not read',
      mail(NEW, 'ret = demofs_prepare(page)').replaceAll('fs/demofs/write', 'net/demo/write'),
    ],
  ])('says nothing where %s', async (_, input) => {
    expect(await told(input, ...OWN())).toEqual([]);
  });

  it('says nothing of a function that a patch in front has changed, nor of code that the patch leaves alone', async () => {
    const changing = `From: A <a@example.org>
Date: ${NEW}
Message-ID: <0@example.org>
Subject: [PATCH 1/2] demofs: prepare without reclaim

---
diff --git a/fs/demofs/help.c b/fs/demofs/help.c
--- a/fs/demofs/help.c
+++ b/fs/demofs/help.c
@@ -8,3 +8,3 @@ static int demofs_fill(struct page *page)
 int demofs_prepare(struct page *page)
 {
-\treturn demofs_fill(page);
+\treturn demofs_fill_nofs(page);
`;
    const calling = mail(NEW, 'ret = demofs_prepare(page)')
      .replace('[PATCH]', '[PATCH 2/2]')
      .replace('MIME-Version', 'In-Reply-To: <0@example.org>\nMIME-Version');
    const mbox = [changing, calling].map((one) => `From a@example.org Wed Mar  5 10:00:00 2025\n${one}\n`);
    expect(await told(mbox[1] ?? '', ...OWN())).toHaveLength(1);
    expect(await told(mbox.join(''), ...OWN())).toEqual([]);
    const elsewhere = mail(NEW, 'ret = demofs_prepare(page)')
      .replace('+\tret = demofs', ' \tret = demofs')
      .replace(' \treturn ret;', '-\treturn ret;\n+\treturn ret + 1;')
      .replace('-1,8 +1,9', '-1,9 +1,9');
    expect(await told(elsewhere, ...OWN())).toEqual([]);
  });

  it('goes by the tables that come with the program, for mails of their age', async () => {
    const call = 'ret = badblocks_init(&demo->bad, 1)';
    const [first] = await told(mail(NEW, call));
    expect(first?.last).toContain(
      'as of Linux 6.12: badblocks_init() calls __badblocks_init() calls kzalloc()',
    );
    const [middle] = await told(mail('Wed, 5 Apr 2023 10:00:00 +0000', call));
    expect(middle?.assumptions).toContain('badblocks_init() does what Linux 6.1 and 6.12 do there');
    expect(await told(mail('Wed, 5 Apr 2017 10:00:00 +0000', call))).toEqual([]);
    expect(await told(mail(NEW, call).replace('[PATCH]', '[PATCH 5.4]'))).toEqual([]);
    expect(await told(mail(NEW, call), '--no-known-functions')).toEqual([]);
  });

  it('refuses a file that is no table, with line and reason', async () => {
    const bad = join(tempDir(), 'bad.txt');
    write(join(bad, '..'), 'bad.txt', readFileSync(own, 'utf8').replace('drops page-lock', 'drops page-lok'));
    const { stderr, status } = await patchwitness(['review', '--known-functions', bad, '-'], { input: '' });
    expect(stderr).toContain('bad.txt:7: no lock class page-lok is declared');
    expect(status).toBe(2);
  });
});

describe('the tables that come with the program', () => {
  it('can be read to their last line', () => {
    const { lockClasses } = loadKnowledge();
    for (const { asOf, file } of SHIPPED_TABLES) {
      const table = new FunctionTable(file, readTableText(file), lockClasses);
      table.check();
      expect(table.asOf).toBe(asOf);
      expect(table.covers('mm/filemap.c')).toBe(true);
    }
  });

  it('are in the package', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    });
    const [packed] = z
      .array(z.object({ files: z.array(z.object({ path: z.string() })) }))
      .parse(JSON.parse(stdout));
    const paths = packed?.files.map(({ path }) => path) ?? [];
    for (const { asOf } of SHIPPED_TABLES) {
      expect(paths).toContain(`dist/analyzers/knowledge/trees/linux-${asOf}.txt.gz`);
    }
  });
});
