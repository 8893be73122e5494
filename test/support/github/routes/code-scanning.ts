/** Uploads of SARIF: compressed and encoded; whether GitHub could read one is asked for by its id. */

import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { MAX_SARIF_BYTES } from '../../../../bot/github/limits.ts';
import { api } from '../present.ts';
import { Refusal } from '../refusal.ts';
import { type Answer, type Call, inRepository, ok, type Routes, repositoryOf } from '../route.ts';
import type { Sarif } from '../world.ts';

const upload = z.object({
  commit_sha: z.string().regex(/^[0-9a-f]{40}$/),
  ref: z.string().regex(/^refs\/(heads|tags|pull)\/.*$/),
  sarif: z.string(),
});
const sarifLog = z.object({ version: z.literal('2.1.0'), runs: z.array(z.unknown()).max(20) });

function create(call: Call): Answer {
  const { world } = call;
  const { fullName } = repositoryOf(call);
  const sent = upload.safeParse(call.body);
  if (!sent.success) throw new Refusal(400, { message: 'Bad Request' });
  const bytes = Buffer.from(sent.data.sarif, 'base64');
  if (bytes.length > MAX_SARIF_BYTES) throw new Refusal(413, { message: 'The sarif field is too large' });
  const id = `00000000-0000-4000-9000-${String(world.nextId()).padStart(12, '0')}`;
  const { log, errors } = unpacked(bytes);
  const { ref, commit_sha } = sent.data;
  const sarif: Sarif = { id, repository: fullName, ref, commitSha: commit_sha, log, errors };
  world.sarifs.set(id, sarif);
  return { status: 202, body: { id, url: api(world, `/repos/${fullName}/code-scanning/sarifs/${id}`) } };
}

function unpacked(bytes: Buffer): Pick<Sarif, 'log' | 'errors'> {
  try {
    const log: unknown = JSON.parse(gunzipSync(bytes).toString('utf8'));
    const checked = sarifLog.safeParse(log);
    return { log, errors: checked.success ? [] : ['The SARIF file is not as SARIF 2.1.0 wants it'] };
  } catch {
    return { log: null, errors: ['The SARIF file is not gzip-compressed JSON'] };
  }
}

function show(call: Call): Answer {
  const found = inRepository(call, call.world.sarifs.get(call.params.sarif_id ?? ''));
  return ok({
    processing_status: found.errors.length === 0 ? 'complete' : 'failed',
    analyses_url: api(call.world, `/repos/${found.repository}/code-scanning/analyses?sarif_id=${found.id}`),
    errors: found.errors.length === 0 ? null : [...found.errors],
  });
}

export const CODE_SCANNING: Routes = {
  'POST /repos/{owner}/{repo}/code-scanning/sarifs': {
    needs: [{ security_events: 'write' }],
    handle: create,
  },
  'GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}': {
    needs: [{ security_events: 'read' }],
    handle: show,
  },
};
