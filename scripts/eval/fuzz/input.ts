/** One input of the fuzz: some mails of a pool, each damaged, joined to a file as people have them. */

import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { MUTATION_KINDS, type Mutation, mutate } from './mutations.ts';

export interface FuzzInput {
  readonly mails: readonly { readonly mail: number; readonly mutations: readonly Mutation[] }[];
  readonly container: 'mboxrd' | 'mboxo' | 'mail';
  readonly gzip: boolean;
  /** What is left of the file, when it breaks off. */
  readonly left: number | null;
}

const MAX_MAILS = 6;
const MAX_MUTATIONS = 3;
/** Mutations read sizes in their own ways; none tells apart more than this. */
const MAX_SIZE = 10_000;

const SEPARATORS = {
  mboxrd: 'From mboxrd@z Thu Jan  1 00:00:00 1970\n',
  mboxo: 'From a@example.org Mon Jan  2 03:04:05 2023\n',
  mail: '',
} as const;

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const mutation = fc.record<Mutation>({
  kind: fc.constantFrom(...MUTATION_KINDS),
  at: share,
  size: fc.nat(MAX_SIZE),
});

/** Inputs over a pool of so many mails. */
export function fuzzInputs(pool: number): fc.Arbitrary<FuzzInput> {
  return fc.record<FuzzInput>({
    mails: fc.array(
      fc.record({
        mail: fc.nat(pool - 1),
        mutations: fc.array(mutation, { minLength: 1, maxLength: MAX_MUTATIONS }),
      }),
      { minLength: 1, maxLength: MAX_MAILS },
    ),
    container: fc.oneof(
      { weight: 5, arbitrary: fc.constant('mboxrd' as const) },
      { weight: 3, arbitrary: fc.constant('mboxo' as const) },
      { weight: 1, arbitrary: fc.constant('mail' as const) },
    ),
    gzip: fc.boolean(),
    left: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: share }),
  });
}

/** The file that an input stands for, before it is gzipped or breaks off. */
export function plainFile({ mails, container }: FuzzInput, pool: readonly string[]): Buffer {
  const texts = mails.map(({ mail, mutations }) => mutate(pool[mail] ?? '', mutations));
  const separator = SEPARATORS[container];
  if (container === 'mail') return Buffer.from(texts[0] ?? '', 'latin1');
  return Buffer.from(texts.map((text) => `${separator}${text}\n`).join(''), 'latin1');
}

export function fileOf(input: FuzzInput, plain: Buffer): Buffer {
  const file = input.gzip ? gzipSync(plain, { level: 1 }) : plain;
  return input.left === null ? file : file.subarray(0, Math.ceil(input.left * file.length));
}
