import { describe, expect, it } from 'vitest';
import { accessPath, pathsIn, pointedTo } from '../../../analyzers/events/access-path.ts';
import { expressionOf } from '../expressions.ts';

describe('accessPath', () => {
  it.each<[string, string | null]>([
    ['page', 'page'],
    ['vmf->page', 'vmf->page'],
    ['(*vmf).page', 'vmf->page'],
    ['(&vmf)->page', 'vmf.page'],
    ['*page', '*page'],
    ['*&page', 'page'],
    ['&*page', 'page'],
    ['&folio->page', 'folio'],
    ['&ctx->bio', '&ctx->bio'],
    ['pages[i]', 'pages[]'],
    ['pages[i + 1]', 'pages[]'],
    ['pages[0]', 'pages[0]'],
    ['pvec.pages[n]->mapping', 'pvec.pages[]->mapping'],
    ['(struct page *)page', 'page'],
    ['((page))', 'page'],
    ['page = next', 'page'],
    ['(a, page)', 'page'],
    ['find_page(m)', null],
    ['a + b', null],
    ['a ? b : c', null],
    ['1', null],
    ['"text"', null],
    ['!page', null],
    [`x${'->next'.repeat(60)}`, null],
  ])('%s', (text, path) => {
    expect(accessPath(expressionOf(text))).toBe(path);
  });

  it('knows what an address points to', () => {
    expect(pointedTo(expressionOf('&tp'))).toBe('tp');
    expect(pointedTo(expressionOf('&ctx->bio'))).toBe('ctx->bio');
    expect(pointedTo(expressionOf('tp'))).toBeNull();
  });

  it.each<[string, string[]]>([
    ['f(a, b->c)', ['a', 'b->c']],
    ['pages + i', ['pages', 'i']],
    ['(unsigned long)page', ['page']],
    ['x ? a : b', ['a', 'b']],
    ['x ?: b', ['x', 'b']],
    ['f(a)->b', ['a']],
    ['f((a, g(b)))', ['b']],
    ['f(({ g(); page; }))', ['page']],
    ['(struct demofs_arg){ .page = page }', ['page']],
    ['page ? 1 : 0', []],
  ])('finds what a callee can get at through %s', (text, paths) => {
    expect(pathsIn(expressionOf(text)).filter((path) => paths.includes(path))).toEqual(paths);
  });
});
