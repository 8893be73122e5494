/** What a request gets, as plain data, and the error that says why it gets nothing. */

import type { Markup } from './html.ts';

export interface Answer {
  readonly status: number;
  readonly type: 'html' | 'atom' | 'css' | 'javascript' | 'text';
  readonly body: string;
  /** It never changes under its address. */
  readonly isFixed?: true;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that cannot be answered; the message is for who sent it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

export function htmlAnswer(page: Markup, status = 200): Answer {
  return { status, type: 'html', body: page.toString() };
}
