import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { silverRoomDaily, silverUserDaily } from '../../core/chat/tables.ts';
import { readEvidence, verifyEvidence } from '../../core/dsr/evidence.ts';
import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';
import { findCanaries } from './canary-reader.ts';
import { canaries, crowd, days } from './crowd.ts';
import { gold, message, removeSources, rowsOfOthers, submit, tick, tickToTheEnd, toolCall } from './erasing-lake.ts';

function flock(): { chat: string[]; tool: string[] } {
  const chat: string[] = [];
  const tool: string[] = [];
  for (const [n, canary] of canaries.entries()) {
    const day = days[n % days.length] ?? '';
    chat.push(message(`chat-of-${canary}`, canary, `${day}T23:59:59Z`, { room_id: `room-${n}` }));
    chat.push(message(`late-chat-of-${canary}`, canary, `${day}T08:00:00Z`, { room_id: `room-of-${canary}` }));
    const next = days[(n % days.length) + 1] ?? day;
    tool.push(toolCall(`step-of-${canary}`, `chat-of-${canary}`, canary, `${next}T00:00:01Z`));
  }
  return { chat, tool };
}

async function filled(): Promise<EmbeddedLake> {
  const lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date('2026-03-09T02:00:00Z') });
  const [people, birds] = [crowd(), flock()];
  await lake.ingest('chat', [...people.chat, ...birds.chat.slice(0, 40)]);
  // Files of their own, one of them of a single row.
  await lake.ingest('chat', birds.chat.slice(40, 99));
  await lake.ingest('chat', birds.chat.slice(99));
  await lake.ingest('tool', [...people.tool, ...birds.tool]);
  await lake.ingest('chat', ['{}', message('twice', canaries[0] ?? '', 'no instant'), ...birds.chat.slice(0, 3)]);
  await lake.session.run('backfill', { from: days[0] ?? '', to: days.at(-1) ?? '' });
  removeSources(lake);
  return lake;
}

test('fifty people go from every byte of a home in two batches, and nobody else is touched', async () => {
  const lake = await filled();
  const before = await lake.tables();
  expect(await findCanaries(lake.home, canaries)).not.toEqual([]);
  await submit(lake, ...canaries.slice(0, 30));
  await tick(lake);
  lake.at = new Date('2026-03-10T03:00:00Z');
  await submit(lake, ...canaries.slice(30));
  const batches = await tickToTheEnd(lake);
  expect(batches.map(({ subjects, stage }) => [subjects, stage])).toEqual([
    [30, 'closed'],
    [20, 'closed'],
  ]);

  const after = await lake.tables();
  expect(gold(after)).toEqual(gold(before));
  expect(after.gold_period_status?.filter(({ state }) => state !== 'final')).toEqual([]);
  const others = rowsOfOthers(before, canaries);
  // A user's day stands; a room's day has lost the messages of those who left, and no others.
  expect(rowsOfOthers(after, [])).toEqual(others);
  expect(others[silverUserDaily.name]?.length).toBe(2_000);
  const rooms = (tables: typeof after) =>
    (tables[silverRoomDaily.name] ?? []).reduce((sum, { messages_cnt }) => sum + Number(messages_cnt), 0);
  expect([rooms(before), rooms(after)]).toEqual([2_100, 2_000]);

  await lake.session.close();
  expect(await findCanaries(lake.home, canaries)).toEqual([]);
  const key = readFileSync(join(lake.home, 'erasures', 'keys', 'evidence-public.pem'), 'utf8');
  for (const { id } of batches) {
    const text = readFileSync(join(lake.home, 'erasures', 'evidence', `${id}.json`), 'utf8');
    const { genuine, doubts, facts } = verifyEvidence(readEvidence(text, id), key);
    expect({ genuine, doubts, clock: facts.clock }).toEqual({ genuine: true, doubts: [], clock: 'real' });
  }
  rmSync(lake.home, { recursive: true });
}, 240_000);
