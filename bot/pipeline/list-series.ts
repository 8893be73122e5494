/**
 * Archives -> messages -> series. All inputs count as one archive, so that a version in one file replaces the one in
 * another. Streams in; what is kept is an index of the messages, never their texts.
 */

import { readArchive } from '../../corpus/archive/read.ts';
import { MailError } from '../../corpus/mail/errors.ts';
import { readText } from '../../corpus/mangled/text.ts';
import { type ArchiveCounts, SeriesAssembler } from '../../corpus/series/assemble.ts';
import type { Series } from '../../corpus/series/types.ts';
import { readMessage } from './read-message.ts';
import { textMessage } from './text-message.ts';
import type { Unread } from './types.ts';

export type SeriesItem =
  /** A note tells what was rightly left out, such as deleted messages. */
  | { readonly kind: 'unread'; readonly unread: Unread; readonly isNote?: true }
  /** A message was read: comes once a message. */
  | { readonly kind: 'message'; readonly path: string }
  | { readonly kind: 'series'; readonly series: Series }
  /** The last item. */
  | { readonly kind: 'counts'; readonly counts: ArchiveCounts };

/** Reads everything at `paths` and then lists the series, in the order of their first messages. */
export async function* listSeries(paths: readonly string[]): AsyncGenerator<SeriesItem> {
  const assembler = new SeriesAssembler();
  for (const path of paths) {
    for await (const item of readArchive(path)) {
      if (item.type === 'problem') {
        const { source, index, reason, isNote } = item;
        yield { ...unread(source, index, reason), ...(isNote === true ? { isNote } : {}) };
        continue;
      }
      const message = await readMessage(item);
      if (message instanceof MailError) {
        yield unread(item.source, item.index, message.message);
        yield { kind: 'message', path };
        continue;
      }
      for (const problem of message.problems) yield unread(item.source, item.index, problem);
      if (item.form === 'text') {
        const text = readText(message.text);
        for (const patch of text.patches) {
          assembler.add(textMessage(message, text, patch), patch.mended.diff);
        }
        // One of them is counted below, as for a mail.
        for (let index = 1; index < text.messages; index++) yield { kind: 'message', path };
      } else {
        assembler.add(message);
      }
      yield { kind: 'message', path };
    }
  }
  for (const series of assembler.finish()) yield { kind: 'series', series };
  yield { kind: 'counts', counts: assembler.counts };
}

function unread(source: string, message: number | null, reason: string): SeriesItem {
  return { kind: 'unread', unread: { source, message, subject: null, path: null, line: null, reason } };
}
