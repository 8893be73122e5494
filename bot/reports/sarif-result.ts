/** One finding as a result of SARIF. */

import type { Result } from 'sarif';
import { type Finding, type FindingStatus, isStanding } from '../../analyzers/vocabulary/finding.ts';
import type { ThreadCard } from '../../corpus/threads/load.ts';
import { threadText } from './finding-text.ts';
import { type FindingGroup, severityOf } from './form.ts';
import { fenced, prose } from './markdown-text.ts';
import { printable } from './printable.ts';
import { codeFlows, flowLocations, waitGraph } from './sarif-flows.ts';
import { MAX_FLOW_LOCATIONS } from './sarif-limits.ts';
import { artifact, sourceLocation } from './sarif-location.ts';
import { notableSuffix } from './series-words.ts';
import { remedyIn, sourceOf } from './source-lines.ts';
import { witnessText } from './witness-text.ts';

/** What a patch makes of a finding, in the words for two runs that are compared. */
const BASELINE_STATES: Readonly<Record<FindingStatus, Result.baselineState>> = {
  introduced: 'new',
  'pre-existing': 'unchanged',
  fixed: 'absent',
};

/** Why nobody has to look at it; it is there all the same. */
const JUSTIFICATIONS: Readonly<Record<FindingStatus, string | null>> = {
  introduced: null,
  'pre-existing': 'pre-existing: the patch does not introduce it',
  fixed: 'fixed: the patch takes it away',
};

export interface ResultOptions {
  readonly ruleIndex: number | undefined;
  readonly withFlows: boolean;
  readonly threads: ReadonlyMap<string, ThreadCard>;
}

export interface MadeResult {
  readonly result: Result;
  readonly hasFlows: boolean;
}

export function sarifResult(finding: Finding, group: FindingGroup, options: ResultOptions): MadeResult {
  const { rule, path, line, functionName, fingerprint, witness } = finding;
  const inTree = (name: string): string =>
    group.kind === 'file' && name === group.file.path ? group.file.treePath : name;
  const flows = options.withFlows ? codeFlows(finding, inTree) : [];
  const hasFlows = flows.length > 0 && flowLocations(flows) <= MAX_FLOW_LOCATIONS;
  const graph = hasFlows && witness !== null ? waitGraph(witness) : null;
  const result: Result = {
    ruleId: rule,
    ...(options.ruleIndex === undefined ? {} : { ruleIndex: options.ruleIndex }),
    level: severityOf(finding),
    message: messageOf(finding, options),
    locations: [sourceLocation({ path: inTree(path), line, functionName })],
    ...(hasFlows ? { codeFlows: [...flows] } : {}),
    ...(graph === null ? {} : { graphs: [graph] }),
    ...fixesOf(finding, group, inTree),
    // The one GitHub follows an alert by, and the same under the name of the tool.
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'patchwitness/v1': fingerprint },
    ...(group.kind === 'patch' ? statusOf(finding) : {}),
    properties: propertiesOf(finding, group),
  };
  return { result, hasFlows };
}

function fixesOf(
  finding: Finding,
  group: FindingGroup,
  inTree: (name: string) => string,
): Pick<Result, 'fixes'> {
  const { path, line: startLine, fix } = finding;
  const remedy = remedyIn(sourceOf(group), finding);
  if (remedy === null) return {};
  const [before, text] = remedy;
  const deletedRegion = { startLine, startColumn: 1, endColumn: before.length + 1 };
  const replacement = { deletedRegion, insertedContent: { text } };
  const change = { artifactLocation: artifact(inTree(path)), replacements: [replacement] };
  return { fixes: [{ description: { text: printable(fix) }, artifactChanges: [change] }] };
}

function statusOf(finding: Finding): Pick<Result, 'baselineState' | 'suppressions'> {
  const { status } = finding;
  const isTakenAway = status === 'introduced' && !isStanding(finding);
  const justification = isTakenAway
    ? `introduced by this patch${notableSuffix(finding)}`
    : JUSTIFICATIONS[status];
  return {
    baselineState: BASELINE_STATES[status],
    suppressions: justification === null ? [] : [{ kind: 'external', status: 'accepted', justification }],
  };
}

/** The first sentence stands for itself: where room is short GitHub shows no more. */
function messageOf(finding: Finding, { withFlows, threads }: ResultOptions): Result['message'] {
  const { message, why, fix, assumptions, witness, functionName, status } = finding;
  const place = functionName === null ? '' : `, in ${functionName}()`;
  const taught = finding.threads.map((id) => threadText(id, threads));
  const lines = [
    `${message}${place}${notableSuffix(finding)}.`,
    // A fixed finding needs no lecture.
    ...(status === 'fixed'
      ? []
      : [`Why: ${why}`, ...assumptions.map((one) => `Assumes: ${one}.`), `Instead: ${fix}.`]),
    ...(taught.length === 0 ? [] : [`Taught by: ${taught.join('; ')}.`]),
  ].map(printable);
  const text = lines.join('\n');
  if (witness === null || !withFlows) return { text };
  const markdown = `${lines.map(prose).join('\n\n')}\n\n${fenced(witnessText(witness))}`;
  return { text, markdown };
}

function propertiesOf(
  { confidence, status, side, sight, functionName, inSeries }: Finding,
  group: FindingGroup,
): Record<string, unknown> {
  const name = functionName === null ? null : printable(functionName);
  const about = { confidence, status, side, sight, functionName: name, ...(inSeries && { inSeries }) };
  if (group.kind === 'file') return about;
  const { source, message, messageId, commit, subject } = group.report;
  const id = messageId === null ? null : printable(messageId);
  return {
    ...about,
    patch: { subject: printable(subject), source: printable(source), message, messageId: id, commit },
  };
}
