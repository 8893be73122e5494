/** The pages of the rules, as they stand in `docs/rules`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../analyzers/rules/registry.ts';
import { packageRoot } from './package.ts';

export function rulePage(id: string): string {
  return readFileSync(join(packageRoot(), 'docs/rules', `${id}.md`), 'utf8');
}

export function rulePages(): ReadonlyMap<string, string> {
  return new Map(RULES.map(({ meta: { id } }) => [id, rulePage(id)]));
}
