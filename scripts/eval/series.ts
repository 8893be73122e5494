/**
 * `npm run eval -- series ARCHIVE…`: for each series of an archive, whether `b4 am` picks the same patches in the same
 * order and the same latest version. b4 has to be installed; it runs offline, on an mbox with all messages that
 * are tied to the series by References or In-Reply-To in any number of steps (b4 reads the whole mbox several times
 * for each series; what is left out has no tie to it).
 */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readArchive } from '../../corpus/archive/read.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import { SeriesAssembler } from '../../corpus/series/assemble.ts';
import type { Series } from '../../corpus/series/types.ts';

const execute = promisify(execFile);

/** b4 is mostly Python's start; more at once than processors gains nothing. */
const AT_ONCE = 2;
const MAX_OUTPUT = 256 * 1024 * 1024;

interface Mail {
  readonly bytes: Buffer;
  readonly component: string;
}

/** What a reviewer would apply: message ids in order, and the version. */
interface Pick {
  readonly version: string;
  readonly ids: readonly string[];
}

/** Union of message ids: which component an id is of. */
class Components {
  private readonly leaders = new Map<string, string>();

  find(id: string): string {
    let at = id;
    for (;;) {
      const up = this.leaders.get(at);
      if (up === undefined) return at;
      at = up;
    }
  }

  unite(a: string, b: string): void {
    const [from, to] = [this.find(a), this.find(b)];
    if (from !== to) this.leaders.set(from, to);
  }
}

export async function run(archives: readonly string[]): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'patchwitness-b4-'));
  try {
    await writeFile(
      join(scratch, 'config'),
      '[user]\n\tname = Nobody\n\temail = nobody@example.org\n[b4]\n\tattestation-policy = off\n',
    );
    for (const archive of archives) await compareArchive(archive, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return 0;
}

async function compareArchive(archive: string, scratch: string): Promise<void> {
  const { mails, series, components } = await load(archive);
  const comparable = series.filter(({ kind, patches }) => kind === 'patches' && patches.length > 0);
  let same = 0;
  const differences: string[] = [];
  const queue = comparable.entries();
  const work = async (): Promise<void> => {
    for (const [index, one] of queue) {
      const id = one.patches[0]?.messageId ?? null;
      if (id === null) {
        differences.push(`${one.title}: its first patch has no Message-ID`);
        continue;
      }
      const component = components.find(id);
      const mbox = join(scratch, `${index}.mbox`);
      await writeFile(mbox, toMbox(mails.filter((mail) => mail.component === component)));
      const theirs = await b4Pick(mbox, id, scratch);
      await rm(mbox);
      const tied = series.filter((other) =>
        other.patches.some((patch) => components.find(patch.messageId ?? '') === component),
      );
      const ours = ourPick(one, tied);
      if (ours.version === theirs.version && ours.ids.join() === theirs.ids.join()) same++;
      else differences.push(describe(one, ours, theirs));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  process.stdout.write(
    `${archive}: ${comparable.length} series, ${same} the same, ${differences.length} not\n`,
  );
  for (const difference of differences.toSorted()) process.stdout.write(`  ${difference}\n`);
}

async function load(archive: string): Promise<{ mails: Mail[]; series: Series[]; components: Components }> {
  const components = new Components();
  const assembler = new SeriesAssembler();
  const read: { bytes: Buffer; id: string }[] = [];
  for await (const item of readArchive(archive)) {
    if (item.type !== 'message') continue;
    const message = await parseMessage(item);
    assembler.add(message);
    const id = message.messageId ?? `${item.index}`;
    read.push({ bytes: item.bytes, id });
    for (const other of [message.inReplyTo, ...message.references])
      if (other !== null) components.unite(id, other);
  }
  const mails = read.map(({ bytes, id }) => ({ bytes, component: components.find(id) }));
  return { mails, series: [...assembler.finish()], components };
}

/** Folded headers are unfolded: b4 0.12 ends with an error on some of them when it writes the result. */
function toMbox(mails: readonly Mail[]): Buffer {
  const quoted = mails.map(({ bytes }) => {
    const text = bytes.toString('latin1');
    const end = text.indexOf('\n\n');
    const header = text.slice(0, end).replace(/\r?\n[ \t]+/g, ' ');
    return `${header}${text.slice(end)}`.replace(/^(?=>*From )/gm, '>');
  });
  return Buffer.from(
    quoted.map((text) => `From mboxrd@z Thu Jan  1 00:00:00 1970\n${text}\n`).join(''),
    'latin1',
  );
}

/** The newest version of the series among those that are tied to it. */
function ourPick(series: Series, tied: readonly Series[]): Pick {
  const newest = series.supersededBy ?? series.id;
  const versions = tied.filter((other) => (other.supersededBy ?? other.id) === newest);
  const highest = Math.max(series.version, ...versions.map(({ version }) => version));
  const latest =
    versions.find(({ id }) => id === newest) ??
    versions.findLast(({ version, missing }) => version === highest && missing.length === 0) ??
    versions.findLast(({ version }) => version === highest) ??
    series;
  return { version: `v${latest.version}`, ids: latest.patches.map(({ messageId }) => messageId ?? '') };
}

async function b4Pick(mbox: string, id: string, scratch: string): Promise<Pick> {
  const args = ['--offline-mode', 'am', '-m', mbox, '-o', '-', '-C', '--allow-unicode-control-chars', id];
  const env = {
    PATH: process.env['PATH'],
    HOME: scratch,
    LANG: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: join(scratch, 'config'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
  try {
    const { stdout, stderr } = await execute('b4', args, {
      env,
      cwd: scratch,
      maxBuffer: MAX_OUTPUT,
      encoding: 'latin1',
    });
    const headers = stdout
      .split(/^From .*\n/m)
      .map((mail) => mail.slice(0, Math.max(0, mail.indexOf('\n\n'))));
    const ids = headers.flatMap((header) => /^Message-Id: <([^>\n]{1,1000})>$/im.exec(header)?.[1] ?? []);
    const latest = /Will use the latest revision: (v\d+)/.exec(stderr)?.[1];
    const only = /^ {2}(?:\S+ )?\[[^\]\n]*?\b(v\d+)\b[^\]\n]*\]/m.exec(stderr)?.[1];
    return { version: latest ?? only ?? 'v1', ids };
  } catch (error) {
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return { version: `b4 fails: ${words.trim().split('\n').at(-1) ?? ''}`, ids: [] };
  }
}

function describe({ id, title }: Series, ours: Pick, theirs: Pick): string {
  const list = ({ version, ids }: Pick): string => `${version} of ${ids.length}`;
  const only = (who: string, { ids }: Pick, other: Pick): string => {
    const extra = ids.filter((one) => !other.ids.includes(one));
    return extra.length === 0 ? '' : `; only ${who}: ${extra.slice(0, 3).join(' ')}`;
  };
  const counts = `ours ${list(ours)}, b4 ${list(theirs)}`;
  return `${id} "${title}": ${counts}${only('ours', ours, theirs)}${only('b4', theirs, ours)}`;
}
