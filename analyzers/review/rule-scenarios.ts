/** Which scenarios of the executable model a rule speaks of: the first one that fits a finding gives its witness. */

export const RULE_SCENARIOS: ReadonlyMap<string, readonly string[]> = new Map([
  ['alloc-fs-under-page-lock', ['alloc-under-page-lock']],
]);
