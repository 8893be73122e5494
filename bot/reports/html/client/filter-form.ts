/** What of the findings is listed: a form that says so whenever the reader changes it. */

import type { ReportIndex } from '../data.ts';
import { el } from './dom.ts';
import { type Filters, NO_FILTERS } from './route.ts';
import { CONFIDENCES, STATUSES } from './words.ts';

const NAMES = ['text', 'path', 'rule', 'confidence', 'status'] as const;

type Control = HTMLInputElement | HTMLSelectElement;

export class FilterForm {
  readonly element: HTMLElement;
  private readonly controls: Readonly<Record<keyof Filters, Control>>;
  private readonly count = el('p', { class: 'count', role: 'status' });
  private readonly reset = el('button', { type: 'button', class: 'quiet' }, 'Clear');

  constructor({ findings, kind }: ReportIndex, onChange: (filters: Filters) => void) {
    const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted();
    this.controls = {
      text: el('input', { type: 'search', placeholder: 'Any words', autocomplete: 'off' }),
      path: el('input', { type: 'search', placeholder: 'fs/ext4', autocomplete: 'off' }),
      rule: choice('All rules', rules),
      confidence: choice('Any confidence', CONFIDENCES),
      status: choice('Any status', STATUSES),
    };
    const change = (): void => onChange(this.filters);
    const fields = NAMES.filter((name) => name !== 'status' || kind === 'review').map((name) => {
      this.controls[name].addEventListener('input', change);
      this.controls[name].id = `filter-${name}`;
      const label = el('label', { for: `filter-${name}` }, LABELS[name]);
      return el('div', { class: `field ${name}` }, label, this.controls[name]);
    });
    this.reset.addEventListener('click', () => onChange(NO_FILTERS));
    const foot = el('div', { class: 'foot' }, this.count, this.reset);
    this.element = el(
      'form',
      { class: 'filters', role: 'search', 'aria-label': 'Filter findings' },
      ...fields,
      foot,
    );
    this.element.addEventListener('submit', (event) => event.preventDefault());
  }

  show(filters: Filters, shown: number, all: number): void {
    for (const name of NAMES)
      if (this.controls[name].value !== filters[name]) this.controls[name].value = filters[name];
    const isAll = NAMES.every((name) => filters[name] === '');
    this.reset.hidden = isAll;
    this.count.textContent = isAll
      ? `${all.toLocaleString('en')} ${all === 1 ? 'finding' : 'findings'}`
      : `${shown.toLocaleString('en')} of ${all.toLocaleString('en')} findings`;
  }

  private get filters(): Filters {
    const { rule, confidence, status, path, text } = this.controls;
    return {
      rule: rule.value,
      confidence: confidence.value,
      status: status.value,
      path: path.value,
      text: text.value,
    };
  }
}

const LABELS: Readonly<Record<keyof Filters, string>> = {
  text: 'Text',
  path: 'Path',
  rule: 'Rule',
  confidence: 'Confidence',
  status: 'Status',
};

function choice(all: string, values: readonly string[]): HTMLSelectElement {
  const options = values.map((value) => el('option', { value }, value));
  return el('select', {}, el('option', { value: '' }, all), ...options);
}
