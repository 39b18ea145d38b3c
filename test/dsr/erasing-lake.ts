import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chatTables } from '../../core/chat/tables.ts';
import { receiveDeletionEvent } from '../../core/dsr/receive.ts';
import type { Batch } from '../../core/dsr/request-store.ts';
import type { EmbeddedLake } from '../local/embedded-lake.ts';
import type { Row, Tables } from '../oracle/row.ts';

export function message(chat: string, user: string, timestamp: string, more: Record<string, unknown> = {}): string {
  const record = { chat_id: chat, user_id: user, room_id: 'room-of-all', timestamp, platform: 'web', country: 'DE' };
  return JSON.stringify({ ...record, prompt_tokens: 3, completion_tokens: 4, total_cost: '0.25', ...more });
}

export function toolCall(id: string, chat: string, user: string, timestamp: string): string {
  return JSON.stringify({ reasoning_steps_id: id, chat_id: chat, user_id: user, timestamp, tool_type: 'search' });
}

export function deletionEvent(identity: string, submitted: Date, more: Record<string, unknown> = {}) {
  return {
    regulation: 'gdpr',
    subject_request_id: randomUUID(),
    subject_request_type: 'erasure',
    subject_identities: [{ identity_type: 'controller_customer_id', identity_value: identity, identity_format: 'raw' }],
    submitted_time: submitted.toISOString(),
    ...more,
  };
}

/** A batch that has been opened and has counted nothing yet. */
export function openedBatch(id: string, change: Partial<Batch> = {}): Batch {
  const openedAt = '2026-03-05T07:00:00.000Z';
  const round = { kind: 'erasure', before: {}, runs: [] } as const;
  const begun = { pipeline: 'chat', openedAt, stage: 'opened', waitsUntil: openedAt } as const;
  return { id, ...begun, requests: [], subjects: 1, rounds: [round], ...change };
}

/** Submits a request for each person at the lake's time, and gives the requests' ids. */
export async function submit(lake: EmbeddedLake, ...people: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const person of people) {
    const event = deletionEvent(person, lake.at);
    await receiveDeletionEvent(lake.session.erasures, event, lake.at);
    ids.push(event.subject_request_id);
  }
  return ids;
}

/** One tick of the erasure's workflow. */
export async function tick(lake: EmbeddedLake): Promise<Batch[]> {
  await lake.session.run('dsr', { mode: 'scheduled' });
  return await lake.session.erasures.store.batches();
}

/** Ticks, each when the next batch's wait is over, until every batch is closed. */
export async function tickToTheEnd(lake: EmbeddedLake): Promise<Batch[]> {
  for (let ticks = 0; ticks < 12; ticks++) {
    const batches = await tick(lake);
    const waits = batches.filter(({ stage }) => stage !== 'closed').map(({ waitsUntil }) => waitsUntil);
    const [next] = waits.sort();
    if (next === undefined) return batches;
    if (next > lake.at.toISOString()) lake.at = new Date(next);
  }
  throw new Error('the batches do not end');
}

/** The files that a test ingested are the sender's, as Kafka's records are. */
export function removeSources(lake: EmbeddedLake): void {
  for (const name of readdirSync(lake.home)) if (name.endsWith('.ndjson')) rmSync(join(lake.home, name));
}

/** Rows of all tables but those of some people, `built_at` and the state of periods left out. */
export function rowsOfOthers(tables: Tables, people: readonly string[]): Record<string, Row[]> {
  const erased = new Set(people);
  return Object.fromEntries(
    chatTables
      .filter(({ layer, columns }) => layer !== 'gold' && columns.some(({ name }) => name === 'user_id'))
      .map(({ name }) => [name, inOrder(tables[name]).filter((row) => !erased.has(String(row.user_id)))]),
  );
}

/** All gold but what is said of periods: to the byte what dashboards show. */
export function gold(tables: Tables): Record<string, Row[]> {
  return Object.fromEntries(
    chatTables
      .filter(({ name, layer }) => layer === 'gold' && name !== 'gold_period_status')
      .map(({ name }) => [name, inOrder(tables[name])]),
  );
}

/** Rows in an order of their own: a select promises none, and Trino's follows files, which an erasure writes anew. */
function inOrder(rows: readonly Row[] = []): Row[] {
  const text = (row: Row) => JSON.stringify(Object.entries(row).map(([name, value]) => `${name} ${String(value)}`));
  return rows
    .map((row) => ({ row, text: text(row) }))
    .sort((left, right) => (left.text < right.text ? -1 : Number(left.text > right.text)))
    .map(({ row }) => row);
}
