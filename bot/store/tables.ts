/** The app's own tables, beside those of the queue. Each change is a step that is run once, in order. */

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
