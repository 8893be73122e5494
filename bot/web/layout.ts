/** What stands around every page, and pieces that several of them have. */

import type { Assets } from './assets.ts';
import { html, type Markup, type Piece } from './html.ts';

export interface PageContent {
  readonly title: string;
  readonly body: Piece;
  /** Address of the feed of what the page shows. */
  readonly feed?: string;
  /** There are witnesses to play. */
  readonly hasPlayer?: boolean;
}

export function layout({ style, program }: Assets, content: PageContent): Markup {
  const { title, body, feed, hasPlayer = false } = content;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · patchwitness</title>
<link rel="stylesheet" href="${style}">
${feed === undefined ? null : html`<link rel="alternate" type="application/atom+xml" title="${title}" href="${feed}">`}
${hasPlayer ? html`<script type="module" src="${program}"></script>` : null}
</head>
<body class="web">
<a class="skip" href="#main">Skip to the page</a>
<header class="top">
<p class="brand"><strong>patchwitness</strong></p>
<nav aria-label="Pages"><a href="/">Series</a> <a href="/rules">Rules</a> <a href="/lists">Lists</a></nav>
</header>
<main id="main" tabindex="-1">
${body}
</main>
</body>
</html>
`;
}

/** `2024-01-02` */
function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function time(date: Date): Markup {
  return html`<time datetime="${date.toISOString()}">${day(date)}</time>`;
}

/** The name in `Name <address>`, or the address where there is none. */
export function nameOf(author: string | null): string {
  if (author === null) return 'unknown';
  const name = author.replace(/<[^<>]*>\s*$/, '').trim();
  return name === '' ? author : name;
}
