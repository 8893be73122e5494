/** The tables of the app and of `scan`, beside those of the queue. Each change is a step that is run once, in order. */

import type { Database } from './database.ts';

/** A step is never changed once it is released: what comes later is a step of its own. */
const STEPS: readonly string[] = [
  `
  CREATE TABLE patchwitness.delivery (
    id text PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX delivery_received_at ON patchwitness.delivery (received_at);

  CREATE TABLE patchwitness.lease (
    key text PRIMARY KEY,
    job uuid NOT NULL,
    owner text NOT NULL,
    until timestamptz NOT NULL,
    again int NOT NULL DEFAULT 0
  );

  CREATE TABLE patchwitness.silenced (
    repository bigint NOT NULL,
    fingerprint text NOT NULL,
    by_user text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository, fingerprint)
  );

  CREATE TABLE patchwitness.paused (
    repository bigint NOT NULL,
    pull int NOT NULL,
    by_user text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository, pull)
  );

  CREATE TABLE patchwitness.open_run (
    repository bigint NOT NULL,
    pull int NOT NULL,
    head text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository, pull, head)
  );
  `,
  `
  -- How far each file or epoch of an archive has been read. A step of reading is one transaction: what is said here is stored.
  CREATE TABLE patchwitness.source (
    name text PRIMARY KEY,
    messages int NOT NULL,
    -- Of the last one: in a public-inbox the commit that brought it in, in a file a hash of it.
    cursor text,
    -- Size of a file that was read to its end.
    bytes bigint
  );

  -- Each message once, whatever lists it came by, numbered as they were read.
  CREATE TABLE patchwitness.mail (
    id int PRIMARY KEY,
    message_id text NOT NULL UNIQUE,
    source text NOT NULL,
    position int NOT NULL,
    lists text[] NOT NULL,
    subject text NOT NULL,
    sender text,
    author text,
    date timestamptz,
    -- The message that began its thread.
    thread text NOT NULL,
    has_patch boolean NOT NULL,
    c_files int NOT NULL,
    header_files int NOT NULL,
    -- Hash of what a review of its patch goes by; null without one.
    content text,
    -- Fingerprints of findings that it calls wrong.
    claims text[] NOT NULL,
    -- The mail, deflated.
    bytes bytea NOT NULL
  );
  ALTER TABLE patchwitness.mail ALTER COLUMN bytes SET STORAGE EXTERNAL;
  CREATE INDEX mail_thread ON patchwitness.mail (thread, id) WHERE has_patch;
  CREATE INDEX mail_claims ON patchwitness.mail (id) WHERE claims <> '{}';

  -- What of an archive could not be read. Of a source as a whole, when it was last looked at: position is null then.
  CREATE TABLE patchwitness.unread (
    source text NOT NULL,
    position int,
    ordinal int NOT NULL,
    part json NOT NULL
  );
  CREATE UNIQUE INDEX unread_place ON patchwitness.unread (source, coalesce(position, 0), ordinal);

  -- Postings, as the messages so far add up to them.
  CREATE TABLE patchwitness.series (
    id text PRIMARY KEY,
    kind text NOT NULL,
    title text NOT NULL,
    author text,
    author_domain text,
    date timestamptz NOT NULL,
    version int NOT NULL,
    total int NOT NULL,
    missing int NOT NULL,
    replies int NOT NULL,
    previous text,
    superseded_by text,
    userspace_tree text,
    c_files int NOT NULL,
    -- The whole of it; its messages are numbers of mails.
    detail json NOT NULL,
    -- Hash of all columns above: says whether the row has to be written again.
    digest text NOT NULL,
    -- What a review of it goes by, and the result of which it is the key; null where there is nothing to review.
    key text,
    -- Asked for: the newest version, or any, in the window of dates.
    is_wanted boolean NOT NULL,
    -- Standing findings, likely or confirmed, that nobody silenced; null until it is reviewed.
    findings int,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || coalesce(author, ''))) STORED
  );
  CREATE INDEX series_date ON patchwitness.series (date DESC, id);
  CREATE INDEX series_found ON patchwitness.series (date DESC, id) WHERE findings > 0;
  CREATE INDEX series_waiting ON patchwitness.series (date DESC, id)
    WHERE is_wanted AND key IS NOT NULL AND findings IS NULL;
  CREATE INDEX series_key ON patchwitness.series (key) INCLUDE (date);
  CREATE INDEX series_domain ON patchwitness.series (author_domain, date DESC, id);
  CREATE INDEX series_words ON patchwitness.series USING gin (words);
  -- Of all parts and replies, to find a series by any message of its thread.
  CREATE INDEX series_messages ON patchwitness.series
    USING gin (jsonb_path_query_array(detail::jsonb, '$.**.message'));
  -- Lists and searches read many rows, and the detail of none: a long one lies beside them.
  ALTER TABLE patchwitness.series SET (toast_tuple_target = 512);

  CREATE TABLE patchwitness.series_list (
    list text NOT NULL,
    date timestamptz NOT NULL,
    series text NOT NULL REFERENCES patchwitness.series ON DELETE CASCADE,
    PRIMARY KEY (list, date, series)
  );
  CREATE INDEX series_list_series ON patchwitness.series_list (series);

  -- Reviews, by what they go by: series with the same patches share one.
  CREATE TABLE patchwitness.result (
    key text PRIMARY KEY,
    -- One a patch, without its findings: PatchFacts of bot/scan/types.ts.
    patches json NOT NULL,
    -- What of the patches was not read.
    unread json NOT NULL
  );

  CREATE TABLE patchwitness.finding (
    key text NOT NULL REFERENCES patchwitness.result ON DELETE CASCADE,
    part int NOT NULL,
    ordinal int NOT NULL,
    rule text NOT NULL,
    confidence text NOT NULL,
    status text NOT NULL,
    is_standing boolean NOT NULL,
    path text NOT NULL,
    line int NOT NULL,
    function_name text,
    message text NOT NULL,
    fingerprint text NOT NULL,
    -- The finding as a whole.
    body json NOT NULL,
    PRIMARY KEY (key, part, ordinal)
  );
  CREATE INDEX finding_rule ON patchwitness.finding (rule, key) INCLUDE (confidence) WHERE is_standing;
  CREATE INDEX finding_path ON patchwitness.finding (path text_pattern_ops) INCLUDE (key) WHERE is_standing;
  CREATE INDEX finding_fingerprint ON patchwitness.finding (fingerprint);

  -- Findings that are not told, because somebody who may say so calls them wrong.
  CREATE TABLE patchwitness.disputed (
    series text NOT NULL REFERENCES patchwitness.series ON DELETE CASCADE,
    fingerprint text NOT NULL,
    mail int NOT NULL,
    PRIMARY KEY (series, fingerprint)
  );
  `,
];

/** Any number of processes may do this at the same time. */
export async function makeTables(database: Database): Promise<void> {
  await database.exclusively('patchwitness tables', async () => {
    await database.run(`
      CREATE SCHEMA IF NOT EXISTS patchwitness;
      CREATE TABLE IF NOT EXISTS patchwitness.step (number int PRIMARY KEY);
    `);
    const done = await database.query<{ number: number }>('SELECT number FROM patchwitness.step');
    const known = new Set(done.map(({ number }) => number));
    for (const [number, step] of STEPS.entries()) {
      if (known.has(number)) continue;
      await database.run(`BEGIN; ${step} INSERT INTO patchwitness.step VALUES (${number}); COMMIT;`);
    }
  });
}

/** Of those that pages read much of. */
const READ_MUCH = ['series', 'series_list', 'finding', 'disputed'];

/** What a server does by itself, and an embedded database never: without it lists and counts of many rows are slow. */
export async function tidyTables(database: Database): Promise<void> {
  for (const table of READ_MUCH) await database.run(`VACUUM (ANALYZE) patchwitness.${table}`);
}
