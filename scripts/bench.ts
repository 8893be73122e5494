/**
 * `npm run bench`: how fast mail and C go through, beside floors measured in the same run: `git mailsplit` of the same
 * mail, tree-sitter's parse of the same C. Without arguments it works on text made from the example series; with
 * `-- --archive FILE --tree DIR` on real ones. `-- --million` lists synthetic archives of up to a million messages and
 * shows what each takes in memory; `--scratch DIR` says where these may stand (8 GB; best a file system in memory).
 * `-- --model` measures the executable model alone, beside SPIN's verifier.
 * `-- --peers LINUX --tree LINUX/fs …` puts Coccinelle and sparse beside `patchwitness lint` instead; `--sample N` draws
 * N of the files with `--seed S`, and `--reports FILE` keeps what each tool said.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchC } from './bench/c.ts';
import { writeExampleArchive, writeExampleFiles } from './bench/examples.ts';
import { benchListing, benchMillion } from './bench/listing.ts';
import { benchMail } from './bench/mail.ts';
import { benchModel } from './bench/model.ts';
import { benchPeers } from './bench/peers.ts';
import { draw } from './eval/front-end/draw.ts';

const EXAMPLES_NAME = 'example series, copied';

const { values } = parseArgs({
  options: {
    archive: { type: 'string' },
    tree: { type: 'string', multiple: true },
    million: { type: 'boolean', default: false },
    model: { type: 'boolean', default: false },
    scratch: { type: 'string', default: tmpdir() },
    peers: { type: 'string' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    reports: { type: 'string' },
  },
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.c'))
    .toSorted()
    .map((file) => join(directory, file));
}

const textOf = (file: string): string => readFileSync(file, 'utf8');

async function benchAll(scratch: string): Promise<void> {
  const archive = values.archive ?? join(scratch, 'examples.mbox');
  const name = values.archive ?? EXAMPLES_NAME;
  if (values.archive === undefined) writeExampleArchive(archive);
  await benchMail(name, archive);
  await benchListing(name, archive, scratch);
  if (values.tree === undefined) benchC(EXAMPLES_NAME, await writeExampleFiles(scratch), scratch);
  else benchC(values.tree.join(' '), values.tree.flatMap(filesBelow), scratch);
  await benchModel();
}

function benchTools(linux: string, scratch: string): void {
  const all = (values.tree ?? []).flatMap(filesBelow);
  const files = values.sample === undefined ? all : draw(all, Number(values.sample), Number(values.seed));
  if (files.length === 0)
    throw new Error('--peers needs C files: --tree DIR, below the tree that --peers names');
  const allSize = all.reduce((total, file) => total + textOf(file).length, 0);
  benchPeers({ linux, files, allSize, scratch, reports: values.reports });
}

const scratch = mkdtempSync(join(values.scratch, 'patchwitness-bench-'));
try {
  process.stdout.write(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
  if (values.peers !== undefined) benchTools(values.peers, scratch);
  else if (values.model) await benchModel();
  else await (values.million ? benchMillion(scratch) : benchAll(scratch));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
