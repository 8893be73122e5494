/** Planted bugs and harmless edits: what each operator makes of a place, and the whole way through Coccinelle. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUGS } from '../../scripts/eval/mutants/bugs.ts';
import { CONTROLS } from '../../scripts/eval/mutants/controls.ts';
import { unifiedDiff } from '../../scripts/eval/mutants/diff-text.ts';
import { applied, Source } from '../../scripts/eval/mutants/source.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const SKETCH = `static int sketch_fill(struct sketch *s, int wanted)
{
	int err = -EINVAL;
	int i;
	long spare;

	mutex_lock(&s->lock);
	if (wanted < 0)
		goto out;
	if (!s->ready) {
		mutex_unlock(&s->lock); /* not yet */
		return -EAGAIN;
	}
	for (i = 0; i < wanted; i++)
		sketch_put(s, i);
	err = sketch_flush(s, wanted);
	if (sketch_full(s))
		mutex_unlock(&s->lock);
	else
		sketch_note(s);
out:
	mutex_unlock(&s->lock);
	return err;
}
`;

interface Place {
  /** What stands at the places, each with how many of its like to pass over. */
  readonly at: readonly (readonly [string, number])[];
  readonly notes: readonly string[];
}

/** The sketch after one operator, always with the first choice; null if it takes the place for none. */
function planted(id: string, { at, notes }: Place, text = SKETCH): string | null {
  const source = new Source(text);
  const operator = [...BUGS, ...CONTROLS].find((one) => one.id === id);
  if (operator === undefined) throw new Error(`no operator ${id}`);
  const site = {
    file: 'fs/sketch.c',
    function: 'sketch_fill',
    startLine: 1,
    endLine: text.split('\n').length - 1,
    at: at.map(([code, passed]): [number, number] => {
      const offset = text
        .split(code)
        .slice(0, passed + 1)
        .join(code).length;
      const line = source.lineOf(offset);
      return [line, offset - source.lineStart(line)];
    }),
    notes: [...notes],
  };
  const edits = operator.plant(source, site, () => 0);
  if (edits === null) return null;
  const after = applied(text, edits);
  expect(patched(text, unifiedDiff('fs/sketch.c', source, edits))).toBe(after);
  return after;
}

/** What git makes of the diff. */
function patched(text: string, diff: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchwitness-mutants-'));
  try {
    mkdirSync(join(folder, 'fs'));
    writeFileSync(join(folder, 'fs', 'sketch.c'), text);
    execFileSync('git', ['apply', '--unsafe-paths', '-'], { cwd: folder, input: diff });
    return readFileSync(join(folder, 'fs', 'sketch.c'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const LOCK = ['mutex_lock(', 0] as const;

describe('planted bugs', () => {
  it('an unlock goes with its line, and leaves a semicolon where it was all that an if did', () => {
    const notes = ['&s->lock', 'mutex_lock'];
    expect(planted('drop-unlock-on-error', { at: [LOCK, ['mutex_unlock', 0]], notes })).toBe(
      SKETCH.replace('\t\tmutex_unlock(&s->lock); /* not yet */\n', '\t\t /* not yet */\n'),
    );
    expect(planted('drop-unlock-on-error', { at: [LOCK, ['mutex_unlock', 1]], notes })).toBe(
      SKETCH.replace('sketch_full(s))\n\t\tmutex_unlock(&s->lock);', 'sketch_full(s))\n\t\t;'),
    );
  });

  it('a lock whose object may be another by then is no place', () => {
    const text = SKETCH.replace('\terr = sketch_flush', '\ts = s->next;\n\terr = sketch_flush');
    const place = { at: [LOCK, ['mutex_unlock', 1]] as const, notes: ['&s->lock', 'mutex_lock'] };
    expect(planted('drop-unlock-at-end', place, text)).toBeNull();
  });

  it('a jump to the unlock becomes a return', () => {
    const place = { at: [LOCK, ['goto', 0]] as const, notes: ['&s->lock', 'mutex_lock', 'err'] };
    expect(planted('return-under-lock', place)).toBe(SKETCH.replace('goto out;', 'return err;'));
  });

  it('a lock is taken twice', () => {
    expect(planted('duplicate-lock', { at: [LOCK], notes: ['&s->lock', 'mutex_lock'] })).toBe(
      SKETCH.replace('\tmutex_lock(&s->lock);\n', '\tmutex_lock(&s->lock);\n\tmutex_lock(&s->lock);\n'),
    );
  });

  it('a sleep comes in front of a statement, not between an if and what it does', () => {
    const notes = ['&s->lock', 'spin_lock'];
    const text = SKETCH.replaceAll('mutex', 'spin');
    const lock = ['spin_lock(', 0] as const;
    expect(planted('sleep-in-atomic', { at: [lock, ['err = sketch', 0]], notes }, text)).toBe(
      text.replace('\terr = sketch', '\tmsleep(20);\n\terr = sketch'),
    );
    expect(planted('sleep-in-atomic', { at: [lock, ['sketch_put', 0]], notes }, text)).toBeNull();
  });
});

const PAGES = `static int sketch_write(struct sketch *s, struct folio *folio)
{
	size_t copied;

	spin_lock(&s->head_lock);
	spin_lock(&s->tail_lock);
	s->writes++;
	spin_unlock(&s->tail_lock);
	spin_unlock(&s->head_lock);
	do {
		if (fault_in_iov_iter_readable(s->from, s->bytes) == s->bytes)
			return -EFAULT;
		folio_lock(folio);
		sketch_wait(folio);
		copied = copy_folio_from_iter_atomic(folio, 0, s->bytes, s->from);
		folio_mark_dirty(folio);
		folio_unlock(folio);
	} while (copied == 0);
	return 0;
}
`;

describe('planted bugs of order and of data', () => {
  it('two locks change places', () => {
    const notes = ['&s->head_lock', '&s->tail_lock', 'spin_lock', 'spin_lock'];
    const at = [
      ['spin_lock(', 0],
      ['spin_lock(', 1],
    ] as const;
    expect(planted('swap-two-locks', { at, notes }, PAGES)).toBe(
      PAGES.replace(
        /\tspin_lock.*\n\tspin_lock.*\n/,
        '\tspin_lock(&s->tail_lock);\n\tspin_lock(&s->head_lock);\n',
      ),
    );
  });

  it('the result of a prefault is ignored, if a copy of the same function hangs on it', () => {
    const place = {
      at: [
        ['if (fault_in', 0],
        ['fault_in', 0],
      ] as const,
      notes: ['fault_in_iov_iter_readable'],
    };
    expect(planted('ignore-prefault', place, PAGES)).toBe(
      PAGES.replace(/if \(fault_in.*\n.*EFAULT;/, 'fault_in_iov_iter_readable(s->from, s->bytes);'),
    );
    expect(
      planted('ignore-prefault', place, PAGES.replace('copy_folio_from_iter_atomic', 'sketch_copy')),
    ).toBeNull();
  });

  it('a page is marked behind a copy that may be short, or locked anew in front of its use', () => {
    const copy = { at: [['copy_folio', 0]] as const, notes: ['folio', 'copy_folio_from_iter_atomic'] };
    expect(planted('mark-behind-short-copy', copy, PAGES)).toBe(
      PAGES.replace(
        's->from);\n\t\tfolio_mark',
        's->from);\n\t\tfolio_mark_uptodate(folio);\n\t\tfolio_mark',
      ),
    );
    const use = {
      at: [
        ['folio_lock', 0],
        ['folio_mark_dirty', 0],
      ] as const,
      notes: ['folio', 'folio_mark_dirty', 'folio_unlock'],
    };
    const plain = PAGES.replaceAll('iov_iter_', '');
    expect(planted('relock-before-use', use, plain)).toBe(
      plain.replace(
        '\t\tfolio_mark_dirty',
        '\t\tfolio_unlock(folio);\n\t\tcond_resched();\n\t\tfolio_lock(folio);\n\t\tfolio_mark_dirty',
      ),
    );
    expect(planted('relock-before-use', use, plain.replace('sketch_wait', 'inode_lock'))).toBeNull();
  });

  it('an outer lock comes under a page lock, not under that of a page which nobody else can see', () => {
    const place = {
      at: [
        ['folio_lock', 0],
        ['folio_mark_dirty', 0],
      ] as const,
      notes: ['folio'],
    };
    expect(planted('outer-lock-under-page-lock', place, PAGES)).toBe(
      PAGES.replace(
        '\t\tfolio_mark_dirty',
        '\t\tinode_lock(folio->mapping->host);\n\t\tinode_unlock(folio->mapping->host);\n\t\tfolio_mark_dirty',
      ),
    );
    const fresh = PAGES.replace('\tdo {', '\tfolio = folio_alloc(GFP_NOFS, 0);\n\tdo {');
    expect(planted('outer-lock-under-page-lock', place, fresh)).toBeNull();
  });
});

describe('edits that keep the meaning', () => {
  it('a variable gets another name, and no member of that name does', () => {
    const place = { at: [['err', 0]] as const, notes: ['err'] };
    expect(planted('rename-local', place)).toBe(SKETCH.replaceAll(/\berr\b/g, 'err_here'));
    expect(planted('rename-local', place, SKETCH.replace('s->ready', 's->err'))).toBeNull();
  });

  it('declarations change places', () => {
    expect(
      planted('swap-declarations', {
        at: [
          ['int i;', 0],
          ['long spare', 0],
        ],
        notes: ['i', 'spare'],
      }),
    ).toBe(SKETCH.replace('\tint i;\n\tlong spare;\n', '\tlong spare;\n\tint i;\n'));
  });

  it('a condition is turned round', () => {
    expect(planted('invert-condition', { at: [['if (wanted', 0]], notes: ['wanted<0'] })).toBe(
      SKETCH.replace('if (wanted < 0)\n\t\tgoto out;', 'if (!(wanted < 0)) {\n\t} else\n\t\tgoto out;'),
    );
  });

  it('a jump becomes a copy of what it jumps to', () => {
    expect(planted('copy-cleanup', { at: [['goto', 0]], notes: ['out'] })).toBe(
      SKETCH.replace('goto out;', '{\n\t\t\tmutex_unlock(&s->lock);\n\t\t\treturn err;\n\t\t}'),
    );
  });

  it('a jump to the end of a block is left alone', () => {
    const text = SKETCH.replace('\tfor (i = 0', '\tfor (;;) {\n\tfor (i = 0').replace(
      'out:\n',
      'out:\n\ts->turns++;\n\t}\n',
    );
    expect(planted('copy-cleanup', { at: [['goto', 0]], notes: ['out'] }, text)).toBeNull();
  });

  it('a lock gets a name, an unlock a helper', () => {
    const notes = ['struct\tsketch\t*', 's', 'lock', 'mutex_lock'];
    expect(planted('name-lock', { at: [LOCK], notes })).toBe(
      SKETCH.replaceAll('&s->lock', 'the_lock').replace('{\n', '{\n\tstruct mutex *the_lock = &s->lock;\n'),
    );
    const helper = 'static void sketch_fill_step(struct sketch *s)\n{\n\tmutex_lock(&s->lock);\n}\n\n';
    expect(planted('extract-helper', { at: [LOCK], notes })).toBe(
      helper + SKETCH.replace('mutex_lock(&s->lock)', 'sketch_fill_step(s)'),
    );
  });
});

const hasSpatch = spawnSync('spatch', ['--version']).status === 0;

describe.skipIf(!hasSpatch)('through Coccinelle', () => {
  it('a bug is found, and a harmless edit brings nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'patchwitness-mutants-'));
    try {
      mkdirSync(join(folder, 'fs'));
      writeFileSync(
        join(folder, 'fs', 'sketch.c'),
        `static int sketch_read(struct sketch *s, struct page *page)
{
	int err;

	lock_page(page);
	s->reads++;
	sketch_count(s->reads);
	err = s->error;
	if (err)
		goto out;
	s->last = 0;
out:
	unlock_page(page);
	return err;
}
`,
      );
      const script = join(ROOT, 'scripts', 'eval.ts');
      const asked = ['--operator', 'copy-under-page-lock', '--operator', 'invert-condition'];
      const counts = ['--count', '1', '--controls', '1', '--workers', '1'];
      const { stdout, status } = spawnSync(
        process.execPath,
        ['--import', 'tsx', script, 'mutants', folder, ...asked, ...counts],
        { cwd: ROOT, encoding: 'utf8' },
      );
      expect(stdout).toContain('| copy-under-page-lock | fault-under-page-lock | 1 | 1 | 100.0 | 0 | 0 |');
      expect(stdout).toContain('| invert-condition | 1 | 0 | 0 | 0 |');
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
