/**
 * GitHub's OpenAPI description, as far as openapi.json has it: judges requests, answers and webhooks, and completes our own
 * with what the description requires and no test looks at (addresses of avatars, counts of forks).
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isJson, type Json } from './json.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly maxItems?: number;
  readonly maxLength?: number;
}

interface Operation {
  readonly query: Readonly<Record<string, Schema>>;
  readonly body: Schema | null;
  readonly bodyRequired: boolean;
  /** By status; null where the answer has no body or none in JSON. */
  readonly responses: Readonly<Record<string, Schema | null>>;
}

interface Description {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly webhooks: Readonly<Record<string, Schema>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** The file writes references from its own root; the validator knows that root by a name. */
const ROOT = 'github';
const REFERENCE = `${ROOT}#/schemas/`;

const description = read();
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  verbose: true,
  // Each schema is compiled once, not wherever it is named: a tenth of the time.
  inlineRefs: false,
  code: { optimize: false },
  formats: {
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    uri: /^[a-z][a-z+.-]*:\S+$/i,
    email: /^\S+@\S+$/,
    int64: true,
    'uri-template': true,
    hostname: true,
    timestamp: true,
    'repo.nwo': true,
    date: /^\d{4}-\d\d-\d\d$/,
    iri: true,
  },
}).addSchema({ $id: ROOT, schemas: description.schemas });
const validators = new Map<Schema, ValidateFunction>();

function read(): Description {
  const text = readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8');
  const parsed: Description = JSON.parse(text.replaceAll('"#/schemas/', `"${REFERENCE}`));
  return parsed;
}

/** `GET /repos/{owner}/{repo}` and so on: everything that can be asked. */
export const OPERATIONS: readonly string[] = Object.keys(description.operations);

/** What is wrong with a request, in GitHub's words; nothing when it is as described. */
export function requestProblems(name: string, query: URLSearchParams, body: unknown): string[] {
  const operation = operationOf(name);
  const unknown = [...query.keys()].filter((key) => operation.query[key] === undefined);
  return [
    ...unknown.map((key) => `the query has no parameter "${key}"`),
    ...[...query].flatMap(([key, value]) => queryProblems(key, value, operation.query[key])),
    ...bodyProblems(operation, body),
  ];
}

function queryProblems(key: string, value: string, schema: Schema | undefined): string[] {
  if (schema?.type === 'integer' && !/^\d+$/.test(value))
    return [`For 'query/${key}', ${value} is no number.`];
  const allowed = schema?.enum;
  return allowed === undefined || allowed.includes(value)
    ? []
    : [`For 'query/${key}', "${value}" is not a member of ${JSON.stringify(allowed)}.`];
}

function bodyProblems({ body: schema, bodyRequired }: Operation, body: unknown): string[] {
  if (schema === null) return [];
  if (body === undefined) return bodyRequired ? ['Body should be a JSON object'] : [];
  const validate = validator(schema);
  return validate(body) ? [] : (validate.errors ?? []).map(inGitHubsWords);
}

/** Properties of a body that the description does not know: GitHub ignores them, so a misspelt one does nothing. */
export function unknownProperties(name: string, body: unknown): string[] {
  const { body: schema } = operationOf(name);
  const branches = [schema ?? {}, ...(schema?.oneOf ?? []), ...(schema?.anyOf ?? [])].map(resolved);
  const known = new Set(branches.flatMap(({ properties = {} }) => Object.keys(properties)));
  return known.size === 0 || !isJson(body) ? [] : Object.keys(body).filter((key) => !known.has(key));
}

function inGitHubsWords({ keyword, params, data, instancePath }: ErrorObject): string {
  const at = `For 'properties${instancePath}'`;
  const given: Json = params;
  switch (keyword) {
    case 'required':
      return `"${String(given.missingProperty)}" wasn't supplied.`;
    case 'maxItems':
      return `No more than ${String(given.limit)} items are allowed; ${Array.isArray(data) ? data.length : 0} were supplied.`;
    case 'maxLength':
      return `Only ${String(given.limit)} characters are allowed; ${String(data).length} were supplied.`;
    case 'type':
      return `${at}, ${JSON.stringify(data)} is not a ${String(given.type)}.`;
    case 'enum':
      return `${at}, ${JSON.stringify(data)} is not a member of ${JSON.stringify(given.allowedValues)}.`;
    default:
      return `${at}, ${keyword} does not hold.`;
  }
}

/** An answer as the description wants it, completed; throws where what we say ourselves is not as described. */
export function describedAnswer(name: string, status: number, body: unknown): unknown {
  const { responses } = operationOf(name);
  const schema = responses[String(status)];
  if (schema === undefined) {
    if (status >= 400) return body;
    throw new Error(`${name}: the description has no answer ${status}`);
  }
  if (schema === null || body === undefined) return body;
  return described(`${name}: answer ${status}`, schema, body);
}

/** A webhook's payload, completed and checked; events that the slice does not have pass as they are. */
export function describedWebhook(name: string, payload: Json): Json {
  const schema = description.webhooks[name];
  if (schema === undefined) return payload;
  const complete = described(`webhook ${name}`, schema, payload);
  if (!isJson(complete)) throw new Error(`webhook ${name}: no object`);
  return complete;
}

/** The most items or characters that the description allows at a place of an operation's body. */
export function describedMaximum(name: string, path: readonly string[]): number | undefined {
  let at = resolved(operationOf(name).body ?? {});
  for (const key of path) at = resolved(key === '[]' ? (at.items ?? {}) : (at.properties?.[key] ?? {}));
  return at.maxItems ?? at.maxLength;
}

function operationOf(name: string): Operation {
  const operation = description.operations[name];
  if (operation === undefined) throw new Error(`${name} is not in openapi.json`);
  return operation;
}

function described(what: string, schema: Schema, value: unknown): unknown {
  const complete = filled(schema, value);
  const validate = validator(schema);
  if (!validate(complete)) {
    const errors = (validate.errors ?? []).slice(0, 5);
    const words = errors.map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
    throw new Error(`${what} is not as GitHub describes it: ${words.join('; ')}`);
  }
  return complete;
}

function validator(schema: Schema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = ajv.compile(schema);
  validators.set(schema, made);
  return made;
}

function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.slice(REFERENCE.length);
  const found = description.schemas[name];
  if (found === undefined) throw new Error(`openapi.json has no schema ${name}`);
  return resolved(found);
}

/** `value` with everything that the schema requires and that is not there yet. */
function filled(reference: Schema, value: unknown): unknown {
  const schema = resolved(reference);
  if (value === undefined) return sample(schema);
  const { items } = schema;
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => filled(items, item));
  if (!isJson(value)) return value;
  const { properties = {}, required = [] } = schema;
  const given = Object.keys(value).filter((name) => value[name] !== undefined);
  const names = [...new Set([...required, ...given])].filter((name) => properties[name]);
  const entries = names.map((name) => [name, filled(properties[name] ?? {}, value[name])] as const);
  const parts = [...(schema.allOf ?? []), ...alternatives(schema).filter(ofObjects).slice(0, 1)];
  return parts.reduce<unknown>((complete, part) => filled(part, complete), {
    ...value,
    ...Object.fromEntries(entries),
  });
}

function alternatives({ anyOf = [], oneOf = [] }: Schema): Schema[] {
  return [...anyOf, ...oneOf].map(resolved);
}

function ofObjects(schema: Schema): boolean {
  return (
    schema.properties !== undefined ||
    [...(schema.allOf ?? []), ...alternatives(schema)].map(resolved).some(ofObjects)
  );
}

function sample(schema: Schema): unknown {
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const others = alternatives(schema);
  if (types.includes('null') || others.some(({ type }) => type === 'null')) return null;
  if (schema.enum !== undefined) return schema.enum[0];
  if (others[0] !== undefined) return filled(others[0], undefined);
  switch (types[0] ?? 'object') {
    case 'string':
      return sampleText(schema.format);
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    default:
      return filled(schema, {});
  }
}

function sampleText(format: string | undefined): string {
  if (format === 'date-time') return '2026-01-01T00:00:00Z';
  if (format === 'email') return 'nobody@github.example';
  return format === 'uri' ? 'https://github.example/' : '';
}
