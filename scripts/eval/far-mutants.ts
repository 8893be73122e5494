/**
 * `npm run eval -- far-mutants LINUX [--index PATH]… [--count N] [--seed N] [--list]`: bugs planted two calls away from the
 * function that they are bugs for (see `far/places.ts`), each reviewed as a patch of the file that it is planted in, with the
 * index. `ctags` must be installed and the program built. A hit is an introduced finding of the operator's rule in the
 * function that holds what forbids it; prints the recall, and with `--list` each miss.
 *
 * Ends with status 1 if not more than 85 % are found.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { functionsBelow } from './far/functions.ts';
import { type Holding, type Place, placesOf } from './far/places.ts';
import { draw } from './front-end/draw.ts';
import { unifiedDiff } from './mutants/diff-text.ts';
import { Source } from './mutants/source.ts';

const FLOOR = 85;

const PROGRAM = join(import.meta.dirname, '../../dist/bot/cli.js');

interface Operator {
  readonly id: string;
  readonly rule: string;
  readonly under: Holding;
  /** A statement that goes in front of all others. */
  readonly statement: string;
}

const SPINLOCK: Holding = {
  takes: /^\t+(?:spin_lock|spin_lock_irq|write_lock)\(([^;]*)\);$/,
  isForSure: true,
  gives: (object) => new RegExp(`_unlock(?:_irq)?\\(${escaped(object)}\\)`),
};

const RCU: Holding = {
  takes: /^\t+rcu_read_lock(\(\));$/,
  isForSure: false,
  gives: () => /rcu_read_unlock\(/,
};

const PAGE_LOCK: Holding = {
  takes: /^\t+(?:lock_page|folio_lock)\((\w+)\);$/,
  isForSure: false,
  gives: (object) => new RegExp(`unlock(?:_page)?\\(${escaped(object)}\\)`),
};

const TRANSACTION: Holding = {
  takes: /^\t+(\w+) = btrfs_(?:start|join)_transaction\(.*\);$/,
  isForSure: false,
  gives: (object) => new RegExp(`btrfs_(?:end|commit)_transaction\\w*\\(${escaped(object)}\\)`),
};

const ALLOCATION = 'kfree(kmalloc(64, GFP_KERNEL));';

const OPERATORS: readonly Operator[] = [
  { id: 'far-sleep-in-atomic', rule: 'sleep-in-atomic', under: SPINLOCK, statement: 'msleep(1);' },
  { id: 'far-alloc-in-rcu', rule: 'sleep-in-atomic', under: RCU, statement: ALLOCATION },
  {
    id: 'far-alloc-in-atomic',
    rule: 'sleep-in-atomic',
    under: { ...SPINLOCK, isForSure: false },
    statement: ALLOCATION,
  },
  {
    id: 'far-alloc-under-page-lock',
    rule: 'alloc-fs-under-page-lock',
    under: PAGE_LOCK,
    statement: ALLOCATION,
  },
  {
    id: 'far-alloc-in-transaction',
    rule: 'alloc-fs-under-transaction',
    under: TRANSACTION,
    statement: ALLOCATION,
  },
];

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

interface Mutant {
  readonly operator: Operator;
  readonly place: Place;
  readonly diff: string;
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      index: { type: 'string', multiple: true, default: ['fs', 'mm', 'block'] },
      count: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      list: { type: 'boolean', default: false },
    },
  });
  const [linux] = positionals;
  if (linux === undefined) {
    process.stderr.write('far-mutants: no tree; see the head of scripts/eval/far-mutants.ts\n');
    return 2;
  }
  const functions = functionsBelow(linux, values.index);
  const mutants = OPERATORS.flatMap((operator) => {
    const places = draw(
      onePerFunction(placesOf(functions, operator.under)),
      Number(values.count),
      Number(values.seed),
    );
    return places.map(
      (place): Mutant => ({ operator, place, diff: planted(linux, place, operator.statement) }),
    );
  });
  const found = review(linux, values.index, mutants);
  return print(mutants, found, values.list) > FLOOR ? 0 : 1;
}

/** Of each function that holds something, and each that gets a bug, the first place. */
function onePerFunction(places: readonly Place[]): Place[] {
  const taken = new Set<object>();
  return places.filter(({ holder, far }) => {
    if (taken.has(holder) || taken.has(far)) return false;
    taken.add(holder).add(far);
    return true;
  });
}

function planted(linux: string, { far }: Place, statement: string): string {
  const source = new Source(readFileSync(join(linux, far.path), 'utf8'));
  const at = source.lineStart(far.open + 1);
  return unifiedDiff(far.path, source, [{ start: at, end: at, text: `\t${statement}\n` }]);
}

const finding = z.object({
  rule: z.string(),
  status: z.string(),
  path: z.string(),
  functionName: z.string().nullable(),
});

/** Of the program's report what is looked at: patches, and not what could not be read. */
const report = z.object({
  items: z.array(
    z.object({ patch: z.object({ source: z.string(), findings: z.array(finding) }).optional() }),
  ),
});

type Finding = z.infer<typeof finding>;

/** Of each mutant what is introduced. */
function review(
  linux: string,
  index: readonly string[],
  mutants: readonly Mutant[],
): readonly (readonly Finding[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'patchwitness-far-'));
  try {
    const files = mutants.map(({ diff }, number) => {
      const file = join(folder, `${number}.diff`);
      writeFileSync(file, diff);
      return file;
    });
    const options = [
      '--quiet',
      '--format',
      'json',
      '--tree',
      linux,
      ...index.flatMap((path) => ['--index', path]),
    ];
    const { stdout } = spawnSync(process.execPath, [PROGRAM, 'review', ...options, ...files], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    });
    const { items } = report.parse(JSON.parse(stdout));
    const patches = items.flatMap(({ patch }) => patch ?? []);
    return files.map((file) =>
      patches
        .filter(({ source }) => source === file)
        .flatMap(({ findings }) => findings.filter(({ status }) => status === 'introduced')),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The recall in per cent. */
function print(
  mutants: readonly Mutant[],
  found: readonly (readonly Finding[])[],
  isListed: boolean,
): number {
  const isHit = ({ operator, place: { holder } }: Mutant, index: number): boolean =>
    (found[index] ?? []).some(
      ({ rule, path, functionName }) =>
        rule === operator.rule && path === holder.path && functionName === holder.name,
    );
  const hits = new Set(mutants.filter(isHit));
  if (isListed) {
    for (const [index, one] of mutants.entries()) {
      if (hits.has(one)) continue;
      const { holder, between, far } = one.place;
      const chain = [holder, between, far].map(({ path, name }) => `${path} ${name}`).join(' > ');
      const others = (found[index] ?? [])
        .map(({ rule, functionName }) => `${rule} in ${functionName ?? '?'}`)
        .join(', ');
      process.stdout.write(
        `miss ${one.operator.id}: ${chain}${others === '' ? '' : ` (found: ${others})`}\n`,
      );
    }
  }
  const row = (title: string, own: readonly Mutant[]): void => {
    const hit = own.filter((one) => hits.has(one)).length;
    const other = own.filter(({ place: { holder, far } }) => holder.path !== far.path);
    const hitOther = other.filter((one) => hits.has(one)).length;
    process.stdout.write(
      `| ${title} | ${own.length} | ${hit} | ${percent(hit, own.length)} | ${other.length} | ${hitOther} |\n`,
    );
  };
  process.stdout.write(
    '| bug | planted | found | recall in % | of these in another file | found |\n|---|---|---|---|---|---|\n',
  );
  for (const operator of OPERATORS)
    row(
      operator.id,
      mutants.filter((one) => one.operator === operator),
    );
  row('all', mutants);
  return (100 * hits.size) / mutants.length;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);
}
