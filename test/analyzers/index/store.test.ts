/** The store on disk: whole after any end of any process, shared, bounded, and never trusted. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { PackFile } from '../../../analyzers/index/pack-file.ts';
import { extractRecord } from '../../../analyzers/index/record.ts';
import { prune, Store, storeDirectory } from '../../../analyzers/index/store.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { removeTempDirs, tempDir } from '../../corpus/archive/git-oracle.ts';

afterAll(removeTempDirs);

const SOURCE = `static int demofs_get(struct page *page)
{
	lock_page(page);
	return demofs_alloc(page, GFP_KERNEL);
}

int demofs_put(struct page *page)
{
	page->mapping->a_ops->demofs_end(page);
	unlock_page(page);
	return 0;
}

static const struct address_space_operations demofs_aops = {
	.writepage = demofs_get,
};
`;

const KEYS = ['one', 'two', 'three'];
const RECORD = extractRecord(Buffer.from(SOURCE), loadKnowledge(), RULES);

function filled(): Store {
  const store = new Store(tempDir());
  store.write(KEYS.map((key) => ({ key, ...RECORD })));
  return new Store(store.directory);
}

function packsIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.pack'));
}

describe('a record', () => {
  it('says what a call graph needs', () => {
    const head = filled().head('two');
    expect(head).toMatchObject({
      state: 'read',
      functions: [
        { name: 'demofs_get', isStatic: true, line: 1, parameters: 1, calls: ['demofs_alloc'], methods: [] },
        {
          name: 'demofs_put',
          isStatic: false,
          line: 7,
          calls: [],
          methods: [{ slot: 'demofs_end', table: 'a_ops' }],
        },
      ],
      slots: [{ slot: 'writepage', structType: 'address_space_operations', function: 'demofs_get' }],
    });
  });

  it('says what a summary needs', () => {
    const body = filled().body('two')?.function(0);
    expect(body?.parameters).toEqual(['page']);
    expect(body?.context).toMatchObject([{ lock: 'page-lock', object: 'page' }]);
    const events = body?.sequence.blocks.flatMap((block) => block.events) ?? [];
    expect(events.map(({ kind, site }) => `${site.line} ${kind} ${site.code}`)).toEqual([
      '3 acquire lock_page(page)',
      '4 alloc demofs_alloc(page, GFP_KERNEL)',
      '4 call demofs_alloc(page, GFP_KERNEL)',
      '4 return return demofs_alloc(page, GFP_KERNEL);',
    ]);
  });

  it('of what is no text says so', () => {
    const store = new Store(tempDir());
    store.write([{ key: 'x', ...extractRecord(Buffer.from([0, 1, 2]), loadKnowledge(), RULES) }]);
    store.refresh();
    expect(store.head('x')).toMatchObject({ state: 'unread' });
  });
});

describe('damage', () => {
  it('cut anywhere, a pack is as none', () => {
    const { directory } = filled();
    const [name = ''] = packsIn(directory);
    const path = join(directory, name);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += 37) {
      writeFileSync(path, whole.subarray(0, length));
      expect(PackFile.open(path)).toBeNull();
    }
    writeFileSync(path, whole);
    expect(new Store(directory).head('one')).not.toBeNull();
  });

  it('a flipped byte takes away what it stands in and nothing else', () => {
    const { directory } = filled();
    const [name = ''] = packsIn(directory);
    const whole = readFileSync(join(directory, name));
    const sound = JSON.stringify(filled().head('one'));
    for (let at = 0; at < whole.length; at += 23) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(join(directory, name), damaged);
      const store = new Store(directory);
      for (const key of KEYS) {
        const head = store.head(key);
        expect(['null', sound]).toContain(JSON.stringify(head));
        store.body(key)?.function(1);
      }
    }
  });

  it('of two packs with the record the whole one is read', () => {
    const { directory } = filled();
    const store = new Store(directory);
    store.write([{ key: 'two', ...RECORD }]);
    for (const name of packsIn(directory)) {
      const copy = readFileSync(join(directory, name));
      const damaged = Buffer.from(copy);
      damaged.fill(0xff, 40, 60);
      writeFileSync(join(directory, name), damaged);
      expect(new Store(directory).head('two')).not.toBeNull();
      writeFileSync(join(directory, name), copy);
    }
  });
});

const WRITER = `
import { writePackFile } from ${JSON.stringify(fileURLToPath(new URL('../../../dist/analyzers/index/pack-file.js', import.meta.url)))};
const directory = process.argv[1];
for (let round = 0; ; round++) {
  const records = [];
  for (let file = 0; file < 40; file++) {
    records.push({ key: \`\${process.pid}-\${round}-\${file}\`, head: Buffer.alloc(2000, file), body: Buffer.alloc(20000, round) });
  }
  writePackFile(directory, records);
  if (round === 0) process.stdout.write('ready');
}
`;

/** Starts a writer and kills it so many milliseconds after its first pack. */
async function killedAfter(milliseconds: number, directory: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  await setTimeout(milliseconds);
  child.kill('SIGKILL');
  await closed;
}

it('killed at 50 points, five writers at a time, the store is whole', async () => {
  const directory = tempDir();
  for (let round = 0; round < 10; round++) {
    await Promise.all([0, 1, 2, 3, 4].map((writer) => killedAfter(round * 2 + writer * 5, directory)));
  }
  const names = packsIn(directory);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const pack = PackFile.open(join(directory, name));
    expect(pack?.entries.size).toBe(40);
    for (const { head, body } of pack?.entries.values() ?? []) {
      expect(pack?.read(head)?.length).toBe(2000);
      expect(pack?.read(body)?.length).toBe(20000);
    }
  }
});

describe('prune', () => {
  const HOUR = 3600;

  /** Two old packs of this version and one of another. */
  function stores(): { root: string; own: string; other: string } {
    const root = tempDir();
    const [own, other] = [storeDirectory(root), join(root, '0123456789abcdef')];
    const now = Date.now() / 1000;
    for (const [directory, key, hours] of [
      [own, 'new', 3],
      [own, 'old', 9],
      [other, 'older', 4],
    ] as const) {
      const before = existsSync(directory) ? packsIn(directory) : [];
      new Store(directory).write([{ key, ...RECORD }]);
      const name = packsIn(directory).find((one) => !before.includes(one)) ?? '';
      utimesSync(join(directory, name), now - hours * HOUR, now - hours * HOUR);
    }
    return { root, own, other };
  }

  it('keeps all that there is room for', () => {
    const { root } = stores();
    expect(prune(root, 1e9, true)).toEqual({ files: 0, bytes: 0 });
  });

  it('removes other versions when it is told to', () => {
    const { root, own, other } = stores();
    expect(prune(root, 1e9, false).files).toBe(1);
    expect(existsSync(other)).toBe(false);
    expect(packsIn(own)).toHaveLength(2);
  });

  it('removes other versions, then what was used longest ago', () => {
    const { root, own, other } = stores();
    const size = readFileSync(join(own, packsIn(own)[0] ?? '')).length;
    expect(prune(root, size + 10, true).files).toBe(2);
    expect(existsSync(other)).toBe(false);
    const store = new Store(own);
    expect(store.head('old')).toBeNull();
    expect(store.head('new')).not.toBeNull();
  });

  it('what was used counts as new', () => {
    const { root, own } = stores();
    const store = new Store(own);
    store.head('old');
    store.touch();
    prune(root, 10, true);
    expect(new Store(own).head('old')).not.toBeNull();
    expect(new Store(own).head('new')).toBeNull();
  });

  it('removes leftovers of killed runs and nothing that is not its own', () => {
    const { root, own } = stores();
    const leftover = join(own, '.tmp-1-1');
    writeFileSync(leftover, 'half');
    const foreign = join(root, 'notes');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'x.pack'), 'mine');
    prune(root, 0, false);
    expect(existsSync(leftover)).toBe(true);
    utimesSync(leftover, 0, 0);
    prune(root, 0, false);
    expect(existsSync(leftover)).toBe(false);
    expect(readFileSync(join(foreign, 'x.pack'), 'utf8')).toBe('mine');
  });

  it('a store whose packs vanish gives nothing, and does not fail', () => {
    const store = filled();
    for (const name of packsIn(store.directory)) truncateSync(join(store.directory, name), 0);
    expect(store.head('one')).toBeNull();
    expect(store.body('one')).toBeNull();
  });
});
