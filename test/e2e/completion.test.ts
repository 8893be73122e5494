/** `patchwitness completion`, asked by the shells themselves: bash, and fish and zsh where they are installed. */

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RULES } from '../../analyzers/rules/registry.ts';
import { FORMS } from '../../bot/reports/forms.ts';
import { removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';
import { patchwitness } from './program.ts';

afterAll(removeTempDirs);

async function script(shell: string): Promise<string> {
  const { stdout, stderr, status } = await patchwitness(['completion', shell]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const directory = tempDir();
  write(directory, 'script', stdout);
  return join(directory, 'script');
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

/** What bash offers for the last word; words as bash splits them. */
function bashOffers(file: string, words: readonly string[]): string[] {
  const asked =
    'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _patchwitness; printf "%s\\n" "${COMPREPLY[@]}"';
  const offered = execFileSync('bash', ['--norc', '-c', asked, 'bash', file, 'patchwitness', ...words]);
  return offered
    .toString()
    .split('\n')
    .filter((word) => word !== '');
}

/** The same of fish, which splits the line itself. */
function fishOffers(file: string, line: string): string[] {
  const asked = `source ${file}; complete -C '${line}'`;
  const offered = execFileSync('fish', ['--no-config', '-c', asked]).toString();
  return offered.split('\n').flatMap((one) => (one === '' ? [] : [one.split('\t')[0] ?? '']));
}

const RULE_IDS = RULES.map(({ meta }) => meta.id);

/** Words behind the program's name, the last one to be completed, and what is offered for it. */
const ASKED: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['rev'], ['review']],
  [['reply', '--out'], ['--outbox']],
  [
    ['review', '--format', ''],
    ['text', 'json', ...FORMS, 'mail'],
  ],
  [['lint', '--no-rule', 'page'], RULE_IDS.filter((id) => id.startsWith('page'))],
  [['explain', 'fault-under-f'], ['fault-under-fault-lock']],
  [['model', 'ru'], ['run']],
  [['model', 'run', '--form'], ['--format']],
  [['check', '--b'], ['--b4']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['--ver'], ['--version']],
];

describe('patchwitness completion', () => {
  it('completes in bash', async () => {
    const file = await script('bash');
    for (const [words, offered] of ASKED) expect(bashOffers(file, words)).toEqual(offered);
    // A value behind `=` is three words to bash; paths are left to it.
    expect(bashOffers(file, ['review', '--format', '=', 'sa'])).toEqual(['sarif']);
    expect(bashOffers(file, ['review', '--format', '='])).toEqual(['text', 'json', ...FORMS, 'mail']);
    expect(bashOffers(file, ['review', '--tree', ''])).toEqual([]);
    expect(bashOffers(file, ['review', ''])).toEqual([]);
    // An option's value names no command.
    expect(bashOffers(file, ['lint', '--baseline', 'review', '--jo'])).toEqual(['--jobs']);
  });

  it.skipIf(!isInstalled('fish'))('completes in fish', async () => {
    const file = await script('fish');
    for (const [words, offered] of ASKED) {
      expect(fishOffers(file, ['patchwitness', ...words].join(' ')).toSorted()).toEqual(offered.toSorted());
    }
  });

  it('is a script that zsh could read', async () => {
    const file = await script('zsh');
    // Where there is no zsh, bash knows as much of quotes.
    const [shell, args] = isInstalled('zsh') ? ['zsh', ['-f', '-n']] : ['bash', ['-n', '-O', 'extglob']];
    expect(spawnSync(shell, [...args, file]).stderr.toString()).toBe('');
  });

  it('knows three shells', async () => {
    const { status, stderr } = await patchwitness(['completion', 'csh']);
    expect(status).toBe(2);
    expect(stderr).toContain('Allowed choices are bash, zsh, fish');
  });
});
