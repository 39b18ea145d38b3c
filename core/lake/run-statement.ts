import { CheckFailed, SourcesDiffer, StatementFailed, StatementRefused, TurnTaken } from '../errors.ts';
import type { StatementStatus } from './engine.ts';
import { findWorkflow } from './find.ts';
import type { Check } from './pipeline.ts';
import { changesTable, renderStatement, roleOf } from './render-statement.ts';
import { nextSpan } from './rewrite-span.ts';
import type { StatementRecord } from './run-ledger.ts';
import type { Runtime } from './runtime.ts';
import { describe, type StatementRequest } from './statement-request.ts';
import {
  buildsOf,
  checkFailed,
  failuresOf,
  isRound,
  pauseAfter,
  roundsOf,
  sourcesDiffer,
  tokenOf,
} from './statement-tries.ts';
import { renewTurn } from './turn.ts';

/** `retry`: the statement failed in a way that can pass, or has more to do; start it again after the pause. */
export type StatementProgress =
  /** A query's rows, or its id where they may be too many for a workflow's state. */
  | { readonly state: 'succeeded'; readonly rows?: Record<string, string | null>[]; readonly id?: string }
  | { readonly state: 'running'; readonly id: string; readonly waitSeconds: number }
  | { readonly state: 'retry'; readonly waitSeconds: number };

/** A statement that meets commit conflicts or throttling is started this often before its run fails. */
const mostAttempts = 6;
/** Each run of a maintenance statement takes 100 partitions or 20,000 files further: more than this is no progress. */
const mostRounds = 200;
/** How often a run builds a window whose sources may be changing under it: records reach them every few minutes, a build takes one. */
export const mostBuilds = 3;
/** How long, at least, a task stays with a statement it has started, so that a short one needs no Wait state; pauses double until then. */
const stayMillis = 5_000;
/** The first wait for a statement; each later one is half as long again, so that a long one fills no history. */
const firstWaitSeconds = 5;
const longestWaitSeconds = 60;
/** Enough for a month of record counts of several tables, and far below a workflow's 256 KB. */
const mostRows = 500;

/**
 * Starts a statement and stays with it for a few seconds. Called again for the same request, as after a crash, it finds
 * the statement that runs already; one that failed in a way that can pass is started anew, and so is maintenance that
 * has done a part of its work.
 *
 * @throws StatementFailed when trying again cannot help, or has been tried often enough.
 * @throws CheckFailed when the statement is a check and returned rows.
 * @throws SourcesDiffer when it is one against the sources and the window is to be built once more.
 */
export async function startStatement(runtime: Runtime, asked: StatementRequest): Promise<StatementProgress> {
  const before = await runtime.ledger.statementsOf(asked.run);
  const request = partOf(runtime, asked, before);
  const sql = request === undefined ? undefined : await renderStatement(runtime, request);
  if (request === undefined || sql === undefined) return { state: 'succeeded' };
  await expectTurn(runtime, request);
  const began = runtime.now().getTime();
  const build = buildsOf(request, before);
  const round = roundsOf(request, before);
  if (round >= mostRounds) {
    throw new StatementFailed(
      `${describe(request)} has been run ${mostRounds} times and asks for more: look at its table.`,
    );
  }
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const { id, status } = await begin(runtime, sql, tokenOf(request, sql, { build, round, attempt }));
    if (!canPass(status)) {
      const progressed = await progress(runtime, request, id, status, runtime.now().getTime() - began);
      return goOn(runtime, asked, request, progressed);
    }
    // One that is on record has failed before this call: its pause is over, and the next attempt starts now.
    if (!before.some((statement) => statement.id === id)) return tryAgain(runtime, request, id, status, attempt);
  }
  throw new StatementFailed(
    `${describe(request)} met conflicts or throttling ${mostAttempts} times: start the run again later.`,
  );
}

/**
 * Looks at a statement that was started before, `waited` seconds after it was looked at last. While it goes on, or stands in
 * the engine's queue, its run keeps its turn. @throws as {@link startStatement}.
 */
export async function lookAtStatement(
  runtime: Runtime,
  {
    id,
    waited = firstWaitSeconds,
    ...asked
  }: StatementRequest & { readonly id: string; readonly waited?: number | undefined },
): Promise<StatementProgress> {
  const status = await runtime.engine.status(id);
  if (status.state === 'queued' || status.state === 'running') {
    await expectTurn(runtime, asked);
    return { state: 'running', id, waitSeconds: Math.min(Math.ceil(waited * 1.5), longestWaitSeconds) };
  }
  const before = await runtime.ledger.statementsOf(asked.run);
  // Looked at a second time it is on record already, and what is next would be another part.
  const recorded = before.find((statement) => statement.id === id);
  const request = recorded === undefined ? partOf(runtime, asked, before) : { ...asked, window: recorded.window };
  if (request === undefined) return { state: 'succeeded' };
  if (canPass(status)) return tryAgain(runtime, request, id, status, failuresOf(request, before));
  const millis = 'statistics' in status ? status.statistics.engineMillis : 0;
  const progressed = await progress(runtime, request, id, status, millis);
  return goOn(runtime, asked, request, progressed);
}

/** The part of a request that comes next: all of it, but for a rewrite that the time limit has ended; undefined when all is done. */
function partOf(
  runtime: Runtime,
  request: StatementRequest,
  before: readonly StatementRecord[],
): StatementRequest | undefined {
  const { workflow } = findWorkflow(runtime, request);
  const table = workflow.writes?.find(({ name }) => name === request.table);
  if (table === undefined) return request;
  const own = before.filter((one) => one.statement === request.statement && one.table === table.name);
  const window = nextSpan(table, request.window, own);
  return window === undefined ? undefined : { ...request, window };
}

/** What comes after a part that has ended: the next one, if there is any. */
async function goOn(
  runtime: Runtime,
  asked: StatementRequest,
  part: StatementRequest,
  progressed: StatementProgress,
): Promise<StatementProgress> {
  const { from, to } = part.window;
  const isAll = from === asked.window.from && to === asked.window.to;
  if (progressed.state !== 'succeeded' || isAll) return progressed;
  const next = partOf(runtime, asked, await runtime.ledger.statementsOf(asked.run));
  return next === undefined ? progressed : { state: 'retry', waitSeconds: 1 };
}

type Ended = Extract<StatementStatus, { statistics: unknown }>;
type Failed = Extract<StatementStatus, { code: string }>;

function canPass(status: StatementStatus): status is Failed {
  return status.state === 'cancelled' || (status.state === 'failed' && (status.passing || isRound(status.code)));
}

/** What a query answered. @throws StatementFailed when that is more than a state can pass on. */
async function rowsOf(runtime: Runtime, request: StatementRequest, id: string) {
  const rows = await runtime.engine.rows(id, mostRows + 1);
  if (rows.length <= mostRows) return rows;
  throw new StatementFailed(`${describe(request)} has more than ${mostRows} rows: ask for a shorter span.`);
}

async function tryAgain(
  runtime: Runtime,
  request: StatementRequest,
  id: string,
  status: Failed,
  attempt: number,
): Promise<StatementProgress> {
  await record(runtime, request, id, status, status.statistics.engineMillis);
  return { state: 'retry', waitSeconds: isRound(status.code) ? 1 : pauseAfter(id, attempt) };
}

/** Starts a statement and stays with it. One that the engine refuses has failed, and is known by its token instead of an id. */
async function begin(runtime: Runtime, sql: string, token: string): Promise<{ id: string; status: StatementStatus }> {
  try {
    const id = await runtime.engine.start(sql, token);
    return { id, status: await stayWith(runtime, id) };
  } catch (error) {
    if (!(error instanceof StatementRefused)) throw error;
    const statistics = { bytesScanned: 0, engineMillis: 0 };
    const status = { state: 'failed', code: error.code, passing: false, statistics } as const;
    return { id: `refused-${token.slice(0, 32)}`, status };
  }
}

/** How a statement stands when it has ended, or after a short stay. */
async function stayWith(runtime: Runtime, id: string): Promise<StatementStatus> {
  let status = await runtime.engine.status(id);
  const ended = () => status.state !== 'queued' && status.state !== 'running';
  for (let pause = runtime.firstPollMillis, spent = 0; !ended() && spent < stayMillis; pause *= 2) {
    await runtime.sleep(pause);
    spent += pause;
    status = await runtime.engine.status(id);
  }
  return status;
}

async function progress(
  runtime: Runtime,
  request: StatementRequest,
  id: string,
  status: StatementStatus,
  millis: number,
): Promise<StatementProgress> {
  switch (status.state) {
    case 'queued':
    case 'running':
      return { state: 'running', id, waitSeconds: firstWaitSeconds };
    case 'succeeded': {
      const { workflow } = findWorkflow(runtime, request);
      const { check } = roleOf(workflow, request.statement);
      if (check !== undefined) return judge(runtime, request, check, id, status, millis);
      await record(runtime, request, id, status, millis);
      if (changesTable(workflow, request)) return { state: 'succeeded' };
      if (workflow.longAnswers?.includes(request.statement) === true) return { state: 'succeeded', id };
      return { state: 'succeeded', rows: await rowsOf(runtime, request, id) };
    }
    case 'failed':
    case 'cancelled':
      await record(runtime, request, id, status, millis);
      throw new StatementFailed(`${describe(request)} failed with ${status.code}: statement ${id}.`);
  }
}

/** What a check that has ended says: it passes without rows. One against the sources may be wrong about a build that they have outrun. */
async function judge(
  runtime: Runtime,
  request: StatementRequest,
  { readsSources }: Check,
  id: string,
  status: Ended,
  millis: number,
): Promise<StatementProgress> {
  const rows = await runtime.engine.rows(id, mostRows);
  const [first] = rows;
  const code = readsSources === true ? sourcesDiffer : checkFailed;
  await record(runtime, request, id, status, millis, first === undefined ? undefined : code);
  if (first === undefined) return { state: 'succeeded' };
  const values = Object.entries(first).map(([name, value]) => `${name}=${value}`);
  const line = `Check ${describe(request)} failed: ${values.join(', ')}${rows.length > 1 ? ', and more' : ''}.`;
  if (readsSources === true && buildsOf(request, await runtime.ledger.statementsOf(request.run)) < mostBuilds) {
    throw new SourcesDiffer(line);
  }
  throw new CheckFailed(line);
}

async function record(
  runtime: Runtime,
  request: StatementRequest,
  id: string,
  status: Ended,
  millis: number,
  code = 'code' in status ? status.code : undefined,
): Promise<void> {
  const writes = changesTable(findWorkflow(runtime, request).workflow, request);
  const rowsChanged = writes && status.state === 'succeeded' ? await runtime.engine.rowsChanged(id) : undefined;
  await runtime.ledger.recordStatement({
    run: request.run,
    workflow: request.workflow,
    window: request.window,
    statement: request.statement,
    id,
    outcome: status.state,
    bytesScanned: status.statistics.bytesScanned,
    millis: Math.max(millis, status.statistics.engineMillis),
    finishedAt: runtime.now().toISOString(),
    ...(request.table === undefined ? {} : { table: request.table }),
    ...(rowsChanged === undefined ? {} : { rowsChanged }),
    ...(code === undefined ? {} : { code }),
  });
}

/** @throws TurnTaken when the run has lost its turn to another one, as after a pause longer than its lease, or has ended. */
async function expectTurn(runtime: Runtime, request: StatementRequest): Promise<void> {
  const { workflow } = findWorkflow(runtime, request);
  const turn = await renewTurn(runtime, request.run, workflow, request.table);
  if (turn.renewed) return;
  const lost = turn.heldBy === undefined ? 'has ended and given its turn back' : `has lost its turn to ${turn.heldBy}`;
  throw new TurnTaken(`${request.run} ${lost}: start it again.`);
}
