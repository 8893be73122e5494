/** The app's manifest: as its file has it, and as people send it from the page of `patchwitness serve`. */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { NewApp } from '../github/server.ts';

const manifest = z.object({
  default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])),
  default_events: z.array(z.string()),
});

/** What `app.yml` asks for. Throws where it is not as a manifest is. */
export function askedByManifest(): Required<Pick<NewApp, 'permissions' | 'events'>> {
  const { default_permissions: permissions, default_events: events } = manifest.parse(
    parse(readFileSync('app.yml', 'utf8')),
  );
  return { permissions, events };
}

export interface ManifestForm {
  /** Where the form leads. */
  readonly action: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  /** By which the page knows whom it sent. */
  readonly state: string;
}

/** The form on the page for an app that is not registered yet. Throws where the page has none. */
export function readManifestForm(page: string): ManifestForm {
  const { action, value } = z
    .object({ action: z.string(), value: z.string() })
    .parse(/action="(?<action>[^"]*)"[\s\S]*name="manifest" value="(?<value>[^"]*)"/.exec(page)?.groups);
  return {
    action,
    manifest: z.record(z.string(), z.unknown()).parse(JSON.parse(plainText(value))),
    state: /state=([0-9a-f]+)/.exec(action)?.[1] ?? '',
  };
}

function plainText(value: string): string {
  return value
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
