/**
 * What a lock is a member of, as the function's own declarations say: paths of locks and the function's text in, names that
 * mean the same lock class in other functions out. A lock's path is good in one function only; its structure and member are
 * what the kernel's lockdep goes by too.
 */

import { type CodeUnit, ownText } from '../c/units.ts';
import type { AccessPath, KernelEvent, LockPlace } from '../vocabulary/event.ts';

/** Names a structure, or a type that stands for one. */
type TypeName = string;

/** That a place, `ext4_inode_info.vfs_inode` or the accessor `EXT4_I()`, is of a type. */
export interface TypeFact {
  readonly place: string;
  readonly type: TypeName;
}

/** A declaration without more than one star: `struct inode *inode`, `journal_t *journal`, `struct foo *a, *b`. */
const DECLARATION =
  /\b(?:struct\s+(\w+)|(\w+_t))\s+(?:const\s+|__\w+\s+)?(\*?)\s*(?:const\s+|__\w+\s+)?(\w+(?:\s*,\s*\*?\s*\w+)*)\s*[=;,)[]/g;

/** Functions of more declarations are generated. */
const MAX_DECLARATIONS = 1000;

/** Types whose variables lead to no lock. */
const PLAIN_TYPE =
  /^(?:[usl]?int|u?int\d+|size|ssize|loff|pgoff|gfp|sector|dev|umode|bool|\w*pid|k[ug]id)_t$/;

/** Types of a function's variables and parameters by their names; null for a name with two. */
type Variables = ReadonlyMap<string, TypeName | null>;

const known = new WeakMap<CodeUnit, Variables>();

function variablesOf(unit: CodeUnit): Variables {
  const before = known.get(unit);
  if (before !== undefined) return before;
  const found = new Map<string, TypeName | null>();
  const add = (name: string, type: TypeName): void => {
    const other = found.get(name);
    found.set(name, other === undefined || other === type ? type : null);
  };
  let left = MAX_DECLARATIONS;
  for (const [, structure, named, , names = ''] of ownText(unit).text.matchAll(DECLARATION)) {
    const type = structure ?? named ?? '';
    if (left-- <= 0) break;
    if (!PLAIN_TYPE.test(type)) for (const name of names.split(',')) add(name.replace(/[\s*]/g, ''), type);
  }
  known.set(unit, found);
  return found;
}

/** A path in its parts: the variable, and what follows it, `EXT4_I()`, `i_data_sem`. */
function partsOf(path: AccessPath): { readonly root: string; readonly members: readonly string[] } | null {
  const parts = path
    .replace(/^&/, '')
    .replace(/\[\w*\]/g, '')
    .split(/->|\./);
  const [root = '', ...members] = parts;
  return parts.every((part) => /^\w+(?:\(\))?$/.test(part)) ? { root, members } : null;
}

/** The place of what a path names; null where its variable is of no type that is in sight. */
function placeOf(unit: CodeUnit, path: AccessPath): string | null {
  const parts = partsOf(path);
  if (parts === null || parts.members.length === 0) return null;
  const accessor = parts.members.findLastIndex((member) => member.endsWith('()'));
  if (accessor !== -1) return parts.members.slice(accessor).join('.');
  const type = variablesOf(unit).get(parts.root);
  return type === undefined || type === null ? null : [type, ...parts.members].join('.');
}

/** The place of a lock that is named by its address; undefined where the function does not show it. */
export function lockPlace(unit: CodeUnit, path: AccessPath): LockPlace | undefined {
  const place = placeOf(unit, path);
  if (place !== null) return place.endsWith('()') ? undefined : place;
  const parts = partsOf(path);
  if (parts === null || !isGlobal(unit, path, parts.root)) return undefined;
  const scope = isStatic(unit, parts.root) ? 'static' : 'global';
  return `${scope} ${[parts.root, ...parts.members].join('.')}`;
}

/** Whether the path lies in a variable that the function does not declare. */
function isGlobal(unit: CodeUnit, path: AccessPath, root: string): boolean {
  if (path.startsWith(`${root}->`) || unit.parameters.includes(root)) return false;
  if (unit.sight !== 'function' || variablesOf(unit).has(root)) return false;
  // Any other word in front of the name, or a star, declares it.
  return !new RegExp(`\\b(?!return\\b|goto\\b|else\\b|case\\b)[A-Za-z_]\\w*[\\s*]+${root}\\s*[=;,[)]`).test(
    ownText(unit).text,
  );
}

function isStatic({ text }: CodeUnit, name: string): boolean {
  return new RegExp(`^[ \\t]*static\\b[^;={}\\n]{0,200}\\b${name}\\b`, 'm').test(text);
}

/** What the assignments of a function say of the types of members and accessors: their values' are those of the variables. */
export function typeFacts(unit: CodeUnit, events: Iterable<KernelEvent>): readonly TypeFact[] {
  const facts: TypeFact[] = [];
  for (const event of events) {
    if (event.kind !== 'assign' || event.value.kind !== 'path') continue;
    const type = variablesOf(unit).get(event.target);
    const place = type === undefined || type === null ? null : placeOf(unit, event.value.path);
    if (place !== null && type !== undefined && type !== null) facts.push({ place, type });
  }
  return facts;
}
