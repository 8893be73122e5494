import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log, Result, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { HunkLine } from '../../../analyzers/diff/types.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';
import type { PatchContext } from '../../../bot/pipeline/types.ts';
import { MAX_NOTIFICATIONS, MAX_RESULTS, MAX_RESULTS_WITH_FLOWS } from '../../../bot/reports/sarif-limits.ts';
import { sampleFinding, sampleReport, sampleWitness } from '../../support/findings.ts';
import { fileGroup, openForm, type Printed, patchGroup, printed } from '../../support/forms.ts';

/** The schema that Microsoft publishes with its SARIF tools; `test/support/sarif/README.md`. */
const schema = z
  .record(z.string(), z.unknown())
  .parse(JSON.parse(readFileSync('test/support/sarif/sarif-2.1.0.schema.json', 'utf8')));
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile<Log>(schema);

function runOf(text: string): Run {
  const log: unknown = JSON.parse(text);
  if (!validate(log)) throw new Error(JSON.stringify(validate.errors));
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

function sarif(what: Printed): Run {
  return runOf(printed('sarif', what));
}

function resultsOf(what: Printed): readonly Result[] {
  return sarif(what).results ?? [];
}

const UNREAD = { source: 'a.mbox', message: 3, subject: null, path: null, line: 7, reason: 'cut off' };

describe('SARIF', () => {
  it('is of its schema, with and without findings', () => {
    expect(resultsOf({ groups: [] })).toEqual([]);
    const witness = sampleWitness();
    expect(resultsOf({ groups: [patchGroup(), patchGroup(sampleFinding({ witness }))] })).toHaveLength(1);
  });

  it('describes every rule, with its page as help', () => {
    const { driver } = sarif({ groups: [] }).tool;
    expect(driver.rules?.map(({ id }) => id)).toEqual(RULES.map(({ meta }) => meta.id));
    for (const { help, name, fullDescription } of driver.rules ?? []) {
      expect(help?.markdown).toContain('## What is wrong');
      // A link to a page beside it would lead nowhere.
      expect(help?.markdown).not.toMatch(/\]\(/);
      expect(name).toMatch(/^([A-Z][a-z0-9]*)+$/);
      expect(fullDescription?.text).not.toBe('');
    }
  });

  it('gives level, place, function, rule and fingerprint', () => {
    const [likely, confirmed, advice] = resultsOf({
      groups: [
        patchGroup(
          sampleFinding(),
          sampleFinding({ confidence: 'confirmed' }),
          sampleFinding({ confidence: 'advice', functionName: null }),
        ),
      ],
    });
    expect([likely, confirmed, advice].map((one) => one?.level)).toEqual(['warning', 'error', 'note']);
    expect(likely?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'fs/demofs/fault.c', uriBaseId: '%SRCROOT%' },
          region: { startLine: 30 },
        },
        logicalLocations: [{ name: 'demofs_fault', kind: 'function' }],
      },
    ]);
    expect(advice?.locations?.[0]?.logicalLocations).toBeUndefined();
    expect(likely?.partialFingerprints).toEqual({
      primaryLocationLineHash: '0123456789abcdef',
      'patchwitness/v1': '0123456789abcdef',
    });
    expect(RULES[likely?.ruleIndex ?? -1]?.meta.id).toBe('alloc-fs-under-page-lock');
    expect(likely?.message.text).toMatch(
      /^allocation may enter .* is held, in demofs_fault\(\)\.\nWhy: .*\nAssumes: .*\nInstead: .*\nTaught by: /,
    );
  });

  it('has a thread flow for each task of the witness, and the order of its steps across them', () => {
    const [result] = resultsOf({ groups: [patchGroup(sampleFinding({ witness: sampleWitness() }))] });
    const [chain, interleaving] = result?.codeFlows ?? [];
    expect(chain?.threadFlows.map(({ locations }) => locations.map((one) => one.executionOrder))).toEqual([
      [1, 2],
    ]);
    const steps = (interleaving?.threadFlows ?? []).flatMap(({ id, locations }) =>
      locations.map((one) => ({
        task: id,
        order: one.executionOrder ?? 0,
        text: one.location?.message?.text,
        file: one.location?.physicalLocation?.artifactLocation?.uri,
        line: one.location?.physicalLocation?.region?.startLine,
        waits: one.kinds?.includes('wait') ?? false,
      })),
    );
    expect(steps.toSorted((a, b) => a.order - b.order)).toMatchObject([
      { task: 'demofs_fault', text: 'lock_page(page)', file: 'fs/demofs/fault.c', line: 21 },
      { task: 'flusher', text: 'lock_page(Q)', file: 'mm/page-writeback.c', line: undefined },
      { task: 'flusher', text: 'set_page_writeback(Q)', file: undefined },
      { task: 'flusher', text: 'unlock_page(Q)' },
      { task: 'demofs_fault', text: 'pte_alloc_one(mm): enters reclaim', line: 30 },
      { task: 'demofs_fault', waits: true, text: expect.stringContaining('blocked by flusher') },
      { task: 'flusher', waits: true, text: expect.stringContaining('blocked by demofs_fault') },
    ]);
    expect(result?.graphs?.[0]?.edges?.map((edge) => [edge.sourceNodeId, edge.targetNodeId])).toEqual([
      ['demofs_fault', 'flusher'],
      ['flusher', 'demofs_fault'],
    ]);
    expect(result?.message.markdown).toContain('*** blocked by flusher');
  });

  it('suppresses what the patch does not introduce, and says why', () => {
    const results = resultsOf({
      groups: [
        patchGroup(
          sampleFinding(),
          sampleFinding({ status: 'pre-existing' }),
          sampleFinding({ status: 'fixed', side: 'pre' }),
        ),
      ],
    });
    expect(results.map((one) => [one.baselineState, one.suppressions?.map((s) => s.justification)])).toEqual([
      ['new', []],
      ['unchanged', ['pre-existing: the patch does not introduce it']],
      ['absent', ['fixed: the patch takes it away']],
    ]);
  });

  it('names the files of a tree from its root, however the user named them', () => {
    const [result] = resultsOf({ groups: [fileGroup(sampleFinding({ status: 'pre-existing' }))] });
    const uris = [
      ...(result?.locations ?? []),
      ...(result?.codeFlows ?? []).flatMap(({ threadFlows }) =>
        threadFlows.flatMap(({ locations }) => locations.map((one) => one.location ?? {})),
      ),
    ].map(({ physicalLocation }) => physicalLocation?.artifactLocation?.uri);
    expect(new Set(uris)).toEqual(new Set(['fs/demofs/fault.c']));
    // Of a file as it stands nothing is old or new.
    expect(result?.suppressions).toBeUndefined();
    expect(result?.baselineState).toBeUndefined();
  });

  it.each([
    ['fs/a b#c?.c', 'fs/a%20b%23c%3F.c', '%SRCROOT%'],
    ['c:x.c', 'c%3Ax.c', '%SRCROOT%'],
    ['fs/\ud800.c', 'fs/%EF%BF%BD.c', '%SRCROOT%'],
    ['/srv/x.c', 'file:///srv/x.c', undefined],
    ['../x.c', '../x.c', undefined],
  ])('writes %j as an address', (path, uri, uriBaseId) => {
    const [result] = resultsOf({ groups: [patchGroup(sampleFinding({ path }))] });
    const location = result?.locations?.[0]?.physicalLocation?.artifactLocation;
    expect([location?.uri, location?.uriBaseId]).toEqual([uri, uriBaseId]);
  });

  it('has what a machine can put right, where the line is in sight and says what the finding says', () => {
    const step = { path: 'fs/demofs/fault.c', line: 31, side: 'post', what: 'allocates' } as const;
    const fixesOf = (
      code: string,
      text: string,
      status: Finding['status'] = 'introduced',
    ): Result['fixes'] => {
      const finding = sampleFinding({ line: 31, status, steps: [{ ...step, code }] });
      const report = sampleReport([finding], { context: contextOf(text) });
      return resultsOf({ groups: [{ kind: 'patch', report }] })[0]?.fixes;
    };
    expect(fixesOf('kmalloc(8, GFP_KERNEL)', '\tnote = kmalloc(8, GFP_KERNEL);')).toEqual([
      {
        description: { text: 'allocate before taking the page lock' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'fs/demofs/fault.c', uriBaseId: '%SRCROOT%' },
            replacements: [
              {
                deletedRegion: { startLine: 31, startColumn: 1, endColumn: 32 },
                insertedContent: { text: '\tnote = kmalloc(8, GFP_NOFS);' },
              },
            ],
          },
        ],
      },
    ]);
    expect(fixesOf('kmalloc(8, GFP_KERNEL)', '\tnote = kmalloc(8, GFP_KERNEL);', 'fixed')).toBeUndefined();
    expect(fixesOf('demofs_note(page)', '\tdemofs_note(page);')).toBeUndefined();
    expect(fixesOf('kmalloc(8, GFP_KERNEL)', '\tdo_other(GFP_KERNEL);')).toBeUndefined();
  });

  it('lists what could not be read, and tells of a defect and of an interruption', () => {
    const [invocation] = sarif({ groups: [], unread: [UNREAD] }).invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(true);
    expect(invocation?.toolExecutionNotifications).toMatchObject([
      { level: 'warning', message: { text: 'a.mbox, message 3, line 7: cut off' } },
    ]);
    const defect = { ...UNREAD, reason: 'internal error: x' };
    expect(sarif({ groups: [], unread: [defect] }).invocations?.[0]?.executionSuccessful).toBe(false);
    const left = sarif({ groups: [], summary: { text: '', left: 5 } }).invocations?.[0];
    expect(left).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ message: { text: 'interrupted: 5 files not looked at' } }],
    });
  });

  it('stays within the limits of GitHub, and says what was cut', () => {
    const group = patchGroup(...Array.from({ length: 100 }, () => sampleFinding()));
    const form = openForm('sarif');
    const texts = [form.begin()];
    for (let count = 0; count < MAX_RESULTS + 200; count += 100) texts.push(form.group(group));
    for (let count = 0; count < MAX_NOTIFICATIONS + 3; count++) form.unread(UNREAD);
    texts.push(form.end({ text: '', left: 0 }));
    // The schema has been asked above, of less.
    const run = z
      .object({
        results: z.array(z.object({ codeFlows: z.unknown().optional() })),
        properties: z.object({ cut: z.array(z.string()) }),
      })
      .parse(z.object({ runs: z.array(z.unknown()) }).parse(JSON.parse(texts.join(''))).runs[0]);
    expect(run.results).toHaveLength(MAX_RESULTS);
    expect(run.results.filter(({ codeFlows }) => codeFlows !== undefined)).toHaveLength(
      MAX_RESULTS_WITH_FLOWS,
    );
    expect(run.properties.cut).toEqual([
      expect.stringMatching(/^200 results are left out/),
      expect.stringMatching(/^20000 results are told without their steps/),
      expect.stringMatching(/^3 parts that could not be read are left out/),
    ]);
  });

  it('carries hostile text as text', () => {
    const message = `</script>\u001b[31m\u202e{0} [x](1) "quoted"\n\`\`\``;
    const [result] = resultsOf({
      groups: [patchGroup(sampleFinding({ message, witness: sampleWitness() }))],
    });
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(result?.message.text).not.toMatch(/[\u0000-\u0008\u000e-\u001f\u202e]/);
    expect(result?.message.text).toContain('</script>');
  });
});

/** A hunk whose second line, as the patch leaves it, is line 31 of the file. */
function contextOf(text: string): PatchContext {
  const lines: readonly HunkLine[] = [
    { kind: 'context', text: '{' },
    { kind: 'remove', text: '\told();' },
    { kind: 'add', text },
  ];
  const hunk = { oldStart: 30, oldCount: 2, newStart: 30, newCount: 2, heading: '', lines, line: 5 };
  const whole = { ...hunk, oldEndsWithoutNewline: false, newEndsWithoutNewline: false };
  const path = 'fs/demofs/fault.c';
  const file = {
    oldPath: path,
    newPath: path,
    change: 'modify',
    binary: false,
    hunks: [whole],
    line: 1,
  } as const;
  return { series: null, files: [file] };
}
