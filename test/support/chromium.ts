/** A real browser without a window, for tests of pages: Debian's Chromium, or what CHROMIUM names. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const PROGRAM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why there is no browser; null if there is one. */
export const WHY_NO_CHROMIUM: string | null = existsSync(PROGRAM) ? null : 'Chromium is not installed';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Chromium {
  readonly browser: BrowserContext;
  /** Ends it and takes its folder away. */
  close(): Promise<void>;
}

/** Knows nothing of any browser before. */
export async function openChromium(): Promise<Chromium> {
  const folder = mkdtempSync(join(tmpdir(), 'patchwitness-chromium-'));
  const browser = await chromium.launchPersistentContext(folder, {
    executablePath: PROGRAM,
    headless: true,
    args: QUIET,
    viewport: { width: 1280, height: 900 },
  });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
