/**
 * Accessors: functions that only follow a pointer to what their argument lies in or belongs to, `BTRFS_I(inode)`. They
 * give the same place each time, so that `&BTRFS_I(inode)->lock` names a lock as `&inode->lock` does. In a path they stand
 * behind what they are applied to, `inode->BTRFS_I()->lock`: it stands and falls with `inode`.
 */

import type { CallExpr } from '../c/syntax.ts';
import type { AccessPath } from '../vocabulary/event.ts';

/** `EXT4_I`, `EXT4_SB`, `JFS_IP`, `F2FS_I_SB`, `NFS_SERVER`: how filesystems name theirs. */
const BY_FORM = /^[A-Z][A-Z0-9]*_(?:I|IP|SB|SBI|I_SB|M_SB|P_SB|SERVER|MDT|INFO|PRIV|HOST|CTX|SK|NODE)$/;

/** Those that have other names. */
const BY_NAME: ReadonlySet<string> = new Set([
  'VFS_I',
  'XFS_M',
  'btrfs_sb',
  'btrfs_ino_to_fs_info',
  'inode_to_fs_info',
  'ceph_inode',
  'ceph_sb_to_client',
  'ceph_sb_to_fs_client',
  'd_inode',
  'file_inode',
  'get_fuse_conn',
  'get_fuse_inode',
  'minix_i',
  'minix_sb',
  'ntfs_i',
  'ntfs_sb',
  'ubifs_inode',
]);

const MACRO = /^[A-Z][A-Z0-9_]*$/;

/** What gives another object each time it is asked, or may. */
const SEARCHES =
  /next|prev|first|last|pop|peek|pick|head|tail|alloc|new|create|find|lookup|search|random|cpu|current|dequeue|get_free/;

/**
 * A function or macro of one argument that stands for a lock or for what a lock lies in, `CCISS_LOCK(ctlr)`,
 * `&lowpan_dev(dev)->lock`; only where a lock is expected: who could give back a lock that he cannot name again?
 */
export function namesLock({ callee, args }: CallExpr): boolean {
  if (args.length !== 1 || callee.kind !== 'name') return false;
  return MACRO.test(callee.name) || !SEARCHES.test(callee.name);
}

/** Whether the call is one of an accessor. */
export function isAccessor({ callee, args }: CallExpr): boolean {
  return (
    args.length === 1 && callee.kind === 'name' && (BY_FORM.test(callee.name) || BY_NAME.has(callee.name))
  );
}

/** The path of what an accessor gives for a place; null where the place is what a pointer points to. */
export function accessedPath(name: string, argument: AccessPath): AccessPath | null {
  if (argument.startsWith('*')) return null;
  return argument.startsWith('&') ? `${argument.slice(1)}.${name}()` : `${argument}->${name}()`;
}

/** `inode->BTRFS_I()` in a path or in a text with paths. */
const APPLIED = /(\w+(?:\([\w>.[\]-]*\))?(?:(?:->|\.)\w+|\[\w*\])*?)(?:->|\.)([A-Za-z_]\w*)\(\)/;

/** `dev->lowpan_dev()->lock` and `(cdev->get_lock())`: a path, and no method of an operations table. */
function goesOn(text: string, end: number): boolean {
  return /^(?:->|\.\w|\))/.test(text.slice(end, end + 2));
}

/** More accessors within each other do not occur. */
const MAX_NESTED = 8;

/** The text with its paths as C has them: `BTRFS_I(inode)->lock`. */
export function withAccessors(text: string): string {
  let spelt = text;
  for (let count = 0; count < MAX_NESTED; count++) {
    const next = spelt.replace(APPLIED, (all, object: string, name: string, at: number) =>
      BY_FORM.test(name) || BY_NAME.has(name) || MACRO.test(name) || goesOn(spelt, at + all.length)
        ? `${name}(${object})`
        : all,
    );
    if (next === spelt) break;
    spelt = next;
  }
  return spelt;
}
