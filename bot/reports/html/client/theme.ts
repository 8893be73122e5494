/** Dark or light: as the system has it, until the reader says otherwise. */

import { el, icon } from './dom.ts';

const KEY = 'patchwitness-theme';

const HALF_MOON = 'M8 1.5a6.5 6.5 0 1 0 0 13zm0 0';

export function themeSwitch(): HTMLElement {
  const button = el('button', { type: 'button', class: 'quiet' }, icon(HALF_MOON), 'Dark');
  const system = matchMedia('(prefers-color-scheme: dark)');
  let chosen = stored();
  const show = (): void => {
    const isDark = chosen === null ? system.matches : chosen === 'dark';
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
    button.setAttribute('aria-pressed', String(isDark));
  };
  button.addEventListener('click', () => {
    chosen = document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark';
    store(chosen);
    show();
  });
  system.addEventListener('change', show);
  show();
  return button;
}

/** A browser may refuse files a store of their own. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It is then forgotten.
  }
}
