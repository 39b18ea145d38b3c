import { openLake } from '../local/embedded-lake.ts';
import { crowd, days } from './crowd.ts';
import { gold, rowsOfOthers, submit, tickToTheEnd } from './erasing-lake.ts';

test('a thousand people who have half of all rows go, though their ids are parts of other people’s', async () => {
  const lake = await openLake({}, { at: new Date('2026-03-09T02:00:00Z') });
  const { chat, tool } = crowd();
  await lake.ingest('chat', chat);
  await lake.ingest('tool', tool);
  await lake.session.run('backfill', { from: days[0] ?? '', to: days.at(-1) ?? '' });
  const before = await lake.tables();
  const people = Array.from({ length: 1_000 }, (_, n) => `person-${n}`);
  await submit(lake, ...people);
  const [batch] = await tickToTheEnd(lake);
  expect(batch?.rounds[0]?.proof?.map(({ check, passed }) => `${check}: ${passed}`)).toEqual([
    'no derived row outlives its source: true',
    'no deleted row is left in a block: true',
    'no file holds an identifier: true',
  ]);
  const after = await lake.tables();
  expect(rowsOfOthers(after, [])).toEqual(rowsOfOthers(before, people));
  expect(gold(after)).toEqual(gold(before));
  await lake.close();
}, 240_000);
