/** The queue and the leases, on the embedded database and, where there is one, on a PostgreSQL server: the same on both. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Intake } from '../../../bot/server/intake.ts';
import { type Database, openDatabase } from '../../../bot/store/database.ts';
import { APP_JOBS, APP_KEYS, type ReviewJob } from '../../../bot/store/job.ts';
import { AGAIN, Leases } from '../../../bot/store/leases.ts';
import { JobQueue } from '../../../bot/store/queue.ts';
import { Remembered } from '../../../bot/store/remembered.ts';
import { makeTables } from '../../../bot/store/tables.ts';
import { HAS_POSTGRES, Postgres } from '../../support/postgres.ts';
import { statStart } from '../../support/process-start.ts';

const directory = mkdtempSync(join(tmpdir(), 'store-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function job(number: number): ReviewJob {
  return {
    kind: 'review',
    fromScratch: false,
    pull: { installation: 1, repository: 2, owner: 'a', repo: 'b', number },
  };
}

describe.each([
  ['the embedded database', true],
  ['PostgreSQL', HAS_POSTGRES],
] as const)('on %s', (name, isHere) => {
  describe.skipIf(!isHere)('the store', () => {
    let postgres: Postgres | null = null;
    let database: Database;
    let queue: JobQueue;

    beforeAll(async () => {
      if (name === 'PostgreSQL') postgres = await Postgres.start();
      database = await openDatabase(
        postgres === null ? { directory: join(directory, 'data') } : { url: postgres.url },
      );
      // Processes start at the same time.
      await Promise.all([makeTables(database), makeTables(database)]);
      queue = await JobQueue.open(database, APP_JOBS, { retries: 1, retryDelay: 1, orphanAfter: 1 });
    });

    afterAll(async () => {
      await queue.close();
      await database.close();
      await postgres?.stop();
    });

    it('takes a job of one id once, and gives it out once', async () => {
      const id = randomUUID();
      expect(await queue.send(job(1), { id })).toBe(true);
      expect(await queue.send(job(1), { id })).toBe(false);
      const [first, second] = await Promise.all([queue.next('work'), queue.next('work')]);
      expect([first, second].filter((one) => one !== null)).toMatchObject([{ id, job: job(1), tries: 0 }]);
      await queue.complete('work', id);
      expect(await queue.next('work')).toBeNull();
    });

    it('takes no job of a transaction that is taken back', async () => {
      const failing = database.transaction(async (executor) => {
        await queue.send(job(2), { executor });
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await queue.next('work')).toBeNull();
    });

    it('tries a failed job again, and gives it up with the last reason', async () => {
      await queue.send(job(3));
      const first = await queue.next('work');
      await queue.fail('work', first?.id ?? '', 'the first reason');
      await expect.poll(async () => (await queue.next('work'))?.isLastTry, { timeout: 20_000 }).toBe(true);
      await queue.fail('work', first?.id ?? '', 'the last reason');
      expect(await queue.next('givenUp')).toMatchObject({ job: job(3), reason: 'the last reason' });
    });

    it('gives a job whose worker died in front of its lease to another one', async () => {
      await queue.send(job(4));
      const lost = await queue.next('work');
      await expect
        .poll(
          async () => {
            await queue.failOrphans();
            return (await queue.next('work'))?.id;
          },
          { timeout: 20_000 },
        )
        .toBe(lost?.id);
    });

    it('gives a lease to one job; others leave a note, and the holder is told', async () => {
      const [mine, yours] = [new Leases(database, 'me'), new Leases(database, 'you')];
      const [one, other] = [randomUUID(), randomUUID()];
      expect(await mine.take('review key', one, AGAIN.plainly)).toBe(true);
      expect(await yours.take('review key', other, AGAIN.fromScratch)).toBe(false);
      expect(await yours.take('review key', other, AGAIN.plainly)).toBe(false);
      expect(await mine.release('review key', one)).toBe(AGAIN.fromScratch);
      expect(await mine.renew('review key', one)).toBe(true);
      expect(await mine.release('review key', one)).toBe(AGAIN.no);
      expect(await yours.take('review key', other, AGAIN.plainly)).toBe(true);
      expect(await mine.renew('review key', one)).toBe(false);
      await yours.drop('review key', other);
    });

    it('finds a lease that nobody renews, once', async () => {
      const dead = new Leases(database, 'dead', 0.01);
      const one = randomUUID();
      await dead.take('review lost', one, AGAIN.plainly);
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      const found = await Promise.all([dead.takeLost(APP_KEYS), dead.takeLost(APP_KEYS)]);
      expect(found.flat()).toMatchObject([{ key: 'review lost', job: one }]);
      expect(await dead.renew('review lost', one)).toBe(false);
    });

    it('runs work of one name one after the other', async () => {
      const order: string[] = [];
      const work = (label: string): Promise<void> =>
        database.exclusively('name', async () => {
          order.push(`${label} begins`);
          await new Promise((resolve) => {
            setTimeout(resolve, 30);
          });
          order.push(`${label} ends`);
        });
      const failing = database.exclusively('name', () => Promise.reject(new Error('no')));
      await Promise.all([work('a'), expect(failing).rejects.toThrow('no'), work('b')]);
      expect(order).toHaveLength(4);
      expect(order[0]?.[0]).toBe(order[1]?.[0]);
    });

    it('answers while more work waits for its turn, and is done under more names, than it has connections', async () => {
      const names = Array.from({ length: 20 }, (_, at) => `name ${at}`);
      const asked = [...names, ...names.map(() => 'one name')].map((each) =>
        database.exclusively(each, () => database.query<{ one: number }>('SELECT 1 AS one')),
      );
      const answers = await Promise.all(asked);
      expect(answers.flat()).toEqual(asked.map(() => ({ one: 1 })));
    });

    it('goes on behind statements that failed half-way', async () => {
      await expect(database.run('BEGIN; SELECT 1 / 0; COMMIT;')).rejects.toThrow('division by zero');
      expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('keeps what people said until the repository is gone', async () => {
      const remembered = new Remembered(database);
      const ref = { installation: 1, repository: 9, owner: 'a', repo: 'b', number: 3 };
      await remembered.silence(9, 'abc', 'keeper');
      await remembered.silence(9, 'abc', 'other');
      await remembered.pause(ref, 'keeper');
      await remembered.beginRun(ref, 'head');
      expect([...(await remembered.silenced(9))]).toEqual(['abc']);
      expect(await remembered.isPaused(ref)).toBe(true);
      expect(await remembered.openRuns(ref)).toEqual(['head']);
      await remembered.forgetRepositories([9]);
      expect((await remembered.silenced(9)).size).toBe(0);
      expect(await remembered.isPaused(ref)).toBe(false);
      expect(await remembered.openRuns(ref)).toEqual([]);
    });

    it('forgets a repository once a webhook: one that comes again takes nothing away', async () => {
      const intake = new Intake(database, queue, () => undefined);
      const remembered = new Remembered(database);
      const gone = { action: 'deleted', repositories: [{ id: 11 }] };
      await remembered.silence(11, 'abc', 'keeper');
      expect(await intake.take('gone', 'installation', gone)).toBe('taken');
      expect((await remembered.silenced(11)).size).toBe(0);
      await remembered.silence(11, 'def', 'keeper');
      expect(await intake.take('gone', 'installation', gone)).toBe('known');
      expect((await remembered.silenced(11)).size).toBe(1);
    });
  });
});

describe('the embedded database', () => {
  it('is one process at a time, and says whose it is', async () => {
    const at = { directory: join(directory, 'one') };
    const first = await openDatabase(at);
    const mine = readdirSync(at.directory).find((name) => name.startsWith('serving-')) ?? '';
    // The process that started this one lives.
    const parents = mine.replace(/^serving-\d+-\d+/, `serving-${process.ppid}-${statStart(process.ppid)}`);
    writeFileSync(join(at.directory, parents), '');
    await expect(openDatabase(at)).rejects.toThrow(`process ${process.ppid} uses`);
    await first.close();
  });
});
