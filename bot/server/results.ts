/** The pages of what `scan` stored, without the app: a database and an HTTP server that reads from it. */

import type { Server } from 'node:http';
import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import { Pages } from '../web/pages.ts';
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

  /** Closes the database at the end. Throws the system's errors where the port is not free. */
  static async start(database: Database, { listen, publicUrl, log }: ResultsParts): Promise<Results> {
    const pages = new Pages(database, publicUrl);
    const server = makeServer({ probot: null, pages, database, metrics: new Metrics(null), log });
    await listening(server, listen);
    return new Results(database, server);
  }

  get url(): string {
    return urlOf(this.server);
  }

  async stop(): Promise<void> {
    await closed(this.server);
    await this.database.close();
  }
}
