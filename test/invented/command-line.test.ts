import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lethe, scratchFolder } from '../local/cli/command-line.ts';
import { meterPipeline } from './pipeline.ts';

const folder = scratchFolder();
const meters = { pipelines: async () => [meterPipeline], sql: [join(import.meta.dirname, 'sql')] };
const run = (...args: string[]) =>
  lethe([...args, '--home', join(folder, 'home')], new Date('2026-03-05T10:10:00Z'), meters);

test('the command line ingests, runs, backfills and queries a pipeline that shares nothing with chat', async () => {
  const file = join(folder, 'readings.ndjson');
  const reading = { reading_id: 'r1', meter: 'm1', timestamp: '2026-03-05T09:15:00Z', watts: 1500 };
  writeFileSync(file, `${JSON.stringify(reading)}\nno JSON\n`);
  expect(await run('ingest', '--topic', 'meter', file)).toMatchObject({ status: 0 });
  expect(await run('run', 'meters-hourly')).toMatchObject({ status: 0 });
  const hours = ['query', '--format', 'csv', 'select meter, readings_cnt, most_watts from silver_meter_hourly'];
  expect((await run(...hours)).out.trim()).toBe('meter,readings_cnt,most_watts\nm1,1,1500');
  expect(await run('backfill', '--from', '2026-03-05', '--to', '2026-03-05')).toMatchObject({ status: 0 });
  expect((await run('query', '--format', 'csv', 'select watts from silver_overloads')).out.trim()).toBe('watts\n1500');
});
