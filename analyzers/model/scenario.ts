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
  /** The versions of these eras that have it, where not all do: the first one, and the first one that has it no more. */
  readonly from?: string | undefined;
  readonly below?: string | undefined;
  /** What of the kernel it abstracts: `write_cache_pages(), mm/page-writeback.c`. */
  readonly source: string;
}

/** One text of the code that the scenario is about. */
export interface Variant {
  readonly title: string;
  /** The first one is the code under review; others run beside it in this variant. */
  readonly tasks: readonly TaskProgram[];
  /** What becomes of it. */
  readonly expect: 'stuck' | 'broken' | 'clear';
  /** Some of the scenario's eras, where it does not come out so in all of them. */
  readonly eras: readonly string[];
  /** Resources that are new or other than the scenario's. */
  readonly resources: Readonly<Record<ResourceName, Resource>>;
  /** In the place of the scenario's. */
  readonly reclaim: Reclaim;
  readonly environment: readonly EnvironmentTask[];
}

/** What a kernel does when nobody has changed it: tasks that run beside each other, on resources of their own. */
export interface Setting {
  readonly id: string;
  readonly title: string;
  readonly eras: readonly string[];
  readonly resources: Readonly<Record<ResourceName, Resource>>;
  readonly legend: Readonly<Record<ResourceName, string>>;
  readonly reclaim: Reclaim;
  readonly tasks: readonly EnvironmentTask[];
}

/** `environment.yml`. */
export interface Environment {
  /** By name. */
  readonly tasks: ReadonlyMap<string, EnvironmentTask>;
  readonly settings: readonly Setting[];
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
  /** What has to be true of the system beside: a mount option, a feature that is in use. */
  readonly assumes: readonly string[];
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

const eras = z.array(era).min(1);

const title = z.string().min(1).max(100);

const version = z.string().regex(/^\d+(\.\d+){1,2}$/, 'is no version');

const environmentFile = z.strictObject({
  settings: z.array(
    z.strictObject({
      id,
      title,
      eras,
      resources: resourcesSchema,
      legend: legendSchema,
      reclaim: reclaimSchema.default({}),
      tasks: z.array(z.string()).min(1),
    }),
  ),
  tasks: z.array(
    z.strictObject({
      ...taskSchema.shape,
      eras,
      from: version.optional(),
      below: version.optional(),
      source: z.string().min(1),
    }),
  ),
});

const variantFile = z.strictObject({
  title,
  tasks: z.array(taskSchema).min(1),
  expect: z.enum(['stuck', 'broken', 'clear']),
  eras: eras.optional(),
  resources: resourcesSchema.default({}),
  reclaim: reclaimSchema.optional(),
  environment: z.array(z.string()).optional(),
});

const scenarioFile = z.strictObject({
  id,
  title,
  summary: z.string().min(1),
  threads: z.array(id),
  eras,
  resources: resourcesSchema,
  legend: legendSchema,
  assumes: z.array(z.string().min(1)).default([]),
  reclaim: reclaimSchema.default({}),
  environment: z.array(z.string()).default([]),
  variants: z.array(variantFile).min(1),
});

const DIRECTORY = fileURLToPath(new URL('scenarios/', import.meta.url));

const ENVIRONMENT = 'environment.yml';

/** All of them by id, in order of id. Throws `ScenarioError`. */
export function loadScenarios(directory: string = DIRECTORY): Map<string, Scenario> {
  const { tasks } = loadEnvironment(directory);
  const files = readdirSync(directory).filter((file) => file.endsWith('.yml') && file !== ENVIRONMENT);
  return new Map(
    files.toSorted().map((file) => {
      const scenario = reading(join(directory, file), (text) => scenarioOf(file, text, tasks));
      return [scenario.id, scenario];
    }),
  );
}

/** What scenarios share. Throws `ScenarioError`. */
export function loadEnvironment(directory: string = DIRECTORY): Environment {
  return reading(join(directory, ENVIRONMENT), (text) => {
    const file = environmentFile.parse(text);
    const tasks = new Map(file.tasks.map((task) => [task.name, task]));
    if (tasks.size < file.tasks.length) throw new Error('tasks: two have the same name');
    return { tasks, settings: file.settings.map((setting) => settingOf(setting, tasks)) };
  });
}

function settingOf(
  { tasks: names, ...setting }: z.infer<typeof environmentFile>['settings'][number],
  tasks: ReadonlyMap<string, EnvironmentTask>,
): Setting {
  const field = `settings.${setting.id}`;
  checkLegend(setting.legend, [setting]);
  return { ...setting, tasks: named(names, tasks, `${field}.tasks`) };
}

function reading<Result>(file: string, parsed: (text: unknown) => Result): Result {
  try {
    return parsed(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ScenarioError(file, error);
  }
}

function named(
  names: readonly string[],
  tasks: ReadonlyMap<string, EnvironmentTask>,
  field: string,
): readonly EnvironmentTask[] {
  return names.map((name) => {
    const task = tasks.get(name);
    if (task === undefined) throw new Error(`${field}: no task is called "${name}"`);
    return task;
  });
}

function scenarioOf(file: string, text: unknown, tasks: ReadonlyMap<string, EnvironmentTask>): Scenario {
  const scenario = scenarioFile.parse(text);
  if (`${scenario.id}.yml` !== file) throw new Error(`id: is not the name of the file, "${scenario.id}"`);
  const environment = named(scenario.environment, tasks, 'environment');
  const variants = scenario.variants.map((variant, index): Variant => {
    const field = `variants.${index}`;
    for (const one of variant.eras ?? []) {
      if (!scenario.eras.includes(one)) throw new Error(`${field}.eras: "${one}" is none of the scenario's`);
    }
    return {
      ...variant,
      eras: variant.eras ?? scenario.eras,
      reclaim: variant.reclaim ?? scenario.reclaim,
      environment:
        variant.environment === undefined
          ? environment
          : named(variant.environment, tasks, `${field}.environment`),
    };
  });
  checkLegend(scenario.legend, [scenario, ...variants]);
  return { ...scenario, environment, variants };
}

/** Each resource is explained, and nothing else. */
function checkLegend(
  legend: Scenario['legend'],
  places: readonly { readonly resources: Scenario['resources'] }[],
): void {
  const resources = new Set(places.flatMap((place) => Object.keys(place.resources)));
  for (const name of Object.keys(legend)) {
    if (!resources.has(name)) throw new Error(`legend: no resource is called "${name}"`);
  }
  for (const name of resources) {
    if (legend[name] === undefined) throw new Error(`legend: "${name}" is not explained`);
  }
}

/** The scenario with these tasks in the place of the code under review; those of its environment that its era has. */
function modelOf(
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
    .filter((task) => task.eras.includes(eraId))
    .map(({ name, program }): TaskProgram => ({ name, program }));
  return { era: eraId, resources, reclaim, tasks: [...tasks, ...others], legend };
}

/** A variant as it runs in one of its eras. */
export function variantModel(scenario: Scenario, variant: Variant, eraId: string): Model {
  const resources = { ...scenario.resources, ...variant.resources };
  const legend = Object.fromEntries(
    Object.entries(scenario.legend).filter(([name]) => resources[name] !== undefined),
  );
  return modelOf({ ...variant, resources, legend }, variant.tasks, eraId);
}

/** Tasks of a setting beside each other. */
export function settingModel(setting: Setting, tasks: readonly TaskProgram[], eraId: string): Model {
  return modelOf({ ...setting, environment: [] }, tasks, eraId);
}
