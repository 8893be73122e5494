/**
 * Where the reader is, as the address says it behind the `#`: `finding-FINGERPRINT/step-4?rule=…&text=…`. Every view has an
 * address, so that a link leads to it.
 */

export interface Filters {
  readonly rule: string;
  readonly confidence: string;
  readonly status: string;
  readonly path: string;
  readonly text: string;
}

export interface Route {
  /** Id of a finding; null for the overview. */
  readonly finding: string | null;
  /** Steps of its witness that are made; null where the address does not say. */
  readonly step: number | null;
  readonly filters: Filters;
}

export const NO_FILTERS: Filters = { rule: '', confidence: '', status: '', path: '', text: '' };

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
  const [, finding = null, step = null] = /^finding-([\w-]+)(?:\/step-(\d{1,6}))?$/.exec(path) ?? [];
  const given = new URLSearchParams(query);
  const filters: Filters = {
    rule: given.get('rule') ?? '',
    confidence: given.get('confidence') ?? '',
    status: given.get('status') ?? '',
    path: given.get('path') ?? '',
    text: given.get('text') ?? '',
  };
  return { finding, step: step === null ? null : Number(step), filters };
}

export function formatRoute({ finding, step, filters }: Route): string {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
  const path = finding === null ? '' : `finding-${finding}${step === null ? '' : `/step-${step}`}`;
  const text = query.toString();
  return `#${path}${text === '' ? '' : `?${text}`}`;
}
