/**
 * `npm run bench`: how fast mail and C go through, beside floors measured in the same run: `git mailsplit` of the same
 * mail, tree-sitter's parse of the same C. Without arguments it works on text made from the example series; with
 * `-- --archive FILE --tree DIR` on real ones. `-- --million` lists synthetic archives of up to a million messages and
 * shows what each takes in memory; `--scratch DIR` says where these may stand (8 GB; best a file system in memory).
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchC } from './bench/c.ts';
import { exampleTexts, writeExampleArchive } from './bench/examples.ts';
import { benchListing, benchMillion } from './bench/listing.ts';
import { benchMail } from './bench/mail.ts';

const EXAMPLES_NAME = 'example series, copied';

const { values } = parseArgs({
  options: {
    archive: { type: 'string' },
    tree: { type: 'string', multiple: true },
    million: { type: 'boolean', default: false },
    scratch: { type: 'string', default: tmpdir() },
  },
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.c'))
    .toSorted()
    .map((file) => readFileSync(join(directory, file), 'utf8'));
}

async function benchAll(scratch: string): Promise<void> {
  const archive = values.archive ?? join(scratch, 'examples.mbox');
  const name = values.archive ?? EXAMPLES_NAME;
  if (values.archive === undefined) writeExampleArchive(archive);
  await benchMail(name, archive);
  await benchListing(name, archive, scratch);
  if (values.tree === undefined) await benchC(EXAMPLES_NAME, await exampleTexts());
  else await benchC(values.tree.join(' '), values.tree.flatMap(filesBelow));
  process.stdout.write(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`);
}

const scratch = mkdtempSync(join(values.scratch, 'patchwitness-bench-'));
try {
  process.stdout.write(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
  await (values.million ? benchMillion(scratch) : benchAll(scratch));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
