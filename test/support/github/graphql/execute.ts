/** Runs a GraphQL operation over entities whose fields are functions; errors take the place of the field, as the rules say. */

import { isJson, type Json } from '../json.ts';
import { type Field, parseDocument, type Selection, type Value } from './parse.ts';

/** An object of the graph. */
export interface Entity {
  readonly type: string;
  /** Interfaces that it has, for fragments. */
  readonly also: readonly string[];
  readonly fields: Readonly<Record<string, (given: Json) => unknown>>;
}

export interface GraphError {
  readonly type?: string;
  readonly message: string;
  readonly path?: readonly string[];
}

/** Thrown by a field: it becomes null, and the error stands beside the data. */
export class FieldFailed extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** A field that no type here has: the whole document is refused. */
class NoSuchField extends Error {}

export interface Result {
  readonly data?: Json;
  readonly errors?: readonly GraphError[];
}

/** The answer to a document. `refused` says why a document was not run at all. */
export function execute(
  source: string,
  variables: Json,
  roots: { readonly query: Entity; readonly mutation: Entity },
): { readonly result: Result; readonly refused: string | null } {
  const errors: GraphError[] = [];
  try {
    const operation = parseDocument(source);
    const data = select(roots[operation.kind], operation.selections, { variables, errors, path: [] });
    return { result: errors.length === 0 ? { data } : { data, errors }, refused: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof NoSuchField || /^(Parse error|A document|Fragment|Variable)/.test(message))
      return { result: { errors: [{ message }] }, refused: message };
    throw error;
  }
}

interface Run {
  readonly variables: Json;
  readonly errors: GraphError[];
  readonly path: readonly string[];
}

function select(entity: Entity, selections: readonly Selection[], run: Run): Json {
  const found: Record<string, unknown> = {};
  for (const selection of selections) {
    if (selection.kind === 'spread') {
      const { on } = selection;
      const fits = on === null || on === entity.type || entity.also.includes(on);
      if (fits) Object.assign(found, select(entity, selection.selections, run));
    } else found[selection.alias] = resolve(entity, selection, run);
  }
  return found;
}

function resolve(entity: Entity, field: Field, run: Run): unknown {
  if (field.name === '__typename') return entity.type;
  const resolver = entity.fields[field.name];
  if (resolver === undefined)
    throw new NoSuchField(`Field '${field.name}' doesn't exist on type '${entity.type}'`);
  const path = [...run.path, field.alias];
  const given = Object.entries(field.arguments).map(([name, value]) => [name, valueOf(value, run.variables)]);
  try {
    return shaped(resolver(Object.fromEntries(given)), field, { ...run, path });
  } catch (error) {
    if (!(error instanceof FieldFailed)) throw error;
    run.errors.push({ type: error.type, path, message: error.message });
    return null;
  }
}

function shaped(value: unknown, field: Field, run: Run): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shaped(item, field, run));
  if (isEntity(value)) {
    if (field.selections.length === 0)
      throw new NoSuchField(
        `Field must have selections (field '${field.name}' returns ${value.type} but has no selections)`,
      );
    return select(value, field.selections, run);
  }
  return value;
}

function isEntity(value: unknown): value is Entity {
  return isJson(value) && 'fields' in value && 'also' in value;
}

function valueOf(value: Value, variables: Json): unknown {
  switch (value.kind) {
    case 'constant':
      return value.value;
    case 'list':
      return value.items.map((item) => valueOf(item, variables));
    case 'object':
      return Object.fromEntries(
        Object.entries(value.fields).map(([name, one]) => [name, valueOf(one, variables)]),
      );
    case 'variable':
      // One that is not given counts as left out.
      return variables[value.name];
  }
}
