import { join } from 'node:path';
import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';
import { meterPipeline, silverMeterHourly, silverOverloads } from './pipeline.ts';

const reading = (id: string, meter: string, timestamp: string, watts: number) =>
  JSON.stringify({ reading_id: id, meter, timestamp, watts });

describe('a pipeline that shares nothing with chat', () => {
  let lake: EmbeddedLake;
  beforeEach(async () => {
    lake = await openLake(
      {},
      { pipelines: [meterPipeline], sql: [join(import.meta.dirname, 'sql')], at: new Date('2026-03-05T10:10:00Z') },
    );
  });
  afterEach(() => lake.close());

  const hours = async () =>
    (await lake.rows(silverMeterHourly))
      .map((row) => `${row.hour} ${row.meter} ${row.readings_cnt} ${row.most_watts}`)
      .sort();
  const overloads = async () =>
    (await lake.rows(silverOverloads)).map((row) => `${row.reading_id} ${row.watts}`).sort();

  test('builds the hour that has ended, rebuilds hours that late readings change, and adds each overload once', async () => {
    await lake.ingest('meter', [
      reading('r1', 'm1', '2026-03-05T09:15:00Z', 500),
      reading('r2', 'm1', '2026-03-05T09:45:00Z', 1200),
      reading('r3', 'm1', '2026-03-05T10:05:00Z', 2000),
    ]);
    await lake.session.run('meters-hourly', { mode: 'scheduled' });
    expect(await hours()).toEqual(['2026-03-05 09:00:00.000 m1 2 1200']);
    expect(await overloads()).toEqual(['r2 1200']);

    lake.at = new Date('2026-03-05T11:10:00Z');
    await lake.ingest('meter', [
      reading('r4', 'm2', '2026-03-05T09:59:59Z', 100),
      reading('r2', 'm1', '2026-03-05T09:45:00Z', 9999),
    ]);
    await lake.session.run('meters-hourly', { mode: 'scheduled' });
    expect(await hours()).toEqual([
      '2026-03-05 09:00:00.000 m1 3 9999',
      '2026-03-05 09:00:00.000 m2 1 100',
      '2026-03-05 10:00:00.000 m1 1 2000',
    ]);
    // r2 was there already: an append-once table keeps what it saw first.
    expect(await overloads()).toEqual(['r2 1200', 'r3 2000']);
  });

  test('builds every hour of a backfill, and the same again without a change', async () => {
    await lake.ingest('meter', [
      reading('r1', 'm1', '2026-03-03T23:59:59Z', 1),
      reading('r2', 'm1', '2026-03-04T00:00:00Z', 2),
      reading('r3', 'm1', '2026-03-04T13:30:00Z', 3000),
    ]);
    await lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-04' });
    const first = await hours();
    expect(first).toHaveLength(3);
    await lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-04' });
    expect(await hours()).toEqual(first);
    const [newest] = await lake.session.runtime.ledger.latestRuns(1);
    const statements = await lake.session.runtime.ledger.statementsOf(newest?.id ?? '');
    expect(statements.filter(({ rowsChanged }) => rowsChanged !== undefined && rowsChanged > 0)).toEqual([]);
  });
});
