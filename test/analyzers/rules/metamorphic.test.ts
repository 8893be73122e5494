/** Edits that change nothing for the machine must change nothing for the rules. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { unitsOfFile } from '../../../analyzers/c/units.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { analyzeUnit } from '../../../analyzers/review/analyze-unit.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { fc } from '../tokens.ts';

const SAMPLES = fileURLToPath(new URL('../../samples', import.meta.url));
const knowledge = loadKnowledge();
const samples = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.c'))
  .toSorted()
  .map((file) => ({ file, text: readFileSync(`${SAMPLES}/${file}`, 'utf8') }));

/** The findings with the text of their lines instead of line numbers. */
function findings(text: string): string[] {
  const lines = text.split('\n');
  return unitsOfFile(text).flatMap((unit) =>
    analyzeUnit(unit, knowledge, RULES).hits.map(
      ({ rule, hit }) =>
        `${unit.name ?? ''}: ${rule.meta.id}: ${(lines[hit.event.site.line - 1] ?? '').trim()}`,
    ),
  );
}

const sample = fc.constantFrom(...samples);

/** A line that is one whole statement and may be wrapped. */
const STATEMENT =
  /^\t+(?!return|goto|break|continue|case|default|if|else|for|while|do|switch|[\w ]+ \*{0,2}\w+( =.*)?[,;]$)[\w*(].*;\s*(\/\*.*\*\/)?$/;

function isDeclaration(line: string): boolean {
  // A guard is one: it lasts as long as the block in which it stands.
  return /^\t+(guard\(|(struct|unsigned|int|void|char|gfp_t|handle_t|bool|long|size_t|char)\b)/.test(line);
}

function ifElse(test: string, first: string, second: string): string {
  return [
    'static int demofs_f(struct page *page, int x)',
    '{',
    `\tif (${test}) {`,
    `\t\t${first}`,
    '\t} else {',
    `\t\t${second}`,
    '\t}',
    '\tunlock_page(page);',
    '\treturn 0;',
    '}',
    '',
  ].join('\n');
}

describe('semantics-preserving edits', () => {
  it('blank lines and comments between lines', () => {
    const inserted = fc.constantFrom(
      '',
      '\t/* a comment that says lock_page(page); */',
      '\t// unlock_page(page);',
    );
    fc.assert(
      fc.property(sample, fc.array(fc.tuple(fc.nat(400), inserted), { maxLength: 12 }), ({ text }, edits) => {
        const lines = text.split('\n');
        for (const [at, line] of edits) lines.splice(at % lines.length, 0, line);
        const edited = lines.join('\n');
        expect(findings(edited)).toEqual(findings(text));
      }),
      { numRuns: 150 },
    );
  });

  it('a local by another name', () => {
    const names = ['page', 'folio', 'handle', 'bio', 'err', 'left', 'tp', 'gfp', 'pages', 'i'];
    fc.assert(
      fc.property(sample, fc.constantFrom(...names), ({ text }, name) => {
        const rename = (source: string): string =>
          source.replace(new RegExp(`(?<!->|\\.|struct |-)\\b${name}\\b(?!-[a-z])`, 'g'), `demo_${name}`);
        expect(findings(rename(text))).toEqual(findings(text).map(rename));
      }),
      { numRuns: 200 },
    );
  });

  it('a statement in do { } while (0)', () => {
    fc.assert(
      fc.property(sample, fc.nat(1_000), ({ text }, seed) => {
        const lines = text.split('\n');
        const candidates = lines.flatMap((line, index) =>
          STATEMENT.test(line) && !isDeclaration(line) ? [index] : [],
        );
        const at = candidates[seed % Math.max(candidates.length, 1)];
        if (at === undefined) return;
        const edited = lines.with(at, `\tdo {\n${lines[at] ?? ''}\n\t} while (0);`).join('\n');
        expect(findings(edited)).toEqual(findings(text));
      }),
      { numRuns: 200 },
    );
  });

  it('a block around the body, and a statement expression around a call', () => {
    for (const { text } of samples) {
      const nested = text.replaceAll(/^\{\n([\s\S]*?)^\}\n/gm, '{\n\t{\n$1\t}\n}\n');
      expect(findings(nested)).toEqual(findings(text));
    }
  });

  it('if and else swapped under the opposite test', () => {
    const tests = fc.constantFrom(
      'x',
      'x < 0',
      'trylock_page(page)',
      'IS_ERR(page)',
      'x && trylock_page(page)',
      'lock_page_killable(page)',
      'x == 3',
      'PageUptodate(page)',
    );
    const actions = fc.constantFrom(
      'kmalloc(1, GFP_KERNEL);',
      'lock_page(page);',
      'return -EIO;',
      'x = 1;',
      'unlock_page(page);',
      'kmalloc(2, GFP_NOFS);',
      'lock_page(page), kmalloc(3, GFP_KERNEL);',
    );
    fc.assert(
      fc.property(tests, actions, actions, (test, first, second) => {
        const plain = findings(ifElse(test, first, second)).toSorted();
        const swapped = findings(ifElse(`!(${test})`, second, first)).toSorted();
        expect(swapped).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });
});
