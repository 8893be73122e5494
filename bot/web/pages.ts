/**
 * The pages and feeds by their addresses: a request goes in, what it gets comes out. Everything is read from the database, in one
 * transaction that can only read; no address leads to a file.
 */

import { z } from 'zod';
import { RULES } from '../../analyzers/rules/registry.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import {
  listNames,
  newestFindings,
  reading,
  ruleCounts,
  seriesOfMessage,
  seriesPage,
} from '../scan/queries.ts';
import type { Database, Executor } from '../store/database.ts';
import { type Answer, htmlAnswer, RequestError } from './answer.ts';
import { type Assets, loadAssets } from './assets.ts';
import { atomFeed } from './feed.ts';
import { html } from './html.ts';
import { layout, type PageContent } from './layout.ts';
import { listBody } from './list-page.ts';
import {
  address,
  FILTER_NAMES,
  type Filters,
  filterOf,
  NO_FILTERS,
  parameter,
  readCursor,
  readFilters,
  readNumber,
} from './parameters.ts';
import { listsBody, ruleBody, rulesBody } from './rules-page.ts';
import { seriesView } from './series-data.ts';
import { seriesBody } from './series-page.ts';

/** Rows of a page, entries of a feed, and findings on the page of a rule. */
const PAGE_ROWS = 50;
const FEED_ENTRIES = 50;
const RULE_FINDINGS = 25;

/** Requests that are answered at the same time, so that pages leave connections of the database to others, and that wait. */
const MAX_AT_ONCE = 4;
const MAX_WAITING = 200;

/** PostgreSQL's word for a statement that took too long: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CANCELED = z.object({ code: z.literal('57014') });

export interface PageRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly host: string;
}

export class Pages {
  private readonly database: Database;
  private readonly publicUrl: string | undefined;
  private readonly assets: Assets = loadAssets();
  private readonly threads = loadThreadCards();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** `publicUrl`: under which readers reach the server, without a slash at its end. */
  constructor(database: Database, publicUrl?: string) {
    this.database = database;
    this.publicUrl = publicUrl;
  }

  /** Throws what the database throws. */
  async answer(request: PageRequest): Promise<Answer> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return { status: 405, type: 'text', body: 'pages are only read\n', headers: { allow: 'GET, HEAD' } };
    }
    const [path = '', query = ''] = request.url.split(/\?(.*)/s);
    const asset = this.assets.answers.get(path);
    if (asset !== undefined) return asset;
    try {
      return await this.inTurn(() => this.route(path, new URLSearchParams(query), request.host));
    } catch (error) {
      if (error instanceof RequestError) return this.told(error.status, error.message);
      if (CANCELED.safeParse(error).success)
        return this.told(503, 'That takes too long: ask for less of it.');
      throw error;
    }
  }

  private async route(path: string, query: URLSearchParams, host: string): Promise<Answer> {
    switch (path) {
      case '/':
        return await this.read((executor) => listContent(executor, query));
      case '/series':
        return await this.series(parameter(query, 'id'), readNumber(query, 'part'));
      case '/rules':
        return await this.read(async (executor) => ({
          title: 'Rules',
          body: rulesBody(await ruleCounts(executor, null)),
        }));
      case '/lists':
        return await this.read(async (executor) => ({
          title: 'Lists',
          body: listsBody(await listNames(executor)),
        }));
      case '/feed.atom':
        return await this.feed(query, host);
      default:
        return await this.rule(path);
    }
  }

  private async series(id: string, part: number | null): Promise<Answer> {
    return await this.read(async (executor) => {
      const view = await seriesView(executor, id, part);
      if (view === null) throw new RequestError(404, 'There is no such series.');
      const hasPlayer = view.patches.some(({ report }) =>
        report.findings.some(({ witness }) => witness !== null),
      );
      return { title: view.told.series.title, body: seriesBody(view, this.threads), hasPlayer };
    });
  }

  private async rule(path: string): Promise<Answer> {
    const rule = RULES.map(({ meta }) => meta.id).find((id) => path === `/rules/${id}`);
    if (rule === undefined) throw new RequestError(404, 'There is no such page.');
    return await this.read(async (executor) => {
      const filter = filterOf({ ...NO_FILTERS, rule }, []);
      const counts = await ruleCounts(executor, rule);
      const newest = await newestFindings(executor, filter, RULE_FINDINGS);
      const feed = address('/feed.atom', { rule });
      return { title: rule, body: ruleBody({ rule, counts, newest }), feed };
    });
  }

  private async feed(query: URLSearchParams, host: string): Promise<Answer> {
    const filters = readFilters(query);
    const origin = this.originOf(host);
    const rows = await reading(this.database, async (executor) =>
      newestFindings(executor, filterOf(filters, await listNames(executor)), FEED_ENTRIES),
    );
    const page = address('/', filters);
    const title = feedTitle(filters);
    const body = atomFeed({ title, origin, self: address('/feed.atom', filters), page, rows });
    return { status: 200, type: 'atom', body: body.toString() };
  }

  /** Throws RequestError for a name of the server that is none. */
  private originOf(host: string): string {
    if (this.publicUrl !== undefined) return this.publicUrl;
    if (!/^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)) {
      throw new RequestError(400, 'The request names no server.');
    }
    return `http://${host}`;
  }

  private async read(content: (executor: Executor) => Promise<PageContent>): Promise<Answer> {
    return htmlAnswer(layout(this.assets, await reading(this.database, content)));
  }

  private told(status: number, message: string): Answer {
    const body = html`<h1>${status === 404 ? 'Not found' : 'Not possible'}</h1>\n<p>${message}</p>`;
    return htmlAnswer(layout(this.assets, { title: 'Not possible', body }), status);
  }

  private async inTurn(work: () => Promise<Answer>): Promise<Answer> {
    if (this.waiting.length >= MAX_WAITING) {
      return { status: 503, type: 'text', body: 'too many requests wait\n', headers: { 'retry-after': '5' } };
    }
    if (this.running >= MAX_AT_ONCE) await new Promise<void>((go) => this.waiting.push(go));
    else this.running++;
    try {
      return await work();
    } finally {
      // Whoever waits takes the place over.
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }
}

async function listContent(executor: Executor, query: URLSearchParams): Promise<PageContent> {
  const filters = readFilters(query);
  const lists = await listNames(executor);
  const feed = address('/feed.atom', filters);
  const view = { filters, lists, feed };
  const found = await messageRows(executor, filters);
  if (found.length > 0) {
    const body = listBody({ ...view, rows: found, hasOlder: false, hasNewer: false, isByMessage: true });
    return { title: 'Series', body, feed };
  }
  const [before, after] = [readCursor(query, 'before'), readCursor(query, 'after')];
  const cursor =
    before !== null
      ? { at: before, direction: 'older' as const }
      : after !== null
        ? { at: after, direction: 'newer' as const }
        : null;
  const { rows, hasMore } = await seriesPage(executor, filterOf(filters, lists), {
    limit: PAGE_ROWS,
    ...(cursor === null ? {} : { cursor }),
  });
  const isNewer = cursor?.direction === 'newer';
  const [hasOlder, hasNewer] = isNewer ? [true, hasMore] : [hasMore, cursor !== null];
  return { title: 'Series', body: listBody({ ...view, rows, hasOlder, hasNewer, isByMessage: false }), feed };
}

/** What may be the id of a message may also be an address of an author. */
async function messageRows(executor: Executor, filters: Filters): ReturnType<typeof seriesOfMessage> {
  const [, id] = /^<?([^\s<>]+@[^\s<>]+)>?$/.exec(filters.q) ?? [];
  return id === undefined ? [] : await seriesOfMessage(executor, id);
}

function feedTitle(filters: Filters): string {
  const asked = FILTER_NAMES.flatMap((name) => (filters[name] === '' ? [] : [`${name} ${filters[name]}`]));
  return asked.length === 0 ? 'patchwitness' : `patchwitness: ${asked.join(', ')}`;
}
