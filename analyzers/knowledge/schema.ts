/**
 * The shape of the knowledge files, checked with zod. Each effect is a small mapping whose first key is its
 * verb: `{ acquire: page-lock, object: 1 }`.
 */

import { z } from 'zod';
import { SCOPES, WAITED_FOR } from '../vocabulary/event.ts';
import { LOCK_FAMILIES } from '../vocabulary/lock.ts';
import type { Effect, EffectVerb, GfpSource } from './types.ts';

const name = z.string().regex(/^[A-Za-z_]\w*$/, 'is no C identifier');
const version = z.string().regex(/^\d+\.\d+(\.\d+)?$/, 'is no kernel version such as "4.12"');
/** `folio_lock`, or with the versions that have it: `folio_lock 5.16-`, `__lock_page -5.16`, `page_offset 2.6-6.1`. */
const NAME_WITH_ERA = /^([A-Za-z_]\w*)(?: (\d+\.\d+(?:\.\d+)?)?-(\d+\.\d+(?:\.\d+)?)?)?$/;

const nameWithEra = z
  .string()
  .regex(NAME_WITH_ERA, 'is no C identifier, alone or with versions such as "5.16-" or "2.6-5.16" behind it')
  .transform((text) => {
    const [, id = text, since, until] = NAME_WITH_ERA.exec(text) ?? [];
    return { id, since, until };
  });

const argument = z.int().min(1).max(20);
const value = z.union([argument, z.enum(['last', 'result'])]);
const scope = z.enum(SCOPES);
const lock = z.string().regex(/^[a-z][\w()-]*$/, 'is no lock class');

const flagCondition = z.strictObject({
  argument,
  has: z.array(name).min(1),
  tries: z.array(name).default([]),
});

function gfpSource(flags: number | string): GfpSource {
  if (typeof flags === 'number') return { kind: 'argument', argument: flags };
  if (flags === 'unseen' || flags === 'mapping') return { kind: flags };
  return { kind: 'constant', name: flags };
}

/** One schema a verb; the key that bears the verb's name comes first in the files. */
const EFFECTS = {
  acquire: z
    .strictObject({
      acquire: lock,
      object: value.optional(),
      succeeds: z.enum(['always', 'nonzero', 'zero', 'pointer']).default('always'),
      blocks: z.boolean().default(true),
      mode: z.enum(['shared', 'exclusive']).default('exclusive'),
      unlessSameAs: argument.optional(),
      when: flagCondition.optional(),
    })
    .transform(({ acquire, object, succeeds, blocks, mode, unlessSameAs, when }) => ({
      verb: 'acquire' as const,
      lock: acquire,
      object: object ?? null,
      succeeds,
      blocks,
      mode,
      ...(unlessSameAs !== undefined && { unlessSameAs }),
      when: when ?? null,
    })),
  release: z
    .strictObject({
      release: lock,
      object: value.optional(),
      when: flagCondition.optional(),
      ifHeld: z.boolean().default(false),
    })
    .transform(({ release, object, when, ifHeld }) => ({
      verb: 'release' as const,
      lock: release,
      object: object ?? null,
      when: when ?? null,
      ifHeld,
    })),
  alloc: z
    .strictObject({
      alloc: z.union([argument, name]),
      charged: z.boolean().default(false),
      until: version.optional(),
      when: flagCondition.omit({ tries: true }).optional(),
      nofs: flagCondition.omit({ tries: true }).optional(),
    })
    .transform(({ alloc, charged, until, when, nofs }) => ({
      verb: 'alloc' as const,
      gfp: gfpSource(alloc),
      charged,
      until: until ?? null,
      when: when === undefined ? null : { ...when, tries: [] },
      nofs: nofs === undefined ? null : { ...nofs, tries: [] },
    })),
  enterScope: z
    .strictObject({ enterScope: scope })
    .transform((effect) => ({ verb: 'enterScope' as const, scope: effect.enterScope })),
  leaveScope: z
    .strictObject({ leaveScope: scope })
    .transform((effect) => ({ verb: 'leaveScope' as const, scope: effect.leaveScope })),
  fault: z
    .strictObject({ fault: z.enum(['copy', 'prefault']), assumes: z.string().min(1).optional() })
    .transform(({ fault, assumes }) => ({
      verb: 'fault' as const,
      purpose: fault,
      assumes: assumes ?? null,
    })),
  setWriteback: z
    .strictObject({ setWriteback: value })
    .transform((effect) => ({ verb: 'setWriteback' as const, object: effect.setWriteback })),
  endWriteback: z
    .strictObject({ endWriteback: value })
    .transform((effect) => ({ verb: 'endWriteback' as const, object: effect.endWriteback })),
  bioAdd: z
    .strictObject({ bioAdd: value })
    .transform((effect) => ({ verb: 'bioAdd' as const, bio: effect.bioAdd })),
  bioSubmit: z
    .strictObject({ bioSubmit: value })
    .transform((effect) => ({ verb: 'bioSubmit' as const, bio: effect.bioSubmit })),
  wait: z
    .strictObject({ wait: z.enum(WAITED_FOR), object: value.optional() })
    .transform(({ wait, object }) => ({ verb: 'wait' as const, condition: wait, object: object ?? null })),
  copy: z.strictObject({ copy: z.literal('atomic') }).transform(() => ({ verb: 'copy' as const })),
  sleep: z
    .strictObject({ sleep: z.enum(['always', 'sometimes']) })
    .transform((effect) => ({ verb: 'sleep' as const, when: effect.sleep })),
  setUptodate: z
    .strictObject({ setUptodate: value })
    .transform((effect) => ({ verb: 'setUptodate' as const, object: effect.setUptodate })),
  dirty: z
    .strictObject({ dirty: value })
    .transform((effect) => ({ verb: 'dirty' as const, object: effect.dirty })),
  zero: z
    .strictObject({ zero: value })
    .transform((effect) => ({ verb: 'zero' as const, object: effect.zero })),
  invalidate: z
    .strictObject({ invalidate: value, extent: z.enum(['whole', 'range']) })
    .transform(({ invalidate, extent }) => ({ verb: 'invalidate' as const, object: invalidate, extent })),
  mapInstall: z
    .strictObject({ mapInstall: value })
    .transform((effect) => ({ verb: 'mapInstall' as const, object: effect.mapInstall })),
  recheck: z
    .strictObject({ recheck: value })
    .transform((effect) => ({ verb: 'recheck' as const, object: effect.recheck })),
  fresh: z
    .strictObject({ fresh: value })
    .transform((effect) => ({ verb: 'fresh' as const, object: effect.fresh })),
  publish: z
    .strictObject({ publish: value })
    .transform((effect) => ({ verb: 'publish' as const, object: effect.publish })),
  sameObject: z
    .strictObject({ sameObject: argument })
    .transform((effect) => ({ verb: 'sameObject' as const, object: effect.sameObject })),
  stores: z
    .strictObject({ stores: argument, into: argument })
    .transform(({ stores, into }) => ({ verb: 'stores' as const, object: stores, into })),
  stop: z.strictObject({ stop: z.literal(true) }).transform(() => ({ verb: 'stop' as const })),
} satisfies Record<EffectVerb, z.ZodType<Effect>>;

/** Picks the schema by the verb, so that a mistake is reported against what was meant. */
const effect = z.unknown().transform((input, context): Effect => {
  const verbs = Object.keys(EFFECTS);
  const verb = verbs.filter(isVerb).find((candidate) => isObject(input) && candidate in input);
  if (verb === undefined) {
    context.addIssue({ code: 'custom', message: `names no effect; known effects: ${verbs.join(', ')}` });
    return z.NEVER;
  }
  const result = EFFECTS[verb].safeParse(input);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
  }
  return z.NEVER;
});

function isVerb(key: string): key is EffectVerb {
  return key in EFFECTS;
}

function isObject(input: unknown): input is object {
  return typeof input === 'object' && input !== null;
}

const api = z
  .strictObject({
    names: z.array(nameWithEra).min(1),
    effects: z.array(effect).default([]),
    arity: z.int().min(0).max(20).optional(),
    since: version.optional(),
    until: version.optional(),
    source: z.string().min(1),
    note: z.string().optional(),
  })
  .readonly();

const tristate = z.enum(['yes', 'no']);

const gfpFlag = z.strictObject({
  names: z.array(name).min(1),
  reclaim: tristate,
  io: tristate,
  fs: tristate,
  note: z.string().optional(),
});

/** `mmap_sem` where a function of class `rwsem` takes it. */
const lockMember = z.strictObject({ member: name, of: lock });

/** `struct btrfs_trans_handle`, or with the beginnings of words that tell of which journal `handle_t` is. */
const typeName = z
  .string()
  .regex(/^(struct )?[A-Za-z_]\w*$/, 'is no type such as "struct inode" or "handle_t"');

const handleType = z.strictObject({
  type: typeName,
  where: z.array(name).default([]),
});

const lockClass = z.strictObject({
  id: lock,
  title: z.string().min(1),
  family: z.enum(LOCK_FAMILIES),
  nofsScopeSince: version.optional(),
  members: z.array(lockMember).default([]),
  handles: z.array(handleType).default([]),
  inReclaim: z.boolean().default(false),
  keepsMappingMask: z.boolean().default(false),
  inFault: z.boolean().default(false),
  source: z.string().min(1),
  note: z.string().optional(),
});

const harmless = z.strictObject({
  prefixes: z.array(name).min(1),
  source: z.string().min(1),
  note: z.string(),
});

const guard = z.strictObject({
  names: z.array(nameWithEra).min(1),
  acquire: name,
  release: name,
  since: version.optional(),
  until: version.optional(),
  source: z.string().min(1),
  note: z.string().optional(),
});

const free = z.strictObject({
  names: z.array(nameWithEra).min(1),
  calls: name,
  since: version.optional(),
  until: version.optional(),
  source: z.string().min(1),
  note: z.string().optional(),
});

const slotLock = z.strictObject({
  lock,
  argument: argument.optional(),
  member: z
    .string()
    .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, 'is no chain of members such as "host.i_rwsem"')
    .optional(),
  mode: z.enum(['shared', 'exclusive']).default('exclusive'),
});

/** `lacks: [{ argument: 5, arity: 7, flag: AOP_FLAG_NOFS, by: a write }]`. */
const lackedFlag = z.strictObject({
  argument,
  arity: z.int().min(1).max(20),
  flag: name,
  by: z.string().min(1),
});

/** `calls: [{ arity: 2, through: [a_ops], effects: [...] }]`: what a call through the table does. */
const methodCall = z.strictObject({
  arity: z.int().min(0).max(20),
  through: z.array(name).default([]),
  effects: z.array(effect).default([]),
  open: z.boolean().default(false),
});

const opsSlot = z.strictObject({
  struct: name,
  slots: z.array(name).min(1),
  holds: z.array(slotLock).default([]),
  passedTo: z.strictObject({ functions: z.array(nameWithEra).min(1), type: typeName }).optional(),
  lacks: z.array(lackedFlag).default([]),
  releases: z.array(lock).default([]),
  takes: z.array(lock).default([]),
  mayTake: z.array(lock).default([]),
  paths: z.array(z.enum(['writeback', 'reclaim', 'fault', 'read', 'write', 'completion'])).default([]),
  sleeps: z.enum(['yes', 'no', 'maybe']),
  calls: z.array(methodCall).default([]),
  since: version.optional(),
  until: version.optional(),
  source: z.string().min(1),
  note: z.string().optional(),
});

/** Words that only some kernels have, beside the functions that have entries. */
const eraMark = z.strictObject({
  names: z.array(nameWithEra).min(1),
  source: z.string().min(1),
  note: z.string().optional(),
});

const callback = z.strictObject({
  types: z.array(nameWithEra).min(1),
  effects: z.array(effect).min(1),
  source: z.string().min(1),
  note: z.string().optional(),
});

const locks = z.union([lock.transform((one) => [one]), z.array(lock).min(1)]);

const ranking = z.strictObject({
  before: locks,
  after: locks,
  since: version.optional(),
  until: version.optional(),
  source: z.string().min(1),
  note: z.string().optional(),
});

/** A whole file: any of the sections. */
export const knowledgeFile = z.strictObject({
  about: z.string().min(1),
  lockClasses: z.array(lockClass).default([]),
  gfpFlags: z.array(gfpFlag).default([]),
  apis: z.array(api).default([]),
  harmless: z.array(harmless).default([]),
  guards: z.array(guard).default([]),
  frees: z.array(free).default([]),
  opsSlots: z.array(opsSlot).default([]),
  rankings: z.array(ranking).default([]),
  callbacks: z.array(callback).default([]),
  eraMarks: z.array(eraMark).default([]),
});

export type KnowledgeFile = z.infer<typeof knowledgeFile>;
