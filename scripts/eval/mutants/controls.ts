/** Operators that keep the meaning: none of them may bring a finding. Their places lie in functions that rules look at. */

import { bodyOf, indented, insertedAtHead, insertedBefore } from './edits.ts';
import type { Operator } from './operator.ts';
import type { Site } from './site.ts';
import type { Edit, Source } from './source.ts';

/** Functions in which rules have something to say. */
const WATCHED =
  /\b\w*(?:_lock|_unlock|_trylock|lock_page|lock_irq\w*|lock_bh|down_read|down_write|up_read|up_write|_transaction|_trans_\w+|journal_st\w+)\(|\bGFP_\w+|\bcopy_(?:from|to)_user\(|\bmemalloc_/;

/** The edits, if the function is one in which rules have something to say. */
function watched(plant: Operator['plant']): Operator['plant'] {
  return (source, site, random) => {
    const body = bodyOf(source, site);
    if (!WATCHED.test(body) || body.includes('#')) return null;
    return plant(source, site, random);
  };
}

function place(source: Source, site: Site, index = 0): number {
  return source.offset(site.at[index] ?? [1, 0]);
}

function renameLocal(source: Source, site: Site): readonly Edit[] | null {
  const [name = ''] = site.notes;
  const start = source.lineStart(site.startLine);
  const body = bodyOf(source, site);
  const renamed = `${name}_here`;
  // A name that is a member's, a tag's or a label's too may stand for that in a macro's argument.
  if (
    new RegExp(`(?:->|\\.)\\s*${name}\\b|\\b(?:struct|union|enum|goto)\\s+${name}\\b|\\b${renamed}\\b`).test(
      source.bare,
    )
  )
    return null;
  if (new RegExp(`^\\s*${name}:|[,(]\\s*${name}\\s*\\)\\s*\\{`, 'm').test(body)) return null;
  // Not a parameter, and nothing outside of the function.
  if (!/^\s/.test(source.text.slice(source.lineStart(site.at[0]?.[0] ?? 1)))) return null;
  const uses = [...body.matchAll(new RegExp(`\\b${name}\\b`, 'g'))];
  return uses.length < 2
    ? null
    : uses.map(({ index }) => ({ start: start + index, end: start + index + name.length, text: renamed }));
}

/** A line that declares one variable and gives it no value. */
function isPlain(line: string): boolean {
  return /^\s+(?:(?:const|unsigned|struct|enum) )*\w+ \**\w+;\n$/.test(line);
}

function swapDeclarations(source: Source, site: Site): readonly Edit[] | null {
  const [first = 0, second = 0] = site.at.map(([line]) => line);
  if (second !== first + 1) return null;
  const [start, middle, end] = [first, second, second + 1].map((line) => source.lineStart(line));
  if (start === undefined || middle === undefined || end === undefined) return null;
  const [one, two] = [source.text.slice(start, middle), source.text.slice(middle, end)];
  return isPlain(one) && isPlain(two) ? [{ start, end, text: two + one }] : null;
}

/** The parts of an `if` without `else` that is a statement of its own. */
function parts(
  source: Source,
  at: number,
): { open: number; close: number; body: number; end: number } | null {
  const open = source.next(at + 'if'.length);
  const close = source.closing(open);
  if (close === null || source.bare.charAt(open) !== '(' || !source.isOwnStatement(at)) return null;
  const body = source.next(close);
  const end = source.endOfStatement(body);
  if (end === null || /^else\b/.test(source.bare.slice(source.next(end)))) return null;
  return { open, close, body, end };
}

function invertCondition(source: Source, site: Site): readonly Edit[] | null {
  const at = place(source, site);
  const found = parts(source, at);
  if (found === null) return null;
  const { open, close, body } = found;
  const indentation = source.indentation(at);
  const gap = source.bare.charAt(body) === '{' ? ' ' : `\n${indentation}\t`;
  return [
    { start: open + 1, end: open + 1, text: '!(' },
    { start: close - 1, end: body, text: `)) {\n${indentation}} else${gap}` },
  ];
}

function wrapStatement(
  source: Source,
  site: Site,
  random: (below: number) => number,
): readonly Edit[] | null {
  const at = place(source, site);
  const end = source.endOfSimple(at);
  if (end === null || !source.isFirst(at) || /^[A-Z]/.test(site.notes[0] ?? '')) return null;
  if (!';{})'.includes(source.before(at).character)) return null;
  const indentation = source.indentation(at);
  const text = source.text.slice(at, end);
  const [head, tail] = random(2) === 0 ? ['do {', '} while (0);'] : ['{', '}'];
  // `if (x) { … };` would end in front of an `else`.
  return [{ start: at, end, text: `${head}\n${indentation}\t${text}\n${indentation}${tail}` }];
}

function copyCleanup(source: Source, site: Site): readonly Edit[] | null {
  const at = place(source, site);
  const [label = ''] = site.notes;
  const end = source.endOfSimple(at);
  const functionEnd = source.lineStart(site.endLine);
  if (end === null || source.bare.charAt(functionEnd) !== '}') return null;
  const behind = source.bare.slice(end, functionEnd);
  const found = new RegExp(`^[ \\t]*${label}:`, 'm').exec(behind);
  if (found === null) return null;
  const from = end + found.index + found[0].length;
  const tail = source.bare.slice(from, functionEnd);
  if (/\bgoto\b|^[ \t]*\w+:(?!:)/m.test(tail) || tail.split('\n').length > 14) return null;
  if (leavesBlock(tail)) return null;
  const isVoid = new RegExp(`\\bvoid\\s+\\w*\\s*${site.function}\\s*\\(`).test(bodyOf(source, site));
  const last = tail.split(/[;{}]/).findLast((part) => part.trim() !== '') ?? '';
  if (!isVoid && !/^\s*return\b/.test(last)) return null;
  const indentation = source.indentation(at);
  const lines = source.text
    .slice(from, functionEnd)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const copied = [...lines.map((line) => line.replace(/^\t/, '')), ...(isVoid ? ['return;'] : [])];
  return [{ start: at, end, text: `{\n${indented(`${indentation}\t`, copied)}${indentation}}` }];
}

/** The label stands in a block, and what follows goes on behind that block's end. */
function leavesBlock(code: string): boolean {
  let depth = 0;
  for (const character of code) {
    if (character === '{') depth++;
    else if (character === '}' && --depth < 0) return true;
  }
  return false;
}

function hoistCondition(source: Source, site: Site): readonly Edit[] | null {
  const at = place(source, site);
  const open = source.next(at + 'if'.length);
  const close = source.closing(open);
  if (close === null || !source.isOwnStatement(at) || !source.isFirst(at)) return null;
  const condition = source.text.slice(open + 1, close - 1).trim();
  const isNot = condition.startsWith('!');
  if (/^[^(]*\bis_so\b/.test(bodyOf(source, site)) || /^(?:un)?likely\b/.test(condition)) return null;
  const indentation = source.indentation(at);
  const hoisted = `bool is_so = ${isNot ? condition.slice(1) : condition};\n\n${indentation}`;
  return [
    { start: at, end: at, text: hoisted },
    { start: open + 1, end: close - 1, text: isNot ? '!is_so' : 'is_so' },
  ];
}

function nameResult(source: Source, site: Site): readonly Edit[] | null {
  const at = place(source, site);
  const end = source.endOfSimple(at);
  const type = (site.notes[1] ?? '').replaceAll('\t', ' ');
  if (end === null || !/^(?:int|bool|long|ssize_t|loff_t|vm_fault_t|unsigned|u32|struct \w+ \*)/.test(type))
    return null;
  if (!source.bare.startsWith('return', at)) return null;
  const value = source.text.slice(at + 'return'.length, end);
  const indentation = source.indentation(at);
  const lines = [`${type} result =${value}`, '', 'return result;'];
  return [{ start: at, end, text: `{\n${indented(`${indentation}\t`, lines)}${indentation}}` }];
}

function printSomething(source: Source, site: Site): readonly Edit[] | null {
  const edit = insertedBefore(source, place(source, site), ['pr_debug("%s: here\\n", __func__);']);
  return edit === null || isDeclaration(source, place(source, site)) ? null : [edit];
}

/** Whether a declaration begins here: statements must not come in front of it. */
function isDeclaration(source: Source, offset: number): boolean {
  return /^(?:const |static |struct |unsigned |int |bool |long |\w+_t )/.test(source.bare.slice(offset));
}

/** A comment, blank lines, blanks for tabs. */
function changeSpace(source: Source, site: Site, random: (below: number) => number): readonly Edit[] | null {
  const at = place(source, site);
  if (random(2) === 0) {
    const edit = insertedBefore(source, at, [
      '',
      '/* from here on as before, unless lock() or unlock() fails { */',
      '',
    ]);
    return edit === null ? null : [edit];
  }
  const edits: Edit[] = [];
  for (let line = site.startLine + 1; line < site.endLine; line++) {
    const start = source.lineStart(line);
    const tabs = /^\t+/.exec(source.text.slice(start))?.[0] ?? '';
    if (tabs !== '') edits.push({ start, end: start + tabs.length, text: '    '.repeat(tabs.length) });
  }
  return edits.length === 0 ? null : edits;
}

function spellNull(source: Source, site: Site): readonly Edit[] | null {
  const open = source.next(place(source, site) + 'if'.length);
  const name = /^\(\s*!([\w.>-]+)\)/.exec(source.bare.slice(open));
  if (name === null) return null;
  return [{ start: open, end: open + name[0].length, text: `(${name[1] ?? ''} == NULL)` }];
}

function extractHelper(source: Source, site: Site): readonly Edit[] | null {
  const [type = '', parameter = '', member = '', operation = ''] = site.notes;
  const at = place(source, site);
  const end = source.endOfSimple(at);
  const start = source.lineStart(site.startLine);
  if (end === null || !';}#'.includes(source.before(start).character)) return null;
  const helper = `${site.function}_step`;
  if (source.text.includes(helper)) return null;
  const head = `static void ${helper}(${type.replaceAll('\t', ' ')}${parameter})`;
  return [
    { start, end: start, text: `${head}\n{\n\t${operation}(&${parameter}->${member});\n}\n\n` },
    { start: at, end, text: `${helper}(${parameter});` },
  ];
}

const LOCK_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^mutex/, 'struct mutex *'],
  [/^spin/, 'spinlock_t *'],
  [/^(?:down|up)_/, 'struct rw_semaphore *'],
];

/** The lock gets a name of its own at the head of the function. */
function nameLock(source: Source, site: Site): readonly Edit[] | null {
  const [, parameter = '', member = '', operation = ''] = site.notes;
  const type = LOCK_TYPES.find(([pattern]) => pattern.test(operation))?.[1];
  const body = bodyOf(source, site);
  if (type === undefined || /\bthe_lock\b/.test(body)) return null;
  if (new RegExp(`\\b${parameter}\\s*(?:=[^=]|\\+\\+|--)|&${parameter}\\b(?!->)`).test(body)) return null;
  const start = source.lineStart(site.startLine);
  const uses = [...body.matchAll(new RegExp(`&${parameter}->${member}\\b(?!\\s*(?:->|[.\\[]))`, 'g'))];
  const head = insertedAtHead(source, site, [`${type}the_lock = &${parameter}->${member};`]);
  if (head === null) return null;
  const renamed = uses.map(({ index, 0: text }) => ({
    start: start + index,
    end: start + index + text.length,
    text: 'the_lock',
  }));
  return renamed.length === 0 ? null : [head, ...renamed];
}

const ANY = /\b\w*lock\w*\(|\bGFP_/;

export const CONTROLS: readonly Operator[] = [
  control('rename-local', 'local-variable', renameLocal),
  control('swap-declarations', 'adjacent-declarations', swapDeclarations),
  control('invert-condition', 'guarded-jump', invertCondition),
  control('wrap-statement', 'call-statement', wrapStatement),
  control('copy-cleanup', 'jump-to-cleanup', copyCleanup),
  control('hoist-condition', 'tested-call', hoistCondition),
  control('name-result', 'returned-call', nameResult),
  control('print-something', 'statement', printSomething),
  control('change-space', 'statement', changeSpace),
  control('spell-null', 'null-test', spellNull),
  control('extract-helper', 'lock-in-parameter', extractHelper),
  control('name-lock', 'lock-in-parameter', nameLock),
];

function control(id: string, pattern: string, plant: Operator['plant']): Operator {
  return { id, pattern, rules: [], share: 9, mentions: ANY, plant: watched(plant) };
}
