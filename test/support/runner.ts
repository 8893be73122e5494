/**
 * A runner of GitHub Actions as far as a composite action needs one: steps are read from action.yml, expressions put in, and
 * each `run` executed by bash as the runner does it, with the files that steps write their outputs and summaries to.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { z } from 'zod';

const action = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
  outputs: z.record(z.string(), z.object({ description: z.string(), value: z.string() })),
  runs: z.object({
    using: z.literal('composite'),
    steps: z.array(
      z.object({
        name: z.string(),
        id: z.string(),
        shell: z.literal('bash'),
        run: z.string(),
        env: z.record(z.string(), z.string()),
      }),
    ),
  }),
});

export interface Job {
  /** Has `work`, the workspace, in it; the runner's own files go beside. */
  readonly directory: string;
  readonly event: object;
  readonly inputs: Readonly<Record<string, string>>;
  readonly eventName?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface JobResult {
  /** Of the first step that failed; 0 when none did. */
  readonly status: number;
  /** Standard output of all steps: the log, with the workflow commands. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export function readAction(): z.infer<typeof action> {
  return action.parse(parse(readFileSync('action.yml', 'utf8')));
}

/** Runs the action of this project. */
export async function runAction({ directory, event, inputs, eventName, env = {} }: Job): Promise<JobResult> {
  const described = readAction();
  const workspace = join(directory, 'work');
  const files = prepare(directory, event);
  const context = new Map<string, string>([['github.workspace', workspace]]);
  const put = (value: string): string =>
    value.replaceAll(/\$\{\{ *([\w.-]+) *\}\}/g, (_, name: string) => context.get(name) ?? '');
  for (const [name, input] of Object.entries(described.inputs))
    context.set(`inputs.${name}`, inputs[name] ?? put(input.default));
  let log = '';
  let status = 0;
  for (const step of described.runs.steps) {
    writeFileSync(files.output, '');
    const stepEnv = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, put(value)]));
    writeFileSync(files.script, step.run);
    const ran = await bash(files.script, workspace, {
      PATH: process.env.PATH ?? '',
      HOME: directory,
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: resolve('.'),
      GITHUB_EVENT_NAME: eventName ?? 'pull_request',
      GITHUB_EVENT_PATH: files.event,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: files.temp,
      ...env,
      ...stepEnv,
    });
    log += ran.log;
    for (const line of readFileSync(files.output, 'utf8').split('\n')) {
      const [, name = '', value = ''] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      context.set(`steps.${step.id}.outputs.${name}`, value);
    }
    ({ status } = ran);
    if (status !== 0) break;
  }
  const outputs = Object.entries(described.outputs).map(([name, { value }]) => [name, put(value)]);
  return {
    status,
    log,
    outputs: Object.fromEntries(outputs),
    summary: readFileSync(files.summary, 'utf8'),
  };
}

function prepare(
  directory: string,
  event: object,
): Record<'event' | 'output' | 'summary' | 'script' | 'temp', string> {
  const temp = join(directory, 'temp');
  mkdirSync(temp, { recursive: true });
  const files = {
    event: join(temp, 'event.json'),
    output: join(temp, 'output'),
    summary: join(temp, 'summary'),
    script: join(temp, 'step.sh'),
    temp,
  };
  writeFileSync(files.event, JSON.stringify(event));
  writeFileSync(files.summary, '');
  return files;
}

async function bash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly status: number; readonly log: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((done, fail) => {
    child.on('error', fail).on('close', done);
  });
  const [log, status] = await Promise.all([text(child.stdout), ended]);
  return { status: status ?? 1, log };
}
