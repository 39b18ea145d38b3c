import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { athenaDdl } from '../../core/catalogue/athena-ddl.ts';
import { clientOf, runToEnd, visits } from '../local/athena/visits-lake.ts';
import { stackAddresses } from './stack-addresses.ts';

test('PyAthena works on the endpoint as it does on Athena', async () => {
  const { athenaUrl, artifacts } = stackAddresses();
  const database = `python_${randomUUID().replaceAll('-', '')}`;
  const client = clientOf(athenaUrl);
  await runToEnd(client, `create database ${database}`);
  await runToEnd(client, {
    QueryString: athenaDdl(visits, `s3://lethe-lake/${database}/visits`),
    QueryExecutionContext: { Database: database },
  });
  client.destroy();
  const script = join(import.meta.dirname, 'pyathena_client.py');
  const { stdout } = await promisify(execFile)(artifacts.python, [script, database], {
    env: { ...process.env, AWS_ENDPOINT_URL_ATHENA: athenaUrl },
  });
  expect(JSON.parse(stdout)).toEqual({
    typed: ['date', 'datetime', 'Decimal', 'int', 'str', 'NoneType'],
    columns: ['dt', 'timestamp', 'cost', 'visit_id', 'user_id', 'nothing'],
    paged: 2500,
    parameters: 10,
    tables: ['visits'],
    scanned: true,
    metadata: ['visit_id', 'user_id', 'timestamp', 'cost', 'dt'],
    error: 'COLUMN_NOT_FOUND',
  });
});
