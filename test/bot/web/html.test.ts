/** Markup by templates: what is put into one is text, whatever it is. */

import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../bot/web/html.ts';
import { markdownHtml } from '../../../bot/web/markdown.ts';
import { readXml } from '../../support/xml.ts';

describe('a template', () => {
  it('keeps markup of its own and of other templates, and nothing else', () => {
    const inner = html`<b>${'<i>'}</b>`;
    expect(html`<p title="${'"x"'}">${[inner, null, 3, '&']}</p>`.toString()).toBe(
      '<p title="&quot;x&quot;"><b>&lt;i&gt;</b>3&amp;</p>',
    );
  });

  it('is well-formed around any text', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 60 }), (text) => {
        const [element] = readXml(html`<a b="${text}">${text}</a>`.toString());
        expect(element?.attributes['b']).toBe(element?.text);
      }),
    );
  });

  it('shows whatever can be written as it is', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(readXml(html`<a>${text}</a>`.toString())[0]?.text).toBe(text);
      }),
    );
  });

  it('turns no line of writing, and colours no terminal', () => {
    expect(html`${'a\u202eb\u2066c\u001b[31m\u0000\nd'}`.toString()).toBe('a?b?c?[31m?\nd');
  });
});

describe('the Markdown of rules', () => {
  it('is headings, paragraphs, lists, code and links to other rules', () => {
    const page = [
      '## What is <wrong>',
      '',
      'A `lock<x>` and **more**',
      'of [it](double-lock.md), not [that](../locks.md).',
      '',
      '1. one',
      '   goes on',
      '2. two',
      '',
      '```c',
      'if (a < b)',
      '```',
    ].join('\n');
    expect(html`${markdownHtml(page)}`.toString().trim().split('\n')).toEqual([
      '<h3>What is &lt;wrong&gt;</h3>',
      '<p>A <code>lock&lt;x&gt;</code> and <strong>more</strong> of <a href="/rules/double-lock">it</a>, not that.</p>',
      '<ol><li>one goes on</li>',
      '<li>two</li>',
      '</ol>',
      '<pre class="text" tabindex="0">if (a &lt; b)</pre>',
    ]);
  });
});
