/** The number of processes to work in, as `--jobs` gives it. */

import { InvalidArgumentError } from 'commander';

/** More processes than this only wait for each other. */
const MAX_JOBS = 256;

export function parseJobs(text: string): number {
  const count = Number(text);
  if (!/^\d{1,3}$/.test(text) || count < 1 || count > MAX_JOBS) {
    throw new InvalidArgumentError(`A number from 1 to ${MAX_JOBS}.`);
  }
  return count;
}
