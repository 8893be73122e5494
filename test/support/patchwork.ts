/**
 * A Patchwork server on loopback, as far as its documented REST API (version 1.2) speaks of finding patches and of checks. It is
 * strict where the real one is: the token, the closing slash, the states, the names of contexts, the length of addresses.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { listenOnLoopback } from './loopback.ts';

const checkCreate = z.object({
  state: z.enum(['pending', 'success', 'warning', 'fail']),
  context: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[-a-zA-Z0-9_]+$/)
    .default('default'),
  description: z.string().nullish(),
  target_url: z.url().max(200).nullish(),
});

export type StoredCheck = z.infer<typeof checkCreate> & { readonly patch: number };

interface Canned {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export class FakePatchwork {
  readonly token = 'fb6ad0a8f0c14d6f8d2b1f0c9f6f1234';
  /** Message-IDs, without brackets, by the numbers of the patches. */
  readonly patches = new Map<number, string>();
  /** Patches that belong to projects of which the token's owner is no maintainer. */
  readonly foreign = new Set<number>();
  readonly checks: StoredCheck[] = [];
  readonly requests: string[] = [];
  /** What the next requests get in place of an answer: `drop` closes the connection, `hang` never answers. */
  readonly trouble: (Canned | 'drop' | 'hang')[] = [];
  private readonly server = createServer((request, response) => {
    void this.answer(request, response);
  });

  async listen(): Promise<string> {
    return await listenOnLoopback(this.server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    this.requests.push(`${method} ${url}`);
    const body = await text(request);
    const trouble = this.trouble.shift();
    if (trouble === 'hang') return;
    if (trouble === 'drop') {
      response.destroy();
      return;
    }
    const { status, headers, body: said = '' } = trouble ?? this.judge(request, body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(said);
  }

  private judge({ method, url = '', headers }: IncomingMessage, body: string): Canned {
    const { pathname, searchParams } = new URL(url, 'http://patchwork');
    if (pathname === '/api/1.2/patches/' && method === 'GET') {
      const id = searchParams.get('msgid');
      const found = [...this.patches].filter(([, messageId]) => messageId === id);
      return json(
        200,
        found.map(([patch]) => ({ id: patch, name: 'demofs' })),
      );
    }
    const number = /^\/api\/1\.2\/patches\/(\d+)\/checks\/$/.exec(pathname)?.[1];
    if (number === undefined || method !== 'POST') return json(404, { detail: 'Not found.' });
    const { authorization } = headers;
    if (authorization === undefined) {
      return json(401, { detail: 'Authentication credentials were not provided.' });
    }
    if (authorization !== `Token ${this.token}`) return json(401, { detail: 'Invalid token.' });
    const patch = Number(number);
    if (!this.patches.has(patch)) return json(404, { detail: 'No Patch matches the given query.' });
    if (this.foreign.has(patch)) {
      return json(403, { detail: 'You do not have permission to perform this action.' });
    }
    const check = checkCreate.safeParse(JSON.parse(body));
    if (!check.success) {
      const fields = check.error.issues.map(({ path, message }) => [path.map(String).join('.'), [message]]);
      return json(400, Object.fromEntries(fields));
    }
    const id = this.checks.push({ ...check.data, patch });
    const { host = '' } = headers;
    return json(201, { id, url: `http://${host}/api/1.2/patches/${patch}/checks/${id}/`, ...check.data });
  }
}

function json(status: number, value: unknown): Canned {
  return { status, body: JSON.stringify(value) };
}
