/** Postings as large as they come: one of a hundred patches with five hundred replies, and one whose patch has five megabytes. */

import { packMail, unpackMail } from '../../../bot/scan/mail-bytes.ts';
import type { StoredSeries } from '../../../bot/scan/types.ts';
import type { Database, Executor } from '../../../bot/store/database.ts';

export const LARGE = { long: 'long-series@example.org', wide: 'wide-patch@example.org' } as const;

const PATCHES = 100;
const REPLIES = 5;

const BYTES = 5_000_000;

interface Sample {
  readonly id: string;
  readonly detail: StoredSeries;
  readonly key: string;
}

/** Made of a posting of the examples that has findings. */
export async function addLarge(database: Database): Promise<void> {
  const [sample] = await database.query<Sample>(
    `SELECT id, detail, key FROM patchwitness.series WHERE findings > 0 AND digest <> id ORDER BY id LIMIT 1`,
  );
  if (sample === undefined) throw new Error('the examples were not scanned');
  await database.transaction(async (executor) => {
    await add(executor, sample, LARGE.long, PATCHES, null);
    await add(executor, sample, LARGE.wide, 1, bigFile());
  });
}

async function add(
  executor: Executor,
  { id: from, detail, key }: Sample,
  id: string,
  count: number,
  more: string | null,
): Promise<void> {
  const found = await executor.query<{ part: number }>(
    'SELECT part FROM patchwitness.finding WHERE key = $1 AND is_standing LIMIT 1',
    [key],
  );
  const patch = detail.patches.find(({ part }) => part === found[0]?.part);
  if (patch === undefined) throw new Error('the example has no finding');
  const mail = (name: string): Promise<number> => addMail(executor, patch.message, `${name}-${id}`, more);
  const patches: StoredSeries['patches'][number][] = [];
  for (let part = 1; part <= count; part++) {
    const replies: StoredSeries['patches'][number]['replies'][number][] = [];
    for (let index = 0; index < REPLIES; index++) {
      const message = await mail(`reply-${part}-${index}`);
      const { from: sender, date } = detail;
      replies.push({
        source: '',
        message,
        messageId: null,
        from: sender,
        date,
        trailers: [],
        hasPatch: false,
      });
    }
    patches.push({ ...patch, part, message: await mail(`part-${part}`), replies });
  }
  const series: StoredSeries = { ...detail, id, total: count, patches };
  await executor.query(
    `INSERT INTO patchwitness.series SELECT $1, kind, $1, author, author_domain, date, 1, $2, 0, $3, null, null, null, c_files,
       $4::json, $1, $1, true, $2 FROM patchwitness.series WHERE id = $5`,
    [id, count, count * REPLIES, JSON.stringify(series), from],
  );
  const facts = patches.map(({ part }) => ({
    part,
    cFiles: 1,
    headerFiles: 0,
    functions: 3,
    userspaceTree: null,
    base: null,
    repairs: [],
  }));
  await executor.query(`INSERT INTO patchwitness.result VALUES ($1, $2::json, '[]')`, [
    id,
    JSON.stringify(facts),
  ]);
  await executor.query(
    `INSERT INTO patchwitness.finding SELECT $1, n, ordinal, rule, confidence, status, is_standing, path, line, function_name,
       message, fingerprint, body FROM patchwitness.finding, generate_series(1, $2::int) n WHERE key = $3 AND part = $4`,
    [id, count, key, patch.part],
  );
}

async function addMail(executor: Executor, sample: number, id: string, more: string | null): Promise<number> {
  const [row] = await executor.query<{ id: number; bytes: Uint8Array }>(
    'SELECT (SELECT max(id) + 1 FROM patchwitness.mail) AS id, bytes FROM patchwitness.mail WHERE id = $1',
    [sample],
  );
  if (row === undefined) throw new Error('the example has no mail');
  const isReply = id.startsWith('reply');
  const bytes =
    more === null || isReply ? row.bytes : packMail(Buffer.from(withFile(unpackMail(row.bytes), more)));
  await executor.query(
    `INSERT INTO patchwitness.mail SELECT $1, $2, source, $1, lists, subject, sender, author, date, $2, has_patch, c_files,
       header_files, content, claims, $3 FROM patchwitness.mail WHERE id = $4`,
    [row.id, id, bytes, sample],
  );
  return row.id;
}

/** Behind the last hunk, in front of the signature. */
function withFile(mail: Buffer, file: string): string {
  const text = mail.toString('latin1');
  const end = text.lastIndexOf('\n-- \n');
  return end < 0 ? `${text}${file}` : `${text.slice(0, end + 1)}${file}${text.slice(end + 1)}`;
}

function bigFile(): string {
  const lines: string[] = [];
  for (let size = 0, number = 0; size < BYTES; number++) {
    const line = `+static int value_${number} = ${number * 7919}; /* a line of a table */`;
    lines.push(line);
    size += line.length + 1;
  }
  return [
    'diff --git a/fs/demofs/table.c b/fs/demofs/table.c',
    'new file mode 100644',
    'index 000000000000..111111111111',
    '--- /dev/null',
    '+++ b/fs/demofs/table.c',
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines,
    '',
  ].join('\n');
}
