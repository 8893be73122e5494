/**
 * Cuts what the GitHub of the tests answers out of GitHub's OpenAPI description and writes it as JSON Schema to
 * test/support/github/openapi.json. The description is the package @octokit/openapi (MIT), which unpacks to 400 MB and is
 * therefore no dependency:
 *
 *     npm pack @octokit/openapi@23.0.2 && tar xf octokit-openapi-23.0.2.tgz
 *     node scripts/slice-openapi.mjs package/generated/api.github.com.json
 *
 * Out go descriptions, examples and every operation, webhook and schema that is not needed; `nullable` of OpenAPI 3.0
 * becomes a type, so that any JSON Schema validator reads the rest. One operation, webhook or schema a line.
 */

import { readFileSync, writeFileSync } from 'node:fs';

const TARGET = 'test/support/github/openapi.json';

const OPERATIONS = `
GET /app
GET /app/hook/deliveries
GET /app/hook/deliveries/{delivery_id}
GET /app/installations
GET /app/installations/{installation_id}
GET /installation/repositories
GET /rate_limit
GET /repos/{owner}/{repo}
GET /repos/{owner}/{repo}/check-runs/{check_run_id}
GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations
GET /repos/{owner}/{repo}/check-suites/{check_suite_id}
GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs
GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}
GET /repos/{owner}/{repo}/collaborators/{username}/permission
GET /repos/{owner}/{repo}/commits/{ref}
GET /repos/{owner}/{repo}/commits/{ref}/check-runs
GET /repos/{owner}/{repo}/commits/{ref}/check-suites
GET /repos/{owner}/{repo}/compare/{basehead}
GET /repos/{owner}/{repo}/contents/{path}
GET /repos/{owner}/{repo}/git/blobs/{file_sha}
GET /repos/{owner}/{repo}/git/ref/{ref}
GET /repos/{owner}/{repo}/git/trees/{tree_sha}
GET /repos/{owner}/{repo}/installation
GET /repos/{owner}/{repo}/issues/comments/{comment_id}
GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions
GET /repos/{owner}/{repo}/issues/{issue_number}/comments
GET /repos/{owner}/{repo}/issues/{issue_number}/labels
GET /repos/{owner}/{repo}/pulls
GET /repos/{owner}/{repo}/pulls/comments/{comment_id}
GET /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions
GET /repos/{owner}/{repo}/pulls/{pull_number}
GET /repos/{owner}/{repo}/pulls/{pull_number}/comments
GET /repos/{owner}/{repo}/pulls/{pull_number}/commits
GET /repos/{owner}/{repo}/pulls/{pull_number}/files
GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews
GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}
GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/comments
POST /app-manifests/{code}/conversions
POST /app/hook/deliveries/{delivery_id}/attempts
POST /app/installations/{installation_id}/access_tokens
POST /repos/{owner}/{repo}/check-runs
POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest
POST /repos/{owner}/{repo}/code-scanning/sarifs
POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions
POST /repos/{owner}/{repo}/issues/{issue_number}/comments
POST /repos/{owner}/{repo}/issues/{issue_number}/labels
POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions
POST /repos/{owner}/{repo}/pulls/{pull_number}/comments
POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies
POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews
POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/events
PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}
PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}
PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}
PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}
PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals
DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}
DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}
DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}
DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}
DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions/{reaction_id}
DELETE /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}
`
  .trim()
  .split('\n');

const WEBHOOKS = `
check_run.completed check_run.created check_run.requested_action check_run.rerequested
check_suite.requested check_suite.rerequested
installation.created installation.deleted installation.suspend installation.unsuspend
installation_repositories.added installation_repositories.removed
issue_comment.created
pull_request.closed pull_request.converted_to_draft pull_request.edited pull_request.opened
pull_request.ready_for_review pull_request.reopened pull_request.synchronize
pull_request_review.submitted pull_request_review_comment.created
`
  .trim()
  .split(/\s+/);

/** Of a schema only these keywords say something about a value. */
const KEYWORDS = new Set(
  `$ref additionalProperties allOf anyOf enum format items maxItems maxLength maxProperties maximum minItems minLength
   minProperties minimum not oneOf pattern properties required type uniqueItems`.split(/\s+/),
);

/** The description has these as plain numbers; GitHub answers null for comments that are outdated or on a whole file. */
const NULL_TOO = {
  'pull-request-review-comment': ['line', 'original_line', 'position', 'original_position'],
  'review-comment': ['line', 'original_line', 'position', 'original_position'],
};

const description = JSON.parse(readFileSync(process.argv[2] ?? fail('name the description'), 'utf8'));
const needed = new Set();

function fail(reason) {
  throw new Error(reason);
}

/** A schema of OpenAPI 3.0 as JSON Schema; notes which others it refers to. */
function plain(schema) {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1);
    needed.add(name);
    return { $ref: `#/schemas/${name}` };
  }
  const kept = Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => KEYWORDS.has(keyword))
      .map(([keyword, value]) => [keyword, plainValue(keyword, value)]),
  );
  return schema.nullable === true ? orNull(kept) : kept;
}

function plainValue(keyword, value) {
  if (keyword === 'properties')
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, plain(schema)]));
  if (['allOf', 'anyOf', 'oneOf'].includes(keyword)) return value.map(plain);
  return ['items', 'not', 'additionalProperties'].includes(keyword) ? plain(value) : value;
}

function orNull(schema) {
  if (schema.type === undefined) return { anyOf: [schema, { type: 'null' }] };
  const nullable = { ...schema, type: [schema.type, 'null'] };
  return schema.enum === undefined ? nullable : { ...nullable, enum: [...new Set([...schema.enum, null])] };
}

function resolved(node) {
  if (node.$ref === undefined) return node;
  return node.$ref
    .slice(2)
    .split('/')
    .reduce((at, key) => at[key], description);
}

function jsonSchema(node) {
  const content = resolved(node).content ?? {};
  return content['application/json'] === undefined ? null : plain(content['application/json'].schema);
}

function operation(name) {
  const [method, path] = name.split(' ');
  const described = description.paths[path]?.[method.toLowerCase()] ?? fail(`${name} is not described`);
  const parameters = (described.parameters ?? []).map(resolved);
  const body = described.requestBody;
  return {
    query: Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === 'query')
        .map((parameter) => [parameter.name, plain(parameter.schema)]),
    ),
    body: body === undefined ? null : jsonSchema(body),
    bodyRequired: body?.required === true,
    responses: Object.fromEntries(
      Object.entries(described.responses).map(([status, response]) => [status, jsonSchema(response)]),
    ),
  };
}

function webhook(name) {
  const key = name.replace('.', '-').replaceAll('_', '-');
  const described = description['x-webhooks'][key]?.post ?? fail(`the webhook ${name} is not described`);
  return jsonSchema(described.requestBody);
}

/** The schemas that are referred to, and those that they refer to in turn. */
function schemas() {
  const found = new Map();
  for (const name of needed) found.set(name, plain(corrected(name, description.components.schemas[name])));
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function corrected(name, schema) {
  const names = NULL_TOO[name] ?? [];
  const properties = names.map((key) => [key, { ...schema.properties[key], nullable: true }]);
  return names.length === 0
    ? schema
    : { ...schema, properties: { ...schema.properties, ...Object.fromEntries(properties) } };
}

function lines(object) {
  const entries = Object.entries(object).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return `{\n${entries.join(',\n')}\n}`;
}

const operations = Object.fromEntries(OPERATIONS.map((name) => [name, operation(name)]));
const webhooks = Object.fromEntries(WEBHOOKS.map((name) => [name, webhook(name)]));
const about = {
  source: `GitHub's OpenAPI description ${description.info.version} as @octokit/openapi has it, cut by scripts/slice-openapi.mjs`,
  license: 'MIT, Copyright (c) 2020 Octokit contributors',
};
writeFileSync(
  TARGET,
  `{\n"about":${JSON.stringify(about)},\n"operations":${lines(operations)},\n"webhooks":${lines(webhooks)},\n"schemas":${lines(schemas())}\n}\n`,
);
