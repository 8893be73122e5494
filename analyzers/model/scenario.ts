/**
 * Scenarios: who else is at work beside the code under review, as the threads describe it, and what the code of the thread
 * and its accepted fixes look like. `scenarios/*.yml`, one file each; `environment.yml` has the tasks that they share.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Model, Reclaim, Resource, ResourceName, TaskProgram } from '../vocabulary/model.ts';
import { ERAS } from './eras.ts';
import { legendSchema, reclaimSchema, resourcesSchema, taskSchema } from './schema.ts';

/** A task that is always there in a kernel of these eras. */
export interface EnvironmentTask extends TaskProgram {
  readonly eras: readonly string[];
  /** What of the kernel it abstracts: `write_cache_pages(), mm/page-writeback.c`. */
  readonly source: string;
}

/** One text of the code that the scenario is about. */
export interface Variant {
  readonly title: string;
  readonly tasks: readonly TaskProgram[];
  /** What becomes of it. */
  readonly expect: 'stuck' | 'broken' | 'clear';
}

export interface Scenario {
  readonly id: string;
  /** One line for lists. */
  readonly title: string;
  /** What happens, in two or three sentences. */
  readonly summary: string;
  /** Ids of the thread cards. */
  readonly threads: readonly string[];
  /** In which the variants come out as they say. */
  readonly eras: readonly string[];
  readonly resources: Readonly<Record<ResourceName, Resource>>;
  /** What a reader of a witness has to be told of each: `P: the page that is locked`. */
  readonly legend: Readonly<Record<ResourceName, string>>;
  readonly reclaim: Reclaim;
  /** Names of tasks of `environment.yml`. */
  readonly environment: readonly EnvironmentTask[];
  /** The code of the thread first, then what was accepted instead. */
  readonly variants: readonly Variant[];
}

/** A file that cannot be used; the message names file, field and reason. */
export class ScenarioError extends Error {
  constructor(file: string, cause: unknown) {
    super(`${file}: ${reasonOf(cause)}`, { cause });
    this.name = 'ScenarioError';
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'is no id');

const era = z.enum(ERAS.map((one) => one.id));

const environmentFile = z.array(
  z.strictObject({ ...taskSchema.shape, eras: z.array(era).min(1), source: z.string().min(1) }),
);

const scenarioFile = z.strictObject({
  id,
  title: z.string().min(1).max(100),
  summary: z.string().min(1),
  threads: z.array(id),
  eras: z.array(era).min(1),
  resources: resourcesSchema,
  legend: legendSchema,
  reclaim: reclaimSchema.default({}),
  environment: z.array(z.string()).default([]),
  variants: z
    .array(
      z.strictObject({
        title: z.string().min(1),
        tasks: z.array(taskSchema).min(1),
        expect: z.enum(['stuck', 'broken', 'clear']),
      }),
    )
    .min(1),
});

const DIRECTORY = fileURLToPath(new URL('scenarios/', import.meta.url));

const ENVIRONMENT = 'environment.yml';

/** All of them by id, in order of id. Throws `ScenarioError`. */
export function loadScenarios(directory: string = DIRECTORY): Map<string, Scenario> {
  const tasks = loadEnvironment(directory);
  const files = readdirSync(directory).filter((file) => file.endsWith('.yml') && file !== ENVIRONMENT);
  return new Map(
    files.toSorted().map((file) => {
      const scenario = read(join(directory, file), tasks);
      return [scenario.id, scenario];
    }),
  );
}

/** The tasks that scenarios share, by name. */
export function loadEnvironment(directory: string = DIRECTORY): Map<string, EnvironmentTask> {
  const file = join(directory, ENVIRONMENT);
  try {
    const tasks = environmentFile.parse(parse(readFileSync(file, 'utf8')));
    return new Map(tasks.map((task) => [task.name, task]));
  } catch (error) {
    throw new ScenarioError(file, error);
  }
}

function read(file: string, tasks: ReadonlyMap<string, EnvironmentTask>): Scenario {
  try {
    const scenario = scenarioFile.parse(parse(readFileSync(file, 'utf8')));
    const environment = scenario.environment.map((name) => {
      const task = tasks.get(name);
      if (task === undefined) throw new Error(`environment: no task is called "${name}"`);
      return task;
    });
    for (const name of Object.keys(scenario.legend)) {
      if (scenario.resources[name] === undefined) throw new Error(`legend: no resource is called "${name}"`);
    }
    return { ...scenario, environment };
  } catch (error) {
    throw new ScenarioError(file, error);
  }
}

/** The scenario with these tasks in the place of the code under review; those of its environment that its era has. */
export function modelOf(
  {
    resources,
    legend,
    reclaim,
    environment,
  }: Pick<Scenario, 'resources' | 'legend' | 'reclaim' | 'environment'>,
  tasks: readonly TaskProgram[],
  eraId: string,
): Model {
  const others = environment
    .filter(({ eras }) => eras.includes(eraId))
    .map(({ name, program }): TaskProgram => ({ name, program }));
  return { era: eraId, resources, reclaim, tasks: [...tasks, ...others], legend };
}
