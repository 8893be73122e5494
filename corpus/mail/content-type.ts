/** Parameters of Content-Type values, as far as reading text needs them. Values in, parameters out. */
import type { Flow } from './flowed.ts';

/** A parameter of a Content-Type value, quotes removed; empty when it is not there. */
export function parameter(value: string, name: string): string {
  for (const match of value.matchAll(/;\s*([\w*-]{1,40})\s*=\s*(?:"([^"]{0,300})"|([^\s;"]{0,300}))/g)) {
    if ((match[1] ?? '').toLowerCase() === name) return match[2] ?? match[3] ?? '';
  }
  return '';
}

/** What a text part's Content-Type says of its lines. */
export function declaredFlow(type: string): Flow {
  if (parameter(type, 'format').toLowerCase() !== 'flowed') return 'fixed';
  return parameter(type, 'delsp').toLowerCase() === 'yes' ? 'flowed-delsp' : 'flowed';
}
