import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCompiled, writeCompiled } from '../../../analyzers/knowledge/compiled.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchwitness-knowledge-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the knowledge that the build leaves', () => {
  it('is what the files say', () => {
    const file = join(directory, 'compiled.json');
    const knowledge = loadKnowledge();
    writeCompiled(file, knowledge);
    expect(readCompiled(file)).toEqual({ ...knowledge });
  });

  it('is nothing where nobody built, and no other file', () => {
    expect(readCompiled(join(directory, 'missing.json'))).toBeNull();
    const other = join(directory, 'other.json');
    writeFileSync(other, '{}');
    expect(() => readCompiled(other)).toThrow('was not written by this program');
  });
});
