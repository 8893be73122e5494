/**
 * One whole file through the engine: its text in, what the rules say of each of its functions out. Whoever wants the
 * functions of a file analysed, to lint it or to compare it with the file after a patch, comes through here.
 */

import { macroNames } from '../c/macro-names.ts';
import type { CodeUnit } from '../c/units.ts';
import { eraOfText } from '../knowledge/era-of.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Rule, TreeLocks } from '../rules/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import type { Finding } from '../vocabulary/finding.ts';
import { Analyzer, type OutsideOfLens, type UnitAnalysis } from './analyze-unit.ts';
import { identify, makeFinding } from './make-findings.ts';
import { type ReadFile, readFile } from './read-file.ts';

/** The functions of a file, each analysed when somebody asks. */
export class FileAnalysis {
  /** In order of appearance. */
  readonly functions: readonly CodeUnit[];
  private readonly analyzer: Analyzer;
  private readonly analyses = new Map<CodeUnit, UnitAnalysis>();

  constructor(functions: readonly CodeUnit[], analyzer: Analyzer) {
    this.functions = functions;
    this.analyzer = analyzer;
  }

  /** All of them, in order of appearance. */
  get units(): readonly UnitAnalysis[] {
    return this.functions.map((unit) => this.of(unit));
  }

  of(unit: CodeUnit): UnitAnalysis {
    let analysis = this.analyses.get(unit);
    if (analysis === undefined) {
      analysis = this.analyzer.analyze(unit);
      this.analyses.set(unit, analysis);
    }
    return analysis;
  }

  /** Functions that call one of these, themselves or through others of the file, and these. */
  callersOf(units: Iterable<CodeUnit>): ReadonlySet<CodeUnit> {
    return this.analyzer.callersOf(units);
  }

  /** What decides about each of its functions, beside its code and that of its callees. */
  sharedFacts(): string {
    return this.analyzer.sharedFacts();
  }

  /** Functions that decide about others which do not call them. */
  shared(): ReadonlySet<CodeUnit> {
    return this.analyzer.shared();
  }
}

/**
 * Throws `CTextRefused` for a text that cannot be parsed within bounds. `era` is that of the tree, where it is known, and
 * `outsideOf` knows the functions of its other files and `treeLocks` their locks.
 */
export function analyzeFile(
  text: string,
  knowledge: Knowledge,
  rules: readonly Rule[],
  era: KernelEra = eraOfText(text, knowledge),
  outsideOf: OutsideOfLens = () => null,
  treeLocks: TreeLocks | null = null,
): FileAnalysis {
  return analyzeRead(readFile(text, knowledge), knowledge, rules, era, outsideOf, treeLocks);
}

/** The same of a file that has been read. */
export function analyzeRead(
  { text, functions, facts }: ReadFile,
  knowledge: Knowledge,
  rules: readonly Rule[],
  era: KernelEra,
  outsideOf: OutsideOfLens,
  treeLocks: TreeLocks | null = null,
): FileAnalysis {
  const outside = withoutMacros(text, outsideOf);
  const analyzer = new Analyzer(functions, facts, knowledge, rules, era, true, outside, treeLocks);
  const units = functions.map(({ unit }) => unit);
  return new FileAnalysis(units, analyzer);
}

/** A macro of the file is no function of another one. */
function withoutMacros(text: string, outsideOf: OutsideOfLens): OutsideOfLens {
  let macros: ReadonlySet<string> | null = null;
  return (lens) => {
    const outside = outsideOf(lens);
    if (outside === null) return null;
    macros ??= macroNames(text);
    const own = macros;
    return {
      ...outside,
      summaryOf: (call) => (own.has(call.callee ?? '') ? null : outside.summaryOf(call)),
    };
  };
}

/** What is found in a file as it stands, with no patch to blame; `path` is the file's in its tree. */
export function findingsOfFile(path: string, { units }: FileAnalysis): Finding[] {
  return units.flatMap(({ unit, hits }) =>
    identify(path, unit.name, hits).map((hit) =>
      makeFinding(hit, {
        paths: { pre: path, post: path },
        side: 'post',
        status: 'pre-existing',
        unit,
        sight: 'file',
      }),
    ),
  );
}
