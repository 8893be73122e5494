/** Files of a directory, of a clone's revision and of a bare repository's: the same answers, and nothing from outside. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTree } from '../../../analyzers/source/open-tree.ts';
import { NO_TEXT, sourceText } from '../../../analyzers/source/text.ts';
import { MAX_FILE_BYTES, TreeError } from '../../../analyzers/source/types.ts';
import {
  commit,
  git,
  newRepository,
  removeTempDirs,
  tempDir,
  write,
} from '../../corpus/archive/git-oracle.ts';

let repository = '';
let bare = '';

beforeAll(() => {
  repository = newRepository();
  write(repository, 'fs/demofs/inode.c', 'int one;\n');
  write(repository, 'fs/demofs/größe.c', 'int size;\n');
  write(repository, 'fs/large.c', Buffer.alloc(MAX_FILE_BYTES + 1, 0x20));
  write(repository, 'name with\nline feed.c', 'int odd;\n');
  symlinkSync('demofs/inode.c', join(repository, 'fs/link.c'));
  symlinkSync('demofs', join(repository, 'fs/linked'));
  symlinkSync('/etc/passwd', join(repository, 'fs/out.c'));
  commit(repository, 'base');
  bare = join(tempDir(), 'bare@home.git');
  git(repository, ['clone', '-q', '--bare', '.', bare]);
});

afterAll(removeTempDirs);

async function readIn(name: string, path: string): Promise<string> {
  const tree = await openTree(name);
  try {
    const file = await tree.read(path);
    switch (file.state) {
      case 'read':
        return file.bytes.toString();
      case 'absent':
        return '(none)';
      case 'refused':
        return file.reason;
    }
  } finally {
    await tree.close();
  }
}

describe.each([
  ['a directory', () => repository],
  ['a revision of a clone', () => `${repository}@HEAD`],
  ['a revision of a bare repository', () => `${bare}@main`],
  ['a revision with an @ of its own', () => `${repository}@HEAD@{0}`],
])('%s', (_, name) => {
  it.each([
    ['fs/demofs/inode.c', 'int one;\n'],
    ['fs/demofs/größe.c', 'int size;\n'],
    ['name with\nline feed.c', 'int odd;\n'],
    ['fs/demofs/none.c', '(none)'],
    ['fs/demofs/inode.c/x.c', '(none)'],
    ['nowhere/x.c', '(none)'],
    ['fs/large.c', 'it is longer than 8 MiB'],
    ['fs/demofs', 'it is a directory'],
    ['fs/link.c', 'it is a symbolic link'],
    ['fs/out.c', 'it is a symbolic link'],
    ['fs/linked/inode.c', 'fs/linked is a symbolic link'],
    ['../outside.c', 'the path leads out of the tree'],
    ['fs/../../outside.c', 'the path leads out of the tree'],
    ['/etc/passwd', 'an absolute path names no file of the tree'],
    ['.git/config', "the path is one of git's own"],
    ['fs//x.c', 'the path is not in its plain form'],
    ['fs/x\0.c', 'the path holds a NUL'],
  ])('%j: %j', async (path, expected) => {
    expect(await readIn(name(), path)).toBe(expected);
  });
});

describe.each([
  ['a directory', () => repository],
  ['a revision', () => `${bare}@main`],
])('what %s lists', (_, name) => {
  async function listed(...paths: readonly string[]): Promise<readonly string[]> {
    const tree = await openTree(name());
    try {
      const { files, problems } = await tree.list(paths);
      return [...files.map(({ path }) => path), ...problems.map(({ path, reason }) => `${path}: ${reason}`)];
    } finally {
      await tree.close();
    }
  }

  const ALL = ['fs/demofs/größe.c', 'fs/demofs/inode.c', 'fs/large.c', 'name with\nline feed.c'];

  it('all of it, without links', async () => {
    expect(await listed()).toEqual(ALL);
    expect(await listed('.')).toEqual(ALL);
  });

  it('what is named, once', async () => {
    expect(await listed('fs/demofs/', './fs/demofs/inode.c')).toEqual(ALL.slice(0, 2));
  });

  it('says what is not there', async () => {
    expect(await listed('fs/none', 'fs/link.c', '../x', '.git')).toEqual([
      '../x: the path leads out of the tree',
      ".git: the path is one of git's own",
      'fs/link.c: it is neither a directory nor a .c or .h file',
      'fs/none: no such file or directory',
    ]);
  });
});

describe('a tree that cannot be opened', () => {
  it.each([
    [() => '/no/such/directory', /is neither a directory nor REPO@REV$/],
    [() => bare, /is a bare repository: name a revision/],
    [() => `${bare}@v9.9`, /has no revision v9\.9$/],
    [() => `${bare}@`, /names no revision$/],
    [() => `${bare}@--all`, /names no revision$/],
    [() => `${tempDir()}@HEAD`, /not a git repository/],
  ])('%s is told why', async (name, reason) => {
    await expect(openTree(name())).rejects.toThrow(TreeError);
    await expect(openTree(name())).rejects.toThrow(reason);
  });
});

it('a named pipe in a work tree is not waited for', async () => {
  const directory = tempDir();
  mkdirSync(join(directory, 'fs'));
  execFileSync('mkfifo', [join(directory, 'fs/pipe.c')]);
  expect(await readIn(directory, 'fs/pipe.c')).toBe('it is no plain file');
});

it('a shallow clone says what it lacks', async () => {
  const directory = newRepository();
  write(directory, 'a.c', 'int one;\n');
  commit(directory, 'one');
  const blob = git(directory, ['rev-parse', 'HEAD:a.c']).toString().trim();
  execFileSync('rm', ['-f', join(directory, '.git/objects', blob.slice(0, 2), blob.slice(2))]);
  expect(await readIn(`${directory}@HEAD`, 'a.c')).toMatch(/^git lacks the object/);
});

describe('text of a file', () => {
  it.each([
    ['UTF-8', Buffer.from('/* größe */\n'), '/* größe */\n'],
    ['UTF-8 with a mark in front', Buffer.from('\ufeffint one;\n'), 'int one;\n'],
    ['Latin-1', Buffer.from('/* gr\u00f6\u00dfe */\n', 'latin1'), '/* größe */\n'],
    ['UTF-16', Buffer.from('int one;\n', 'utf16le'), null],
  ])('%s', (_, bytes, text) => {
    expect(sourceText(bytes)).toBe(text);
    expect(NO_TEXT).toMatch(/^it is no text/);
  });
});
