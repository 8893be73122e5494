/**
 * How reviewers say what the rules say: `words.yml` goes in, checked; out come phrases that a text can be searched for. A
 * text is searched word by word, sentence by sentence, in time that grows with its length.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { checkYaml } from '../../analyzers/source/checked-yaml.ts';

const WORD = /^(?:\*?[a-z0-9_']+|[a-z0-9_']+\*)$/;

const phrase = z
  .string()
  .refine(
    (text) => text.split(' + ').every((piece) => piece.split(' ').every((word) => WORD.test(word))),
    'is no phrase: lower-case words, with * at their beginning or end, and + between phrases',
  );

const phrases = z.array(phrase).min(1);

const wordsFile = z.strictObject({
  denied: z.array(z.string().regex(WORD, 'is no lower-case word')),
  undone: z.array(z.string().regex(WORD, 'is no lower-case word')),
  robots: z.array(z.string().min(3)),
  general: z.array(
    z.strictObject({ name: z.string().min(1), rules: z.array(z.string()).min(1), strong: phrases }),
  ),
  rules: z.record(z.string(), z.strictObject({ strong: phrases, hints: phrases })),
});

type WordsFile = z.infer<typeof wordsFile>;

/** Words that cannot be used; the message holds one `file:line: reason` a line. */
class ObjectionWordsError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ObjectionWordsError';
  }
}

/** What of a text speaks of what. */
export interface Spoken {
  /** Rules of which it speaks in words that say it by themselves. */
  readonly strong: ReadonlySet<string>;
  /** Names of what is said of several rules. */
  readonly general: ReadonlySet<string>;
  /** Rules of which it speaks at all, those of the other two among them. */
  readonly any: ReadonlySet<string>;
}

const FILE = join(fileURLToPath(new URL('.', import.meta.url)), 'words.yml');

/** The words that come with the program. `ruleIds`: each has to have an entry, and there may be no other. */
export function loadObjectionWords(ruleIds: readonly string[]): ObjectionWords {
  return readObjectionWords('words.yml', readFileSync(FILE, 'utf8'), ruleIds);
}

/** Throws {@link ObjectionWordsError} naming all that is wrong. */
export function readObjectionWords(file: string, text: string, ruleIds: readonly string[]): ObjectionWords {
  const checked = checkYaml(wordsFile, file, text);
  if (!('content' in checked)) throw new ObjectionWordsError(checked.problems);
  const { content, lineOf } = checked;
  const known = new Set(ruleIds);
  const strange = (id: string, path: readonly PropertyKey[]): readonly string[] =>
    known.has(id) ? [] : [`${file}:${lineOf(path)}: no rule ${id} is known`];
  const problems = [
    ...Object.keys(content.rules).flatMap((id) => strange(id, ['rules', id])),
    ...content.general.flatMap(({ rules }, at) =>
      rules.flatMap((id) => strange(id, ['general', at, 'rules'])),
    ),
    ...ruleIds.filter((id) => !(id in content.rules)).map((id) => `${file}:1: ${id} has no words`),
  ];
  if (problems.length > 0) throw new ObjectionWordsError(problems);
  return new ObjectionWords(content);
}

interface Phrase {
  /** Each a row of words. */
  readonly pieces: readonly (readonly string[])[];
  readonly rules: readonly string[];
  /** Null for a hint. */
  readonly says: { readonly rule: string } | { readonly general: string } | null;
}

/** The pieces of a phrase stand within so many words. */
const REACH = 16;

/** Words in front of a phrase in which it may be denied. */
const DENIAL_REACH = 3;

/** Nobody writes longer sentences; what is one is a table. */
const MAX_SENTENCE_WORDS = 200;

export class ObjectionWords {
  /** By the first word of their first piece. */
  private readonly phrases = new Map<string, Phrase[]>();
  private readonly dictionary: Dictionary;
  private readonly denied: ReadonlySet<string>;
  private readonly undone: ReadonlySet<string>;
  private readonly robots: readonly string[];

  constructor({ denied, undone, robots, general, rules }: WordsFile) {
    this.denied = new Set(denied);
    this.undone = new Set(undone);
    this.robots = robots.map((name) => name.toLowerCase());
    const ofRules = Object.entries(rules);
    const all = [
      general.flatMap(({ name, rules: several, strong }) => phrasesOf(strong, several, { general: name })),
      ofRules.flatMap(([rule, { strong }]) => phrasesOf(strong, [rule], { rule })),
      ofRules.flatMap(([rule, { hints }]) => phrasesOf(hints, [rule], null)),
    ].flat();
    for (const one of all) {
      const first = one.pieces[0]?.[0] ?? '';
      this.phrases.set(first, [...(this.phrases.get(first) ?? []), one]);
    }
    this.dictionary = new Dictionary(all.flatMap(({ pieces }) => pieces.map(([first = '']) => first)));
  }

  /** `Name <address>` of a program that answers patches. */
  isRobot(from: string): boolean {
    const name = from.toLowerCase();
    return this.robots.some((robot) => name.includes(robot));
  }

  spokenIn(text: string): Spoken {
    const strong = new Set<string>();
    const general = new Set<string>();
    const any = new Set<string>();
    for (const words of sentencesOf(text)) {
      const places = this.dictionary.placesIn(words);
      for (const { pieces, rules, says } of [...places.keys()].flatMap(
        (one) => this.phrases.get(one) ?? [],
      )) {
        if (!this.isSaid(pieces, words, places)) continue;
        for (const rule of rules) any.add(rule);
        if (says === null) continue;
        if ('rule' in says) strong.add(says.rule);
        else general.add(says.general);
      }
    }
    return { strong, general, any };
  }

  private isSaid(pieces: Phrase['pieces'], words: readonly string[], places: WordPlaces): boolean {
    const [first = [], ...others] = pieces;
    const starts = startsOf(first, words, places).filter(
      (start) => !this.undone.has(words[start + first.length] ?? ''),
    );
    if (starts.length === 0) return false;
    const rest = others.map((piece) => startsOf(piece, words, places));
    return starts.some((start) => {
      const near = rest.map((found) => found.find((one) => Math.abs(one - start) <= REACH));
      const all = [start, ...near.flatMap((one) => one ?? [])];
      return all.length === pieces.length && !this.isDenied(words, Math.min(...all));
    });
  }

  private isDenied(words: readonly string[], start: number): boolean {
    return words.slice(Math.max(0, start - DENIAL_REACH), start).some((word) => this.denied.has(word));
  }
}

function phrasesOf(
  texts: readonly string[],
  rules: readonly string[],
  says: Phrase['says'],
): readonly Phrase[] {
  return texts.map((text) => ({ pieces: text.split(' + ').map((piece) => piece.split(' ')), rules, says }));
}

/** Sentences end with a mark behind which there is a blank, and with an empty line. */
function sentencesOf(text: string): readonly (readonly string[])[] {
  return text
    .toLowerCase()
    .replaceAll('\u2019', "'")
    .split(/[.!?;:](?=\s|$)|\n[\t ]*\n/)
    .map((sentence) => (sentence.match(/[a-z0-9_][a-z0-9_']*/g) ?? []).slice(0, MAX_SENTENCE_WORDS));
}

/** Where in a sentence the words stand that phrases begin with: by the words as phrases write them. */
type WordPlaces = ReadonlyMap<string, readonly number[]>;

/** Words are few and come again; beyond that the memory starts anew. */
const MAX_KEPT = 20_000;

/** Which words of phrases a word is: `sleeping` is `sleep*`. */
class Dictionary {
  private readonly patterns: readonly string[];
  private readonly known = new Map<string, readonly string[]>();

  constructor(patterns: readonly string[]) {
    this.patterns = [...new Set(patterns)];
  }

  placesIn(words: readonly string[]): WordPlaces {
    const places = new Map<string, number[]>();
    for (const [at, word] of words.entries()) {
      for (const pattern of this.patternsOf(word)) {
        const known = places.get(pattern);
        if (known === undefined) places.set(pattern, [at]);
        else known.push(at);
      }
    }
    return places;
  }

  private patternsOf(word: string): readonly string[] {
    const known = this.known.get(word);
    if (known !== undefined) return known;
    const found = this.patterns.filter((pattern) => isWord(pattern, word));
    if (this.known.size >= MAX_KEPT) this.known.clear();
    this.known.set(word, found);
    return found;
  }
}

/** Where a row of words stands. */
function startsOf(piece: readonly string[], words: readonly string[], places: WordPlaces): readonly number[] {
  const [first = '', ...others] = piece;
  const starts = places.get(first) ?? [];
  return starts.filter((start) => others.every((word, at) => isWord(word, words[start + 1 + at] ?? '')));
}

function isWord(pattern: string, word: string): boolean {
  if (pattern.endsWith('*')) return word.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? word.endsWith(pattern.slice(1)) : word === pattern;
}
