/** Programs that others wrote, asked what they make of replies: Python's `email`, git, neomutt and b4. */

import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const MAX_OUTPUT = 1 << 28;

/**
 * Reads the archive and the replies by itself, works out from RFC 5322 what the header of each reply has to be, and prints a line
 * for each that is not so.
 */
const CHECK_HEADERS = `
import email, email.policy, re, sys
from email.utils import getaddresses
def mails(path):
    data = open(path, 'rb').read()
    for part in re.split(rb'(?m)^From mboxrd@z .*\\n', data)[1:]:
        yield email.message_from_bytes(re.sub(rb'(?m)^>(>*From )', rb'\\\\1', part), policy=email.policy.default)
ids = lambda m, n: re.findall(r'<[^<>\\s]+>', str(m.get(n, '')))
people = lambda m, *names: {a.lower() for n in names for _, a in getaddresses([str(v) for v in m.get_all(n, [])]) if '@' in a}
parents = {ids(m, 'message-id')[0]: m for m in mails(sys.argv[1]) if ids(m, 'message-id')}
count = 0
for m in mails(sys.argv[2]):
    count += 1
    parent = parents[ids(m, 'in-reply-to')[0]]
    own = ids(parent, 'message-id')[0]
    known = ids(parent, 'references') or (ids(parent, 'in-reply-to') if len(ids(parent, 'in-reply-to')) == 1 else [])
    wrong = []
    if len(ids(m, 'in-reply-to')) != 1: wrong.append('In-Reply-To')
    if ids(m, 'references') != [i for i in known if i != own] + [own]: wrong.append('References')
    title = re.sub(r'(?i)^(re: ?)+', '', ' '.join(str(parent['subject']).split()))
    if ' '.join(str(m['subject']).split()) != 'Re: ' + title: wrong.append('Subject')
    to, cc = people(m, 'to'), people(m, 'cc')
    if to & cc: wrong.append('twice')
    if to != (people(parent, 'reply-to') or people(parent, 'from')): wrong.append('To')
    if not people(parent, 'from', 'to', 'cc') <= to | cc: wrong.append('Cc')
    if m.defects or m.get_content_type() != 'text/plain' or m.get_param('format'): wrong.append('body')
    if wrong: print(own, ', '.join(wrong), sorted((people(parent, 'from', 'to', 'cc') ^ (to | cc)))[:4])
print('read', count)
`;

/** Lines of what is wrong; the last one says how many were read. */
export async function pythonSays(archive: string, replies: string): Promise<readonly string[]> {
  const { stdout } = await execute('python3', ['-c', CHECK_HEADERS, archive, replies], {
    maxBuffer: MAX_OUTPUT,
  });
  return stdout.trim().split('\n');
}

/** Whether git takes anything in the mail for a patch. */
export function hasPatchForGit(mail: Buffer, directory: string): boolean {
  const [message, patch] = [join(directory, 'message'), join(directory, 'patch')];
  spawnSync('git', ['mailinfo', message, patch], { input: mail, cwd: directory });
  return readFileSync(patch).length > 0;
}

/** Message-IDs in neomutt's thread below and with that mail. */
export function neomuttBelow(mbox: string, id: string, directory: string): readonly string[] {
  const below = join(directory, 'below');
  rmSync(below, { force: true });
  const settings = ['sort=threads', 'quit=yes', 'wait_key=no', 'sleep_time=0', 'read_inc=0'];
  writeFileSync(
    join(directory, 'muttrc'),
    [`folder=${directory}`, ...settings].map((one) => `set ${one}\n`).join(''),
  );
  // The pattern is a regular expression in a quoted string.
  const pattern = id.replace(/[^A-Za-z0-9@_-]/g, '.');
  const keys = `<search>~i ${pattern}<enter><tag-subthread><tag-prefix><pipe-message>cat > ${below}<enter><exit>`;
  const command = `stty rows 60 cols 200; neomutt -n -F ${directory}/muttrc -R -f ${mbox} -e 'push "${keys}"'`;
  spawnSync('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: directory, LANG: 'C.UTF-8', TERM: 'xterm' },
    stdio: 'ignore',
    timeout: 60_000,
  });
  const text = readFileSync(below, 'latin1');
  return [...text.matchAll(/^Message-ID:\s*<([^<>\s]+)>/gim)].map((match) => match[1] ?? '');
}

/** What `b4 am` makes of the thread of that mail; null where it ends with an error. */
export async function b4Series(mbox: string, id: string, directory: string): Promise<string | null> {
  const config = join(directory, 'config');
  writeFileSync(
    config,
    '[user]\n\tname = Nobody\n\temail = nobody@example.org\n[b4]\n\tattestation-policy = off\n',
  );
  const args = ['--offline-mode', 'am', '-m', mbox, '-o', '-', '-C', '--allow-unicode-control-chars', id];
  const env = { PATH: process.env['PATH'], HOME: directory, LANG: 'C.UTF-8', GIT_CONFIG_GLOBAL: config };
  try {
    const { stdout } = await execute('b4', args, {
      env,
      cwd: directory,
      maxBuffer: MAX_OUTPUT,
      encoding: 'latin1',
    });
    return stdout;
  } catch {
    return null;
  }
}
