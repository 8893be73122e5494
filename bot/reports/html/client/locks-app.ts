/** A report of lock classes: a list that can be filtered, what lies in circles, and of each class its places. */

import type { LockHead, LockSectionData, LocksIndex } from '../data.ts';
import { counted, el } from './dom.ts';
import { type Frame, pageFrame } from './frame.ts';
import { LongList } from './list.ts';
import { circleTable, ordersOfClass } from './lock-orders.ts';
import { readGroup } from './report.ts';

/** Of the style sheet. */
const ROW_HEIGHT = 58;

interface State {
  readonly lock: string;
  readonly text: string;
  /** A path, or what it is held over; empty for all. */
  readonly on: string;
  readonly over: string;
}

/** The class and the filters, as the address has them. */
function parseState(hash: string): State {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const of = (name: string): string => given.get(name) ?? '';
  return { lock: of('lock'), text: of('text'), on: of('on'), over: of('over') };
}

function formatState(state: State): string {
  return `#${new URLSearchParams(Object.entries(state).filter(([, value]) => value !== '')).toString()}`;
}

export class LocksApp {
  private readonly index: LocksIndex;
  private readonly list = new LongList('Lock classes');
  private readonly count = el('p', { class: 'count', role: 'status' });
  private readonly text = el('input', {
    type: 'search',
    id: 'filter-text',
    placeholder: 'Any words',
    autocomplete: 'off',
  });
  private readonly on: HTMLSelectElement;
  private readonly over: HTMLSelectElement;
  private readonly frame: Frame;
  private state = parseState(location.hash);

  constructor(index: LocksIndex) {
    this.index = index;
    this.on = choice('on', 'Any path', index.paths);
    this.over = choice('over', 'Anything', index.done);
    const fields = [
      field('Class', this.text, 'wide'),
      field('Taken on', this.on, 'on'),
      field('Held over', this.over, 'over'),
    ];
    const foot = el('div', { class: 'foot' }, this.count);
    const form = el(
      'form',
      { class: 'filters', role: 'search', 'aria-label': 'Filter lock classes' },
      ...fields,
      foot,
    );
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', () => {
      const { value: text } = this.text;
      this.state = { ...this.state, text, on: this.on.value, over: this.over.value };
      history.replaceState(null, '', formatState(this.state));
      this.drawList();
    });
    this.frame = pageFrame(`locks · ${index.version}`, 'Lock classes', [form, this.list.element]);
  }

  start(): void {
    addEventListener('hashchange', () => {
      this.state = parseState(location.hash);
      this.draw();
      scrollTo(0, 0);
      this.frame.main.querySelector('h1')?.focus({ preventScroll: true });
    });
    this.draw();
  }

  private draw(): void {
    this.drawList();
    const number = this.index.classes.findIndex(({ name }) => name === this.state.lock);
    const one = this.index.classes[number];
    document.body.classList.toggle('open', one !== undefined);
    this.frame.main.replaceChildren(one === undefined ? this.overview() : this.lockView(one, number));
  }

  private drawList(): void {
    const { text, on, over, lock } = this.state;
    this.text.value = text;
    this.on.value = on;
    this.over.value = over;
    this.frame.home.href = formatState({ ...this.state, lock: '' });
    const words = text.toLowerCase().split(/\s+/);
    const shown = this.index.classes.filter(
      (one) =>
        words.every((word) => `${one.name} ${one.lock}`.toLowerCase().includes(word)) &&
        (on === '' || (one.on[on] ?? 0) > 0) &&
        (over === '' || (one.over[over] ?? 0) > 0),
    );
    const all = this.index.classes.length;
    this.count.textContent =
      shown.length === all
        ? counted(all, 'class', 'classes')
        : `${shown.length} of ${counted(all, 'class', 'classes')}`;
    this.list.show(shown.map((one) => ({ key: one.name, height: ROW_HEIGHT, draw: () => this.row(one) })));
    this.list.reveal(lock);
  }

  private row(one: LockHead): HTMLElement {
    const { name, taken } = one;
    const on = this.index.paths.filter((path) => (one.on[path] ?? 0) > 0);
    const over = this.index.done.filter((done) => (one.over[done] ?? 0) > 0);
    const about = [
      counted(taken, 'place'),
      ...(on.length === 0 ? [] : [`on ${on.join(', ')}`]),
      ...(over.length === 0 ? [] : [`over ${over.join(', ')}`]),
    ];
    const current = name === this.state.lock ? 'true' : null;
    return el(
      'a',
      {
        class: 'lock-row',
        href: formatState({ ...this.state, lock: name }),
        'aria-current': current,
        title: name,
      },
      el('span', { class: 'name' }, name),
      el('span', { class: 'place' }, about.join(' · ')),
    );
  }

  private overview(): HTMLElement {
    const { classes, orders, unread, paths, done } = this.index;
    const circles = orders.filter(({ isInCircle }) => isInCircle);
    const unreadItems = unread.map((part) => el('li', {}, part));
    return el(
      'div',
      { class: 'overview' },
      el('h1', { tabindex: -1 }, counted(classes.length, 'lock class', 'lock classes')),
      el('section', {}, el('h2', {}, 'Taken on which path'), this.countTable(paths, 'on')),
      el('section', {}, el('h2', {}, 'Held over what'), this.countTable(done, 'over')),
      el(
        'section',
        {},
        el('h2', {}, 'Orders in a circle'),
        el(
          'p',
          { class: 'aside' },
          circles.length === 0
            ? 'None: nowhere does one come back by following who is taken under whom.'
            : 'By following these one comes back. That is no deadlock yet: the locks may be those of other objects, or something else keeps the two sides apart.',
        ),
        circles.length === 0 ? null : circleTable(circles, (name) => this.addressOf(name)),
      ),
      unread.length === 0
        ? null
        : el('section', {}, el('h2', {}, 'Not read'), el('ul', { class: 'unread' }, ...unreadItems)),
    );
  }

  private countTable(names: readonly string[], which: 'on' | 'over'): HTMLElement {
    const rows = names.map((name) => {
      const count = this.index.classes.filter((one) => (one[which][name] ?? 0) > 0).length;
      const address = formatState({ lock: '', text: '', on: '', over: '', [which]: name });
      const cell = count === 0 ? '–' : el('a', { href: address }, counted(count, 'class', 'classes'));
      return el('tr', {}, el('th', { scope: 'row' }, name), el('td', { class: 'number' }, cell));
    });
    return el('table', {}, el('tbody', {}, ...rows));
  }

  private lockView({ name, lock }: LockHead, number: number): HTMLElement {
    const sections: readonly LockSectionData[] = readGroup(number);
    return el(
      'div',
      { class: 'group overview' },
      el('h1', { tabindex: -1 }, name),
      name === lock ? null : el('p', { class: 'summary' }, lock),
      ...ordersOfClass(this.index.orders, name, (other) => this.addressOf(other)),
      ...sections.map(sectionView),
    );
  }

  private addressOf(lock: string): string {
    return formatState({ ...this.state, lock });
  }
}

function sectionView({ heading, places, cut }: LockSectionData): HTMLElement {
  const items = places.map(({ place, functionName, code, detail }) =>
    el(
      'li',
      {},
      el('p', {}, el('code', {}, code), el('span', { class: 'where' }, `${functionName}(), ${place}`)),
      detail === '' ? null : el('p', { class: 'detail' }, detail),
    ),
  );
  const title = `${heading.charAt(0).toUpperCase()}${heading.slice(1)}`;
  return el(
    'section',
    {},
    el('h2', {}, title, el('span', { class: 'version' }, String(places.length + cut))),
    el('ul', { class: 'places' }, ...items),
    cut === 0 ? null : el('p', { class: 'aside' }, `and ${cut.toLocaleString('en')} more`),
  );
}

function field(label: string, control: HTMLInputElement | HTMLSelectElement, name: string): HTMLElement {
  return el('div', { class: `field ${name}` }, el('label', { for: control.id }, label), control);
}

function choice(name: string, all: string, values: readonly string[]): HTMLSelectElement {
  const options = values.map((value) => el('option', { value }, value));
  return el('select', { id: `filter-${name}` }, el('option', { value: '' }, all), ...options);
}
