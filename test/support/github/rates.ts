/**
 * The limits of how often one may ask, kept for each installation by the server's clock: requests an hour, points a minute,
 * requests at a time, and comments and reviews a minute and an hour. Which requests make content GitHub does not list; here
 * it is what sends people a notification.
 */

import {
  MAX_CONCURRENT_REQUESTS,
  MAX_CONTENT_PER_HOUR,
  MAX_CONTENT_PER_MINUTE,
  MAX_POINTS_PER_MINUTE,
  POINTS_OF_READING,
  POINTS_OF_WRITING,
  REQUESTS_PER_HOUR,
} from '../../../bot/github/limits.ts';
import type { Clock } from './clock.ts';
import { Refusal } from './refusal.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Use {
  hourStart: number;
  used: number;
  concurrent: number;
  mostConcurrent: number;
  points: { at: number; count: number }[];
  content: number[];
}

export class Rates {
  /** Requests an hour; tests that want to reach the end set it low. */
  requestsPerHour = REQUESTS_PER_HOUR;
  private readonly uses = new Map<string, Use>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Counts a request in, or throws 403 as GitHub does; `leave` counts it out. */
  enter(who: string, method: string, createsContent: boolean): void {
    const use = this.use(who);
    if (use.concurrent >= MAX_CONCURRENT_REQUESTS) throw secondary(MINUTE);
    this.countRequest(who, use);
    this.countPoints(use, method === 'GET' ? POINTS_OF_READING : POINTS_OF_WRITING);
    if (createsContent) this.countContent(use);
    use.concurrent += 1;
    use.mostConcurrent = Math.max(use.mostConcurrent, use.concurrent);
  }

  leave(who: string): void {
    this.use(who).concurrent -= 1;
  }

  /** The most requests that were under way at a time. */
  mostConcurrent(): number {
    return Math.max(0, ...[...this.uses.values()].map((use) => use.mostConcurrent));
  }

  headers(who: string): Record<string, string> {
    const { used, hourStart } = this.use(who);
    return {
      'x-ratelimit-limit': String(this.requestsPerHour),
      'x-ratelimit-remaining': String(Math.max(0, this.requestsPerHour - used)),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(Math.ceil((hourStart + HOUR) / 1000)),
      'x-ratelimit-resource': 'core',
    };
  }

  private use(who: string): Use {
    const now = this.clock.now();
    const use = this.uses.get(who) ?? {
      hourStart: now,
      used: 0,
      concurrent: 0,
      mostConcurrent: 0,
      points: [],
      content: [],
    };
    if (now >= use.hourStart + HOUR) {
      use.hourStart = now;
      use.used = 0;
    }
    this.uses.set(who, use);
    return use;
  }

  private countRequest(who: string, use: Use): void {
    if (use.used >= this.requestsPerHour)
      throw new Refusal(
        403,
        { message: `API rate limit exceeded for installation ID ${who}.` },
        this.headers(who),
      );
    use.used += 1;
  }

  private countPoints(use: Use, points: number): void {
    const now = this.clock.now();
    use.points = use.points.filter(({ at }) => at > now - MINUTE);
    const spent = use.points.reduce((sum, { count }) => sum + count, 0);
    const [first] = use.points;
    if (first !== undefined && spent + points > MAX_POINTS_PER_MINUTE)
      throw secondary(first.at + MINUTE - now);
    use.points.push({ at: now, count: points });
  }

  private countContent(use: Use): void {
    const now = this.clock.now();
    use.content = use.content.filter((at) => at > now - HOUR);
    const minute = use.content.filter((at) => at > now - MINUTE);
    if (minute[0] !== undefined && minute.length >= MAX_CONTENT_PER_MINUTE)
      throw blockedFromContent(minute[0] + MINUTE - now);
    if (use.content[0] !== undefined && use.content.length >= MAX_CONTENT_PER_HOUR)
      throw blockedFromContent(use.content[0] + HOUR - now);
    use.content.push(now);
  }
}

/** The refusal of a secondary limit, lifted after so many milliseconds. */
export function secondary(milliseconds: number): Refusal {
  return limited(
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
    milliseconds,
  );
}

function blockedFromContent(milliseconds: number): Refusal {
  return limited(
    'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.',
    milliseconds,
  );
}

function limited(message: string, milliseconds: number): Refusal {
  return new Refusal(
    403,
    {
      message,
      documentation_url:
        'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    },
    { 'retry-after': String(Math.max(1, Math.ceil(milliseconds / 1000))) },
  );
}
