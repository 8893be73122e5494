/** `patchwitness index`, through the built program: small trees written anew. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../analyzers/source/types.ts';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchwitness } from './program.ts';

afterAll(removeTempDirs);

const CLI = fileURLToPath(new URL('../../dist/bot/cli.js', import.meta.url));

function functionNamed(name: string): string {
  return `int ${name}(struct page *page)\n{\n\treturn ${name}_helper(page);\n}\n`;
}

/** Sixty files with a function each, one of them a header. */
function tree(): string {
  const root = newRepository();
  for (let file = 0; file < 59; file++) {
    write(root, `fs/demo${file % 3}/file${file}.c`, functionNamed(`demo_${file}`));
  }
  write(root, 'fs/demo2/demo.h', functionNamed('demo_inline'));
  write(root, 'fs/demo0/.hidden.c', functionNamed('demo_hidden'));
  symlinkSync('file0.c', join(root, 'fs/demo0/linked.c'));
  commit(root, 'demo: base');
  return root;
}

async function index(
  cache: string,
  ...args: readonly string[]
): Promise<{ text: string; status: number | null }> {
  const { stdout, stderr, status } = await patchwitness(['index', ...args], {
    env: { PATCHWITNESS_CACHE: cache },
  });
  return { text: stdout + stderr, status };
}

const COLD =
  '60 files with 60 functions; 0 from the store, 60 read anew, 0 not read\nsummaries: 180 made anew, 0 taken over\n';
const WARM = '60 files with 60 functions; 60 from the store, 0 read anew, 0 not read\n';

describe('index', () => {
  it('reads a content once, whatever tree shows it', async () => {
    const [root, cache] = [tree(), tempDir()];
    const bare = join(tempDir(), 'bare.git');
    git(root, ['clone', '-q', '--bare', '.', bare]);
    expect(await index(cache, `${bare}@main`, '--jobs', '3')).toEqual({ text: COLD, status: 0 });
    expect(await index(cache, root)).toEqual({ text: WARM, status: 0 });
    write(root, 'fs/demo1/file1.c', functionNamed('demo_other'));
    // For each of the three groups of rules.
    expect((await index(cache, root)).text).toMatch(
      /59 from the store, 1 read anew, .*\nsummaries: 3 made anew, 177 taken over\n$/,
    );
    expect((await index(cache, root, 'fs/demo1/', './fs/demo2')).text).toContain(
      '40 files with 40 functions',
    );
  });

  it('says what it could not read', async () => {
    const [root, cache] = [tree(), tempDir()];
    write(root, 'fs/demo0/large.c', Buffer.alloc(MAX_FILE_BYTES + 1, 0x20));
    write(root, 'fs/demo0/object.c', Buffer.from([0, 1, 2]));
    for (const round of ['0', '60']) {
      const { text, status } = await index(cache, root, 'fs', 'nowhere');
      expect(text).toContain('fs/demo0/large.c: not read: it is longer than 8 MiB\n');
      expect(text).toContain('fs/demo0/object.c: not read: it is no text');
      expect(text).toContain('nowhere: not read: no such file or directory\n');
      expect(text).toContain(`60 files with 60 functions; ${round === '0' ? 0 : 61} from the store`);
      expect(status).toBe(2);
    }
  });

  it('two processes at once agree', async () => {
    const [root, cache] = [tree(), tempDir()];
    const both = await Promise.all([index(cache, root), index(cache, root)]);
    for (const { text, status } of both) {
      expect(text).toMatch(
        /^60 files with 60 functions; \d+ from the store, \d+ read anew, 0 not read\n(?:summaries: .*\n)?$/,
      );
      expect(status).toBe(0);
    }
    expect((await index(cache, root)).text).toBe(WARM);
  });

  it('killed in its work, it goes on the next time', async () => {
    const [root, cache] = [tree(), tempDir()];
    for (const wait of [300, 400, 500, 700]) {
      const child = spawn(process.execPath, [CLI, 'index', root], {
        env: { ...process.env, PATCHWITNESS_CACHE: cache },
        stdio: 'ignore',
      });
      const closed = once(child, 'close');
      await setTimeout(wait);
      child.kill('SIGKILL');
      await closed;
    }
    expect((await index(cache, root)).text).toMatch(/^60 files with 60 functions; /);
    expect((await index(cache, root)).text).toBe(WARM);
  });

  it('says when it may not write', async () => {
    const cache = tempDir();
    write(cache, 'index-v1', 'a file');
    const { text, status } = await index(cache, tree());
    expect(text).toMatch(/^error: .*index-v1.*: (?:not a directory|file already exists)/);
    expect(status).toBe(2);
  });

  it('prunes', async () => {
    const cache = tempDir();
    mkdirSync(join(cache, 'index-v1', '0123456789abcdef'), { recursive: true });
    write(join(cache, 'index-v1', '0123456789abcdef'), 'x.pack', 'old');
    chmodSync(cache, 0o700);
    const { text, status } = await index(cache, '--prune');
    expect(text).toMatch(/^removed 1 file of 0\.0 MiB from /);
    expect(status).toBe(0);
    expect(readdirSync(join(cache, 'index-v1'))).toEqual([]);
  });

  it.each([
    [[], /name a tree, or --prune/],
    [['/no/such/tree'], /is neither a directory nor REPO@REV/],
  ])('%j is bad usage', async (args, reason) => {
    const { text, status } = await index(tempDir(), ...args);
    expect(text).toMatch(reason);
    expect(status).toBe(2);
  });
});
