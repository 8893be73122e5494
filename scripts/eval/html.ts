/**
 * `npm run eval -- html [COUNT…]`: HTML reports with so many findings (5,000 and 25,000 if left out) in a real browser: how long until
 * the reader can use the page, and the longest task that holds it up while its list is scrolled from end to end, while words are
 * typed into the filter and while findings are opened and stepped through. Ends with 1 where 5,000 findings or fewer take longer than
 * 2 seconds to open, or hold up the scrolling for more than 100 milliseconds.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { packageVersion } from '../../bot/package.ts';
import { reviewArchive } from '../../bot/pipeline/review-archive.ts';
import type { PatchReport } from '../../bot/pipeline/types.ts';
import { makeForm } from '../../bot/reports/forms.ts';
import { rulePages } from '../../bot/rule-pages.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { openChromium, WHY_NO_CHROMIUM } from '../../test/support/chromium.ts';

const COUNTS = [5_000, 25_000];

/** What up to so many findings have to keep to. */
const LIMITED = 5_000;
const MAX_OPEN_MILLISECONDS = 2_000;
const MAX_TASK_MILLISECONDS = 100;

/** Turns of the wheel, 900 pixels each, before the rest of the list is passed over in long jumps. */
const TURNS = 120;
const JUMPS = 60;

const timings = z.object({ open: z.number(), longest: z.number(), tasks: z.number() });

type Timings = z.infer<typeof timings>;

export async function run(args: readonly string[]): Promise<number> {
  const counts = args.length === 0 ? COUNTS : args.map(Number);
  if (counts.some((count) => !Number.isInteger(count) || count < 1)) {
    process.stderr.write('usage: npm run eval -- html [COUNT…]\n');
    return 2;
  }
  if (WHY_NO_CHROMIUM !== null) {
    process.stderr.write(`${WHY_NO_CHROMIUM}\n`);
    return 2;
  }
  const patches = await examplePatches();
  const folder = mkdtempSync(join(tmpdir(), 'patchwitness-html-'));
  let isSlow = false;
  try {
    for (const count of counts) isSlow = (await measure(patches, count, folder)) || isSlow;
  } finally {
    rmSync(folder, { recursive: true });
  }
  return isSlow ? 1 : 0;
}

/** Patches of the examples that have a finding with a witness. */
async function examplePatches(): Promise<readonly PatchReport[]> {
  const options = { knowledge: loadKnowledge(), rules: RULES, reverse: false, keepsContext: true };
  const reports: PatchReport[] = [];
  for await (const item of reviewArchive('corpus/examples', options)) {
    if (item.kind !== 'patch') continue;
    if (item.report.findings.some(({ witness }) => witness !== null)) reports.push(item.report);
  }
  return reports;
}

/** Whether it is slower than it has to be. */
async function measure(patches: readonly PatchReport[], count: number, folder: string): Promise<boolean> {
  const file = join(folder, `${count}.html`);
  const text = reportOf(patches, count);
  writeFileSync(file, text);
  const chromium = await openChromium();
  try {
    const measured = await browse(chromium.browser, pathToFileURL(file).href);
    const megabytes = (text.length / 1e6).toFixed(1);
    process.stdout.write(`${count} findings, ${megabytes} MB\n`);
    for (const [what, { open, longest, tasks }] of Object.entries(measured)) {
      const opened = what === 'opening' ? `ready after ${open.toFixed(0)} ms, ` : '';
      const held =
        tasks === 0
          ? 'no task over 50 ms'
          : `${tasks} tasks over 50 ms, the longest ${longest.toFixed(0)} ms`;
      process.stdout.write(`  ${what}: ${opened}${held}\n`);
    }
    const { opening, scrolling } = measured;
    return (
      count <= LIMITED && (opening.open > MAX_OPEN_MILLISECONDS || scrolling.longest > MAX_TASK_MILLISECONDS)
    );
  } finally {
    await chromium.close();
  }
}

/** Each finding in a patch of its own, of the examples in turn, over twenty years. */
function reportOf(patches: readonly PatchReport[], count: number): string {
  const form = makeForm('html', {
    command: 'review',
    version: packageVersion(),
    rules: RULES.map(({ meta }) => meta),
    threads: loadThreadCards(),
    pages: rulePages,
  });
  const groups = Array.from({ length: count }, (_, index) => {
    const patch = patches[index % patches.length];
    const finding = patch?.findings.find(({ witness }) => witness !== null);
    if (patch === undefined || finding === undefined) throw new Error('no finding in the examples');
    const fingerprint = index.toString(16).padStart(16, '0');
    const date = new Date(Date.UTC(2004, 0, 1 + (index * 7_300) / count)).toISOString();
    return form.group({
      kind: 'patch',
      report: { ...patch, date, message: index + 1, findings: [{ ...finding, fingerprint }] },
    });
  });
  return [form.begin(), ...groups, form.end({ text: `${count} patches\n`, left: 0 })].join('');
}

async function browse(
  browser: BrowserContext,
  address: string,
): Promise<Record<'opening' | 'scrolling' | 'filtering' | 'stepping', Timings>> {
  const page = await browser.newPage();
  await page.addInitScript(
    "window.longTasks = []; new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask', buffered: true })",
  );
  await page.goto(address);
  await page.locator('.finding-row').first().waitFor();
  const opening = await taken(page);
  await scroll(page);
  const scrolling = await taken(page);
  await page.getByLabel('Text', { exact: true }).pressSequentially('page lock reclaim', { delay: 30 });
  await page.locator('.count', { hasText: ' of ' }).waitFor();
  const filtering = await taken(page);
  for (let finding = 1; finding <= 5; finding++) {
    await page.locator('.finding-row').nth(finding).click();
    await page.locator('.player').focus();
    for (let step = 1; step <= 8; step++) await page.keyboard.press('ArrowRight');
  }
  const stepping = await taken(page);
  return { opening, scrolling, filtering, stepping };
}

/** Down by the wheel, through the rest in jumps to the end, and back to the top. */
async function scroll(page: Page): Promise<void> {
  await page.locator('.list').hover();
  for (let turn = 0; turn < TURNS; turn++) await page.mouse.wheel(0, 900);
  for (let jump = 1; jump <= JUMPS; jump++) {
    await page.evaluate(
      `new Promise((done) => { const list = document.querySelector('.list'); list.scrollTop = list.scrollHeight * ${jump / JUMPS}; requestAnimationFrame(() => requestAnimationFrame(done)); })`,
    );
  }
  await page.evaluate("document.querySelector('.list').scrollTop = 0");
}

/** What was measured since it was asked last. `open` is when the page's program had drawn it, from the start of the navigation. */
async function taken(page: Page): Promise<Timings> {
  // The observer is told of a task a little later.
  await page.waitForTimeout(300);
  return timings.parse(
    await page.evaluate(
      "(() => { const tasks = longTasks.splice(0); return { open: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, longest: Math.max(0, ...tasks), tasks: tasks.length }; })()",
    ),
  );
}
