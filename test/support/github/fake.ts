/**
 * A small GitHub on loopback: tokens, one pull request's diff, check runs. Real HTTP; it refuses what the
 * real one refuses: a request without a token, more than 50 annotations, a summary over 65,535 characters.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { MAX_SUMMARY } from '../../../bot/github/check-output.ts';
import { MAX_ANNOTATIONS_PER_REQUEST } from '../../../bot/github/review-pull-request.ts';
import { listenOnLoopback } from '../loopback.ts';

const output = z.object({
  title: z.string(),
  summary: z.string(),
  annotations: z.array(z.object({ path: z.string(), start_line: z.int(), title: z.string() })),
});
const newCheckRun = z.object({
  head_sha: z.string(),
  conclusion: z.enum(['success', 'failure', 'neutral']),
  output,
});
const checkRunUpdate = z.object({ output });

type Output = z.infer<typeof output>;

export interface CheckRun extends z.infer<typeof newCheckRun> {
  readonly id: number;
}

export class FakeGitHub {
  readonly checkRuns: CheckRun[] = [];
  /** The pull request's diff; null answers 406 as the real one does for large diffs. */
  diff: string | null = '';
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request, response);
    });
  }

  listen(): Promise<string> {
    return listenOnLoopback(this.server);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const route = `${request.method ?? ''} ${request.url ?? ''}`;
    if (/^POST \/app\/installations\/\d+\/access_tokens$/.test(route)) {
      send(response, 201, {
        token: 'installation-token',
        expires_at: '2999-01-01T00:00:00Z',
        permissions: {},
      });
    } else if (request.headers.authorization !== 'token installation-token') {
      send(response, 401, { message: 'Bad credentials' });
    } else if (/^GET \/repos\/[^/]+\/[^/]+\/pulls\/\d+$/.test(route)) {
      this.sendDiff(response);
    } else if (/^POST \/repos\/[^/]+\/[^/]+\/check-runs$/.test(route)) {
      this.createCheckRun(response, newCheckRun.parse(JSON.parse(body)));
    } else {
      const patched = /^PATCH \/repos\/[^/]+\/[^/]+\/check-runs\/(\d+)$/.exec(route);
      const run = this.checkRuns.find(({ id }) => String(id) === patched?.[1]);
      if (run === undefined) send(response, 404, { message: `Not Found: ${route}` });
      else this.appendAnnotations(response, run, checkRunUpdate.parse(JSON.parse(body)).output);
    }
  }

  private sendDiff(response: ServerResponse): void {
    if (this.diff === null) {
      send(response, 406, { message: 'Sorry, the diff exceeded the maximum number of lines (20000)' });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/vnd.github.diff; charset=utf-8' });
    response.end(this.diff);
  }

  private createCheckRun(response: ServerResponse, sent: z.infer<typeof newCheckRun>): void {
    if (refuse(response, sent.output)) return;
    const run = { ...sent, id: this.checkRuns.length + 1 };
    this.checkRuns.push(run);
    send(response, 201, run);
  }

  /** "Each time you update the check run, annotations are appended to the list." */
  private appendAnnotations(response: ServerResponse, run: CheckRun, sent: Output): void {
    if (refuse(response, sent)) return;
    run.output.annotations = [...run.output.annotations, ...sent.annotations];
    send(response, 200, run);
  }
}

function refuse(response: ServerResponse, { annotations, summary }: Output): boolean {
  if (annotations.length <= MAX_ANNOTATIONS_PER_REQUEST && summary.length <= MAX_SUMMARY) return false;
  send(response, 422, { message: 'Validation Failed' });
  return true;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
