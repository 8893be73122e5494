/** The pages of what `scan` stored, without the app: a database and an HTTP server that reads from it. */

import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { type Database, openDatabase } from '../store/database.ts';
import { makeTables } from '../store/tables.ts';
import { Pages } from '../web/pages.ts';
import type { ServiceConfig } from './config.ts';
import { makeServer } from './http.ts';
import { Metrics } from './metrics.ts';
import { closed, type Listen, listening, urlOf } from './service.ts';

export interface ResultsParts {
  readonly listen: Listen;
  /** Under which readers reach the server, without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly log: Logger;
}

export class Results {
  private readonly database: Database;
  private readonly server: Server;

  private constructor(database: Database, server: Server) {
    this.database = database;
    this.server = server;
  }

  /** Throws what the database throws where it cannot be opened, and the system's errors where the port is not free. */
  static async start(
    at: ServiceConfig['database'],
    { listen, publicUrl, log }: ResultsParts,
  ): Promise<Results> {
    const database = await openDatabase(at);
    try {
      await makeTables(database);
      const pages = new Pages(database, publicUrl);
      const server = makeServer({ probot: null, pages, database, metrics: new Metrics(null), log });
      await listening(server, listen);
      return new Results(database, server);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  get url(): string {
    return urlOf(this.server);
  }

  async stop(): Promise<void> {
    await closed(this.server);
    await this.database.close();
  }
}
