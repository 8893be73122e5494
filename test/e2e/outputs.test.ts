/** Every form, printed by the built program; the excerpts of docs/outputs.md are lines of it. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { patchwitness } from './program.ts';

const EXAMPLE = 'corpus/examples/alloc-fs-under-page-lock';

/** How sure a finding is may change with what is known of it; the forms do not. */
function unsure(text: string): string {
  return text.replace(/\b(?:confirmed|likely|ERROR|WARNING|error|warning)\b/g, 'SURE');
}

/** The lines of the first block of code in a section, as far as they are there: those that are cut are left out, or cut. */
function excerpt(section: string, cut = '…'): readonly string[] {
  const docs = readFileSync('docs/outputs.md', 'utf8');
  const body = docs.slice(docs.indexOf(`\n## ${section}\n`));
  const block = /\n```\w*\n([\s\S]*?)\n```\n/.exec(body)?.[1] ?? '';
  if (cut === '') return block.split('\n').map((line) => line.replace(/…$/, ''));
  // How a witness is drawn, indented, is another test's matter.
  return block.split('\n').filter((line) => !line.includes('…') && !line.startsWith(' '));
}

describe('the excerpts of docs/outputs.md', () => {
  it.each([
    ['terse', 'Terse'],
    ['emacs', 'Emacs'],
    ['markdown', 'Markdown'],
    ['junit', 'JUnit XML'],
    ['mail', 'Mail'],
  ])('are what %s prints', async (form, section) => {
    const { stdout, status } = await patchwitness(['review', '--format', form, EXAMPLE]);
    expect(status).toBe(1);
    const lines = excerpt(section);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(unsure(stdout)).toContain(unsure(line));
  });

  it('are what GitHub gets', async () => {
    const { stdout } = await patchwitness(['review', '--format', 'github', EXAMPLE]);
    const [line = ''] = excerpt('GitHub workflow commands', '');
    expect(line).toMatch(/^::/);
    expect(unsure(stdout)).toContain(unsure(line));
  });

  it('are what a browser gets', async () => {
    const { stdout } = await patchwitness(['review', '--format', 'html', EXAMPLE]);
    const [line = ''] = excerpt('HTML', '');
    expect(line).toMatch(/^<script type="application\/json" id="index">/);
    expect(stdout).toContain(`\n${line}`);
  });
});

describe('forms of lint', () => {
  it('are those of review', async () => {
    const { stdout, status } = await patchwitness([
      'lint',
      '--format',
      'sarif',
      'test/samples/nofs-scope-leak',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [{ automationDetails: { id: 'patchwitness/lint/' }, results: expect.any(Array) }],
    });
    expect(status).toBe(1);
  });
});
