/**
 * The direction of imports, checked. `analyzers` knows neither mail nor GitHub, its folders stand in one
 * order and may import only what stands above them; `corpus` may use the diff grammar and source access;
 * nobody imports `bot`. docs/design.md says why.
 */

import { dirname, normalize } from 'node:path/posix';

/** Folders of `analyzers`, lowest first: each may import itself and what stands before it. */
const ANALYZER_ORDER = [
  'vocabulary',
  'source',
  'diff',
  'c',
  'knowledge',
  'events',
  'flow',
  'rules',
  'model',
  'review',
  'index',
] as const;

/** Neighbours in that order that must not know each other. */
const STRANGERS: readonly (readonly [string, string])[] = [['rules', 'model']];

/** What `corpus` may use of `analyzers`. */
const OPEN_TO_CORPUS: ReadonlySet<string> = new Set(['diff', 'source']);

export interface SourceFile {
  /** Path from the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const IMPORT = /(?:\bfrom|\bimport|\bimport\s*\()\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** One line for each import that is not allowed. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(IMPORT)].flatMap((match) => {
      const target = normalize(`${dirname(path)}/${match[1] ?? ''}`);
      const reason = refusal(path, target);
      return reason === null ? [] : [`${path} imports ${target}: ${reason}`];
    }),
  );
}

function refusal(from: string, to: string): string | null {
  const [fromTop = '', fromFolder = ''] = from.split('/');
  const [toTop = '', toFolder = ''] = to.split('/');
  if (!['analyzers', 'corpus', 'bot'].includes(fromTop)) return null;
  if (toTop === fromTop) return fromTop === 'analyzers' ? analyzerRefusal(fromFolder, toFolder) : null;
  if (toTop === 'bot') return 'nobody imports bot';
  if (fromTop === 'bot') return null;
  if (fromTop === 'analyzers') return 'analyzers knows neither mail nor outputs';
  return toTop === 'analyzers' && OPEN_TO_CORPUS.has(toFolder)
    ? null
    : 'corpus may import only analyzers/diff and analyzers/source';
}

function analyzerRefusal(from: string, to: string): string | null {
  const order: readonly string[] = ANALYZER_ORDER;
  const fromRank = order.indexOf(from);
  const toRank = order.indexOf(to);
  if (fromRank === -1 || toRank === -1) return 'a folder of analyzers that has no place in the order';
  if (toRank > fromRank) return `analyzers/${from} stands above analyzers/${to}`;
  const areStrangers = STRANGERS.some(([a, b]) => (from === a && to === b) || (from === b && to === a));
  return areStrangers ? `analyzers/${from} and analyzers/${to} must not know each other` : null;
}
