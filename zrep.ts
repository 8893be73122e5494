import { openDatabase } from './bot/store/database.ts';
import { eachSeries, storedReplies } from './bot/scan/stored-series.ts';
import { passagesOf } from './corpus/objections/passages.ts';
import { diffOf } from './bot/scan/told-mails.ts';
const db = await openDatabase({ directory: process.argv[2]! });
for await (const s of eachSeries(db, {})) for (const p of s.patches) {
  if (process.argv[3] && p.mail.messageId?.startsWith(process.argv[3])) { for (const f of (await diffOf(db, p.mail.id)).files) if (f.newPath === 'fs/jfs/ioctl.c') for (const h of f.hunks) console.log(h.lines.map((l) => ({ add: '+', remove: '-', context: ' ' })[l.kind] + l.text).join('\n')); }
  if (process.argv[3]) continue;
  if (!p.report?.findings.some((f) => f.status !== 'fixed')) continue;
  if (p.patch.carriedFrom !== null) continue;
  console.log('==', p.mail.subject, p.patch.replies.length, p.report.findings.map((f) => f.status + f.rule + f.line).join());
  for await (const { reply, text } of storedReplies(db, p.patch)) { console.log('  --', reply.from); for (const q of passagesOf(text)) console.log(q.quoted.slice(-1).map((l) => '     > ' + l).join(''), '\n       ' + q.said.slice(0, 8).join('\n       ').slice(0, 500)); }
}
await db.close();
