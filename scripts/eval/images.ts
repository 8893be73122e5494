/**
 * `npm run eval -- images …`: whole-file images by us and by `git apply`, which must give the same bytes or both
 * refuse.
 *
 *     --archive ARCHIVE                        every C patch of an archive, on pre-images made from its own hunks
 *     --repository GIT --commits N [--rev REV] N commits of a history, on their true and on wrong pre-images
 *     --property RUNS [--seed N]               random files, edits and drifts
 *     --speed                                  a file of 50,000 lines and a diff of 500 hunks
 *
 * Prints a table, each disagreement, and ends with status 1 when there is one.
 */
import { parseArgs } from 'node:util';
import { checkAgainstGit } from '../../test/analyzers/diff/apply-oracle.ts';
import { judgeArchive } from './images/archive.ts';
import { judgeHistory } from './images/history.ts';
import { measureSpeed } from './images/speed.ts';
import { Tally } from './images/tally.ts';

const DEFAULT_COMMITS = '1000';

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      archive: { type: 'string' },
      repository: { type: 'string' },
      commits: { type: 'string', default: DEFAULT_COMMITS },
      rev: { type: 'string', default: 'HEAD' },
      property: { type: 'string' },
      seed: { type: 'string' },
      speed: { type: 'boolean', default: false },
    },
  });
  const tally = new Tally();
  const start = performance.now();
  let work = false;
  if (values.archive !== undefined) {
    work = true;
    say(await judgeArchive(values.archive, tally));
  }
  if (values.repository !== undefined) {
    work = true;
    say(judgeHistory(values.repository, values.rev, Number(values.commits), tally));
  }
  if (values.property !== undefined) {
    work = true;
    const seed = values.seed === undefined ? undefined : Number(values.seed);
    const { same, refused } = checkAgainstGit(Number(values.property), seed);
    say(`${values.property} random diffs: ${same} times the same bytes, ${refused} times both refuse`);
  }
  if (values.speed) {
    work = true;
    for (const line of measureSpeed()) say(line);
  }
  if (!work) {
    process.stderr.write('images: nothing to do; see the head of scripts/eval/images.ts\n');
    return 2;
  }
  const status = tally.print();
  say(`${((performance.now() - start) / 1000).toFixed(0)} s`);
  return status;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
