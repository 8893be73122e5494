/** Mails that try to be more than text on a page: markup, script, addresses that run, and signs that turn a terminal or a line. */

import { type Letter, newFile } from './scanned.ts';

/** Runs wherever a browser takes it for script, and then says so. */
const RUNS = 'window.harmed=true';

const MARKUP = `</title></pre></a>"><script>${RUNS}</script><img src=x onerror=${RUNS}>`;

const EVIL = `Eve <svg/onload=${RUNS}>`;

/** Turned writing, a terminal's colours, and the end of a document. */
const SIGNS = '\u202egnp.c\u202c \u2066x\u2069 \u001b[31mred\u001b[0m --> ]]>';

export const HOSTILE_ID = `javascript:${RUNS}"'onload=${RUNS}%2f..%2f/../&amp;%00@evil.example`;

const BUG = [
  'int demofs_evil(struct page *page)',
  '{',
  `	char *words = "${MARKUP.replaceAll('"', '\\"')}";`,
  '',
  '	lock_page(page);',
  `	page->private = kmalloc(sizeof("<script>${RUNS}</script>"), GFP_KERNEL);`,
  '	unlock_page(page);',
  '	return words != NULL;',
  '}',
  '/* &lt;script&gt; &amp; ]]> */',
];

/** Of 3,000 bytes that cannot be packed: an index of PostgreSQL takes 2,704. */
const LONG_NAME = Array.from({ length: 1_000 }, (_, at) =>
  String.fromCharCode(0x4e00 + ((at * 7919) % 20_000)),
).join('');

export const HOSTILE: readonly Letter[] = [
  {
    id: `cover-${HOSTILE_ID}`,
    subject: `[PATCH 0/1] cover ${MARKUP} ${SIGNS}`,
    from: `"${EVIL.replaceAll('"', '')}" <eve@evil.example>`,
    body: `A cover ${MARKUP}\n<iframe src="javascript:${RUNS}"></iframe>\n${SIGNS}\n`,
  },
  {
    id: HOSTILE_ID,
    subject: `[PATCH 1/1] patch ${MARKUP} ${SIGNS}`,
    from: `"${EVIL}" <eve@evil.example>`,
    replyTo: `cover-${HOSTILE_ID}`,
    body: newFile(`fs/<img src=x onerror=${RUNS}>/evil.c`, BUG),
  },
  {
    id: `reply-${HOSTILE_ID}`,
    subject: `Re: [PATCH 1/1] reply ${MARKUP}`,
    from: `"${MARKUP.replaceAll('"', '')}" <mallory@evil.example>`,
    replyTo: HOSTILE_ID,
  },
  {
    id: 'long-name@evil.example',
    subject: '[PATCH] a long name',
    from: 'Eve <eve@evil.example>',
    body: newFile(`fs/${LONG_NAME}.c`, BUG),
  },
];
