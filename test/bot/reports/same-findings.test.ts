/** The same findings in every form: what identifies a finding is read out of each and compared. */

import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';
import { EMPTY_SUMMARY } from '../../../bot/pipeline/review-summary.ts';
import type { FindingGroup } from '../../../bot/reports/form.ts';
import { complaintsOf, findingsOf } from '../../../bot/reports/form.ts';
import { FORMS, type FormName } from '../../../bot/reports/forms.ts';
import type { ReportIndex } from '../../../bot/reports/html/data.ts';
import { jsonReporter } from '../../../bot/reports/json.ts';
import { reportSchema } from '../../../bot/reports/json-schema.ts';
import { sampleFinding, sampleReport, sampleWitness } from '../../support/findings.ts';
import { fileGroup, NAMED_PATH, patchGroup, printed } from '../../support/forms.ts';
import { buggyMail, preparedForBuggy } from '../../support/replies.ts';
import { readXml } from '../../support/xml.ts';

interface Identity {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly functionName: string | null;
  readonly fingerprint: string;
}

function identity({ rule, path, line, functionName, fingerprint }: Finding): Identity {
  return { rule, file: path, line, functionName, fingerprint };
}

/** `file:line: … [rule] …, in f() (fingerprint)`, as terse and emacs lines have it. */
const LINE =
  /^(?<file>.+):(?<line>\d+): [A-Za-z]+: \[(?<rule>[a-z-]+)\] .*?(?:, in (?<name>\S+)\(\))? \((?<print>[0-9a-f]{16})\)$/;

function ofLines(text: string): Identity[] {
  return text.split('\n').flatMap((one) => {
    const found = LINE.exec(one)?.groups;
    if (found === undefined) return [];
    const { file = '', line, rule = '', name, print = '' } = found;
    return [{ rule, file, line: Number(line), functionName: name ?? null, fingerprint: print }];
  });
}

/** As GitHub's runner reads what was escaped. */
function undone(escaped: string): string {
  return escaped.replaceAll('%0A', '\n').replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%25', '%');
}

/** What GitHub's runner makes of a command. */
function ofCommands(text: string): Identity[] {
  return text.split('\n').flatMap((one) => {
    const found = /^::(?:error|warning|notice) file=([^,]*),line=(\d+),title=([^,]*?)::(.*)$/.exec(one);
    if (found === null) return [];
    const [, file = '', line, title = '', data = ''] = found;
    const body = undone(data);
    return [
      {
        rule: undone(title).replace(/^[a-z]+: /, ''),
        file: undone(file),
        line: Number(line),
        functionName: /^ {4}in (\S+)\(\)/m.exec(body)?.[1] ?? null,
        fingerprint: /fingerprint ([0-9a-f]{16})$/.exec(body)?.[1] ?? '',
      },
    ];
  });
}

function ofJunit(text: string): Identity[] {
  return readXml(text).flatMap(({ name, attributes, children }) => {
    const found = /^([a-z-]+)(?: in (\S+)\(\))? \[([0-9a-f]{16})\]$/.exec(attributes['name'] ?? '');
    if (name !== 'testcase' || found === null) return [];
    const file = attributes['classname'] ?? '';
    const line = Number(/^:(\d+): /.exec((children[0]?.text ?? '').slice(file.length))?.[1]);
    return [
      { rule: found[1] ?? '', file, line, functionName: found[2] ?? null, fingerprint: found[3] ?? '' },
    ];
  });
}

function bare(cell: string): string {
  return cell
    .trim()
    .replace(/^`+ ?| ?`+$/g, '')
    .replaceAll('\\|', '|');
}

function ofMarkdown(text: string): Identity[] {
  return text.split('\n').flatMap((row) => {
    const cells = row.split(/(?<!\\)\|/).map(bare);
    const [, , where = '', name = '', rule = '', , fingerprint = ''] = cells;
    const place = /^(.*):(\d+)$/.exec(where);
    if (cells.length !== 8 || place === null) return [];
    const functionName = name === '' ? null : name.slice(0, -2);
    return [{ rule, file: place[1] ?? '', line: Number(place[2]), functionName, fingerprint }];
  });
}

function ofSarif(text: string): Identity[] {
  const log: Log = JSON.parse(text);
  return (log.runs[0]?.results ?? []).map(({ ruleId, locations, partialFingerprints }) => {
    const { physicalLocation, logicalLocations } = locations?.[0] ?? {};
    return {
      rule: ruleId ?? '',
      file: decodeURIComponent(physicalLocation?.artifactLocation?.uri ?? ''),
      line: physicalLocation?.region?.startLine ?? 0,
      functionName: logicalLocations?.[0]?.name ?? null,
      fingerprint: partialFingerprints?.['patchwitness/v1'] ?? '',
    };
  });
}

function ofHtml(text: string): Identity[] {
  const json = /<script type="application\/json" id="index">(.*)<\/script>/.exec(text)?.[1] ?? '';
  const { findings }: ReportIndex = JSON.parse(json);
  return findings.map(({ rule, path, line, functionName, fingerprint }) => {
    return { rule, file: path, line, functionName, fingerprint };
  });
}

const READERS: Readonly<Record<FormName, (text: string) => Identity[]>> = {
  html: ofHtml,
  sarif: ofSarif,
  markdown: ofMarkdown,
  junit: ofJunit,
  github: ofCommands,
  terse: ofLines,
  emacs: ofLines,
};

/** They tell what a run complains of, and nothing else. */
const COMPLAINTS_ONLY: ReadonlySet<FormName> = new Set<FormName>(['github', 'terse', 'emacs']);

/** Names as hostile mail may have them; no form may lose or mix them up. */
const ODD = sampleFinding({
  path: 'fs/a, b:1%0A `x`|<y>&"z".c',
  line: 7,
  functionName: 'demofs_odd',
  message: 'a `tick`, a | bar, <b>, [rule] and (0123456789abcdef)',
  fingerprint: 'fedcba9876543210',
});
const NAMELESS = sampleFinding({ functionName: null, line: 3, fingerprint: '1111111111111111' });
const SURE = sampleFinding({
  confidence: 'confirmed',
  witness: sampleWitness(),
  line: 12,
  fingerprint: '2222222222222222',
});
const ADVICE = sampleFinding({
  confidence: 'advice',
  rule: 'eager-prealloc',
  fingerprint: '3333333333333333',
});
const BEFORE = sampleFinding({ status: 'pre-existing', line: 40, fingerprint: '4444444444444444' });

const PATCHES = [patchGroup(ODD, NAMELESS), patchGroup(), patchGroup(SURE, ADVICE, BEFORE)];
const FILES = [fileGroup(SURE, ADVICE, NAMELESS)];

function expected(form: FormName, groups: readonly FindingGroup[]): Identity[] {
  return groups.flatMap((group) => {
    const findings = COMPLAINTS_ONLY.has(form) ? complaintsOf(group) : findingsOf(group);
    return findings.map(identity);
  });
}

/** What replies say: each rule in brackets, its place and the fingerprint; the function is named in front. */
function ofMail(text: string): Identity[] {
  const places = /^\[([a-z-]+)\]\s+(.+):(\d+) \(([0-9a-f]{16})\)$/gm;
  return [...text.matchAll(places)].map((found) => {
    const [, rule = '', file = '', line, fingerprint = ''] = found;
    const heads = [...text.slice(0, found.index).matchAll(/^(?:(\S+)\(\): )?allocation may enter/gm)];
    return { rule, file, line: Number(line), functionName: heads.at(-1)?.[1] ?? null, fingerprint };
  });
}

describe('the same findings', () => {
  it('of patches are in replies, as far as the patches introduce them', async () => {
    const odd = { ...ODD, message: NAMELESS.message };
    for (const findings of [
      [odd, NAMELESS],
      [SURE, ADVICE, BEFORE],
    ]) {
      const prepared = await preparedForBuggy(buggyMail(), { findings });
      if (prepared.kind !== 'reply') throw new Error(prepared.kind);
      const told = findings.filter(({ status }) => status === 'introduced').map(identity);
      const order = (all: Identity[]): Identity[] =>
        all.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
      expect(order(ofMail(prepared.reply.text))).toEqual(order(told));
    }
  });

  it.each(FORMS)('of patches are in %s', (form) => {
    expect(READERS[form](printed(form, { groups: PATCHES }))).toEqual(expected(form, PATCHES));
  });

  it.each(FORMS)('of files are in %s', (form) => {
    // Those that are read by a server name the file from the root of its tree.
    const inTree = form === 'sarif' || form === 'github';
    const file = inTree ? 'fs/demofs/fault.c' : NAMED_PATH;
    const wanted = expected(form, FILES).map(({ rule, line, functionName, fingerprint }) => {
      return { rule, file, line, functionName, fingerprint };
    });
    expect(READERS[form](printed(form, { groups: FILES }))).toEqual(wanted);
  });

  it('are in the JSON report', () => {
    const reporter = jsonReporter('1.2.3');
    const findings = [ODD, NAMELESS, SURE, ADVICE, BEFORE];
    const summary = {
      ...EMPTY_SUMMARY,
      messages: 1,
      patches: 1,
      cPatches: 1,
      cFiles: 1,
      headerFiles: 0,
      functions: 1,
      introduced: 4,
      fixed: 0,
      preExisting: 1,
      userspacePatches: 0,
      unread: 0,
    };
    const text = `${reporter.begin()}${reporter.patch(sampleReport(findings))}${reporter.end(summary)}`;
    const { items } = reportSchema.parse(JSON.parse(text));
    const found = items.flatMap((item) => ('patch' in item ? item.patch.findings : []));
    expect(found.map(identity)).toEqual(findings.map(identity));
  });
});
