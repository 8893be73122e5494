import { expect, test } from 'vitest';
import { unitsOfFile, unitsOfHunk } from '../../../analyzers/c/units.ts';

test('a function knows the types of its parameters', () => {
  const [unit] = unitsOfFile(
    'static int pour(handle_t *handle, struct pot\n\t*pot, int (*fill)(void *, int), char name[8], unsigned)\n{\n\treturn 0;\n}\n',
  );
  expect(unit?.parameters).toEqual(['handle', 'pot', 'fill', 'name']);
  expect([...(unit?.parameterTypes ?? [])]).toEqual([
    ['handle', 'handle_t *'],
    ['pot', 'struct pot *'],
    ['fill', 'int (*)(void *, int)'],
    ['name', 'char [8]'],
  ]);
});

test('a name that is part of its type is told from it', () => {
  const [unit] = unitsOfFile('void f(struct page *page, pot_t t)\n{\n}\n');
  expect([...(unit?.parameterTypes ?? [])]).toEqual([
    ['page', 'struct page *'],
    ['t', 'pot_t'],
  ]);
});

test('a piece of a function knows those that the heading shows whole', () => {
  const heading = 'static int pour(handle_t *handle, int (*fill)(void *, int), struct inode *in';
  const [unit] = unitsOfHunk(['\tstir(pot);', '\treturn 0;'], 40, heading);
  expect([...(unit?.parameterTypes ?? [])]).toEqual([
    ['handle', 'handle_t *'],
    ['fill', 'int (*)(void *, int)'],
  ]);
});
