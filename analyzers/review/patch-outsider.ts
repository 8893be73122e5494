/**
 * What a patch without its tree sees of functions that its hunks do not show: those of the function tables that fit its age. A
 * function that the patch itself touches, declares or defines is the patch's own, whatever a table says of the name.
 */

import type { FileDiff, ParsedDiff } from '../diff/types.ts';
import type { ChosenFunctions, KnownFunctions } from '../flow/known-functions.ts';
import type { Outside } from '../flow/outside.ts';
import type { LensName } from '../rules/types.ts';
import { compareVersions, type KernelEra } from '../vocabulary/era.ts';
import type { OutsideOfLens } from './analyze-unit.ts';

/** What is known of a patch and of its kernel beside its hunks. */
export interface BeyondHunks {
  readonly functions: KnownFunctions;
  /** As its mail tells. */
  readonly posted: KernelEra;
  /** Names that other patches of its series have for functions of their own. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Rules that may use a table. What becomes of the data of pages is asked in ways to which a table gives no answer: which
 * call copied, and whether it says how much.
 */
export const TABLE_LENSES: readonly LensName[] = ['io', 'locks'];

export class PatchOutsider {
  private readonly beyond: BeyondHunks;
  private readonly own: ReadonlySet<string>;

  constructor(beyond: BeyondHunks, diff: ParsedDiff) {
    this.beyond = beyond;
    this.own = new Set([...namesOfPatch(diff), ...beyond.taken]);
  }

  /** `era` is that which the words of the file's hunks tell. Null where nothing is known of such a file's kernel. */
  of(path: string, era: KernelEra): FileOutsider | null {
    const { functions, posted } = this.beyond;
    const chosen = functions.forText(path, common(era, posted));
    return chosen === null ? null : new FileOutsider(chosen, this.own);
  }
}

/** The functions of the tables for one file, with a note of those that were asked for and known. */
export class FileOutsider {
  private readonly chosen: ChosenFunctions;
  private readonly own: ReadonlySet<string>;
  private readonly answered = new Set<string>();

  constructor(chosen: ChosenFunctions, own: ReadonlySet<string>) {
    this.chosen = chosen;
    this.own = own;
  }

  /** Kernel versions, in words. */
  get asOf(): string {
    return this.chosen.asOf;
  }

  /** Functions that have made a difference to somebody. */
  names(): readonly string[] {
    return [...this.answered];
  }

  /** As if the tables did not have these functions; with null, none. */
  without(names: ReadonlySet<string> | null): OutsideOfLens {
    if (names === null) return () => null;
    const outside: Outside = {
      summaryOf: (call) => {
        const { callee } = call;
        if (callee === null || this.own.has(callee) || names.has(callee)) return null;
        const summary = this.chosen.summaryOf(call);
        if (summary !== null) this.answered.add(callee);
        return summary;
      },
    };
    return (lens) => (TABLE_LENSES.includes(lens) ? outside : null);
  }
}

/** What both say; where they contradict each other, the text is right: it may be for a kernel of old. */
function common(text: KernelEra, mail: KernelEra): KernelEra {
  const from = text.from === null || (mail.from !== null && compareVersions(mail.from, text.from) > 0);
  const below = text.below === null || (mail.below !== null && compareVersions(mail.below, text.below) < 0);
  const era = { from: from ? mail.from : text.from, below: below ? mail.below : text.below };
  const isPossible = era.from === null || era.below === null || compareVersions(era.from, era.below) < 0;
  return isPossible ? era : text;
}

/** A line that begins with a name or a `#define`, as those of definitions and declarations do. */
const AT_THE_LEFT = /^(?:#[ \t]*define\b|[A-Za-z_])/;

const CALLED = /\b([A-Za-z_]\w*)[ \t]*\(/g;

const DEFINED = /^#[ \t]*define[ \t]+([A-Za-z_]\w*)/;

/** Functions and macros that a patch touches, declares or defines, and all else that stands there like one. */
export function namesOfPatch({ files }: ParsedDiff): readonly string[] {
  return files.flatMap(namesAtTheLeft);
}

/** Names in front of a parenthesis, in lines that begin at the left, and macros. */
function namesAtTheLeft({ hunks }: FileDiff): readonly string[] {
  return hunks
    .flatMap(({ heading, lines }) => [heading.trimStart(), ...lines.map(({ text }) => text)])
    .filter((line) => AT_THE_LEFT.test(line))
    .flatMap((line) => {
      const macro = DEFINED.exec(line)?.[1];
      return macro === undefined ? [...line.matchAll(CALLED)].map(([, name = '']) => name) : [macro];
    });
}
