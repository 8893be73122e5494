/**
 * Text with diffs in it -> files, hunks and problems. The text may be a mail body: prose, a diffstat, several
 * diffs and a signature may stand around and between. One pass over the lines, each looked at a bounded number
 * of times. Nothing throws: what cannot be used becomes a problem with its line, and reading goes on behind it.
 *
 * `git apply --numstat` is the judge of what a file header and a hunk are, with differences on purpose. Stricter: a
 * hunk followed by more lines of its kind is refused, where git drops those lines; so is one with a "no newline" remark
 * in front of more lines, which git glues together; a line of a file's diff that begins with `@@` and cannot be read is
 * named, where git takes some of them (`@@-1 +1@@`) for words; a path that leaves the tree is refused at once. Milder:
 * one broken hunk does not spoil the rest; the last line may lack its line feed and an empty context line its carriage
 * return's blank. Wiser: names of svn and cvs, which have no folder to strip (`header.ts`), and dates behind a blank
 * that was a tab (`paths.ts`). Combined, context, normal and ed diffs are recognised and left out with a reason.
 */
import {
  type BadHeader,
  binaryRemark,
  type FileHeader,
  foreignDiff,
  gitHeader,
  traditionalHeader,
} from './header.ts';
import { type HunkHeader, hunkHeader, readHunk } from './hunk.ts';
import { staysInTree } from './paths.ts';
import type { DiffProblem, FileDiff, Hunk, ParsedDiff } from './types.ts';

/** The file that hunks belong to while they are read. */
interface OpenFile {
  readonly header: FileHeader;
  readonly hunks: Hunk[];
  damaged: boolean;
}

/** Parses every diff in `text`. */
export function parseDiff(text: string): ParsedDiff {
  return new DiffReader(text.split('\n')).read();
}

class DiffReader {
  private readonly lines: readonly string[];
  private readonly files: FileDiff[] = [];
  private readonly problems: DiffProblem[] = [];
  private open: OpenFile | null = null;
  /** Set behind a header that was refused: its hunks are no news. */
  private skipping = false;
  /** Whether a line that no hunk could hold stands behind the last header or hunk. */
  private words = false;
  /** What the last `Index:` line in front of a header names. */
  private index: string | null = null;

  constructor(lines: readonly string[]) {
    this.lines = lines;
  }

  read(): ParsedDiff {
    let at = 0;
    while (at < this.lines.length) at = this.step(at);
    this.close();
    return { files: this.files, problems: this.problems };
  }

  /** Looks at the line `at`, between hunks, and returns the next line to look at. */
  private step(at: number): number {
    const line = this.lines[at] ?? '';
    if (line.startsWith('@@')) return this.hunk(at, line);
    if (line.startsWith('diff --cc ') || line.startsWith('diff --combined ')) {
      this.close();
      this.skipping = true;
      const path = line.slice(line.indexOf(' ', 5) + 1).trimEnd();
      this.problem(at, path, 'combined diff of a merge: it has several pre-images and is not reviewed');
      return at + 1;
    }
    if (line.startsWith('diff --git ')) return this.header(at, gitHeader(this.lines, at));
    if (line.startsWith('--- ')) return this.header(at, traditionalHeader(this.lines, at, this.index));
    if (line.startsWith('diff ') || line.startsWith('Index: ') || line === '-- ') this.close();
    this.words ||= /^[^ +\-\\@]/.test(line);
    if (line.startsWith('Index: ')) this.index = line.slice('Index: '.length).trim();
    return this.header(at, foreignDiff(this.lines, at) ?? this.binary(at));
  }

  /** Without a header such a line counts only behind the command that printed it. */
  private binary(at: number): FileHeader | null {
    return (this.lines[at - 1] ?? '').startsWith('diff -') && this.open === null
      ? binaryRemark(this.lines, at)
      : null;
  }

  private header(at: number, header: FileHeader | BadHeader | null): number {
    if (header === null) return at + 1;
    this.close();
    this.index = null;
    if ('reason' in header) {
      this.skipping = true;
      this.problem(at, null, header.reason);
      return header.end;
    }
    const unsafe = [header.oldPath, header.newPath].find((path) => path !== null && !staysInTree(path));
    if (unsafe !== undefined) {
      this.skipping = true;
      this.problem(at, unsafe, 'path leaves the tree');
      return header.end;
    }
    this.open = { header, hunks: [], damaged: false };
    this.words = false;
    return header.end;
  }

  private hunk(at: number, line: string): number {
    if (line.startsWith('@@@ -')) {
      if (!this.skipping) {
        this.problem(
          at,
          this.path(),
          'combined hunk of a merge: it has several pre-images and is not reviewed',
        );
      }
      return at + 1;
    }
    if (this.skipping) return at + 1;
    const header = hunkHeader(line);
    if (header === null) {
      // Outside a file's diff it is prose, or a semantic patch quoted in a commit message; a bare `@@` behind words too.
      const isProse = this.open === null || (this.words && line.trimEnd() === '@@');
      if (!isProse) this.damage(at, 'hunk header cannot be read');
      return at + 1;
    }
    if (this.open === null) {
      this.problem(at, null, 'hunk without a file header');
      return at + 1;
    }
    const reason = contradiction(this.open.header, header);
    const result = reason === null ? readHunk(this.lines, at, header) : { ok: false as const, reason };
    if (!result.ok) {
      this.damage(at, result.reason);
      // The next header or hunk may begin anywhere in what did not fit together.
      return at + 1;
    }
    this.open.hunks.push(result.hunk);
    this.words = false;
    return result.end;
  }

  private path(): string | null {
    const header = this.open?.header;
    return header === undefined ? null : (header.newPath ?? header.oldPath);
  }

  /** A problem with a hunk of the open file. */
  private damage(at: number, reason: string): void {
    this.problem(at, this.path(), reason);
    if (this.open !== null) this.open.damaged = true;
  }

  private problem(at: number, path: string | null, reason: string): void {
    this.problems.push({ line: at + 1, path, reason });
  }

  private close(): void {
    this.skipping = false;
    if (this.open === null) return;
    this.files.push(fileDiff(this.open));
    this.open = null;
  }
}

/** A new file has no old lines and a deleted file no new ones; a hunk that says so lies about one of the two. */
function contradiction(file: FileHeader, hunk: HunkHeader): string | null {
  if (file.change === 'add' && hunk.oldCount > 0) return 'new file depends on old content';
  if (file.change === 'delete' && hunk.newCount > 0) return 'deleted file still has content';
  return null;
}

function fileDiff({ header, hunks, damaged }: OpenFile): FileDiff {
  const { binary, start } = header;
  let { oldPath, newPath, change } = header;
  let unsure = false;
  const only = hunks.length === 1 ? hunks[0] : undefined;
  if (header.traditional && change === 'modify' && only !== undefined) {
    // Without /dev/null or the epoch, `-0,0` is the only word about a file that did not exist.
    if (only.oldStart === 0 && only.oldCount === 0) {
      oldPath = null;
      change = 'add';
      unsure = true;
    } else if (only.newStart === 0 && only.newCount === 0) {
      newPath = null;
      change = 'delete';
      unsure = true;
    }
  }
  const file: FileDiff = { oldPath, newPath, change, binary, hunks, line: start + 1 };
  return { ...file, ...(damaged && { damaged }), ...(unsure && { unsure }) };
}
