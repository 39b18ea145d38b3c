import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AthenaClient } from '@aws-sdk/client-athena';
import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { RunLedger } from '../../core/lake/run-ledger.ts';
import type { Settings } from '../../core/settings.ts';
import { parseDate } from '../../core/window.ts';
import { type Chart, chartsOf, type Dashboard, everybody } from '../../dashboards/chart.ts';
import { chartQuery, type Filters, shownRows } from '../../dashboards/chart-sql.ts';
import { builtPeriods, knownPlatforms, rejectedRecords } from '../../dashboards/operations.ts';
import { AnswerCache } from './answer-cache.ts';
import type { ChartAnswer, Choices, Operations, ShownConsole } from './answers.ts';
import { type Assets, consoleAssets } from './bundle.ts';
import { choicesOf } from './choices.ts';
import type { ComplianceDesk } from './compliance-desk.ts';
import { answerCompliance, compliancePath } from './compliance-routes.ts';
import { consoleDocument, shownConsole } from './document.ts';
import { followLedger } from './ledger-events.ts';
import { readOperations } from './operations.ts';
import { readAddress } from './page/address.ts';
import { anyTime, filtersFor } from './page/time-range.ts';
import { readQuery } from './read-query.ts';
import { runsWithoutEnd } from './recent-runs.ts';
import { Replies } from './replies.ts';
import { expectToken } from './token.ts';
import { isLoopback, judge } from './visitors.ts';

export interface ConsoleOptions {
  readonly athena: AthenaClient;
  readonly ledger: RunLedger;
  /** Whether this process owns the home: what had no end when it came was killed. */
  readonly owned: boolean;
  readonly settings: Settings;
  readonly pipelines: readonly Pipeline[];
  /** State machine definitions by workflow, which the operations page draws. */
  readonly machines: Readonly<Record<string, string>>;
  readonly dashboard: Dashboard;
  readonly compliance: ComplianceDesk;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** What visitors must know: at least 16 characters of A-Z, a-z, 0-9, _ and -. Default: none, which only a loopback host may have. */
  readonly token?: string;
}

export interface Console {
  /** The address to open; with the token, if there is one. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the dashboards, the operations and the compliance page. @throws InputError when the port is in use, or strangers could come in without a token or with a poor one. */
export async function serveConsole(options: ConsoleOptions): Promise<Console> {
  const { host = '127.0.0.1', token } = options;
  if (token === undefined && !isLoopback(host)) {
    throw new InputError(`--host ${host} can be reached from elsewhere: that needs a token.`);
  }
  if (token !== undefined) expectToken(token, 'The token');
  const interrupted = options.owned ? await runsWithoutEnd(options.ledger) : new Set<string>();
  const pages = new ConsolePages(options, interrupted, await consoleAssets());
  const server = createServer((request, response) => void pages.answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new InputError(`port ${options.port} is in use: name another with --port`)
          : error,
      ),
    );
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the console listens on no port');
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}/${token === undefined ? '' : `?token=${token}`}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const filtersShape = z.object({
  grain: z.enum(['DAILY', 'WEEKLY', 'MONTHLY']),
  from: z.string().transform((text) => parseDate(text, 'from')),
  to: z.string().transform((text) => parseDate(text, 'to')),
  platform: z.string().max(200).default(everybody),
  compared: z.array(z.string().max(200)).max(50).default([]),
});

/** Charts without filters of the reader's. */
const unfiltered: Filters = { grain: 'DAILY', ...anyTime, platform: everybody, compared: [] };

class ConsolePages {
  readonly #options: ConsoleOptions;
  readonly #interrupted: ReadonlySet<string>;
  readonly #charts: ReadonlyMap<string, Chart>;
  readonly #assets: Assets;
  readonly #shown: ShownConsole;
  readonly #cache: AnswerCache;

  constructor(options: ConsoleOptions, interrupted: ReadonlySet<string>, assets: Assets) {
    this.#options = options;
    this.#interrupted = interrupted;
    this.#assets = assets;
    const { athena, ledger, settings } = options;
    this.#cache = new AnswerCache(ledger, (query) => readQuery(athena, settings.database, query), interrupted);
    this.#charts = new Map(chartsOf(options.dashboard).map((chart) => [chart.id, chart]));
    this.#shown = shownConsole(options.dashboard, rejectedRecords, options.settings.weekStart);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const replies = new Replies(request, response);
    try {
      const url = new URL(request.url ?? '/', 'http://console');
      const verdict = judge(request, url, this.#options.token);
      if (!verdict.admitted) return replies.refuse(verdict.status, verdict.error);
      if (verdict.setCookie !== undefined) {
        url.searchParams.delete('token');
        return replies.redirect(`/${url.pathname.replace(/^\/+/, '')}${url.search}`, verdict.setCookie);
      }
      if (url.pathname === compliancePath || url.pathname.startsWith(`${compliancePath}/`)) {
        const path = url.pathname.slice(compliancePath.length);
        return await answerCompliance(this.#options.compliance, request, path, replies);
      }
      await this.#route(url, replies);
    } catch (error) {
      if (error instanceof z.ZodError || error instanceof InputError) {
        return replies.refuse(400, error instanceof InputError ? error.message : 'The filters cannot be read.');
      }
      // An engine's text can hold values of rows.
      replies.refuse(500, error instanceof Error ? `The query failed (${error.name}).` : 'The query failed.');
    }
  }

  async #route(url: URL, replies: Replies): Promise<void> {
    const { pathname, searchParams } = url;
    const asset = Object.values(this.#assets).find(({ path }) => path === pathname);
    if (asset !== undefined) return replies.asset(asset);
    if (pathname === '/') return replies.redirect(`/${this.#options.dashboard.pages[0]?.id ?? 'operations'}`);
    if (pathname === '/api/choices') return replies.json(await this.#choices());
    if (pathname === '/api/operations') return replies.json(await this.#operations());
    if (pathname === '/api/events') return replies.events((send) => followLedger(this.#options.ledger, send));
    const chart = this.#charts.get(/^\/api\/charts\/([a-z0-9-]+)$/.exec(pathname)?.[1] ?? '');
    if (chart !== undefined) return replies.json(await this.#read(chart, filtersOf(searchParams)));
    const own = ['operations', 'compliance', ...this.#options.dashboard.pages.map(({ id }) => id)];
    if (!own.some((id) => pathname === `/${id}`)) return replies.refuse(404, 'There is no such page.');
    const choices = await this.#choices();
    this.#begin(url, choices);
    replies.document(consoleDocument({ shown: this.#shown, choices }, this.#assets));
  }

  /** Asks for what a page will show while its script is still on the way; the page then finds the answers. */
  #begin(url: URL, choices: Choices): void {
    const address = readAddress(url, '');
    const page = this.#shown.pages.find(({ id }) => id === address.page);
    for (const shown of page?.charts ?? []) {
      const chart = this.#charts.get(shown.id);
      const filters = filtersFor(shown, address, choices, this.#shown.weekStart);
      if (chart === undefined || filters === undefined) continue;
      // Whoever asks for it is told of a failure.
      this.#read(chart, filters).catch(() => undefined);
    }
  }

  async #read(chart: Chart, filters: Filters): Promise<ChartAnswer> {
    const { athena, settings } = this.#options;
    const query = chartQuery(chart, settings.database, filters);
    // Gold changes by runs alone; records are rejected at any time.
    const { columns, rows } =
      chart.table.layer === 'gold'
        ? await this.#cache.answer(query)
        : await readQuery(athena, settings.database, query);
    const shown = shownRows(chart, rows);
    return { columns, rows: shown.rows, ...(shown.isCut ? { isCut: true } : {}) };
  }

  async #choices(): Promise<Choices> {
    const [periods, platforms] = await Promise.all([
      this.#read(builtPeriods, unfiltered),
      this.#read(knownPlatforms, unfiltered),
    ]);
    return choicesOf(periods, platforms);
  }

  async #operations(): Promise<Operations> {
    const { ledger, pipelines, machines } = this.#options;
    const rejected = await this.#read(rejectedRecords, unfiltered);
    return readOperations({ ledger, interrupted: this.#interrupted, pipelines, machines, rejected });
  }
}

function filtersOf(parameters: URLSearchParams): Filters {
  return filtersShape.parse({ ...Object.fromEntries(parameters), compared: parameters.getAll('compared') });
}
