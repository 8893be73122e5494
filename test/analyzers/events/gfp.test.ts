import { describe, expect, it } from 'vitest';
import type { Expr } from '../../../analyzers/c/syntax.ts';
import { evaluateGfp, gfpTerm, mayEnterFilesystem, namesGfpFlag } from '../../../analyzers/events/gfp.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import type { GfpMask, GfpTerm, Tristate } from '../../../analyzers/vocabulary/event.ts';
import { expressionOf } from '../expressions.ts';
import { fc } from '../tokens.ts';

const BITS = ['reclaim', 'io', 'fs'] as const;
const VARIABLES = ['a', 'b', 'c'];

const tristate = fc.constantFrom<Tristate>('yes', 'no', 'maybe');
const mask: fc.Arbitrary<GfpMask> = fc.record({ reclaim: tristate, io: tristate, fs: tristate });

const { term } = fc.letrec<{ term: GfpTerm }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 4 },
    mask.map((value): GfpTerm => ({ kind: 'mask', mask: value })),
    fc.constantFrom(...VARIABLES).map((path): GfpTerm => ({ kind: 'variable', path })),
    tie('term').map((operand): GfpTerm => ({ kind: 'not', operand })),
    fc.tuple(tie('term'), tie('term')).map(([left, right]): GfpTerm => ({ kind: 'or', left, right })),
    fc.tuple(tie('term'), tie('term')).map(([left, right]): GfpTerm => ({ kind: 'and', left, right })),
  ),
}));

/** One bit of a term as plain boolean arithmetic; every `maybe` asks `choose`. */
function concrete(
  of: GfpTerm,
  bit: (typeof BITS)[number],
  choose: () => boolean,
  env: Map<string, boolean>,
): boolean {
  switch (of.kind) {
    case 'mask':
      return of.mask[bit] === 'maybe' ? choose() : of.mask[bit] === 'yes';
    case 'variable':
      return env.get(of.path) ?? false;
    case 'not':
      return !concrete(of.operand, bit, choose, env);
    case 'or': {
      const left = concrete(of.left, bit, choose, env);
      return concrete(of.right, bit, choose, env) || left;
    }
    case 'and': {
      const left = concrete(of.left, bit, choose, env);
      return concrete(of.right, bit, choose, env) && left;
    }
    default:
      throw new Error('no term');
  }
}

describe('the arithmetic of masks', () => {
  it('never claims what some choice of the unknown bits contradicts', () => {
    const values = fc.record({ a: mask, b: mask, c: mask });
    fc.assert(
      fc.property(term, values, fc.infiniteStream(fc.boolean()), (of, known, coins) => {
        const choose = (): boolean => coins.next().value === true;
        const lookup = new Map(Object.entries(known));
        const result = evaluateGfp(of, (path) => lookup.get(path));
        for (const bit of BITS) {
          const env = new Map(
            Object.entries(known).map(([name, value]) => [
              name,
              value[bit] === 'maybe' ? choose() : value[bit] === 'yes',
            ]),
          );
          const truth = concrete(of, bit, choose, env);
          expect(result[bit] === (truth ? 'no' : 'yes')).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is exact where every bit is known', () => {
    const known: fc.Arbitrary<GfpMask> = fc.record({
      reclaim: fc.constantFrom<Tristate>('yes', 'no'),
      io: fc.constantFrom<Tristate>('yes', 'no'),
      fs: fc.constantFrom<Tristate>('yes', 'no'),
    });
    fc.assert(
      fc.property(known, known, (left, right) => {
        const l: GfpTerm = { kind: 'mask', mask: left };
        const r: GfpTerm = { kind: 'mask', mask: right };
        const or = evaluateGfp({ kind: 'or', left: l, right: r }, () => undefined);
        const and = evaluateGfp({ kind: 'and', left: l, right: r }, () => undefined);
        const not = evaluateGfp({ kind: 'not', operand: l }, () => undefined);
        for (const bit of BITS) {
          expect(or[bit]).toBe(left[bit] === 'yes' || right[bit] === 'yes' ? 'yes' : 'no');
          expect(and[bit]).toBe(left[bit] === 'yes' && right[bit] === 'yes' ? 'yes' : 'no');
          expect(not[bit]).toBe(left[bit] === 'yes' ? 'no' : 'yes');
        }
      }),
    );
  });

  it('takes an unknown variable for unknown', () => {
    expect(evaluateGfp({ kind: 'variable', path: 'x' }, () => undefined)).toEqual({
      reclaim: 'maybe',
      io: 'maybe',
      fs: 'maybe',
    });
  });
});

describe('masks as C writes them', () => {
  const knowledge = loadKnowledge();
  const enters = (expr: Expr): boolean =>
    mayEnterFilesystem(evaluateGfp(gfpTerm(expr, knowledge), () => undefined));

  it.each([
    ['GFP_KERNEL', true],
    ['GFP_KERNEL | __GFP_NOFAIL', true],
    ['(gfp_t)GFP_KERNEL', true],
    ['gfp | GFP_KERNEL', true],
    ['GFP_NOFS | __GFP_FS', true],
    ['__GFP_RECLAIM | __GFP_FS', true],
    ['GFP_KERNEL & ~__GFP_IO', true],
    ['~GFP_ATOMIC', true],
    ['GFP_KERNEL & ~__GFP_FS', false],
    ['GFP_KERNEL & ~(__GFP_IO | __GFP_FS)', false],
    ['GFP_KERNEL & ~__GFP_DIRECT_RECLAIM', false],
    ['GFP_KERNEL & GFP_NOFS', false],
    ['GFP_KERNEL & gfp', false],
    ['GFP_KERNEL ^ __GFP_FS', false],
    ['GFP_NOFS', false],
    ['GFP_NOWAIT | __GFP_FS', false],
    ['__GFP_FS', false],
    ['0', false],
    ['1', false],
    ['wait ? GFP_KERNEL : GFP_NOFS', false],
    ['demofs_mask(x)', false],
    ['mapping_gfp_constraint(m, GFP_KERNEL)', false],
    ['mapping_gfp_mask(m) | GFP_KERNEL', true],
    ['GFP_DEMOFS', false],
  ])('%s', (text, wanted) => {
    expect(enters(expressionOf(text))).toBe(wanted);
  });

  it('knows a mask from any other value', () => {
    expect(namesGfpFlag(gfpTerm(expressionOf('x | __GFP_ZERO'), knowledge))).toBe(true);
    expect(namesGfpFlag(gfpTerm(expressionOf('x | y'), knowledge))).toBe(false);
    expect(namesGfpFlag(gfpTerm(expressionOf('0'), knowledge))).toBe(false);
  });
});
