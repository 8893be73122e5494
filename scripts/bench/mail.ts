/** How fast an archive goes through the review, stage by stage. */

import { statSync } from 'node:fs';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { reviewArchive } from '../../bot/pipeline/review-archive.ts';
import { readArchive } from '../../corpus/archive/read.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import { findPatch } from '../../corpus/mail/patch.ts';
import { MEGABYTE, printRate, timed } from './print.ts';

export async function benchMail(name: string, archive: string): Promise<void> {
  process.stdout.write(`mail: ${name} (${(statSync(archive).size / MEGABYTE).toFixed(1)} MB)\n`);
  const [messages, readTime] = await timed(async () => {
    let count = 0;
    for await (const item of readArchive(archive)) if (item.type === 'message') count++;
    return count;
  });
  printRate('  split into messages', messages, 'messages/s', readTime);
  const [, decodeTime] = await timed(async () => {
    let patches = 0;
    for await (const item of readArchive(archive)) {
      if (item.type === 'message' && findPatch(await parseMessage(item)) !== null) patches++;
    }
    return patches;
  });
  printRate('  split, decode, find patch', messages, 'messages/s', decodeTime);
  const knowledge = loadKnowledge();
  const [, reviewTime] = await timed(async () => {
    let items = 0;
    for await (const _ of reviewArchive(archive, { knowledge, rules: RULES, reverse: false })) items++;
    return items;
  });
  printRate('  the whole review', messages, 'messages/s', reviewTime);
}
