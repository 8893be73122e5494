/** In which order locks are taken, as tables. */

import type { LockOrderData } from '../data.ts';
import { el } from './dom.ts';

type AddressOf = (name: string) => string;

/** Longer tables end with a word on how much longer. */
const MAX_ROWS = 300;

interface Column {
  readonly title: string;
  cell(order: LockOrderData, addressOf: AddressOf): HTMLElement;
}

const HELD: Column = {
  title: 'Held',
  cell: ({ from }, addressOf) => el('td', {}, el('a', { href: addressOf(from) }, from)),
};

const TAKEN: Column = {
  title: 'Taken under it',
  cell: ({ to, isLock }, addressOf) => el('td', {}, isLock ? el('a', { href: addressOf(to) }, to) : to),
};

const CIRCLE: Column = {
  title: '',
  cell: ({ isInCircle }) => el('td', {}, isInCircle ? el('span', { class: 'version' }, 'in a circle') : null),
};

function orderTable(
  label: string,
  orders: readonly LockOrderData[],
  columns: readonly Column[],
  addressOf: AddressOf,
): HTMLElement {
  const heads = columns.map(({ title }) => (title === '' ? el('td') : el('th', { scope: 'col' }, title)));
  const rows = orders.slice(0, MAX_ROWS).map((order) => {
    const cells = columns.map((column) => column.cell(order, addressOf));
    const count = el('td', { class: 'number' }, order.places.toLocaleString('en'));
    return el('tr', {}, ...cells, count, el('td', { class: 'first' }, order.first));
  });
  const places = el('th', { scope: 'col', class: 'number' }, 'Places');
  const head = el('tr', {}, ...heads, places, el('th', { scope: 'col' }, 'First place'));
  const table = el('table', { class: 'orders' }, el('thead', {}, head), el('tbody', {}, ...rows));
  const left = orders.length - rows.length;
  const more = left === 0 ? null : el('p', { class: 'aside' }, `and ${left.toLocaleString('en')} more`);
  // A narrow window scrolls it.
  return el('div', { class: 'wide-box', tabindex: 0, role: 'region', 'aria-label': label }, table, more);
}

/** All that lie in circles. */
export function circleTable(orders: readonly LockOrderData[], addressOf: AddressOf): HTMLElement {
  return orderTable('Orders in a circle', orders, [HELD, TAKEN], addressOf);
}

/** Those that the class is part of; nothing where it is in none. */
export function ordersOfClass(
  orders: readonly LockOrderData[],
  name: string,
  addressOf: AddressOf,
): readonly HTMLElement[] {
  const under = orders.filter(({ from }) => from === name);
  const over = orders.filter(({ to, isLock }) => isLock && to === name);
  const part = (title: string, here: readonly LockOrderData[], column: Column): readonly HTMLElement[] =>
    here.length === 0
      ? []
      : [el('section', {}, el('h2', {}, title), orderTable(title, here, [column, CIRCLE], addressOf))];
  return [...part('What is taken under it', under, TAKEN), ...part('What it is taken under', over, HELD)];
}
