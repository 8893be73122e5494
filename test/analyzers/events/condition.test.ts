import { describe, expect, it } from 'vitest';
import { conditionOf } from '../../../analyzers/events/condition.ts';
import { expressionOf } from '../expressions.ts';

/** `key` or `!key`; calls count as plain questions. */
function shown(text: string): string | null {
  const condition = conditionOf(expressionOf(text), () => false);
  return condition === null ? null : `${condition.expected ? '' : '!'}${condition.value}`;
}

describe('conditionOf', () => {
  it.each<[string, string | null]>([
    ['page', 'page'],
    ['!page', '!page'],
    ['!!page', 'page'],
    ['page == NULL', '!page'],
    ['NULL == page', '!page'],
    ['page != NULL', 'page'],
    ['ret == 0', '!ret'],
    ['ret < 0', 'ret<0'],
    ['0 > ret', 'ret<0'],
    ['ret >= 0', '!ret<0'],
    ['ret > 0', 'ret>0'],
    ['ret >= 1', 'ret>0'],
    ['ret <= 0', '!ret>0'],
    ['ret < 1', '!ret>0'],
    ['ret <= -1', 'ret<0'],
    ['ret == -EIO', 'ret==-EIO'],
    ['-EIO != ret', '!ret==-EIO'],
    ['a == b', 'a==b'],
    ['b == a', 'a==b'],
    ['a < b', 'a<b'],
    ['b > a', 'a<b'],
    ['a >= b', '!a<b'],
    ['b <= a', '!a<b'],
    ['flags & DEMO', 'flags&DEMO'],
    ['IS_ERR(page)', 'IS_ERR(page)'],
    ['IS_ERR_OR_NULL(a->b)', 'IS_ERR_OR_NULL(a->b)'],
    ['PTR_ERR_OR_ZERO(page)', 'IS_ERR(page)'],
    ['(ret = f(x))', 'ret'],
    ['(ret = f(x)) < 0', 'ret<0'],
    ['f(a, b->c)', '@f(a,b->c)'],
    ['f(a) == 0', '!@f(a)'],
    ['page == ERR_PTR(-ENOENT)', 'page==@ERR_PTR(-ENOENT)'],
    ['x ? a : b', null],
    ["c == 'x'", null],
  ])('%s is %s', (text, wanted) => {
    expect(shown(text)).toBe(wanted);
  });

  it('keeps two calls apart whose outcomes are events', () => {
    const condition = conditionOf(expressionOf('trylock_page(page)'));
    expect(condition?.value).toMatch(/^@\d+$/);
    expect(condition?.reads).toEqual([]);
  });

  it('says what follows from an equality', () => {
    expect(conditionOf(expressionOf('ret == -EIO'))?.implied).toEqual([
      { value: 'ret', truth: true },
      { value: 'ret<0', truth: true },
    ]);
    expect(conditionOf(expressionOf('ret == 2'))?.implied).toEqual([
      { value: 'ret', truth: true },
      { value: 'ret>0', truth: true },
    ]);
    expect(conditionOf(expressionOf('mode == DEMO'))?.implied).toEqual([]);
    expect(conditionOf(expressionOf('page == ERR_PTR(err)'))?.implied).toEqual([
      { value: 'IS_ERR(page)', truth: true },
    ]);
  });
});
