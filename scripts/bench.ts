/**
 * `npm run bench`: how fast mail and C go through, beside the floor measured in the same run: tree-sitter's
 * parse of the same C alone. Without arguments it works on text made from the example series; with
 * `-- --archive FILE --tree DIR` on real ones.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseOnly } from '../analyzers/c/parser.ts';
import { unitsOfFile } from '../analyzers/c/units.ts';
import { hunkImage } from '../analyzers/diff/image.ts';
import { parseDiff } from '../analyzers/diff/parse.ts';
import { loadKnowledge } from '../analyzers/knowledge/load.ts';
import { analyzeUnit } from '../analyzers/review/analyze-unit.ts';
import { RULES } from '../analyzers/rules/registry.ts';
import { reviewArchive } from '../bot/pipeline/review-archive.ts';
import { readArchive } from '../corpus/archive/read.ts';
import { parseMessage } from '../corpus/mail/parse.ts';
import { findPatch } from '../corpus/mail/patch.ts';

const EXAMPLES = 'corpus/examples';
/** Copies of the example mail that make an archive long enough to measure. */
const MAIL_COPIES = 60;
/** Copies of the example C that make some megabytes. */
const C_COPIES = 80;
const MEGABYTE = 1_000_000;
/** Parsed trees wait for the collector; collecting every so many files keeps memory flat and costs both sides alike. */
const FILES_PER_COLLECTION = 25;

const { values } = parseArgs({
  options: { archive: { type: 'string' }, tree: { type: 'string', multiple: true } },
});
const knowledge = loadKnowledge();

function exampleMboxes(): string[] {
  return readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mbox'))
    .toSorted()
    .map((name) => join(EXAMPLES, name));
}

function print(name: string, amount: number, unit: string, milliseconds: number, floor?: number): void {
  const rate = (amount / milliseconds) * 1000;
  const ratio = floor === undefined ? '' : `   ${(milliseconds / floor).toFixed(2)} x floor`;
  process.stdout.write(
    `${name.padEnd(34)}${rate.toFixed(rate < 100 ? 1 : 0).padStart(8)} ${unit.padEnd(11)}` +
      `${(milliseconds / 1000).toFixed(2).padStart(8)} s${ratio}\n`,
  );
}

async function timed(work: () => Promise<number> | number): Promise<[number, number]> {
  globalThis.gc?.();
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
}

async function benchMail(archive: string): Promise<void> {
  const size = statSync(archive).size / MEGABYTE;
  process.stdout.write(
    `mail: ${archive.startsWith(scratch) ? 'example series, copied' : archive} (${size.toFixed(1)} MB)\n`,
  );
  const [read, readTime] = await timed(async () => {
    let messages = 0;
    for await (const item of readArchive(archive)) if (item.type === 'message') messages++;
    return messages;
  });
  print('  split into messages', read, 'messages/s', readTime);
  const [, decodeTime] = await timed(async () => {
    let patches = 0;
    for await (const item of readArchive(archive)) {
      if (item.type === 'message' && findPatch(await parseMessage(item)) !== null) patches++;
    }
    return patches;
  });
  print('  split, decode, find patch', read, 'messages/s', decodeTime);
  const [, reviewTime] = await timed(async () => {
    let items = 0;
    for await (const _ of reviewArchive(archive, { knowledge, rules: RULES, reverse: false })) items++;
    return items;
  });
  print('  the whole review', read, 'messages/s', reviewTime);
}

interface Step {
  readonly name: string;
  readonly run: (text: string) => void;
}

const STEPS: readonly Step[] = [
  { name: '  tree-sitter parse alone (floor)', run: parseOnly },
  { name: '  rewrite, parse, graphs', run: (text) => void unitsOfFile(text) },
  {
    name: '  and events, paths, rules',
    run(text) {
      for (const unit of unitsOfFile(text)) analyzeUnit(unit, knowledge, RULES);
    },
  },
];

async function benchC(name: string, texts: readonly string[]): Promise<void> {
  const size = texts.reduce((sum, text) => sum + text.length, 0) / MEGABYTE;
  process.stdout.write(`C: ${name} (${texts.length} texts, ${size.toFixed(1)} MB)\n`);
  let floor: number | undefined;
  for (const { name: step, run } of STEPS) {
    const [, time] = await timed(async () => {
      for (const [index, text] of texts.entries()) {
        run(text);
        if (index % FILES_PER_COLLECTION === 0) {
          globalThis.gc?.();
          // Native memory is given back by finalizers, and those wait for a turn of the event loop.
          await setImmediate();
        }
      }
      return texts.length;
    });
    floor ??= time;
    print(step, size, 'MB/s', time, floor);
  }
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.c'))
    .toSorted()
    .map((file) => readFileSync(join(directory, file), 'utf8'));
}

/** The example series' C, each file's hunks as one text, several to a text of a real file's size. */
async function exampleTexts(): Promise<string[]> {
  const texts: string[] = [];
  for (const path of exampleMboxes()) {
    for await (const item of readArchive(path)) {
      if (item.type !== 'message') continue;
      const patch = findPatch(await parseMessage(item));
      for (const file of parseDiff(patch?.text ?? '').files) {
        if (file.change !== 'add' || !(file.newPath ?? '').endsWith('.c')) continue;
        const lines = file.hunks.flatMap((hunk) => hunkImage(hunk, 'post').lines.map(({ text }) => text));
        texts.push(`${lines.join('\n')}\n`);
      }
    }
  }
  return Array.from({ length: C_COPIES }, () => texts.join('\n'));
}

const scratch = mkdtempSync(join(tmpdir(), 'patchwitness-bench-'));
try {
  let { archive } = values;
  if (archive === undefined) {
    archive = join(scratch, 'examples.mbox');
    const once = Buffer.concat(exampleMboxes().map((path) => readFileSync(path)));
    writeFileSync(archive, Buffer.concat(Array.from({ length: MAIL_COPIES }, () => once)));
  }
  process.stdout.write(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
  await benchMail(archive);
  if (values.tree === undefined) await benchC('example series, copied', await exampleTexts());
  else await benchC(values.tree.join(' '), values.tree.flatMap(filesBelow));
  process.stdout.write(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
