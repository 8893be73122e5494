/**
 * `.github/patchwitness.yml` of a repository: text goes in, settings come out, and beside them every mistake with its line.
 * A file with a mistake counts as none: the defaults then hold as a whole, so that nobody is reviewed by half of his rules.
 * It is read at the commit that a pull request goes to, so that none can change the rules for itself.
 */

import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { RULES } from '../../analyzers/rules/registry.ts';
import { atLeast, type Confidence } from '../../analyzers/vocabulary/finding.ts';

export const SETTINGS_PATH = '.github/patchwitness.yml';

/** Longer files are no settings. */
const MAX_CHARACTERS = 64 * 1024;

/** Comments in one review; "30 comments per review" is what other review tools found people to bear. */
const DEFAULT_BUDGET = 20;
const MAX_BUDGET = 100;

const RULE_IDS: ReadonlySet<string> = new Set(RULES.map(({ meta }) => meta.id));

const rule = z
  .string()
  .refine((id) => RULE_IDS.has(id), { error: ({ input }) => `there is no rule ${JSON.stringify(input)}` });
const paths = z.array(z.string().min(1));

const schema = z.strictObject({
  /** Folders and files; a finding anywhere else is not told. Empty: everywhere. */
  paths: paths.default([]),
  /** Folders and files whose findings are not told. */
  ignore: paths.default([]),
  /** Only these rules; empty: all. */
  rules: z.array(rule).default([]),
  'without-rules': z.array(rule).default([]),
  'min-confidence': z.enum(['advice', 'likely', 'confirmed']).default('likely'),
  /** What makes the check fail; below, and with `never`, it ends as neutral. */
  'fail-on': z.enum(['advice', 'likely', 'confirmed', 'never']).default('likely'),
  budget: z.int().min(0).max(MAX_BUDGET).default(DEFAULT_BUDGET),
  /** Whether drafts are reviewed, and what bots open. */
  drafts: z.boolean().default(false),
  bots: z.boolean().default(true),
  'skip-labels': z.array(z.string().min(1)).default([]),
  /** Whether findings go to code scanning too. */
  sarif: z.boolean().default(false),
});

export interface Settings {
  readonly paths: readonly string[];
  readonly ignore: readonly string[];
  /** Ids of the rules that count. */
  readonly rules: readonly string[];
  readonly minConfidence: Confidence;
  readonly failOn: Confidence | 'never';
  readonly budget: number;
  readonly drafts: boolean;
  readonly bots: boolean;
  readonly skipLabels: readonly string[];
  readonly sarif: boolean;
}

export interface SettingsMistake {
  /** 1-based. */
  readonly line: number;
  readonly reason: string;
}

export interface ReadSettings {
  readonly settings: Settings;
  readonly mistakes: readonly SettingsMistake[];
}

const DEFAULT_SETTINGS: Settings = settingsOf(schema.parse({}));

/** Never throws: what is wrong with the text is among the mistakes. */
export function readSettings(text: string): ReadSettings {
  if (text.length > MAX_CHARACTERS)
    return wrong([{ line: 1, reason: `it is longer than ${MAX_CHARACTERS} characters` }]);
  const lines = new LineCounter();
  // Aliases could make a small file large.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return wrong(
      document.errors.map(({ message, pos }) => ({ line: lines.linePos(pos[0]).line, reason: message })),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 10 });
  } catch (error) {
    return wrong([{ line: 1, reason: error instanceof Error ? error.message : String(error) }]);
  }
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return { settings: settingsOf(parsed.data), mistakes: [] };
  return wrong(
    parsed.error.issues.map((issue) => {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      const path = unknown === undefined ? issue.path : [...issue.path, unknown];
      return { line: lineOf(document, path, lines), reason: reasonOf(issue.message, path) };
    }),
  );
}

function wrong(mistakes: readonly SettingsMistake[]): ReadSettings {
  return { settings: DEFAULT_SETTINGS, mistakes };
}

function reasonOf(message: string, path: readonly PropertyKey[]): string {
  return path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
}

/** Of the node at a path, or of the nearest one around it. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
  lines: LineCounter,
): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lines.linePos(Number(node.range[0])).line;
    }
  }
  return 1;
}

function settingsOf(read: z.infer<typeof schema>): Settings {
  const { paths: only, ignore, rules, budget, drafts, bots, sarif } = read;
  const without = new Set(read['without-rules']);
  const named = rules.length === 0 ? [...RULE_IDS] : rules;
  return {
    paths: only,
    ignore,
    rules: named.filter((id) => !without.has(id)),
    minConfidence: read['min-confidence'],
    failOn: read['fail-on'],
    budget,
    drafts,
    bots,
    skipLabels: read['skip-labels'],
    sarif,
  };
}

/** Whether findings of the path are told. */
export function isWanted(path: string, { paths: only, ignore }: Pick<Settings, 'paths' | 'ignore'>): boolean {
  return (
    (only.length === 0 || only.some((one) => isBelow(path, one))) && !ignore.some((one) => isBelow(path, one))
  );
}

function isBelow(path: string, folder: string): boolean {
  const plain = folder.replace(/\/+$/, '');
  return path === plain || path.startsWith(`${plain}/`);
}

export function failsOn(confidence: Confidence, { failOn }: Settings): boolean {
  return failOn !== 'never' && atLeast(confidence, failOn);
}
