/**
 * Reads bodies of requests: text comes out, or why one is not taken. Who sends one is known only when all of it is there, so
 * those that are held at the same time are bounded together, over all connections.
 */

import type { IncomingMessage } from 'node:http';

/** "Payloads are capped at 25 MB." (webhooks/webhook-events-and-payloads) */
const MAX_BODY = 25 * 1024 * 1024;

/** Eight of the longest; most webhooks have some ten kilobytes. */
const MAX_HELD = 8 * MAX_BODY;

export type Body =
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'too long' }
  /** Others hold what there is: it may be sent again. */
  | { readonly kind: 'no room' };

export class Bodies {
  /** Bytes that have come in and are not done with. */
  private held = 0;

  /** Gives a request's body to `work`, and holds it until that ends. Throws where the sender goes away, and what `work` throws. */
  async withBody<Result>(request: IncomingMessage, work: (body: Body) => Promise<Result>): Promise<Result> {
    const room = { size: 0 };
    try {
      return await work(await this.read(request, room));
    } finally {
      this.take(room, -room.size);
    }
  }

  /** Of a body that is not taken the rest is read and thrown away: a sender who still writes sees no answer otherwise. */
  private read(request: IncomingMessage, room: { size: number }): Promise<Body> {
    const parts: Buffer[] = [];
    return new Promise((resolve, reject) => {
      const refuse = (kind: 'too long' | 'no room'): void => {
        request.off('data', take).resume();
        parts.length = 0;
        this.take(room, -room.size);
        resolve({ kind });
      };
      const take = (part: Buffer): void => {
        if (room.size + part.length > MAX_BODY) return refuse('too long');
        if (this.held + part.length > MAX_HELD) return refuse('no room');
        this.take(room, part.length);
        parts.push(part);
      };
      request
        .on('data', take)
        .once('end', () => resolve({ kind: 'whole', text: Buffer.concat(parts).toString('utf8') }))
        .once('error', reject);
    });
  }

  private take(room: { size: number }, size: number): void {
    room.size += size;
    this.held += size;
  }
}
