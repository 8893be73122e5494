/**
 * Probot entry: webhook -> job -> review, in the process that Probot runs (`probot run ./dist/bot/app.js`). Workers on other
 * machines join in where DATABASE_URL names a server. `patchwitness serve` is the same with a server of its own.
 */

import type { Probot } from 'probot';
import { readConfig } from './server/config.ts';
import { Service } from './server/service.ts';

/** Throws ConfigError, and what the database throws where it cannot be opened. */
export default async function app(probot: Probot): Promise<void> {
  const service = await Service.start(readConfig(process.env), probot, {
    webhooks: true,
    concurrency: 1,
    listen: null,
  });
  const stop = (signal: NodeJS.Signals): void => {
    // Nothing is left that listens to the signal: it then ends the process, Probot's server with it.
    void service.stop().finally(() => process.kill(process.pid, signal));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}
