import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';

describe('a model that is called like somebody', () => {
  let lake: EmbeddedLake;
  beforeAll(async () => {
    lake = await openLake({}, { at: new Date('2026-03-05T06:00:00Z') });
  });
  afterAll(() => lake.close());

  const message = (chat: string, user: string, model: string) =>
    JSON.stringify({
      chat_id: chat,
      user_id: user,
      room_id: `room-of-${chat}`,
      model,
      timestamp: '2026-03-03T10:00:00Z',
    });
  const build = () => lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-03' });

  test('passes while others use it more often than its namesake writes', async () => {
    await lake.ingest('chat', [message('c1', 'm-large', 'm-large'), message('c2', 'user-2', 'm-large')]);
    await build();
  });

  test('is told of when only its namesake can have used it', async () => {
    await lake.ingest('chat', [message('c3', 'user-3', 'user-3')]);
    await expect(build()).rejects.toThrow(/gold_has_no_identifier/);
  });
});
