/** What is asked for: every page, every filter alone, those that have to meet, and the pages that follow. */

import { LARGE } from './large.ts';

export interface Asked {
  readonly kind: string;
  /** With its query. */
  readonly path: string;
}

type Query = Readonly<Record<string, string>>;

const FILTERS: Readonly<Record<string, Query>> = {
  'no filter': {},
  'a large list': { list: 'list-0.example' },
  'a small list': { list: 'list-58.example' },
  'no such list': { list: 'nowhere' },
  'a rule': { rule: 'fault-under-page-lock' },
  'a rule of which there is little': { rule: 'eager-prealloc' },
  'a path of many': { path: 'fs/' },
  'a path': { path: 'fs/folder-7/' },
  'no such path': { path: 'net/' },
  'a large domain': { 'author-domain': 'domain-0.example' },
  'a small domain': { 'author-domain': 'domain-490.example' },
  'no such domain': { 'author-domain': 'nowhere.example' },
  'a year': { since: '2015-01-01', until: '2015-12-31' },
  'since a day': { since: '2024-11-01' },
  'until a day': { until: '2005-06-01' },
  'no such time': { until: '1999-12-31' },
  found: { review: 'found' },
  clean: { review: 'clean' },
  reviewed: { review: 'reviewed' },
  waiting: { review: 'waiting' },
  'not asked for': { review: 'not-asked' },
  'nothing to review': { review: 'nothing' },
  'a word of many': { q: 'fix' },
  'a word of some': { q: 'bitmap' },
  'three words': { q: 'extent quota bitmap' },
  'no such word': { q: 'xyzzy' },
  'words of which one is not there': { q: 'fix xyzzy' },
  'a phrase': { q: '"lock fix page"' },
  'any of two words': { q: 'bitmap or quota' },
  'not a word': { q: '-fix' },
  'an author': { q: 'author@domain-3.example' },
  'a message': { q: '<part-1-series/5000%"x@example.org>' },
  'list and word': { list: 'list-3.example', q: 'fix' },
  'list and rule': { list: 'list-3.example', rule: 'fault-under-page-lock' },
  'list and path': { list: 'list-3.example', path: 'fs/folder-1' },
  'small list and word of many': { list: 'list-58.example', q: 'fix' },
  'large list and rare word': { list: 'list-0.example', q: 'bitmap quota' },
  'large list and small domain': { list: 'list-0.example', 'author-domain': 'domain-490.example' },
  'large domain and rare word': { 'author-domain': 'domain-0.example', q: 'bitmap quota extent' },
  'found and word': { review: 'found', q: 'bitmap' },
  'found and small list': { review: 'found', list: 'list-50.example' },
  'rule and path': { rule: 'fault-under-page-lock', path: 'fs/folder-2' },
  'rule, path, list and year': {
    rule: 'fault-under-page-lock',
    path: 'fs/',
    list: 'list-1.example',
    since: '2012-01-01',
    until: '2013-12-31',
  },
  'all at once': {
    rule: 'fault-under-page-lock',
    path: 'fs/',
    list: 'list-0.example',
    review: 'found',
    q: 'fix',
    'author-domain': 'domain-0.example',
    since: '2006-01-01',
    until: '2024-12-31',
  },
};

/** Filters whose lists go on over pages in the middle, as somebody comes to them who follows the links. */
const PAGED = ['no filter', 'a large list', 'a rule', 'a path of many', 'found', 'clean', 'a word of many'];

const MIDDLE = '2014-06-01T00:00:00.000Z,x';

export async function askedPages(url: string): Promise<readonly Asked[]> {
  const lists = Object.entries(FILTERS).map(([kind, query]) => asked(`list: ${kind}`, '/', query));
  const feeds = Object.entries(FILTERS).map(([kind, query]) => asked(`feed: ${kind}`, '/feed.atom', query));
  const paged = PAGED.flatMap((kind) => [
    asked(`list: ${kind}, older than the middle`, '/', { ...FILTERS[kind], before: MIDDLE }),
    asked(`list: ${kind}, newer than the middle`, '/', { ...FILTERS[kind], after: MIDDLE }),
  ]);
  const plain = ['/rules', '/rules/fault-under-page-lock', '/rules/eager-prealloc', '/lists'].map((path) =>
    asked(path, path, {}),
  );
  return [...lists, ...paged, ...feeds, ...plain, ...(await seriesPages(url))];
}

/** Some that the lists lead to, and the largest. */
async function seriesPages(url: string): Promise<readonly Asked[]> {
  const pages: Asked[] = [];
  for (const review of ['found', 'clean', 'not-asked']) {
    const response = await fetch(
      `${url}/?${new URLSearchParams({ review, until: '2016-01-01' }).toString()}`,
    );
    const links = (await response.text()).matchAll(/href="(\/series\?id=[^"&]*)"/g);
    for (const [index, [, path = '']] of [...links].slice(0, 5).entries()) {
      pages.push({ kind: `series: ${review}, ${index + 1}`, path });
    }
  }
  return [
    ...pages,
    asked('series: 100 patches, 500 replies', '/series', { id: LARGE.long }),
    asked('series: a patch of it', '/series', { id: LARGE.long, part: '50' }),
    asked('series: a patch of 5 MB', '/series', { id: LARGE.wide }),
    asked('series: a patch of 5 MB alone', '/series', { id: LARGE.wide, part: '1' }),
  ];
}

function asked(kind: string, path: string, query: Query): Asked {
  const text = new URLSearchParams(query).toString();
  return { kind, path: text === '' ? path : `${path}?${text}` };
}
