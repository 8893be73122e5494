/**
 * Findings as an Atom feed (RFC 4287): an entry a finding, newest postings first. Nothing in it depends on the clock: an entry is as
 * old as its mail, and known by its series and fingerprint.
 */

import { createHash } from 'node:crypto';
import type { FindingRow } from '../scan/queries.ts';
import { html, type Markup } from './html.ts';
import { nameOf } from './layout.ts';
import { findingAddress } from './parameters.ts';

export interface Feed {
  readonly title: string;
  /** `https://host`, without a slash at its end. */
  readonly origin: string;
  /** Of the feed itself, and of the page that shows the same, without the origin. */
  readonly self: string;
  readonly page: string;
  readonly rows: readonly FindingRow[];
}

/** Of a feed without entries: it must say when it was updated. */
const NEVER = new Date(0);

export function atomFeed({ title, origin, self, page, rows }: Feed): Markup {
  const updated = rows[0]?.date ?? NEVER;
  // A patch may have the same finding twice, and a feed no id.
  const entries = new Map(rows.map((row) => [entryId(row), entry(row, origin)]));
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${urn(`feed ${self}`)}</id>
<title>${title}</title>
<updated>${updated.toISOString()}</updated>
<author><name>patchwitness</name></author>
<link rel="self" type="application/atom+xml" href="${origin}${self}"/>
<link rel="alternate" type="text/html" href="${origin}${page}"/>
${[...entries.values()]}</feed>
`;
}

function entry(row: FindingRow, origin: string): Markup {
  const { series, part, rule, confidence, fingerprint, title, message, path, line, functionName } = row;
  const place = functionName === null ? `${path}:${line}` : `${path}:${line} in ${functionName}()`;
  return html`<entry>
<id>${entryId(row)}</id>
<title>${rule}: ${title}</title>
<updated>${row.date.toISOString()}</updated>
<link rel="alternate" type="text/html" href="${origin}${findingAddress(series, part, fingerprint)}"/>
<category term="${rule}"/>
<summary>${place}: ${confidence}: ${message}. Instead: ${row.fix}. In patch ${part} of a series by ${nameOf(row.author)}.</summary>
</entry>
`;
}

function entryId({ series, part, fingerprint }: FindingRow): string {
  return urn(`finding ${series} ${part} ${fingerprint}`);
}

/** A UUID of version 8, made of a hash: https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
function urn(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`];
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`;
}
