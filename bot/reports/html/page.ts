/**
 * The frame of a page: one file that needs nothing else and asks no network. Its style and its program stand in it, and a
 * policy lets nothing run or load but these two, which it names by their hashes. Data stands in it as JSON, which no browser
 * runs; the program puts texts in as text.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package.ts';

/** Where the build puts them. */
const BUILT = 'dist/bot/reports/html';

export interface Page {
  /** Everything in front of the data. */
  readonly head: string;
  /** Everything behind it. */
  readonly end: string;
}

/** `title` must not come from mail. */
export function makePage(title: string): Page {
  const style = built('style.css');
  const program = built('program.js');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(program)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return {
    head: [
      '<!DOCTYPE html>',
      '<html lang="en">',
      '<head>',
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      `<title>${title}</title>`,
      `<style>${style}</style>`,
      '</head>',
      '<body>',
      '<noscript>This report is drawn by a program that stands in it: allow JavaScript, or ask for another form.</noscript>',
      '',
    ].join('\n'),
    end: `<script type="module">${program}</script>\n</body>\n</html>\n`,
  };
}

/** Data for the page's program, which finds it by its id. */
export function dataScript(id: string, data: object): string {
  return `<script type="application/json" id="${id}">${escaped(JSON.stringify(data))}</script>\n`;
}

/** Nothing in it can end the script that it stands in, or begin a comment there. */
function escaped(json: string): string {
  return json.replace(/[<\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function built(file: string): string {
  return readFileSync(join(packageRoot(), BUILT, file), 'utf8');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
