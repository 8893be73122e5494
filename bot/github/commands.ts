/**
 * `/patchwitness …` in a comment: read from its text here, carried out in `command-job.ts`. A line that begins so is a
 * command; quoted ones are not.
 */

import { RULES } from '../../analyzers/rules/registry.ts';

export type Command =
  | { readonly name: 'recheck' }
  | { readonly name: 'pause' }
  | { readonly name: 'resume' }
  | { readonly name: 'help' }
  | { readonly name: 'explain'; readonly rule: string }
  /** Null in a thread, which is about one finding. */
  | { readonly name: 'false-positive'; readonly fingerprint: string | null }
  /** What stands there is no command. */
  | { readonly name: 'unknown'; readonly words: string };

/** Longer lines are no commands. */
const MAX_COMMAND = 300;

/** The first line of a comment that addresses the app; null for comments that do not. */
export function commandLine(body: string): string | null {
  for (const line of body.split(/\r?\n/, MAX_LINES)) {
    if (/^\s{0,3}\/patchwitness(?:\s|$)/.test(line)) return line.trim().slice(0, MAX_COMMAND);
  }
  return null;
}

/** Of a comment that are looked at. */
const MAX_LINES = 500;

export function readCommand(line: string): Command {
  const [, name = 'help', argument] = line.split(/\s+/);
  switch (name) {
    case 'recheck':
    case 'pause':
    case 'resume':
    case 'help':
      return { name };
    case 'explain':
      if (argument !== undefined && RULES.some(({ meta }) => meta.id === argument))
        return { name, rule: argument };
      return { name: 'unknown', words: `${name} ${argument ?? ''}`.trim() };
    case 'false-positive':
      if (argument === undefined) return { name, fingerprint: null };
      return FINGERPRINT.test(argument)
        ? { name, fingerprint: argument.toLowerCase() }
        : { name: 'unknown', words: `${name} ${argument}` };
    default:
      return { name: 'unknown', words: name };
  }
}

const FINGERPRINT = /^[0-9a-f]{8,64}$/i;
