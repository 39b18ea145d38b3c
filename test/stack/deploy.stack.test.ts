import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { icebergProperties } from '../../core/catalogue/iceberg-properties.ts';
import { chatTables } from '../../core/chat/tables.ts';
import { defaultSettings } from '../../core/settings.ts';
import { diff } from '../oracle/compare.ts';
import { oracle } from '../oracle/oracle.ts';
import { seededInput } from '../oracle/random-events.ts';
import { deploy, prepareDeployment, runDeployed } from './deployed-app.ts';
import { stackAddresses } from './stack-addresses.ts';
import { openTrinoLake, type TrinoLake } from './trino-lake.ts';

/** An environment without Kafka: the emulator knows nothing of MSK Connect. */
const environment = 'dev';
const { weekStart, minimumUsersPerCell } = defaultSettings;
const input = {
  ...seededInput(20260110, { messages: 200, toolCalls: 100 }),
  settings: { weekStart, minimumUsersPerCell },
};

const output = mkdtempSync(join(tmpdir(), 'lethe-cdk-'));
let lake: TrinoLake;
beforeAll(async () => {
  await prepareDeployment(environment, output);
  await deploy(output);
  const { athenaUrl } = stackAddresses();
  lake = await openTrinoLake({ athenaUrl, location: '', database: defaultSettings.database, at: input.arrival });
}, 400_000);
afterAll(async () => {
  await lake?.close();
  rmSync(output, { recursive: true, force: true });
});

test('a deployment makes every table, with the properties that Athena’s DDL refuses', async () => {
  for (const table of chatTables) {
    const rows = await lake.query(`select key, value from "${table.name}$properties"`);
    const properties = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
    expect(properties).toMatchObject(icebergProperties(table));
  }
});

test('a second deployment changes nothing', async () => {
  const said = await deploy(output);
  expect(said.match(/\(no changes\)/g)).toHaveLength(2);
}, 200_000);

test('the deployed workflows build what the second reading of the contract says', async () => {
  await lake.ingest('chat', input.chat);
  await lake.ingest('tool', input.tool);
  await runDeployed('backfill', input.silverDays, 500);
  const expected = oracle(input).tables;
  const tables = await lake.tables();
  for (const table of chatTables) {
    const rows = expected[table.name];
    if (rows !== undefined)
      expect([table.name, ...diff(rows, tables[table.name] ?? [], table.grain)]).toEqual([table.name]);
  }
}, 600_000);
