/** A small archive for tests of `scan`, in three parts that arrive one after the other, and ways to keep mails. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Letter, mailbox, newFile } from './scanned.ts';

/** Lines of a function that sleeps under a spinlock; `also` makes each patch another one. */
function sleepy(name: string, mask = 'GFP_KERNEL'): readonly string[] {
  return [
    '',
    `static int ${name}(struct demofs *fs)`,
    '{',
    '\tspin_lock(&fs->lock);',
    `\tfs->${name} = kmalloc(64, ${mask});`,
    '\tspin_unlock(&fs->lock);',
    '\treturn 0;',
    '}',
  ];
}

/** A mail with a patch that makes `fs/demofs/NAME.c`. */
export function patchLetter(name: string, more: Partial<Letter> = {}, mask?: string): Letter {
  return {
    id: `${name}@example.org`,
    subject: `[PATCH] demofs: add ${name}`,
    body: newFile(`fs/demofs/${name}.c`, sleepy(`demofs_${name}`, mask)),
    ...more,
  };
}

const HOUR = 3_600_000;
const FIRST = Date.UTC(2024, 0, 1);

function at(hours: number): Pick<Letter, 'date'> {
  return { date: new Date(FIRST + hours * HOUR) };
}

const BEA = 'Bea Example <bea@example.net>';
const ALLOC = 'linux-alloc.vger.example.org';

/** Sent without a Message-ID. */
const NAMELESS = [
  'From mboxrd@z Thu Jan  1 00:00:00 1970',
  'From: Cy Example <cy@example.com>',
  'Subject: [PATCH] demofs: add nameless',
  'Date: Mon, 01 Jan 2024 08:00:00 +0000',
  '',
  newFile('fs/demofs/nameless.c', sleepy('demofs_nameless')),
  '',
].join('\n');

/** Its only hunk has fewer lines than it says. */
const DAMAGED = mailbox([
  patchLetter('damaged', {
    ...at(9),
    body: newFile('fs/demofs/damaged.c', sleepy('demofs_damaged')).replace('+1,8', '+1,80'),
  }),
]);

/** No header, no mail. */
const BROKEN = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n\0\0\0\xff\n\n';

const PARTIAL = patchLetter('three', {
  ...at(40),
  id: 'three-v2@example.org',
  subject: '[PATCH v2 2/3] demofs: add middle',
  replyTo: 'middle@example.org',
  body: newFile('fs/demofs/middle.c', sleepy('demofs_middle', 'GFP_ATOMIC')),
});

/** Each is appended to those before. */
export const PIECES: readonly string[] = [
  mailbox([
    { ...at(0), id: 'cover@example.org', subject: '[PATCH 0/2] demofs: two of them', from: BEA },
    patchLetter('first', {
      ...at(0),
      subject: '[PATCH 1/2] demofs: add first',
      replyTo: 'cover@example.org',
      from: BEA,
    }),
    patchLetter('fill', at(1)),
    patchLetter('answer', { ...at(2), subject: 'Re: [PATCH] demofs: add fill', replyTo: 'fill@example.org' }),
    patchLetter('lost', { ...at(3), subject: 'Re: what nobody has', replyTo: 'nobody-has@example.org' }),
    {
      ...at(4),
      id: 'mkfs@example.org',
      subject: '[PATCH] xfsprogs: mkfs: sleep',
      body: newFile('mkfs/sleep.c', sleepy('mkfs_sleep')),
    },
    {
      ...at(5),
      id: 'pull@example.org',
      subject: '[GIT PULL] demofs for 6.8',
      body: 'The following changes since commit 0123456789ab:\n\nare available in the Git repository at:\n\n  git://example.org/demofs.git for-next\n',
    },
    {
      ...at(6),
      id: 'words@example.org',
      subject: '[PATCH] Documentation: demofs: more words',
      body: newFile('Documentation/filesystems/demofs.rst', ['Words']),
    },
  ]) + NAMELESS,
  BROKEN +
    DAMAGED +
    mailbox([
      patchLetter('second', {
        ...at(10),
        subject: '[PATCH 2/2] demofs: add second',
        replyTo: 'cover@example.org',
        from: BEA,
      }),
      patchLetter('fill', { ...at(1), list: ALLOC }),
      patchLetter('again', at(20)),
      patchLetter('again', {
        ...at(21),
        id: 'resent@example.org',
        subject: '[PATCH RESEND] demofs: add again',
      }),
      patchLetter('begin', { ...at(30), subject: '[PATCH 1/3] demofs: add begin' }),
      ...['middle', 'end'].map((name, index) =>
        patchLetter(name, {
          ...at(30),
          subject: `[PATCH ${index + 2}/3] demofs: add ${name}`,
          replyTo: 'begin@example.org',
        }),
      ),
    ]),
  mailbox([
    patchLetter(
      'fill',
      { ...at(41), id: 'fill-v2@example.org', subject: '[PATCH v2] demofs: add fill' },
      'GFP_ATOMIC',
    ),
    PARTIAL,
    {
      ...at(42),
      id: 'thanks@example.org',
      subject: 'Re: [PATCH v2] demofs: add fill',
      replyTo: 'fill-v2@example.org',
    },
  ]),
];

/** A public-inbox of one epoch. */
export class Inbox {
  readonly path: string;
  private readonly gitDir: string;
  private readonly last = new Map<string, string>();

  constructor(path: string) {
    this.path = path;
    this.gitDir = join(path, 'git', '0.git');
    mkdirSync(this.gitDir, { recursive: true });
    this.git(['init', '-q', '--bare', '-b', 'master', '.']);
  }

  /** As public-inbox commits what it gets. */
  add(mail: string): void {
    const object = this.git(['hash-object', '-w', '--stdin'], mail);
    this.last.set(mail, object);
    this.commit('m', object);
  }

  delete(mail: string): void {
    this.commit('d', this.last.get(mail) ?? '');
  }

  private commit(name: string, object: string): void {
    const tree = this.git(['mktree'], `100644 blob ${object}\t${name}\n`);
    const refs = this.git(['for-each-ref', '--format=%(objectname)', 'refs/heads/master']);
    const parent = refs === '' ? [] : ['-p', refs];
    const commit = this.git(['commit-tree', ...parent, '-m', 'a mail', tree]);
    this.git(['update-ref', 'refs/heads/master', commit]);
  }

  private git(args: readonly string[], input = ''): string {
    const who = { NAME: 'Ada Example', EMAIL: 'ada@example.org', DATE: '2024-01-01T00:00:00Z' };
    const names = Object.entries(who).flatMap(([name, value]) => [
      [`GIT_AUTHOR_${name}`, value],
      [`GIT_COMMITTER_${name}`, value],
    ]);
    const env = { ...process.env, ...Object.fromEntries(names) };
    return execFileSync('git', args, { cwd: this.gitDir, input, env, encoding: 'utf8' }).trim();
  }
}

/** Delivers a mail as a mail server does. */
export function deliver(maildir: string, name: string, mail: string): void {
  for (const folder of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, folder), { recursive: true });
  writeFileSync(join(maildir, 'new', `${name}.host`), mail);
}
