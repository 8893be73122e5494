/**
 * What the text of a cover letter or a patch says of its series: base commit, change id, prerequisites, and
 * which messages it builds on or replaces. The lines are those that `git format-patch --base`, b4 and Patchew
 * write and read; they count at the start of a line only, so quoted ones do not.
 */

export interface BodyFacts {
  readonly baseCommit: string | null;
  readonly changeId: string | null;
  readonly prerequisites: readonly string[];
  readonly basedOn: readonly string[];
  readonly dependsOn: readonly string[];
  /** `Supersedes:` and links to earlier versions. */
  readonly supersedes: readonly string[];
}

/** One pattern for all of them: a text without any is passed in one scan. */
const FACT_LINE =
  /^(base-commit|change-id|prerequisite-(?:patch-id|message-id|change-id)|based-on|depends-on|supersedes|obsoletes)[ \t]*:[ \t]*([^\n]{1,1000})/gim;
/** b4 writes `- Link to v1: https://lore.kernel.org/r/ID`; people write `v1: https://lore.kernel.org/all/ID/`. */
const LINK_LINE = /^([^\n>]{0,40})\bv\d{1,3}\b[^\n]{0,20}https?:\/\/([^\s>]{1,500})/gim;
/** `based on v3 of …: https://…` names a series that this one needs, not an earlier version of it. */
const OTHER_SERIES = /\b(?:based|depend\w*|on top|appl\w+|needs?|requires?|prerequisites?)\b/i;

/** A series lists a few dozen prerequisites; more than this is junk. */
const MAX_FACTS = 1000;

/** The facts in a text, or null when it states none. */
export function bodyFacts(text: string): BodyFacts | null {
  const facts = {
    baseCommit: null as string | null,
    changeId: null as string | null,
    prerequisites: [] as string[],
    basedOn: [] as string[],
    dependsOn: [] as string[],
    supersedes: [] as string[],
  };
  let count = 0;
  for (const [, key = '', rest = ''] of text.matchAll(FACT_LINE)) {
    if (++count > MAX_FACTS) break;
    const value = rest.trim();
    switch (key.toLowerCase()) {
      case 'base-commit':
        facts.baseCommit ??= own(/\b[0-9a-f]{7,64}\b/i.exec(value)?.[0]);
        break;
      case 'change-id':
        facts.changeId ??= own(/^\S{1,200}/.exec(value)?.[0]);
        break;
      case 'based-on':
        facts.basedOn.push(...idsIn(value));
        break;
      case 'depends-on':
        facts.dependsOn.push(...idsIn(value));
        break;
      case 'supersedes':
      case 'obsoletes':
        facts.supersedes.push(...idsIn(value));
        break;
      default:
        facts.prerequisites.push(own(value.replace(/^<|>$/g, '')) ?? '');
    }
  }
  if (text.includes('://lore.kernel.org/')) {
    for (const [, words = '', address = ''] of text.matchAll(LINK_LINE)) {
      if (OTHER_SERIES.test(words)) continue;
      if (++count > MAX_FACTS) break;
      facts.supersedes.push(...idsIn(`https://${address}`));
    }
  }
  return count === 0 ? null : facts;
}

/** Message ids in a line: `<id>`, a bare id, or a link of a public-inbox that ends in one. */
function idsIn(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>\s]{1,500}@[^<>\s]{1,500})>/g)].map((match) => match[1] ?? '');
  if (bracketed.length > 0) return bracketed.map((id) => own(id) ?? '');
  const ids: string[] = [];
  for (const word of value.split(/[\s,]+/)) {
    const path = /^https?:\/\/[^/\s]{1,200}\/(.{1,1000})$/.exec(word)?.[1] ?? word;
    const id = path.split('/').find((piece) => /^[^@]{1,500}@[^@]{1,500}$/.test(piece));
    if (id !== undefined) ids.push(own(id.replaceAll('%2F', '/').replace(/[.)>]+$/, '')) ?? '');
  }
  return ids;
}

/** A copy of its own: a match is a view that would keep the whole message in memory. */
function own(text: string | undefined): string | null {
  return text === undefined ? null : Buffer.from(text).toString();
}
