/** What stands around every report: the bar on top, the list beside, the way past both for those who use the keyboard. */

import { el } from './dom.ts';
import { themeSwitch } from './theme.ts';

export interface Frame {
  readonly main: HTMLElement;
  /** Leads to the overview. */
  readonly home: HTMLAnchorElement;
}

export function pageFrame(title: string, listName: string, side: readonly HTMLElement[]): Frame {
  const main = el('main', { id: 'main', tabindex: -1 });
  const home = el('a', { class: 'home', href: '#' }, 'Overview');
  const skip = el('a', { class: 'skip', href: '#main' }, 'Skip to the report');
  skip.addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
  const brand = el('p', { class: 'brand' }, el('strong', {}, 'patchwitness'), el('span', {}, title));
  document.body.append(
    skip,
    el('header', { class: 'top' }, brand, home, themeSwitch()),
    el('nav', { class: 'side', 'aria-label': listName }, ...side),
    main,
  );
  return { main, home };
}
