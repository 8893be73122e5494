/** Writes to standard output and waits where the reader is slower. */

import type { Progress } from './progress.ts';

export async function print(text: string, progress?: Progress): Promise<void> {
  if (text === '') return;
  progress?.clear();
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    process.stdout.once('drain', resolve);
  });
}
