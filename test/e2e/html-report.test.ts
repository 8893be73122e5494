/** The HTML report in a real browser: what a reader sees, steps through with the keyboard and links to. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRepository, removeTempDirs, write } from '../corpus/archive/git-oracle.ts';
import { type Chromium, openChromium, WHY_NO_CHROMIUM } from '../support/chromium.ts';
import { sampleFinding, sampleReport, sampleWitness } from '../support/findings.ts';
import { patchGroup, printed } from '../support/forms.ts';
import { patchwitness } from './program.ts';

if (WHY_NO_CHROMIUM !== null) {
  process.stdout.write(`${WHY_NO_CHROMIUM}: the HTML report is not opened in a browser\n`);
}

/** A confirmed finding of the examples: an allocation under a page lock against a flusher. */
const FINDING = 'e7b895aac0f8cefd';

/** Two functions that take two locks in turn, each the other way round. */
const TWO_LOCKS = `int demofs_grow(struct demofs_inode *di)
{
	struct demofs_sb *sb = di->sb;
	mutex_lock(&di->map_mutex);
	mutex_lock(&sb->list_mutex);
	mutex_unlock(&sb->list_mutex);
	mutex_unlock(&di->map_mutex);
	return 0;
}

int demofs_shrink(struct demofs_inode *di)
{
	mutex_lock(&di->sb->list_mutex);
	mutex_lock(&di->map_mutex);
	mutex_unlock(&di->map_mutex);
	mutex_unlock(&di->sb->list_mutex);
	return 0;
}
`;

describe('the file', () => {
  it('names its style and its program by their hashes, and allows nothing else', () => {
    const text = printed('html', { groups: [] });
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1];
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
    const [, program = ''] = /<script type="module">([\s\S]*?)<\/script>/.exec(text) ?? [];
    expect(program.length).toBeGreaterThan(1000);
    expect(policy).toBe(
      `default-src 'none'; script-src '${hashOf(program)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`,
    );
  });
});

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

describe.skipIf(WHY_NO_CHROMIUM !== null)('in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchwitness-html-'));
  const report = join(folder, 'report.html');
  const outside: string[] = [];
  const complaints: string[] = [];
  let chromium: Chromium | null = null;
  let page: Page;

  beforeAll(async () => {
    const [{ stdout }, opened] = await Promise.all([
      patchwitness(['review', '--format', 'html', 'corpus/examples']),
      openChromium(),
    ]);
    writeFileSync(report, stdout);
    chromium = opened;
    await chromium.browser.route('**', async (route) => {
      const url = route.request().url();
      if (url.startsWith('file:')) await route.continue();
      else {
        outside.push(url);
        await route.abort();
      }
    });
    page = await chromium.browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
  });

  afterAll(async () => {
    await chromium?.close();
    removeTempDirs();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As a link from elsewhere opens it. */
  async function open(hash = '', file = report): Promise<void> {
    await page.goto('about:blank');
    await page.goto(`${pathToFileURL(file).href}${hash}`);
  }

  /** Of axe, but minor ones. */
  async function objections(): Promise<unknown> {
    await page.evaluate(axe.source);
    return await page.evaluate(
      "axe.run().then(({ violations }) => violations.filter(({ impact }) => impact !== 'minor').map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
    );
  }

  const card = (): Locator => page.locator('article.finding');
  const lanes = (): Locator => card().getByRole('region', { name: 'Lanes' });
  const graph = (): Locator => card().getByRole('img', { name: /^Wait-for graph/ });
  const said = (): Locator => card().getByRole('status').first();
  const count = (): Locator => page.locator('.count');

  it('tells in the overview what was found, by confidence, rule, month and series', async () => {
    await open();
    await expect
      .poll(() => page.getByRole('heading', { level: 1 }).textContent())
      .toBe('60 findings in 56 patches');
    const likely = page.getByRole('row', { name: /^likely/ });
    expect(await likely.getByRole('link').allTextContents()).toEqual(['27', '24']);
    await page.getByRole('link', { name: 'fault-under-page-lock' }).first().click();
    await expect.poll(() => count().textContent()).toBe('3 of 60 findings');
    expect(
      await page
        .getByRole('img', { name: /^From 2007-11 to 2.*: 71 patches, 34 findings introduced\.$/ })
        .count(),
    ).toBe(1);
    expect(await page.getByRole('row', { name: /^demofs: write to DAX files 1/ }).count()).toBe(1);
  });

  it('steps a witness to its end by keyboard', async () => {
    await open(`#finding-${FINDING}`);
    const player = card().getByRole('group', { name: /^Witness/ });
    await player.focus();
    expect(await lanes().getByRole('columnheader').allTextContents()).toEqual([
      'Step',
      'demofs_faultnot started',
      'flushernot started',
    ]);
    await page.keyboard.press('ArrowRight');
    expect(await said().textContent()).toBe(
      'Step 1 of 6. demofs_fault: lock_page(page). demofs_fault now has the lock of P.',
    );
    expect(await lanes().getByRole('columnheader').allTextContents()).toEqual([
      'Step',
      'demofs_faultrunninghas the lock of P',
      'flushernot started',
    ]);
    expect(await graph().getAttribute('aria-label')).toBe('Wait-for graph: nobody waits.');
    for (let step = 2; step <= 5; step++) await page.keyboard.press('ArrowRight');
    expect(await lanes().locator('tr[aria-current=step]').textContent()).toContain('unlock_page(Q)');
    expect(await card().getByText('The circle is closed').count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    expect(await graph().getAttribute('aria-label')).toBe(
      'Wait-for graph: demofs_fault waits for writeback of Q, which flusher has begun and not submitted. ' +
        'flusher waits for the lock of P, which demofs_fault holds.',
    );
    expect(await lanes().getByRole('columnheader').nth(2).textContent()).toContain('flusherblocked');
    expect(await lanes().getByRole('row').last().textContent()).toMatch(
      /blocked by flusher.*blocked by demofs_fault/,
    );
    expect(await graph().locator('.edge.closing').count()).toBe(2);
    expect(await card().getByText('Deadlock. The circle is closed:').isVisible()).toBe(true);
    await page.keyboard.press('ArrowLeft');
    expect(await graph().locator('.edge.closing').count()).toBe(0);
    await page.keyboard.press('Home');
    expect(await said().textContent()).toBe('Start: nobody has done anything yet.');
    await page.keyboard.press('End');
    expect(await said().textContent()).toMatch(/^Step 6 of 6\./);
  });

  it('plays with the space bar, and stops at the end', async () => {
    await page.clock.install();
    await open(`#finding-${FINDING}/step-4`);
    await card()
      .getByRole('group', { name: /^Witness/ })
      .focus();
    await page.keyboard.press(' ');
    expect(await card().getByRole('button', { name: 'Pause' }).count()).toBe(1);
    await page.clock.runFor(10_000);
    expect(await said().textContent()).toMatch(/^Step 6 of 6\./);
    expect(await card().getByRole('button', { name: 'Play' }).count()).toBe(1);
  });

  it('has the remark under its line of the diff, with the steps beside theirs', async () => {
    await open(`#finding-${FINDING}`);
    const before = page.locator('.line:has(+ article)');
    expect(await before.textContent()).toMatch(/^30\+.*pte_alloc_one\(vma->vm_mm\).*step 2$/);
    expect(await page.locator('.line.marked').first().textContent()).toMatch(
      /^21\+.*lock_page\(page\).*step 1$/,
    );
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      '[PATCH 1/2] demofs: answer read faults from the page cache',
    );
  });

  it('shows the line as it should read where a mask is all there is to change', async () => {
    await open('#?path=scrub.c');
    await page.locator('.finding-row').first().click();
    expect(await page.locator('.remedy .line').allTextContents()).toEqual([
      expect.stringMatching(/^- .*kzalloc\(sizeof\(\*report\), GFP_KERNEL\)/),
      expect.stringMatching(/^\+ .*kzalloc\(sizeof\(\*report\), GFP_NOFS\)/),
    ]);
  });

  it('filters by words, rule, confidence, status and path, and says so in its address', async () => {
    await open();
    await page.getByLabel('Status').selectOption('introduced');
    await page.getByLabel('Confidence').selectOption('confirmed');
    await expect.poll(() => count().textContent()).toBe('7 of 60 findings');
    await page.getByLabel('Path', { exact: true }).fill('demofs/FAULT');
    await page.getByLabel('Text', { exact: true }).fill('reclaim page lock');
    await expect.poll(() => count().textContent()).toBe('1 of 60 findings');
    const address = page.url();
    expect(new URL(address).hash).toBe(
      '#?confidence=confirmed&status=introduced&path=demofs%2FFAULT&text=reclaim+page+lock',
    );
    await open(new URL(address).hash);
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('reclaim page lock');
    expect(await page.locator('.finding-row').count()).toBe(1);
    await page.locator('.finding-row').click();
    expect(new URL(page.url()).hash).toMatch(new RegExp(`^#finding-${FINDING}\\?confidence=confirmed`));
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => count().textContent()).toBe('60 findings');
    expect(new URL(page.url()).hash).toBe(`#finding-${FINDING}`);
  });

  it('follows a link to a step, and writes the address of each', async () => {
    await open(`#finding-${FINDING}/step-4`);
    expect(await said().textContent()).toBe(
      'Step 4 of 6. flusher: set_page_writeback(Q). flusher now has Q under writeback.',
    );
    await page.keyboard.press('ArrowRight');
    expect(new URL(page.url()).hash).toBe(`#finding-${FINDING}/step-5`);
    expect(await page.locator('.finding-row[aria-current]').textContent()).toContain(
      'while the lock of page is held',
    );
    await open('#finding-0000000000000000');
    expect(await page.getByText('There is no finding 0000000000000000').isVisible()).toBe(true);
  });

  it('is dark where the system is, or where the reader wants it', async () => {
    const background = (): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    await open();
    await expect.poll(background).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(background).toBe('rgb(20, 23, 28)');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('button', { name: 'Dark' }).click();
    await expect.poll(background).toBe('rgb(20, 23, 28)');
    await open();
    await expect.poll(background).toBe('rgb(20, 23, 28)');
    await page.getByRole('button', { name: 'Dark' }).click();
    await expect.poll(background).toBe('rgb(255, 255, 255)');
  });

  it('has all steps on paper, and what the filters leave', async () => {
    await open('#?rule=alloc-fs-under-page-lock&status=introduced');
    await page.emulateMedia({ media: 'print' });
    const paper = page.locator('.paper');
    expect(await paper.locator('article').count()).toBe(2);
    expect(await paper.locator('.lanes').first().getByRole('row').count()).toBe(8);
    expect(await paper.getByText('Deadlock. The circle is closed:').first().isVisible()).toBe(true);
    expect(await page.locator('.side').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await expect.poll(() => paper.count()).toBe(0);
  });

  it.each([
    ['the overview', '', 'light'],
    ['a finding', `#finding-${FINDING}/step-3`, 'light'],
    ['the end of a witness in the dark', `#finding-${FINDING}/step-6`, 'dark'],
  ] as const)('has nothing serious to say of accessibility: %s', async (_, hash, colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(hash);
    expect(await objections()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
  });

  it('fits a narrow window', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await open(`#finding-${FINDING}/step-6`);
    const width: unknown = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(400);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('shows of lint the source around each finding', async () => {
    const samples = 'test/samples/nofs-scope-leak';
    const { stdout } = await patchwitness(['lint', '--format', 'html', samples]);
    const lint = join(folder, 'lint.html');
    writeFileSync(lint, stdout);
    await open('', lint);
    await page.getByRole('link', { name: samples }).click();
    await page.locator('.finding-row').first().click();
    const where = (await page.locator('.where').textContent()) ?? '';
    const [, path = '', line = ''] = /^(.*):(\d+) in /.exec(where) ?? [];
    const source = readFileSync(path, 'utf8').split('\n')[Number(line) - 1] ?? '';
    const shown = (await page.locator('.line:has(+ article) code').textContent()) ?? '';
    expect(shown.trim()).toBe(source.trim());
  });

  it('shows of locks the classes of a tree, their places, and what lies in a circle', async () => {
    const root = newRepository();
    write(root, 'fs/demofs/two.c', TWO_LOCKS);
    const { stdout } = await patchwitness(['locks', '--format', 'html', '--index', root], {
      env: { PATCHWITNESS_CACHE: join(folder, 'cache') },
    });
    const locks = join(folder, 'locks.html');
    writeFileSync(locks, stdout);
    await open('', locks);
    expect(await page.locator('.lock-row .name').allTextContents()).toEqual([
      'demofs_inode.map_mutex',
      'demofs_sb.list_mutex',
    ]);
    expect(await page.locator('.orders tbody tr').allTextContents()).toEqual([
      'demofs_inode.map_mutexdemofs_sb.list_mutex1fs/demofs/two.c:5 demofs_grow()',
      'demofs_sb.list_mutexdemofs_inode.map_mutex1fs/demofs/two.c:14 demofs_shrink()',
    ]);
    await page.getByLabel('Class', { exact: true }).fill('list');
    await expect.poll(() => count().textContent()).toBe('1 of 2 classes');
    await page.locator('.lock-row').click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('demofs_sb.list_mutex');
    expect(await page.locator('.places').first().textContent()).toContain(
      'mutex_lock(&sb->list_mutex)demofs_grow(), fs/demofs/two.c:5',
    );
    expect(await objections()).toEqual([]);
  });

  it('draws of a long list what is in sight', async () => {
    const findings = Array.from({ length: 500 }, (_, index) =>
      sampleFinding({ line: index + 1, fingerprint: index.toString(16).padStart(16, '0') }),
    );
    const long = join(folder, 'long.html');
    writeFileSync(long, printed('html', { groups: [patchGroup(...findings)] }));
    await open('', long);
    const rows = page.locator('.finding-row');
    expect(await rows.count()).toBeLessThan(40);
    await page.locator('.list').press('End');
    await expect.poll(() => rows.last().textContent()).toContain('fault.c:500');
    expect(await rows.count()).toBeLessThan(40);
    await open('#finding-00000000000000fa', long);
    expect(await page.locator('.finding-row[aria-current]').textContent()).toContain('fault.c:251');
  });

  it('shows hostile text as text', async () => {
    const evil = '</script><img src=x onerror="document.title=1"><!--<script>\u2028';
    const finding = sampleFinding({
      path: evil,
      message: evil,
      why: evil,
      functionName: evil,
      witness: sampleWitness(),
      steps: [{ path: evil, line: 1, side: 'post', code: evil, what: evil }],
    });
    const file = {
      oldPath: evil,
      newPath: evil,
      change: 'modify',
      binary: false,
      line: 1,
      hunks: [
        {
          oldStart: 30,
          oldCount: 1,
          newStart: 30,
          newCount: 1,
          heading: evil,
          lines: [{ kind: 'context', text: evil }],
          oldEndsWithoutNewline: false,
          newEndsWithoutNewline: false,
          line: 1,
        },
      ],
    } as const;
    const context = { series: { id: evil, title: evil, version: 2 }, files: [file] };
    const patch = sampleReport([finding], {
      subject: evil,
      source: evil,
      from: evil,
      messageId: evil,
      context,
    });
    const hostile = join(folder, 'hostile.html');
    const unread = { source: evil, message: 1, subject: evil, path: evil, line: 1, reason: evil };
    writeFileSync(hostile, printed('html', { groups: [{ kind: 'patch', report: patch }], unread: [unread] }));
    await open('', hostile);
    expect(await page.locator('.unread li').textContent()).toContain('</script><img src=x onerror=');
    await page.locator('.finding-row').click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(evil);
    expect(await page.locator('.line code').textContent()).toBe(` ${evil}`);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('patchwitness review');
  });

  it('has asked for nothing outside of itself, and nothing has gone wrong in it', () => {
    expect(outside).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
