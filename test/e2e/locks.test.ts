/** `locks`, through the built program: who takes and who holds the locks of a tree, in three forms. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { locksJsonSchema, locksSchema } from '../../bot/reports/locks-json.ts';
import { git, newRepository, removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { type ProgramResult, patchwitness } from './program.ts';

afterAll(removeTempDirs);

const GROW = `
static DEFINE_MUTEX(demofs_pools_lock);

int demofs_grow(struct demofs_inode *di)
{
	struct demofs_sb *sb = di->sb;

	mutex_lock(&di->map_mutex);
	mutex_lock(&sb->list_mutex);
	mutex_unlock(&sb->list_mutex);
	demofs_fill(di);
	mutex_unlock(&di->map_mutex);
	return 0;
}

int demofs_shrink(struct demofs_inode *inode)
{
	mutex_lock(&inode->sb->list_mutex);
	mutex_lock(&demofs_pools_lock);
	mutex_unlock(&demofs_pools_lock);
	mutex_lock(&inode->map_mutex);
	mutex_unlock(&inode->map_mutex);
	mutex_unlock(&inode->sb->list_mutex);
	return 0;
}
`;

const WRITE = `
static int demofs_write_map(struct demofs_inode *di)
{
	mutex_lock(&di->map_mutex);
	mutex_unlock(&di->map_mutex);
	return 0;
}

static int demofs_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return demofs_write_map(DEMOFS_I(mapping->host));
}

static const struct address_space_operations demofs_aops = {
	.writepages = demofs_writepages,
};
`;

const OTHER = `
static DEFINE_MUTEX(demofs_pools_lock);

void demofs_other(struct mutex *lock, struct other *other, char __user *to)
{
	mutex_lock(lock);
	mutex_unlock(lock);
	mutex_lock(&demofs_pools_lock);
	if (copy_to_user(to, other, 8))
		other->left = 8;
	mutex_unlock(&demofs_pools_lock);
	mutex_lock(&other->map_mutex);
	mutex_unlock(&other->map_mutex);
}
`;

function tree(): string {
  const root = newRepository();
  write(root, 'Makefile', 'VERSION = 6\nPATCHLEVEL = 12\n');
  write(root, 'fs/demofs/grow.c', GROW);
  write(root, 'fs/demofs/write.c', WRITE);
  write(root, 'fs/other.c', OTHER);
  const fill = 'int demofs_fill(struct demofs_inode *di)\n{\n\tdi->map = kmalloc(64, GFP_KERNEL);\n';
  write(root, 'lib/fill.c', `${fill}\treturn 0;\n}\n`);
  return root;
}

/** Most tests ask the same tree, which is read once. */
const TREE = tree();
const CACHE = tempDir();

function locks(cache: string, ...args: readonly string[]): Promise<ProgramResult> {
  return patchwitness(['locks', ...args], { env: { PATCHWITNESS_CACHE: cache } });
}

describe('locks', () => {
  it('lists the classes of a tree, with how often each is taken and held over what', async () => {
    const { stdout, status } = await locks(CACHE, '--index', TREE);
    const lines = stdout.trimEnd().split('\n');
    const cells = lines.map((line) => line.split(/ +/));
    expect(cells[0]?.slice(0, 6)).toEqual([
      'class',
      'taken',
      'on:writeback',
      'on:reclaim',
      'on:fault',
      'over:reclaim',
    ]);
    expect(cells.slice(1)).toEqual([
      ['demofs_inode.map_mutex', '3', '1', '-', '-', '1', '-', '-', '-', '-', '1'],
      ['demofs_sb.list_mutex', '2', '-', '-', '-', '-', '-', '-', '-', '-', '2'],
      ['fs/demofs/grow.c:demofs_pools_lock', '1', ...Array.from({ length: 9 }, () => '-')],
      ['fs/other.c:demofs_pools_lock', '1', '-', '-', '-', '-', '1', '-', '-', '-', '-'],
      ['other.map_mutex', '1', ...Array.from({ length: 9 }, () => '-')],
    ]);
    expect(status).toBe(0);
  });

  it('shows of one class who takes it on which path and who holds it over what, with the way there', async () => {
    const { stdout } = await locks(CACHE, 'demofs_inode.map_mutex', '--index', TREE);
    expect(stdout).toBe(`demofs_inode.map_mutex (mutex)

taken on the writeback path: 1
  fs/demofs/write.c:4  demofs_write_map(): mutex_lock(&di->map_mutex)
    writepages of address_space_operations: demofs_writepages() fs/demofs/write.c:9 > demofs_write_map() fs/demofs/write.c:2

taken elsewhere: 2
  fs/demofs/grow.c:8  demofs_grow(): mutex_lock(&di->map_mutex)
  fs/demofs/grow.c:21  demofs_shrink(): mutex_lock(&inode->map_mutex)

held over an allocation that may enter filesystem reclaim: 1
  fs/demofs/grow.c:11  demofs_grow(): demofs_fill(di)
    taken in line 8; done by demofs_fill() lib/fill.c:3

held over the lock demofs_sb.list_mutex: 1
  fs/demofs/grow.c:9  demofs_grow(): mutex_lock(&sb->list_mutex)
    taken in line 8
`);
  });

  it('names the classes that somebody may have meant', async () => {
    const { stderr, status } = await locks(CACHE, 'demofs_inode.map_mutx', '--index', TREE);
    expect(stderr).toContain('no lock class demofs_inode.map_mutx; near: demofs_inode.map_mutex');
    expect(status).toBe(2);
  });

  it('draws in which order locks are taken, circles in red', async () => {
    const { stdout } = await locks(CACHE, '--format', 'dot', '--index', TREE);
    const edges = stdout.split('\n').filter((line) => line.includes(' -> '));
    expect(edges.map((edge) => edge.trim())).toEqual([
      '"demofs_inode.map_mutex" -> "demofs_sb.list_mutex" [label="1", tooltip="fs/demofs/grow.c:9 demofs_grow()", color=red];',
      '"demofs_inode.map_mutex" -> "@reclaim" [label="1", tooltip="fs/demofs/grow.c:11 demofs_grow()"];',
      '"demofs_sb.list_mutex" -> "demofs_inode.map_mutex" [label="1", tooltip="fs/demofs/grow.c:21 demofs_shrink()", color=red];',
      '"demofs_sb.list_mutex" -> "fs/demofs/grow.c:demofs_pools_lock" [label="1", tooltip="fs/demofs/grow.c:19 demofs_shrink()"];',
      '"fs/other.c:demofs_pools_lock" -> "@fault" [label="1", tooltip="fs/other.c:9 demofs_other()"];',
    ]);
  });

  it.skipIf(spawnSync('dot', ['-V']).error !== undefined)('draws what Graphviz takes', async () => {
    const { stdout: input } = await locks(CACHE, '--format', 'dot', '--index', TREE);
    expect(spawnSync('dot', ['-Tsvg'], { input, encoding: 'utf8' }).stdout).toContain('</svg>');
  });

  it('prints JSON of the shape that docs/locks-v1.schema.json lays down', async () => {
    const { stdout } = await locks(CACHE, '--format', 'json', '--index', TREE);
    const { items, unread } = locksSchema.parse(JSON.parse(stdout));
    expect(items.map(({ name }) => name)).toContain('demofs_sb.list_mutex');
    expect(unread).toEqual([]);
    const stored: unknown = JSON.parse(readFileSync('docs/locks-v1.schema.json', 'utf8'));
    expect(stored).toEqual(JSON.parse(JSON.stringify(locksJsonSchema())));
  });

  it('says the same cold and warm, from one process and from four, of a directory and of a bare repository', async () => {
    const [root, cache] = [tree(), tempDir()];
    const args = ['--format', 'json', '--tree'];
    const cold = await locks(cache, ...args, root, '--jobs', '1');
    expect(cold.stdout).toContain('demofs_fill');
    expect(await locks(cache, ...args, root, '--jobs', '4')).toEqual(cold);
    expect(await locks(tempDir(), ...args, root, '--index', 'lib', '--index', 'fs', '--jobs', '4')).toEqual(
      cold,
    );
    git(root, ['add', '.']);
    git(root, ['commit', '-q', '-m', 'all']);
    const bare = tempDir();
    git(bare, ['clone', '-q', '--bare', root, 'bare.git']);
    expect(await locks(tempDir(), ...args, `${bare}/bare.git@HEAD`)).toEqual(cold);
  });

  it('says what it could not look at', async () => {
    const root = tree();
    write(root, 'lib/object.c', Buffer.from([0, 1]));
    const { stderr, status } = await locks(tempDir(), '--index', root);
    expect(stderr).toContain('lib/object.c: not looked at: it is no text');
    expect(status).toBe(2);
  });

  it('asks for a tree', async () => {
    const { stderr, status } = await locks(tempDir());
    expect(stderr).toContain('name folders with --index, or a tree with --tree');
    expect(status).toBe(2);
  });
});
