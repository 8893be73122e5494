/** Something to measure where nobody names real input: the example series' mail and C, copied until it is long enough. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hunkImage } from '../../analyzers/diff/image.ts';
import { parseDiff } from '../../analyzers/diff/parse.ts';
import { readArchive } from '../../corpus/archive/read.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import { findPatch } from '../../corpus/mail/patch.ts';

const EXAMPLES = 'corpus/examples';
/** Copies of the example mail that make an archive long enough to measure. */
const MAIL_COPIES = 60;
/** Copies of the example C that make some megabytes. */
const C_COPIES = 80;

function exampleMboxes(): string[] {
  return readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mbox'))
    .toSorted()
    .map((name) => join(EXAMPLES, name));
}

export function writeExampleArchive(path: string): void {
  const once = Buffer.concat(exampleMboxes().map((mbox) => readFileSync(mbox)));
  writeFileSync(path, Buffer.concat(Array.from({ length: MAIL_COPIES }, () => once)));
}

/** The example series' C, each file's hunks as one text, several to a file of a real file's size. */
export async function writeExampleFiles(directory: string): Promise<string[]> {
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
  return Array.from({ length: C_COPIES }, (_, index) => {
    const path = join(directory, `${index}.c`);
    writeFileSync(path, texts.join('\n'));
    return path;
  });
}
