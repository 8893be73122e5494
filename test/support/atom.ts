/**
 * Checks a feed against RFC 4287: well-formed, nothing but elements of Atom where they may stand, what is required there once, dates
 * and addresses as they have to be. Text goes in, what is wrong comes out.
 */

import { type Element, readXml } from './xml.ts';

/** Elements that may stand in each, and how often: sections 4.1.1 and 4.1.2. */
const FEED: Rules = {
  id: 'once',
  title: 'once',
  updated: 'once',
  author: 'any',
  link: 'any',
  entry: 'any',
};
const ENTRY: Rules = {
  id: 'once',
  title: 'once',
  updated: 'once',
  author: 'any',
  link: 'any',
  category: 'any',
  summary: 'at most once',
};

type Rules = Readonly<Record<string, 'once' | 'at most once' | 'any'>>;

/** RFC 3339, with a capital T and Z as section 3.3 wants it. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export function atomFaults(text: string): readonly string[] {
  const root = readXml(text).at(-1);
  if (root?.name !== 'feed' || root.attributes['xmlns'] !== 'http://www.w3.org/2005/Atom') {
    return ['it is no feed'];
  }
  const entries = root.children.filter(({ name }) => name === 'entry');
  const ids = entries.map((entry) => textIn(entry, 'id'));
  const hasAuthor = root.children.some(({ name }) => name === 'author');
  return [
    ...faultsIn(root, FEED),
    ...(linksOf(root, 'self').length === 1 ? [] : ['the feed names not one address of itself']),
    ...entries.flatMap((entry) => entryFaults(entry, hasAuthor)),
    ...(new Set(ids).size === ids.length ? [] : ['two entries have one id']),
  ];
}

function entryFaults(entry: Element, hasAuthor: boolean): readonly string[] {
  const faults = [...faultsIn(entry, ENTRY)];
  // Without content there has to be an alternate link: section 4.1.2.
  if (linksOf(entry, 'alternate').length !== 1) faults.push('an entry leads nowhere');
  if (!hasAuthor && !entry.children.some(({ name }) => name === 'author'))
    faults.push('an entry has no author');
  return faults;
}

/** Titles and summaries of its entries. */
export function atomEntries(
  text: string,
): readonly { readonly title: string; readonly summary: string; readonly href: string }[] {
  const entries = readXml(text).filter(({ name }) => name === 'entry');
  return entries.map((entry) => ({
    title: textIn(entry, 'title'),
    summary: textIn(entry, 'summary'),
    href: linksOf(entry, 'alternate')[0]?.attributes['href'] ?? '',
  }));
}

function faultsIn(element: Element, rules: Rules): readonly string[] {
  const { name, children } = element;
  const unknown = children
    .filter((child) => !(child.name in rules))
    .map((child) => `${child.name} in ${name}`);
  const counts = Object.entries(rules).flatMap(([child, rule]) => {
    const count = children.filter((one) => one.name === child).length;
    const isRight = rule === 'any' || count === 1 || (rule === 'at most once' && count === 0);
    return isRight ? [] : [`${child} ${count} times in ${name}`];
  });
  return [...unknown, ...counts, ...children.flatMap(faultsOf)];
}

function faultsOf({ name, text, attributes, children }: Element): readonly string[] {
  switch (name) {
    case 'id':
      return /^[a-z][a-z\d+.-]*:\S+$/i.test(text) ? [] : [`${text} is no IRI`];
    case 'updated':
      return MOMENT.test(text) && !Number.isNaN(Date.parse(text)) ? [] : [`${text} is no moment`];
    case 'link':
      return URL.canParse(attributes['href'] ?? '') ? [] : [`${attributes['href']} is no whole address`];
    case 'author':
      return children.filter((child) => child.name === 'name' && child.text !== '').length === 1
        ? []
        : ['an author has not one name'];
    case 'category':
      return (attributes['term'] ?? '') === '' ? ['a category has no term'] : [];
    case 'title':
    case 'summary':
      return children.length === 0 ? [] : [`${name} holds elements`];
    default:
      return [];
  }
}

function linksOf({ children }: Element, rel: string): readonly Element[] {
  return children.filter(({ name, attributes }) => name === 'link' && attributes['rel'] === rel);
}

function textIn({ children }: Element, name: string): string {
  return children.find((child) => child.name === name)?.text ?? '';
}
