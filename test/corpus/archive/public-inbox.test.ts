/** Public-inboxes made by real git in the layouts that public-inbox 1.9 writes. */

import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readArchive } from '../../../corpus/archive/read.ts';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from './git-oracle.ts';

afterAll(removeTempDirs);

const mail = (subject: string, body = 'body\n'): string =>
  `From: a@example.org\nSubject: ${subject}\nMessage-ID: <${subject}@example.org>\n\n${body}`;

/** Subjects in the order in which they come, problems in between. */
async function summary(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const item of readArchive(path)) {
    lines.push(
      item.type === 'problem'
        ? `${item.isNote === true ? 'note' : 'problem'} ${item.index ?? '-'} ${item.reason}`
        : `${item.index} ${/^Subject: (.*)$/m.exec(item.bytes.toString('latin1'))?.[1] ?? ''}`,
    );
  }
  return lines;
}

async function texts(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const item of readArchive(path)) if (item.type === 'message') found.push(item.bytes.toString());
  return found;
}

type Step = { readonly add: string } | { readonly remove: string } | { readonly purge: true };

const add = (subject: string, body?: string): Step => ({ add: mail(subject, body) });
const remove = (subject: string): Step => ({ remove: mail(subject) });

/** One epoch of a v2 inbox, with a work tree: each commit holds `m` or `d` and nothing else. */
function epoch(steps: readonly Step[]): string {
  const directory = newRepository();
  for (const step of steps) {
    for (const name of ['m', 'd']) rmSync(join(directory, name), { force: true });
    if ('add' in step) write(directory, 'm', step.add);
    else if ('remove' in step) write(directory, 'd', step.remove);
    else write(directory, 'm', '');
    commit(directory, 'a message');
  }
  return directory;
}

function bare(repository: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  git(tempDir(), ['clone', '-q', '--bare', repository, path]);
  return path;
}

/** A v2 inbox as it lies on a mirror's disk. */
function inbox(...epochs: readonly (readonly Step[])[]): string {
  const directory = tempDir();
  for (const [number, steps] of epochs.entries()) bare(epoch(steps), join(directory, `git/${number}.git`));
  const all = join(directory, 'all.git');
  git(tempDir(), ['init', '-q', '--bare', all]);
  write(all, 'objects/info/alternates', epochs.map((_, n) => `../../git/${n}.git/objects\n`).join(''));
  write(directory, 'description', 'words\n');
  return directory;
}

describe('a public-inbox of version 2', () => {
  it('is read epoch by epoch in order of arrival', async () => {
    const directory = inbox([add('one'), add('two')], [add('three')]);
    const expected = ['1 one', '2 two', '1 three'];
    expect(await summary(directory)).toEqual(expected);
    expect(await summary(join(directory, 'all.git'))).toEqual(expected);
    expect(await summary(`${directory}/git/`)).toEqual(expected);
    expect(await summary(join(directory, 'git/1.git'))).toEqual(['1 three']);
  });

  it('puts epoch 10 behind epoch 9', async () => {
    const directory = tempDir();
    for (const number of [10, 9]) bare(epoch([add(`in ${number}`)]), join(directory, `git/${number}.git`));
    expect(await summary(directory)).toEqual(['1 in 9', '1 in 10']);
  });

  it('is read as a clone with a work tree, too', async () => {
    expect(await summary(epoch([add('one'), add('two')]))).toEqual(['1 one', '2 two']);
  });

  it('leaves out what was deleted, in whichever epoch, and what was purged', async () => {
    const directory = inbox(
      [add('one'), add('two'), add('three'), { purge: true }],
      [add('four'), remove('two'), remove('four'), add('five')],
    );
    expect(await summary(directory)).toEqual([
      '1 one',
      '2 three',
      '1 five',
      'note - 2 deleted and 1 purged message is left out',
    ]);
  });

  it('has a message that was deleted and came again', async () => {
    expect(await summary(epoch([add('one'), remove('one'), add('two'), add('one')]))).toEqual([
      '1 two',
      '2 one',
      'note - 1 deleted message is left out',
    ]);
  });

  it('takes off the `From ` line that old importers left', async () => {
    const directory = epoch([{ add: `From a@example.org Mon Jan  2 03:04:05 2023\n${mail('one')}` }]);
    expect(await texts(directory)).toEqual([mail('one')]);
  });

  it('skips a message over the bound and goes on', async () => {
    const directory = epoch([add('one'), add('two', 'x'.repeat(33 * 1024 * 1024)), add('three')]);
    expect(await summary(directory)).toEqual([
      '1 one',
      'problem 2 message is longer than 32 MiB and is skipped',
      '3 three',
    ]);
  });

  it('is found below a directory, beside other mail', async () => {
    const directory = tempDir();
    write(directory, 'a.eml', mail('alone'));
    bare(epoch([add('one')]), join(directory, 'list/git/0.git'));
    symlinkSync('list', join(directory, 'ring'));
    const other = newRepository();
    write(other, 'x.c', 'x\n');
    commit(other, 'no mail');
    bare(other, join(directory, 'other.git'));
    expect(await summary(directory)).toEqual(['1 alone', '1 one']);
  });

  it('without a message says so', async () => {
    const directory = tempDir();
    git(tempDir(), ['init', '-q', '--bare', join(directory, 'git/0.git')]);
    expect(await summary(directory)).toEqual(['problem - public-inbox holds no messages']);
  });
});

const pathOf = (subject: string): string => {
  const hash = createHash('sha1').update(subject).digest('hex');
  return `${hash.slice(0, 2)}/${hash.slice(2)}`;
};

describe('a public-inbox of version 1', () => {
  it('is read in order of arrival, without what was deleted', async () => {
    const directory = newRepository();
    for (const subject of ['one', 'two', 'three']) {
      write(directory, pathOf(subject), mail(subject));
      commit(directory, subject);
    }
    unlinkSync(join(directory, pathOf('two')));
    commit(directory, 'rm');
    const expected = ['1 one', '2 three', 'note - 1 deleted message is left out'];
    expect(await summary(directory)).toEqual(expected);
    expect(await summary(bare(directory, join(tempDir(), 'list')))).toEqual(expected);
  });

  it('has the last text of a message that was edited', async () => {
    const directory = newRepository();
    for (const [subject, body] of [
      ['one', 'first\n'],
      ['two', 'only\n'],
      ['one', 'second\n'],
    ] as const) {
      write(directory, pathOf(subject), mail(subject, body));
      commit(directory, subject);
    }
    expect(await texts(directory)).toEqual([mail('two', 'only\n'), mail('one', 'second\n')]);
  });
});

describe('other repositories', () => {
  it('that are bare are named as what they are', async () => {
    const repository = newRepository();
    write(repository, 'x.c', 'x\n');
    commit(repository, 'no mail');
    expect(await summary(bare(repository, join(tempDir(), 'x.git')))).toEqual([
      'problem - a git repository that is no public-inbox; --git reads the commits of one',
    ]);
  });

  it('with a work tree are directories of files', async () => {
    const repository = newRepository();
    write(repository, 'one.patch', mail('one'));
    commit(repository, 'a queue of patches');
    expect(await summary(repository)).toEqual(['1 one']);
  });
});

describe('a damaged public-inbox', () => {
  it('gives what can be read and names the repository and git`s reason', async () => {
    const directory = inbox([add('one'), add('two')], [add('three')]);
    const objects = join(directory, 'git/0.git/objects');
    const blob = git(join(directory, 'git/0.git'), ['rev-parse', 'HEAD:m']).toString().trim();
    const loose = join(objects, blob.slice(0, 2), blob.slice(2));
    // A clone packs what it copies; unpacked, one object can go.
    const pack = readdirSync(join(objects, 'pack')).find((name) => name.endsWith('.pack'));
    if (pack !== undefined) {
      const bytes = readFileSync(join(objects, 'pack', pack));
      rmSync(join(objects, 'pack'), { recursive: true });
      git(join(directory, 'git/0.git'), ['unpack-objects', '-q'], bytes);
    }
    chmodSync(loose, 0o644);
    unlinkSync(loose);
    expect(await summary(directory)).toEqual([
      '1 one',
      'problem 2 the repository lacks this message (a shallow or partial clone?)',
      '1 three',
    ]);
    write(objects, `${blob.slice(0, 2)}/${blob.slice(2)}`, 'no zlib data');
    const [first, second, third] = await summary(directory);
    expect(first).toBe('1 one');
    expect(second).toMatch(/^problem (?:2 the repository lacks|- git cat-file: .* the rest is not read$)/);
    expect(third).toBe('1 three');
  });

  it.runIf(existsSync('/bin/sh'))('whose git dies in the middle gives what came before', async () => {
    const directory = epoch(Array.from({ length: 30 }, (_, n) => add(`mail ${n}`, 'x'.repeat(20_000))));
    const bin = tempDir();
    const real = git(bin, ['--exec-path']).toString().trim();
    const script = `#!/bin/sh\ncase "$*" in *cat-file*) ${real}/git "$@" | head -c 100000; kill -9 $$;; esac\nexec ${real}/git "$@"\n`;
    write(bin, 'git', script);
    chmodSync(join(bin, 'git'), 0o755);
    const path = process.env['PATH'];
    try {
      process.env['PATH'] = `${bin}:${path}`;
      expect(await summary(directory)).toEqual([
        ...Array.from({ length: 4 }, (_, n) => `${n + 1} mail ${n}`),
        'problem - git cat-file: ended by SIGKILL after 4 messages; the rest is not read',
      ]);
      process.env['PATH'] = tempDir();
      expect(await summary(join(directory, '.git'))).toEqual([
        'problem - git cannot be run: no such file or directory',
      ]);
    } finally {
      process.env['PATH'] = path;
    }
  });

  it.runIf(existsSync('/proc/self/stat'))('that is left early leaves no git behind', async () => {
    const directory = epoch([add('one', 'x'.repeat(3_000_000)), add('two', 'y'.repeat(3_000_000))]);
    for await (const item of readArchive(directory)) {
      expect(item.type).toBe('message');
      break;
    }
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ');
          const parent = Number(rest.split(' ')[1]);
          return parent === process.pid ? [readFileSync(`/proc/${pid}/cmdline`, 'latin1')] : [];
        } catch {
          return [];
        }
      });
    expect(children.filter((command) => basename(command.split('\0')[0] ?? '') === 'git')).toEqual([]);
  });
});
