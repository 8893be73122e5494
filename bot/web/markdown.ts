/**
 * The Markdown that the pages of the rules are written in, as HTML: headings, paragraphs, lists, blocks of code, `code`, **strong**
 * and links to other rules. Whatever else stands there stays text.
 */

import { RULES } from '../../analyzers/rules/registry.ts';
import { html, type Markup, type Piece } from './html.ts';

/** Headings stand below the page's own. */
export function markdownHtml(text: string): Piece {
  return blocksOf(text).map((block) => html`${blockHtml(block)}\n`);
}

type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'code' | 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly string[] };

const ITEM = /^(?:[-*]|(\d{1,3})\.)\s+/;

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ) {
    const start = at;
    const line = lines[at++] ?? '';
    const heading = /^(#{1,6}) (.*)/.exec(line);
    if (heading !== null) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' });
    } else if (line.startsWith('```')) {
      while (at < lines.length && !(lines[at] ?? '').startsWith('```')) at++;
      blocks.push({ kind: 'code', text: lines.slice(start + 1, at).join('\n') });
      at++;
    } else if (line.trim() !== '') {
      while (at < lines.length && isMore(lines[at] ?? '')) at++;
      blocks.push(textBlock(lines.slice(start, at)));
    }
  }
  return blocks;
}

function isMore(line: string): boolean {
  return line.trim() !== '' && !line.startsWith('#') && !line.startsWith('```');
}

function textBlock(lines: readonly string[]): Block {
  const isOrdered = ITEM.exec(lines[0] ?? '')?.[1] !== undefined;
  if (!ITEM.test(lines[0] ?? '')) return { kind: 'paragraph', text: lines.join(' ') };
  const items: string[] = [];
  for (const line of lines) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return { kind: 'list', isOrdered, items };
}

function blockHtml(block: Block): Markup {
  switch (block.kind) {
    case 'heading':
      return block.level < 3 ? html`<h3>${inline(block.text)}</h3>` : html`<h4>${inline(block.text)}</h4>`;
    case 'code':
      return html`<pre class="text" tabindex="0">${block.text}</pre>`;
    case 'paragraph':
      return html`<p>${inline(block.text)}</p>`;
    case 'list': {
      const items = block.items.map((item) => html`<li>${inline(item)}</li>\n`);
      return block.isOrdered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
  }
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

function inline(text: string): Piece {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, words = '', target = ''] = match;
    pieces.push(text.slice(end, match.index));
    if (code !== undefined) pieces.push(html`<code>${code}</code>`);
    else if (strong !== undefined) pieces.push(html`<strong>${strong}</strong>`);
    else pieces.push(ruleLink(words, target));
    end = match.index + whole.length;
  }
  return [...pieces, text.slice(end)];
}

/** Other documents are not served. */
function ruleLink(words: string, target: string): Piece {
  const rule = target.replace(/\.md$/, '');
  return RULES.some(({ meta }) => meta.id === rule) ? html`<a href="/rules/${rule}">${words}</a>` : words;
}
