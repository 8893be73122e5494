/**
 * Registers the app at GitHub by the manifest flow: a page sends the manifest there, GitHub sends its user back with a code, and
 * for the code gives the app's id, key and secret, which go into a file that nobody else may read.
 * https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { parse } from 'yaml';
import { z } from 'zod';
import { reasonOf } from '../github/client.ts';
import { packageRoot } from '../package.ts';
import { escaped } from '../reports/markup.ts';
import { WEBHOOK_PATH } from './http.ts';

export interface SetupOptions {
  readonly apiUrl: string | undefined;
  readonly siteUrl: string;
  /** Under which GitHub and the user's browser reach this server, without a slash at its end. */
  readonly publicUrl: string;
  /** Where the app's credentials go. */
  readonly envFile: string;
  /** Called when they are there. */
  readonly onDone: () => void;
}

const converted = z.object({
  id: z.int(),
  slug: z.string(),
  pem: z.string(),
  webhook_secret: z.string().nullable(),
  html_url: z.string(),
});

/** Not listening yet. */
export function makeSetupServer(options: SetupOptions): Server {
  // Nobody else can finish what this page began.
  const state = randomBytes(24).toString('hex');
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const route = `${request.method ?? ''} ${url.pathname}`;
    if (route === 'GET /') page(response, 200, formPage(state, options));
    else if (route === 'GET /setup') void finish(url, state, response, options);
    else if (route === 'GET /health') page(response, 503, 'the app is not set up');
    else page(response, 404, 'There is nothing here.');
  });
}

/** `app.yml` with the addresses of this server. */
function manifestFor(publicUrl: string): Readonly<Record<string, unknown>> {
  const manifest = z
    .record(z.string(), z.unknown())
    .parse(parse(readFileSync(join(packageRoot(), 'app.yml'), 'utf8')));
  return {
    ...manifest,
    redirect_url: `${publicUrl}/setup`,
    hook_attributes: { url: `${publicUrl}${WEBHOOK_PATH}`, active: true },
  };
}

function formPage(state: string, { siteUrl, publicUrl }: SetupOptions): string {
  const manifest = JSON.stringify(manifestFor(publicUrl));
  return [
    '<h1>patchwitness</h1>',
    '<p>Registers the app at GitHub, with the permissions of its manifest. Webhooks will come to',
    `<code>${escaped(publicUrl)}${WEBHOOK_PATH}</code>.</p>`,
    `<form action="${escaped(siteUrl)}/settings/apps/new?state=${state}" method="post">`,
    `<input type="hidden" name="manifest" value="${escaped(manifest)}">`,
    '<button>Register at GitHub</button></form>',
  ].join('\n');
}

async function finish(
  url: URL,
  state: string,
  response: ServerResponse,
  options: SetupOptions,
): Promise<void> {
  const code = url.searchParams.get('code') ?? '';
  if (!isSame(url.searchParams.get('state') ?? '', state) || !/^[\w-]{1,200}$/.test(code)) {
    page(response, 400, 'This was not begun here.');
    return;
  }
  try {
    const octokit = new Octokit(options.apiUrl === undefined ? {} : { baseUrl: options.apiUrl });
    const { data } = await octokit.request('POST /app-manifests/{code}/conversions', { code });
    const { id, pem, webhook_secret: secret, html_url: link } = converted.parse(data);
    writeCredentials(options.envFile, { id, pem, secret: secret ?? randomBytes(24).toString('hex') });
    const install = `<a href="${escaped(link)}/installations/new">Install it in a repository</a>`;
    page(
      response,
      200,
      `<h1>Registered</h1><p>The credentials are in <code>${escaped(options.envFile)}</code>. ${install}.</p>`,
    );
    options.onDone();
  } catch (error) {
    page(response, 502, `GitHub did not register it: ${escaped(reasonOf(error))}`);
  }
}

/** What the file holds already stays. */
function writeCredentials(
  path: string,
  { id, pem, secret }: { readonly id: number; readonly pem: string; readonly secret: string },
): void {
  const lines = [
    `APP_ID=${id}`,
    `WEBHOOK_SECRET=${secret}`,
    `PRIVATE_KEY="${pem.trim().replaceAll('\n', '\\n')}"`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'a' });
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function page(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; form-action *; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>patchwitness</title><body>${body}</body></html>\n`,
  );
}
