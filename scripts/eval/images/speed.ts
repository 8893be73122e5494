/** How long a large diff takes on a large file, in place, moved, and scattered so that every hunk has to be searched. */
import { applyFileDiff } from '../../../analyzers/diff/apply.ts';
import { fileOf, gitApply } from '../../../test/analyzers/diff/apply-oracle.ts';

const LINES = 50_000;
const HUNKS = 500;
const DISTANCE = LINES / HUNKS;
/** The best of so many runs: the first ones pay for compilation. */
const RUNS = 5;

export function measureSpeed(): string[] {
  const lines = Array.from({ length: LINES }, (_, index) => (index % 3 === 0 ? '\t}' : `\tline(${index});`));
  const hunks = Array.from({ length: HUNKS }, (_, index) => {
    const at = index * DISTANCE + DISTANCE / 2;
    const [a = '', b = '', c = ''] = lines.slice(at, at + 3);
    return `@@ -${at + 1},3 +${at + 1 + index},4 @@\n ${a}\n-${b}\n+x\n+y\n ${c}\n`;
  }).join('');
  // Each hunk is found two lines farther away than the one before.
  const scattered = lines.flatMap((line, index) =>
    index % DISTANCE === 0 ? ['/* */', '/* */', line] : [line],
  );
  const file = fileOf(hunks);
  return [
    ['in place', lines],
    ['all 1,000 lines away', [...Array.from({ length: 1000 }, (_, index) => `new ${index}`), ...lines]],
    ['farther and farther away', scattered],
  ].map(([name, content]) => {
    const pre = Buffer.from(`${[content].flat().join('\n')}\n`);
    const times = Array.from({ length: RUNS }, () => {
      const start = performance.now();
      const result = applyFileDiff(pre, file);
      if (!result.ok) throw new Error(result.reason);
      return performance.now() - start;
    });
    const start = performance.now();
    const [theirs] = gitApply([{ pre, hunks }], false);
    const git = performance.now() - start;
    const same = applyFileDiff(pre, file);
    if (!same.ok || same.post === null || !theirs?.equals(same.post))
      throw new Error(`${String(name)}: not git's bytes`);
    return `${LINES} lines, ${HUNKS} hunks ${String(name)}: ${Math.min(...times).toFixed(0)} ms; git apply ${git.toFixed(0)} ms with its process`;
  });
}
