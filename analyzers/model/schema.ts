/** What a model looks like as data: in scenario files and in stored witnesses. */

import { z } from 'zod';
import type { Statement } from '../vocabulary/model.ts';
import { MASKS, MODEL_SCOPES } from '../vocabulary/model.ts';

const name = z.string().regex(/^[A-Za-z][\w-]{0,39}$/, 'is no name');

/** One line for a reader. */
export const textSchema = z.string().min(1).max(400);

const shown = { code: textSchema.optional(), in: textSchema.optional(), at: textSchema.optional() };

const mode = z.enum(['shared', 'exclusive']).optional();

/** Statements of one program, at each level. */
const MAX_STATEMENTS = 400;

const statement: z.ZodType<Statement> = z.lazy(() =>
  z.discriminatedUnion('do', [
    z.strictObject({
      do: z.literal('acquire'),
      lock: name,
      mode,
      isReserved: z.boolean().optional(),
      ...shown,
    }),
    z.strictObject({ do: z.literal('tryAcquire'), lock: name, mode, got: program, busy: program, ...shown }),
    z.strictObject({ do: z.literal('release'), lock: name, ...shown }),
    z.strictObject({
      do: z.literal('alloc'),
      mask: z.enum(MASKS),
      isCharged: z.boolean().optional(),
      isLarge: z.boolean().optional(),
      ...shown,
    }),
    z.strictObject({ do: z.enum(['scopeEnter', 'scopeLeave']), scope: z.enum(MODEL_SCOPES), ...shown }),
    z.strictObject({ do: z.literal('fault'), buffer: name, ...shown }),
    z.strictObject({
      do: z.literal('copy'),
      buffer: name,
      page: name.optional(),
      full: program,
      short: program,
      ...shown,
    }),
    z.strictObject({ do: z.literal('zero'), page: name, isOnlyNew: z.boolean().optional(), ...shown }),
    z.strictObject({ do: z.enum(['setUptodate', 'clearUptodate', 'dirty']), page: name, ...shown }),
    z.strictObject({ do: z.literal('read'), page: name, isMapped: z.boolean().optional(), ...shown }),
    z.strictObject({ do: z.enum(['setWriteback', 'endWriteback', 'bioAdd']), page: name, ...shown }),
    z.strictObject({ do: z.literal('bioSubmit'), ...shown }),
    z.strictObject({ do: z.literal('wait'), for: z.enum(['writeback', 'commit']), of: name, ...shown }),
    z.strictObject({ do: z.literal('allocate'), for: name, ...shown }),
    z.strictObject({ do: z.literal('mapInstall'), index: name, isWrite: z.boolean().optional(), ...shown }),
    z.strictObject({
      do: z.literal('invalidate'),
      indexes: z.array(name).min(1).max(8),
      keepsDirty: z.boolean().optional(),
      ...shown,
    }),
    z.strictObject({ do: z.enum(['written', 'sync']), index: name, ...shown }),
    z.strictObject({ do: z.literal('choose'), of: z.array(program).min(1).max(8), ...shown }),
    z.strictObject({ do: z.enum(['return', 'nothing']), ...shown }),
  ]),
);

const program: z.ZodType<readonly Statement[]> = z.lazy(() => z.array(statement).max(MAX_STATEMENTS));

const resource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('page'),
    uptodate: z.boolean().optional(),
    onDisk: z.boolean().optional(),
    inFlight: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.enum(['mutex', 'spinlock', 'rwsem', 'index']) }),
  z.strictObject({
    kind: z.literal('journal'),
    isNofsScope: z.boolean().optional(),
    ordered: z.array(name).max(8).optional(),
    writesOrdered: z.boolean().optional(),
    timer: z.int().min(0).max(3).optional(),
  }),
  z.strictObject({
    kind: z.literal('buffer'),
    mm: name.optional(),
    maps: name.optional(),
    faultLocks: z.array(name).max(8).optional(),
    startsTransaction: name.optional(),
    isResident: z.boolean().optional(),
  }),
]);

/** Those of a finding are at most a dozen. */
const MAX_RESOURCES = 40;

export const resourcesSchema = z
  .record(name, resource)
  .refine((all) => Object.keys(all).length <= MAX_RESOURCES, `more than ${MAX_RESOURCES} resources`);

export const reclaimSchema = z.strictObject({
  pages: z.array(name).max(8).optional(),
  writepage: program.optional(),
  evicts: z.array(name).max(8).optional(),
  takes: z.array(name).max(8).optional(),
});

export const taskSchema = z.strictObject({ name, program });

export const legendSchema = z.record(name, textSchema);

export const modelSchema = z.strictObject({
  era: name,
  resources: resourcesSchema,
  reclaim: reclaimSchema.optional(),
  tasks: z.array(taskSchema).min(1).max(8),
  legend: legendSchema.optional(),
});
