/** The style and the one program of the pages, each under an address that says what is in it, so that browsers may keep it. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package.ts';
import type { Answer } from './answer.ts';

export interface Assets {
  readonly style: string;
  /** Of the witness player. */
  readonly program: string;
  readonly answers: ReadonlyMap<string, Answer>;
}

/** Throws where the program was not built. */
export function loadAssets(): Assets {
  const css = `${built('reports/html/style.css')}\n${built('web/web.css')}`;
  const javascript = built('reports/html/player.js');
  const style = `/assets/${digest(css)}/style.css`;
  const program = `/assets/${digest(javascript)}/player.js`;
  return {
    style,
    program,
    answers: new Map<string, Answer>([
      [style, { status: 200, type: 'css', body: css, isFixed: true }],
      [program, { status: 200, type: 'javascript', body: javascript, isFixed: true }],
    ]),
  };
}

/** Twelve characters. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function built(file: string): string {
  return readFileSync(join(packageRoot(), 'dist/bot', file), 'utf8');
}
