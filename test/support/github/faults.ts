/** What goes wrong on request: the next requests that match get this in place of, or after, their answer. */

import { secondary } from './rates.ts';
import { Refusal } from './refusal.ts';

export interface Fault {
  readonly match: {
    readonly method?: string;
    /** The path behind `/api/v3`, whole or as an expression. GraphQL is `/graphql`. */
    readonly path?: string | RegExp;
  };
  /** How many requests; one when nothing is said. */
  readonly times?: number;
  /** How many matching requests are served first. */
  readonly after?: number;
  /** Waits before anything else happens. */
  readonly delayMilliseconds?: number;
  /**
   * `answer`: `status` without the request being done. `reset`: the connection is closed without it being done. `lost`: it is
   * done, and the connection closed before the answer. `slow`: it is done and answered, after the delay.
   */
  readonly kind?: 'answer' | 'reset' | 'lost' | 'slow';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Waiting {
  readonly fault: Fault;
  toServe: number;
  left: number;
}

export class Faults {
  private waiting: Waiting[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, toServe: fault.after ?? 0, left: fault.times ?? 1 });
  }

  /** Faults that have not happened yet: a test that ends with some did not test what it says. */
  get unspent(): number {
    return this.waiting.length;
  }

  clear(): void {
    this.waiting = [];
  }

  /** The fault of this request, counted; null when it is to be served. */
  take(method: string, path: string): Fault | null {
    for (const waiting of this.waiting) {
      if (!matches(waiting.fault, method, path)) continue;
      if (waiting.toServe > 0) {
        waiting.toServe -= 1;
        continue;
      }
      waiting.left -= 1;
      if (waiting.left <= 0) this.waiting = this.waiting.filter((other) => other !== waiting);
      return waiting.fault;
    }
    return null;
  }
}

function matches({ match }: Fault, method: string, path: string): boolean {
  if (match.method !== undefined && match.method !== method) return false;
  if (match.path === undefined) return true;
  return typeof match.path === 'string' ? match.path === path : match.path.test(path);
}

const WORDS: Readonly<Record<number, string>> = {
  401: 'Bad credentials',
  404: 'Not Found',
  422: 'Validation Failed',
  500: 'Server Error',
  502: 'Server Error',
  503: 'Service unavailable',
};

/** The refusal that a fault stands for; a 403 without more is that of a secondary limit of a second. */
export function refusalOf({ status = 500, headers = {}, body }: Fault): Refusal {
  if (status === 403 && body === undefined) {
    const refusal = secondary(1000);
    return new Refusal(
      403,
      { ...refusal.body, message: refusal.message.slice(4) },
      { ...refusal.headers, ...headers },
    );
  }
  const said = typeof body === 'object' && body !== null ? body : {};
  return new Refusal(status, { message: WORDS[status] ?? 'Server Error', ...said }, headers);
}
