/** An answer other than what was asked for, thrown by routes and sent by the server. */

import type { Json } from './json.ts';

const DOCUMENTATION = 'https://docs.github.com/rest';

export class Refusal extends Error {
  readonly status: number;
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: Json & { readonly message: string }, headers = {}) {
    super(`${status} ${body.message}`);
    this.status = status;
    this.body = { documentation_url: DOCUMENTATION, status: String(status), ...body };
    this.headers = headers;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, { message: 'Not Found' });
}

/** As reviews are refused: messages in words. */
export function unprocessable(...errors: string[]): Refusal {
  return new Refusal(422, { message: 'Unprocessable Entity', errors });
}

interface FieldError {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

/** As comments, labels and the rest are refused: a record for each field. */
export function validationFailed(...errors: FieldError[]): Refusal {
  return new Refusal(422, { message: 'Validation Failed', errors });
}
