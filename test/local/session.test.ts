import { mkdirSync, mkdtempSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { bronzeChatEvents } from '../../core/chat/tables.ts';
import { takeTurn } from '../../core/lake/turn.ts';
import { type EmbeddedLake, openLake } from './embedded-lake.ts';

const [chat] = chatPipeline.sources;
const line = JSON.stringify({ chat_id: 'c', user_id: 'u', room_id: 'r', timestamp: '2026-03-02T10:00:00Z' });

describe('a second session on a home', () => {
  let owner: EmbeddedLake;
  let guest: EmbeddedLake;
  beforeAll(async () => {
    owner = await openLake({}, { at: new Date('2026-03-03T02:00:00Z') });
    guest = await openLake({}, { home: owner.home, at: new Date('2026-03-03T02:00:00Z') });
  });
  afterAll(async () => {
    await guest.session.close();
    await owner.close();
  });

  test('reads, ingests and runs workflows through the one that has the engine', async () => {
    expect([owner.session.owned, guest.session.owned]).toEqual([true, false]);
    await guest.ingest('chat', [line, 'no JSON']);
    expect(await owner.rows(bronzeChatEvents)).toHaveLength(1);
    await guest.session.run('silver-daily', { mode: 'scheduled' });
    expect((await guest.tables()).silver_user_daily).toHaveLength(1);
  });

  test('waits for a turn that another holds, however far its clock is set forward', async () => {
    const [silverDaily] = chatPipeline.workflows;
    if (silverDaily === undefined) throw new Error('chat has no workflow');
    expect(await takeTurn(owner.session.runtime, 'owner', silverDaily)).toEqual({});
    guest.at = new Date('2046-03-03T02:00:00Z');
    expect(await takeTurn(guest.session.runtime, 'guest', silverDaily)).toEqual({ heldBy: 'owner' });
    await owner.session.runtime.ledger.giveTurnBack('owner');
    expect(await takeTurn(guest.session.runtime, 'guest', silverDaily)).toEqual({});
    await guest.session.runtime.ledger.giveTurnBack('guest');
    guest.at = owner.at;
  });

  test('is told what is wrong with a file as the owner would be', async () => {
    if (chat === undefined) throw new Error('chat has no source');
    await expect(guest.session.ingest(chat, join(owner.home, 'missing.ndjson'))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('missing.ndjson'),
    });
    const file = join(owner.home, 'twice.ndjson');
    writeFileSync(file, `${line}\n${line}`);
    expect(await guest.session.ingest(chat, file)).toMatchObject({ accepted: 2 });
    await expect(guest.session.ingest(chat, file)).rejects.toThrow('already');
  });

  test('stores a file once that two load at the same time', async () => {
    if (chat === undefined) throw new Error('chat has no source');
    const before = (await owner.rows(bronzeChatEvents)).length;
    const file = join(owner.home, 'at-once.ndjson');
    writeFileSync(file, line.replace('"c"', '"at-once"'));
    const loads = [owner, guest, guest].map(({ session }) => session.ingest(chat, file));
    const ends = (await Promise.allSettled(loads)).map(({ status }) => status).sort();
    expect(ends).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await owner.rows(bronzeChatEvents)).toHaveLength(before + 1);
  });

  test('finds a door that only its user can open', () => {
    expect(statSync(join(owner.home, 'ingest-door.json')).mode & 0o777).toBe(0o600);
  });
});

test('a home that could not be opened whole is let go', async () => {
  const home = mkdtempSync(join(tmpdir(), 'lethe-half-open-'));
  const inTheWay = join(home, 'ingest-door.json');
  mkdirSync(inTheWay);
  await expect(openLake({}, { home })).rejects.toMatchObject({ code: 'ERR_FS_EISDIR' });
  rmdirSync(inTheWay);
  const whole = await openLake({}, { home });
  expect(whole.session.owned).toBe(true);
  await whole.close();
});
