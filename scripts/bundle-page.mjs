/**
 * The programs of the HTML report and of the pages of `serve`, each in one piece: the compiled modules behind each other, each behind those that it imports. A module
 * becomes a function that gives back what it exports, under the names by which the others import it. Two exports of one name
 * are refused by whoever reads the result.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

const BUILT = 'dist/bot/reports/html';

const PROGRAMS = [
  ['program.js', 'main.js'],
  ['player.js', 'web.js'],
];

const IMPORT = /^import [^;]*?from '([^']+)';\n/gm;

const EXPORT = /^export (?=(?:const|function|class) (\w+))/gm;

/** The texts of the module and of all that it needs, in the order in which they can run. */
function texts(path, seen) {
  if (seen.has(path)) return [];
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  const needed = [...text.matchAll(IMPORT)].flatMap(([, from]) => texts(join(dirname(path), from), seen));
  const own = text.replace(IMPORT, '').replace(/^export \{\};\n/gm, '');
  const names = [...own.matchAll(EXPORT)].map(([, name]) => name);
  const body = own.replace(EXPORT, '');
  if (/^export /m.test(body)) throw new Error(`${path} exports in a way that is not known here`);
  return [
    ...needed,
    `const { ${names.join(', ')} } = (() => {\n${body}return { ${names.join(', ')} };\n})();\n`,
  ];
}

export function bundlePage() {
  for (const [program, start] of PROGRAMS) {
    writeFileSync(`${BUILT}/${program}`, texts(`${BUILT}/client/${start}`, new Set()).join(''));
  }
  rmSync(`${BUILT}/client`, { recursive: true });
}
