/** Places in source files, as SARIF writes them: paths of a tree are relative to its root. */

import type { ArtifactLocation, Location } from 'sarif';
import { printable } from './printable.ts';

/** The root of the tree: GitHub knows it by this name. */
export const SOURCE_ROOT = '%SRCROOT%';

export interface SourcePlace {
  /** In its tree; null where nobody knows the file. */
  readonly path: string | null;
  readonly line: number | null;
  readonly functionName?: string | null;
  readonly message?: string;
}

export function sourceLocation({ path, line, functionName = null, message }: SourcePlace): Location {
  const region = line === null ? {} : { region: { startLine: line } };
  return {
    ...(path === null ? {} : { physicalLocation: { artifactLocation: artifact(path), ...region } }),
    ...(functionName === null
      ? {}
      : { logicalLocations: [{ name: printable(functionName), kind: 'function' }] }),
    ...(message === undefined ? {} : { message: { text: printable(message) } }),
  };
}

/** What stands outside of a tree has no root to be relative to. */
export function artifact(path: string): ArtifactLocation {
  const uri = path
    // Half of a character pair has no encoding.
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  return path.startsWith('../') ? { uri } : { uri, uriBaseId: SOURCE_ROOT };
}
