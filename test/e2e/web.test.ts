/** The pages and feeds of `patchwitness serve --results`, of a store that `scan` has made: in a real browser, and by requests alone. */

import { request } from 'node:http';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atomEntries, atomFaults } from '../support/atom.ts';
import { type Chromium, openChromium, WHY_NO_CHROMIUM } from '../support/chromium.ts';
import { HOSTILE, HOSTILE_ID } from '../support/hostile-letters.ts';
import { type Letter, newFile, Scanned } from '../support/scanned.ts';
import { patchwitness } from './program.ts';

if (WHY_NO_CHROMIUM !== null) {
  process.stdout.write(`${WHY_NO_CHROMIUM}: the pages of results are not opened in a browser\n`);
}

/** More than two pages of the list. */
const NOTES: readonly Letter[] = Array.from({ length: 110 }, (_, number) => ({
  id: `note-${number}@example.net`,
  subject: `[PATCH] docs: note ${number}`,
  from: 'Bea Example <bea@example.net>',
  date: new Date(Date.UTC(2010, 0, 1 + number)),
  body: newFile(`Documentation/note-${number}.txt`, [`This is note ${number}.`]),
}));

const COVER = `cover-${HOSTILE_ID}`;

const BUGGY = 'demofs: write to files, and a header for each of them';

const store = new Scanned();
let url = '';

beforeAll(async () => {
  await store.scan([...HOSTILE, ...NOTES], 'corpus/examples/fault-under-page-lock');
  url = await store.serve();
});

afterAll(() => store.stop());

function text(path: string): Promise<string> {
  return fetch(`${url}${path}`).then((response) => response.text());
}

function seriesPath(id: string): string {
  return `/series?${new URLSearchParams({ id }).toString()}`;
}

async function entryTitles(query: string): Promise<readonly string[]> {
  return atomEntries(await text(`/feed.atom?${query}`)).map(({ title }) => title);
}

describe('what is asked', () => {
  it.each([
    ['a day that is none', '/?since=2024-02-31'],
    ['a year 0', '/?until=0000-01-01'],
    ['a rule that is none', '/?rule=%3Cscript%3E'],
    ['a state that is none', '/?review=good'],
    ['a zero character', '/?q=a%00b'],
    ['one that is too long', `/?path=${'x'.repeat(999)}`],
    ['a place that is none', '/?before=yesterday'],
    ['a place before all times', '/?before=-200000-01-01T00:00:00.000Z,x'],
    ['a number that is none', '/series?id=x&part=1e3'],
    ['a zero character in an id', '/series?id=%00'],
    ['a feed of a rule that is none', '/feed.atom?rule=x'],
  ])('is refused where it is %s', async (_, path) => {
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<h1>Not possible</h1>');
  });

  it.each([
    '/series',
    '/series?id=nobody@example.org',
    `${seriesPath(COVER)}&part=7`,
    '/rules/..%2fpackage.json',
    '/rules/nothing',
    '/assets/../../package.json',
    '/package.json',
    '//example.org/',
  ])('is not there at %s', async (path) => {
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  });

  it('is only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(`${url}/`, { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
    }
    const head = await fetch(`${url}/rules`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBe(Buffer.byteLength(await text('/rules')));
  });

  it('comes with headers that let nothing run but the player', async () => {
    const { headers } = await fetch(`${url}/`);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('is not sent again to whoever has it', async () => {
    for (const path of ['/', '/feed.atom', '/rules']) {
      const tag = (await fetch(`${url}${path}`)).headers.get('etag') ?? '';
      const again = await fetch(`${url}${path}`, { headers: { 'if-none-match': `"x", W/${tag}` } });
      expect([path, again.status, await again.text()]).toEqual([path, 304, '']);
    }
  });

  it('passes over parameters that nobody knows', async () => {
    expect(await text('/?utm=1&q=nilpotent')).toContain('No series is like that.');
  });
});

describe('a feed', () => {
  it('is an Atom feed, whatever is in the mails', async () => {
    for (const path of ['/feed.atom', '/feed.atom?rule=fault-under-page-lock', '/feed.atom?path=nowhere']) {
      expect([path, atomFaults(await text(path))]).toEqual([path, []]);
    }
    const [, second] = atomEntries(await text('/feed.atom'));
    expect(second?.title).toContain('<script>window.harmed=true</script>');
  });

  it('tells of one area, list, rule or author alone', async () => {
    const buggy = `fault-under-page-lock: ${BUGGY}`;
    expect(await entryTitles('path=fs/demofs/')).toEqual([buggy, buggy]);
    expect(await entryTitles('list=fault-under-page-lock')).toEqual([buggy, buggy]);
    expect(await entryTitles('author-domain=example.org&until=2023-01-01')).toEqual([buggy, buggy]);
    expect(await entryTitles('list=linux-demofs&rule=fault-under-page-lock')).toEqual([]);
    expect(await entryTitles('rule=alloc-fs-under-page-lock&until=2024-01-01')).toHaveLength(2);
  });

  it('leads to its findings, by the name that the reader knows the server by', async () => {
    const body = await new Promise<string>((resolve, reject) => {
      const headers = { host: 'lists.example.org' };
      request(`${url}/feed.atom?path=fs/demofs/`, { headers }, (response) => {
        let all = '';
        response.on('data', (chunk: Buffer) => {
          all += chunk.toString();
        });
        response.on('end', () => resolve(all));
      })
        .on('error', reject)
        .end();
    });
    const [first] = atomEntries(body);
    const target = new URL(first?.href ?? '');
    expect(target.host).toBe('lists.example.org');
    expect(await text(`${target.pathname}${target.search}`)).toContain(`id="${target.hash.slice(1)}"`);
  });

  it('is refused to a request that names no server', async () => {
    const status = await new Promise((resolve, reject) => {
      request(`${url}/feed.atom`, { headers: { host: 'a"><b' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });
});

describe('the command', () => {
  it('says who has the store, and where there is none', async () => {
    const used = await patchwitness(['serve', '--results', '--data', `${store.directory}/data`]);
    expect(used.status).not.toBe(0);
    expect(used.stderr).toMatch(/process \d+ uses .*data; DATABASE_URL names a server for several processes/);
    const none = await patchwitness(['serve', '--results', '--data', `${store.directory}/nowhere`]);
    expect(none.stderr).toContain('`patchwitness scan` does that');
  });
});

describe.skipIf(WHY_NO_CHROMIUM !== null)('in a browser', () => {
  const complaints: string[] = [];
  let chromium: Chromium | null = null;
  let page: Page;

  beforeAll(async () => {
    chromium = await openChromium();
    page = await chromium.browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
  });

  afterAll(async () => {
    await chromium?.close();
  });

  const titles = (): Promise<string[]> => page.locator('tbody th a').allTextContents();
  const heading = (): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();

  it('lists the newest first, and goes on and back page by page', async () => {
    await page.goto(`${url}/?author-domain=example.net`);
    const notes = NOTES.map((_, number) => `docs: note ${number}`).toReversed();
    expect(await titles()).toEqual(notes.slice(0, 50));
    expect(await page.getByRole('link', { name: 'Newer' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Older' }).click();
    expect(await titles()).toEqual(notes.slice(50, 100));
    await page.getByRole('link', { name: 'Older' }).click();
    expect(await titles()).toEqual(notes.slice(100));
    expect(await page.getByRole('link', { name: 'Older' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Newer' }).click();
    expect(await titles()).toEqual(notes.slice(50, 100));
    await page.getByRole('link', { name: 'Newer' }).click();
    expect(await titles()).toEqual(notes.slice(0, 50));
  });

  it('finds by words, by rule and path, by what became of it, and by Message-ID', async () => {
    await page.goto(url);
    await page.getByLabel('Title, author or Message-ID').fill('"header for each" ada');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await titles()).toEqual([BUGGY]);
    await page.getByRole('link', { name: 'Clear' }).click();
    await page.getByLabel('Rule').selectOption('fault-under-page-lock');
    await page.getByLabel('Path begins with').fill('fs/demofs/wr');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await titles()).toEqual([BUGGY]);
    expect(await page.getByLabel('Path begins with').inputValue()).toBe('fs/demofs/wr');
    await page.goto(`${url}/?review=found&list=fault-under-page-lock`);
    expect(await titles()).toEqual([BUGGY]);
    await page.goto(`${url}/?path=fs/demofs/w%25`);
    expect(await titles()).toEqual([]);
    await page.getByLabel('Title, author or Message-ID').fill(`<reply-${HOSTILE_ID}>`);
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await titles()).toHaveLength(1);
    expect(await page.textContent('body')).toContain('Series of this message.');
  });

  it('shows a series with its remarks, and plays a witness by keyboard', async () => {
    await page.goto(`${url}/?review=found&author-domain=example.org`);
    await page.getByRole('link', { name: BUGGY }).click();
    expect(await heading()).toBe(BUGGY);
    const finding = page.getByRole('article').first();
    const before = finding.locator('xpath=preceding-sibling::div[1]');
    expect(await before.textContent()).toContain('copy_from_user');
    const player = finding.getByRole('group', { name: /^Witness/ });
    await player.focus();
    await page.keyboard.press('End');
    expect(await player.textContent()).toContain('Deadlock. The circle is closed:');
    await page.keyboard.press('Home');
    expect(await player.getByRole('slider').getAttribute('aria-valuetext')).toMatch(/^0 of \d/);
    await page.getByRole('link', { name: /User copy may fault while the lock of folio/ }).click();
    expect(page.url()).toMatch(/part=2#finding-2-[\da-f]{16}$/);
    expect(await page.locator('article:target .says').textContent()).toContain('the lock of folio');
  });

  it('counts what the rules found, and says what each is about', async () => {
    await page.goto(`${url}/rules`);
    await page.getByRole('link', { name: 'fault-under-page-lock', exact: true }).click();
    expect(
      await page.getByRole('img', { name: 'Findings from 2022-06 to 2022-06: 2, at most 2' }).count(),
    ).toBe(1);
    expect(await page.getByRole('heading', { name: 'The accepted fix' }).count()).toBe(1);
    await page.getByRole('link', { name: 'user copy may fault while the lock of page is held' }).click();
    expect(await heading()).toBe(BUGGY);
  });

  it('can be read without its program', async () => {
    const without = await text(seriesPath('cover.1655128800.git.ada@example.org'));
    expect(without).toContain('*** blocked by');
  });

  it.each([
    ['light', ['/', '/rules', '/rules/fault-under-page-lock', '/lists', seriesPath(COVER), '/?q=%00']],
    ['dark', ['/', seriesPath(COVER)]],
  ] as const)('has nothing serious to object to in %s', async (colorScheme, paths) => {
    await page.emulateMedia({ colorScheme });
    for (const path of paths) {
      await page.goto(`${url}${path}`);
      await page.evaluate(axe.source);
      const objections = await page.evaluate(
        "axe.run().then(({ violations }) => violations.filter(({ impact }) => impact !== 'minor').map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
      );
      expect([path, objections]).toEqual([path, []]);
    }
  });

  it('shows as text whatever a mail holds, and runs none of it', async () => {
    complaints.length = 0;
    const pages = ['/', '/rules/alloc-fs-under-page-lock', seriesPath(COVER), `${seriesPath(COVER)}&part=1`];
    for (const path of [...pages, `/?q=${encodeURIComponent('"><script>window.harmed=true</script>')}`]) {
      await page.goto(`${url}${path}`);
      expect([path, await harm(page)]).toEqual([path, []]);
    }
    await page.goto(`${url}${seriesPath(COVER)}`);
    const shown = (await page.textContent('body')) ?? '';
    for (const word of [
      'cover </title></pre></a>"><script>',
      'fs/<img src=x onerror=',
      'Eve <svg/onload=',
      '<iframe',
    ])
      expect(shown).toContain(word);
    for (const sign of ['\u202e', '\u2066', '\u001b']) expect(shown).not.toContain(sign);
    expect(complaints).toEqual([]);
  });

  it('runs none of it where no policy forbids it either', async () => {
    for (const path of ['/', seriesPath(COVER), '/rules/alloc-fs-under-page-lock']) {
      const html = await text(path);
      await page.goto('about:blank');
      await page.setContent(html.replace(/<script type="module"[^>]*>/, '<script>'));
      expect([path, await harm(page)]).toEqual([path, []]);
    }
  });
});

/** What of a page is alive and should not be: scripts but the player's, handlers, addresses that run, frames, and what ran. */
async function harm(page: Page): Promise<unknown> {
  return await page.evaluate(`[
    ...(window.harmed === undefined ? [] : ['it ran']),
    ...[...document.scripts].filter((one) => one.text !== '' || document.scripts.length > 1).map((one) => one.outerHTML),
    ...[...document.querySelectorAll('iframe, object, embed, img, base, meta[http-equiv], form[action*=":"]')].map((one) => one.outerHTML),
    ...[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames().filter((name) =>
      name.startsWith('on') || (/^(?:href|src|action|formaction|xlink:href)$/.test(name) && !/^(?:\\/|#|https:\\/\\/lore\\.kernel\\.org\\/r\\/)/.test(one.getAttribute(name)))
    ).map((name) => one.tagName + ' ' + name)),
  ]`);
}
