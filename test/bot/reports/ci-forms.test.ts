/** The forms for CI: JUnit XML, workflow commands, terse and emacs lines, Markdown. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { FindingGroup } from '../../../bot/reports/form.ts';
import { FORMS, type FormName } from '../../../bot/reports/forms.ts';
import { sampleFinding, sampleReport, sampleWitness } from '../../support/findings.ts';
import { fileGroup, NAMED_PATH, openForm, patchGroup, printed } from '../../support/forms.ts';
import { readXml } from '../../support/xml.ts';

const UNREAD = { source: 'a.mbox', message: 3, subject: null, path: null, line: 7, reason: 'cut off' };

/** What a mail may say to get out of its place. */
const HOSTILE =
  '</failure>]]>\u001b[31m\u202e\ud800\uffff&lt; `@torvalds` ``` #1 <img src=x>\n::error::x\n| a |';

function hostileGroup(): FindingGroup {
  const step = { path: HOSTILE, line: 1, side: 'post', code: HOSTILE, what: HOSTILE } as const;
  const finding = sampleFinding({
    path: HOSTILE,
    functionName: HOSTILE,
    message: HOSTILE,
    steps: [step],
    assumptions: [HOSTILE],
    witness: sampleWitness(),
  });
  return { kind: 'patch', report: sampleReport([finding], { subject: HOSTILE, source: HOSTILE }) };
}

const MIXED = patchGroup(
  sampleFinding({ confidence: 'confirmed', witness: sampleWitness() }),
  sampleFinding(),
  sampleFinding({ confidence: 'advice' }),
  sampleFinding({ status: 'pre-existing' }),
  sampleFinding({ status: 'fixed', side: 'pre' }),
);

describe('every form', () => {
  it.each(FORMS.filter((form) => form !== 'terse'))('shows the witness: %s', (form) => {
    const groups = [patchGroup(sampleFinding({ witness: sampleWitness() }))];
    expect(printed(form, { groups })).toContain('blocked by flusher');
  });

  it('but terse, which has a line a finding', () => {
    expect(printed('terse', { groups: [patchGroup(sampleFinding({ witness: sampleWitness() }))] })).toMatch(
      /^[^\n]*\n$/,
    );
  });

  it.each(FORMS)('lets no control character through: %s', (form) => {
    const unread = [{ ...UNREAD, reason: HOSTILE, source: HOSTILE }];
    const text = printed(form, { groups: [hostileGroup()], unread });
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it.each(FORMS)('does not lose what could not be read: %s', (form) => {
    expect(printed(form, { groups: [], unread: [UNREAD] })).toContain('a.mbox, message 3, line 7: cut off');
  });
});

describe('JUnit XML', () => {
  const inputs: readonly (readonly [string, readonly FindingGroup[]])[] = [
    ['nothing', []],
    ['a clean patch', [patchGroup()]],
    ['every kind of finding', [MIXED]],
    ['a file', [fileGroup(sampleFinding())]],
    ['hostile text', [hostileGroup()]],
  ];

  it.each(inputs)('is what Jenkins takes: %s', async (_, groups) => {
    const result = await validateXML({
      xml: [{ fileName: 'report.xml', contents: printed('junit', { groups, unread: [UNREAD] }) }],
      schema: [readFileSync('test/support/junit/jenkins-junit.xsd', 'utf8')],
    });
    expect(result.errors.map(({ message }) => message)).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('fails what the patch introduces, skips advice and what was there, passes what is fixed', () => {
    const elements = readXml(printed('junit', { groups: [MIXED] }));
    const cases = elements.filter(({ name }) => name === 'testcase');
    expect(cases.map(({ children }) => children[0]?.name ?? 'passed')).toEqual([
      'failure',
      'failure',
      'skipped',
      'skipped',
      'passed',
      // The summary.
      'passed',
    ]);
    const suite = elements.find(({ name }) => name === 'testsuite');
    expect(suite?.attributes).toMatchObject({ tests: '5', failures: '2', skipped: '2', errors: '0' });
    expect(suite?.children.find(({ name }) => name === 'system-out')?.text).toContain('fixed: [alloc-');
  });

  it('gives back hostile text as it was, but for what XML cannot write', () => {
    const failure = readXml(printed('junit', { groups: [hostileGroup()] })).find(
      ({ name }) => name === 'failure',
    );
    expect(failure?.attributes['message']).toContain('</failure>]]>?[31m?\ufffd\ufffd&lt;');
  });
});

describe('workflow commands', () => {
  it('begin a line only where the program writes one', () => {
    const lines = printed('github', { groups: [hostileGroup()], unread: [UNREAD] }).split('\n');
    expect(lines.filter((line) => line.startsWith('::')).map((line) => line.slice(0, 9))).toEqual([
      '::warning',
      '::notice ',
    ]);
  });

  it('have a level for each confidence, and none for what the patch does not introduce', () => {
    const text = printed('github', { groups: [MIXED] });
    expect(text.match(/^::\w+/gm)).toEqual(['::error', '::warning', '::notice']);
  });

  it('name files from the root of the tree, where GitHub looks for them', () => {
    expect(printed('github', { groups: [fileGroup(sampleFinding())] })).toMatch(
      /^::warning file=fs\/demofs\/fault\.c,line=30,title=likely%3A alloc-fs-under-page-lock::/,
    );
  });

  it('say how many GitHub does not show', () => {
    const groups = [patchGroup(...Array.from({ length: 13 }, () => sampleFinding()))];
    expect(printed('github', { groups })).toContain('\n3 findings more than GitHub shows');
  });
});

describe('terse and emacs lines', () => {
  it.each<[FormName, readonly string[]]>([
    ['terse', ['ERROR', 'WARNING', 'CHECK']],
    ['emacs', ['error', 'warning', 'note']],
  ])('%s: a severity for each confidence, of what the patch introduces', (form, words) => {
    const found = [...printed(form, { groups: [MIXED] }).matchAll(/^\S+:30: (\w+): \[/gm)];
    expect(found.map(([, word]) => word)).toEqual(words);
  });

  it('terse is silent of a clean patch', () => {
    expect(printed('terse', { groups: [patchGroup()] })).toBe('');
  });

  it('emacs leads from step to step, by the names that the user gave', () => {
    const lines = printed('emacs', { groups: [fileGroup(sampleFinding())] }).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      expect.stringContaining(`${NAMED_PATH}:30: warning: [alloc-fs-under-page-lock] `),
      `${NAMED_PATH}:21: note: lock_page(page): takes the page lock of page`,
      `${NAMED_PATH}:30: note: pte_alloc_one(mm): allocates with filesystem reclaim allowed`,
    ]);
  });
});

describe('Markdown', () => {
  it('keeps text of mails in code', () => {
    const text = printed('markdown', { groups: [hostileGroup()], unread: [{ ...UNREAD, source: HOSTILE }] });
    // What is left when code is taken away, as CommonMark finds it: blocks first, then the longest run of ticks.
    const prose = text
      .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
      .replace(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, '');
    expect(prose).not.toMatch(/[@#]\w|<img|torvalds|::error/);
    expect(prose).toContain('**Why:**');
  });

  it('keeps its tables in shape', () => {
    const rows = printed('markdown', { groups: [hostileGroup(), MIXED] })
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 * 2 + 1 + 5);
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(8);
  });

  it('says nothing of a clean patch but counts it', () => {
    const form = openForm('markdown');
    form.begin();
    expect(form.group(patchGroup())).toBe('');
    expect(form.end({ text: '1 patch\n', left: 0 })).toContain('1 patch');
  });
});
