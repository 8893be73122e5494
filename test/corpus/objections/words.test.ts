/** The words of reviewers: what of a text speaks of a rule, and what a file of words may hold. */

import { describe, expect, it } from 'vitest';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { loadObjectionWords, readObjectionWords } from '../../../corpus/objections/words.ts';

const IDS = RULES.map(({ meta }) => meta.id);

describe('the words that come with the program', () => {
  const words = loadObjectionWords(IDS);

  it.each([
    ['sleep-in-atomic', 'The lock is a spinlock: you can\u2019t sleep there.'],
    ['sleep-in-atomic', 'GFP_KERNEL\nunder a spinlock?'],
    ['lock-imbalance', 'dir_unlock(inode) is not called when this fails.'],
    ['lock-imbalance', 'I think you forgot to\n unlock it.'],
    ['double-lock', 'We are already holding the lock here.'],
    ['lock-order-inversion', 'That is a lock-order problem.'],
    ['alloc-fs-under-transaction', 'GFP_KERNEL with the transaction open.'],
    [
      'fault-under-page-lock',
      'A page fault with the page locked waits for itself... the page lock, that is.',
    ],
    ['block-with-pending-bio', 'Submit the bio first.'],
    ['nofs-scope-leak', 'Missing memalloc_nofs_restore() on error.'],
    ['publish-without-barrier', 'A barrier is missing in front of the page table.'],
    ['uptodate-before-data', 'You mark it uptodate before the copy.'],
  ])('know %s in: %s', (rule, text) => {
    const { strong, any } = words.spokenIn(text);
    expect([...strong]).toContain(rule);
    expect([...any]).toContain(rule);
  });

  it.each([
    'Nobody can deadlock without two locks; this does not deadlock.',
    'This is how it avoids a deadlock.',
    'The deadlock detection is off.',
    'A sleepy sentence ends here. Atomic things come in the next one.',
    'Looks good to me, thanks.',
    '',
  ])('find no objection in: %s', (text) => {
    const { strong, general } = words.spokenIn(text);
    expect({ strong: [...strong], general: [...general] }).toEqual({ strong: [], general: [] });
  });

  it('tell programs from people', () => {
    expect(words.isRobot('kernel test robot <lkp@intel.com>')).toBe(true);
    expect(words.isRobot('syzbot <syzbot+1234@example.org>')).toBe(true);
    expect(words.isRobot('Rob Otis <rob@example.org>')).toBe(false);
  });
});

function file(rules: string): string {
  return `denied: [no]\nundone: [free]\nrobots: [robot]\ngeneral: []\nrules:\n${rules}`;
}

describe('a file of words', () => {
  it.each([
    [
      'of a rule that is none',
      '  a:\n    strong: [x]\n    hints: [y]\n  b:\n    strong: [x]\n    hints: [y]\n',
      'w.yml:10: no rule b is known',
    ],
    ['without a rule', '  {}\n', 'w.yml:1: a has no words'],
    [
      'with capitals',
      '  a:\n    strong: [Sleep]\n    hints: [y]\n',
      /^w\.yml:7: rules\.a\.strong\.0: is no phrase/,
    ],
    ['without hints', '  a:\n    strong: [x]\n', /^w\.yml:\d: rules\.a\.hints: /],
    ['that is no YAML', '  a: [\n', /^w\.yml:\d+: /],
  ])('%s is refused with file, line and reason', (_, rules, message) => {
    expect(() => readObjectionWords('w.yml', file(rules), ['a'])).toThrow(message);
  });
});
