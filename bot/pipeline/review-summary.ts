/** Counts over the items of a review, and what is told once for all of them. */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { ReviewItem, ReviewSummary } from './types.ts';

export const EMPTY_SUMMARY: ReviewSummary = {
  messages: 0,
  patches: 0,
  cPatches: 0,
  cFiles: 0,
  headerFiles: 0,
  functions: 0,
  introduced: 0,
  fixed: 0,
  preExisting: 0,
  goneLater: 0,
  goneInNextVersion: 0,
  silenced: 0,
  userspacePatches: 0,
  unread: 0,
  versions: [],
  claims: [],
  bases: [],
};

/** Of versions, of claims and of bases; more are not told one by one. */
const MAX_TOLD = 1_000;

function isGoneLater({ inSeries }: Finding): boolean {
  return inSeries?.atEnd === 'gone';
}

function isGoneInNextVersion({ inSeries }: Finding): boolean {
  return (inSeries?.goneInVersion ?? null) !== null;
}

/** The summary with one more item. */
export function summarise(summary: ReviewSummary, item: ReviewItem): ReviewSummary {
  switch (item.kind) {
    case 'message':
      return { ...summary, messages: summary.messages + 1 };
    case 'unread':
    case 'defect':
      return { ...summary, unread: summary.unread + 1 };
    case 'progress':
      return summary;
    case 'version': {
      const { versions } = summary;
      return versions.length < MAX_TOLD ? { ...summary, versions: [...versions, item.note] } : summary;
    }
    case 'base': {
      const { bases } = summary;
      return bases.length < MAX_TOLD ? { ...summary, bases: [...bases, item.note] } : summary;
    }
    case 'claim': {
      const { claims } = summary;
      const silenced = summary.silenced + item.claim.silenced;
      return { ...summary, silenced, claims: claims.length < MAX_TOLD ? [...claims, item.claim] : claims };
    }
    case 'patch': {
      const { cFiles, headerFiles, functions, findings, userspaceTree } = item.report;
      const count = (status: string): number => findings.filter((one) => one.status === status).length;
      return {
        ...summary,
        patches: summary.patches + 1,
        cPatches: summary.cPatches + (cFiles + headerFiles > 0 ? 1 : 0),
        cFiles: summary.cFiles + cFiles,
        headerFiles: summary.headerFiles + headerFiles,
        functions: summary.functions + functions,
        introduced: summary.introduced + count('introduced'),
        fixed: summary.fixed + count('fixed'),
        preExisting: summary.preExisting + count('pre-existing'),
        goneLater: summary.goneLater + findings.filter(isGoneLater).length,
        goneInNextVersion: summary.goneInNextVersion + findings.filter(isGoneInNextVersion).length,
        userspacePatches: summary.userspacePatches + (userspaceTree === null ? 0 : 1),
      };
    }
  }
}
