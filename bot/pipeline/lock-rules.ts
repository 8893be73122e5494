/** The rules that follow locks other than those of pages and transactions alone: by what they look at, `locks` looks at a tree. */

import { RULES } from '../../analyzers/rules/registry.ts';
import type { Rule } from '../../analyzers/rules/types.ts';

export const LOCK_RULES: readonly Rule[] = RULES.filter(({ lens }) => lens === 'locks');
