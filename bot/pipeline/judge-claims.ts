/**
 * Who may call a finding wrong. Claims of mails go in, with the series of the archive; the author of a series is obeyed in
 * all versions of it, whom the user trusts is obeyed everywhere, and anybody else is listed only.
 */

import { readIdentity } from '../../corpus/mail/identity.ts';
import type { Series } from '../../corpus/series/types.ts';
import { placeKey } from './series-order.ts';
import type { Claim, JudgedClaim } from './types.ts';

export class ClaimJudge {
  /** Each with the series that it holds for; null for all. */
  private readonly obeyed = new Map<Claim, string | null>();
  /** By fingerprint. */
  private readonly byFingerprint = new Map<string, Claim[]>();
  private readonly silencedBy = new Map<Claim, number>();
  private readonly claims: readonly Claim[];

  /** `trusted`: addresses, in lower case. */
  constructor(claims: readonly Claim[], posted: readonly Series[], trusted: ReadonlySet<string>) {
    this.claims = claims;
    const threads = claims.length === 0 ? new Map<string, Series>() : threadsOf(claims, posted);
    for (const claim of claims) {
      const address = addressOf(claim.from);
      const series = threads.get(placeKey(claim));
      if (address === null) continue;
      if (trusted.has(address)) this.obeyed.set(claim, null);
      else if (series !== undefined && sentBy(series, address)) {
        this.obeyed.set(claim, lineageOf(series));
      } else continue;
      const known = this.byFingerprint.get(claim.fingerprint);
      if (known === undefined) this.byFingerprint.set(claim.fingerprint, [claim]);
      else known.push(claim);
    }
  }

  /** Whether a finding of a series is not to be told. `counts` is false for one that is looked at a second time. */
  silences(fingerprint: string, series: Series | null, counts: boolean): boolean {
    const claim = this.byFingerprint.get(fingerprint)?.find((one) => {
      const lineage = this.obeyed.get(one) ?? null;
      return lineage === null || (series !== null && lineageOf(series) === lineage);
    });
    if (claim === undefined) return false;
    if (counts) this.silencedBy.set(claim, (this.silencedBy.get(claim) ?? 0) + 1);
    return true;
  }

  /** Claims that are obeyed, each with the newest version of the series that it holds for; null for all. */
  get rulings(): ReadonlyMap<Claim, string | null> {
    return this.obeyed;
  }

  /** All claims, once everything has been judged. */
  judged(): readonly JudgedClaim[] {
    return this.claims.map((claim) => ({
      ...claim,
      isObeyed: this.obeyed.has(claim),
      silenced: this.silencedBy.get(claim) ?? 0,
    }));
  }
}

/** The series in whose thread each claim stands, by the claim's place. */
function threadsOf(claims: readonly Claim[], posted: readonly Series[]): ReadonlyMap<string, Series> {
  const wanted = new Set(claims.map(placeKey));
  const threads = new Map<string, Series>();
  for (const series of posted) {
    const parts = series.cover === null ? series.patches : [series.cover, ...series.patches];
    for (const part of parts) {
      // What a version takes over was answered in the one before.
      if (part.carriedFrom !== null) continue;
      for (const one of [part, ...part.replies]) {
        const key = placeKey(one);
        if (wanted.has(key)) threads.set(key, series);
      }
    }
  }
  return threads;
}

/** All versions of a series have the same. */
function lineageOf({ id, supersededBy }: Series): string {
  return supersededBy ?? id;
}

/** Who sends patches for others gives his own address in the cover letter, and theirs with the patches. */
function sentBy({ cover, patches }: Series, address: string): boolean {
  const own = patches.filter(({ carriedFrom }) => carriedFrom === null);
  return [...(cover === null ? [] : [cover]), ...own].some(({ from }) => addressOf(from) === address);
}

function addressOf(from: string | null): string | null {
  return from === null ? null : (readIdentity(from)?.email.toLowerCase() ?? null);
}
