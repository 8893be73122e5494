import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { loadThreadCards, ThreadCardError } from '../../../corpus/threads/load.ts';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'patchwitness-cards-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the thread cards', () => {
  it('are there for every thread that a rule names, and name that rule', () => {
    const cards = loadThreadCards();
    for (const { meta } of RULES) {
      for (const thread of meta.threads) expect(cards.get(thread)?.rules).toContain(meta.id);
    }
  });

  it('name only rules that exist', () => {
    const ids = RULES.map(({ meta }) => meta.id);
    for (const card of loadThreadCards().values()) {
      for (const rule of card.rules) expect(ids).toContain(rule);
    }
  });

  it.each([
    ['a missing field', 'id: a\n', /card\.yml: title/],
    ['a field that nobody reads', 'id: a\ncolour: red\n', /colour/],
    ['text that is no YAML', 'id: [\n', /card\.yml/],
  ])('are refused for %s, with the file named', (_, text, reason) => {
    writeFileSync(join(directory, 'card.yml'), text);
    expect(() => loadThreadCards(directory)).toThrow(ThreadCardError);
    expect(() => loadThreadCards(directory)).toThrow(reason);
  });
});
