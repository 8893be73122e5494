/**
 * Subject lines of patch mails: `Re: [PATCH v2 3/9] ext4: …`. Tags in brackets are read word by word, so their
 * order does not matter; each character is looked at a bounded number of times.
 */

export interface ParsedSubject {
  /** Some tag says PATCH, or RFC with a part number. A reply to a patch says so too: see `isReply`. */
  readonly isPatch: boolean;
  readonly isReply: boolean;
  /** 1 when no tag says otherwise. */
  readonly version: number;
  /** `3/9`: 3 of 9; part 0 is the cover letter. Null when the patch stands alone. */
  readonly part: number | null;
  readonly total: number | null;
  /** The subject without reply marks and tags in front. */
  readonly title: string;
}

const REPLY = /^(?:re|aw|sv|antw|res)(?:\[\d{1,3}\])?:/i;
const FORWARD = /^(?:fwd|fw):/i;
/** No tag that means something is longer; a bracket that closes later is part of the title. */
const MAX_TAG = 200;
/** Mail gateways stack a few marks and list names; more than this is junk. */
const MAX_MARKS = 30;

export function parseSubject(subject: string): ParsedSubject {
  let rest = subject.replace(/\s+/g, ' ').trim();
  let isReply = false;
  const words: string[] = [];
  for (let mark = 0; mark < MAX_MARKS; mark++) {
    const head = rest.slice(0, MAX_TAG);
    const prefix = REPLY.exec(head) ?? FORWARD.exec(head);
    const close = head.startsWith('[') ? head.indexOf(']') : -1;
    if (prefix !== null) {
      isReply ||= REPLY.test(head);
      rest = rest.slice(prefix[0].length).trimStart();
    } else if (close > 0) {
      words.push(...head.slice(1, close).split(/[\s,]/));
      rest = rest.slice(close + 1).trimStart();
    } else {
      break;
    }
  }
  return { ...readTags(words), isReply, title: rest };
}

function readTags(words: readonly string[]): Omit<ParsedSubject, 'isReply' | 'title'> {
  let saysPatch = false;
  let saysRfc = false;
  let version = 1;
  let part: number | null = null;
  let total: number | null = null;
  for (const word of words) {
    const numbered = /^(\d{1,4})\/(\d{1,4})$/.exec(word);
    if (numbered !== null) {
      part = Number(numbered[1]);
      total = Number(numbered[2]);
      continue;
    }
    if (/^rfc/i.test(word)) saysRfc = true;
    if (/patch/i.test(word)) saysPatch = true;
    const versioned = /^(?:rfc|patch)?-?v(\d{1,3})$/i.exec(word);
    if (versioned !== null) version = Number(versioned[1]);
  }
  return { isPatch: saysPatch || (saysRfc && part !== null), version, part, total };
}
