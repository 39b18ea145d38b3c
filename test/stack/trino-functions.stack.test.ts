import { aggregateCases, functionCases } from '../cases/athena-functions.ts';
import { clientOf, rowsOf, runToEnd } from '../local/athena/visits-lake.ts';
import { stackAddresses } from './stack-addresses.ts';

const client = clientOf(stackAddresses().athenaUrl);
afterAll(() => client.destroy());

test.each(functionCases)('%s is %s on Trino too', async (expression, expected) => {
  const execution = await runToEnd(client, `select ${expression} as x`);
  expect(execution.Status?.StateChangeReason).toBeUndefined();
  expect(await rowsOf(client, execution)).toEqual([['x'], [expected]]);
});

test.each(aggregateCases)('%s of three rows is %s on Trino too', async (expression, expected) => {
  const sql = `select ${expression} as x from (values (1, 'a'), (2, 'b'), (3, 'c')) t(x, y)`;
  expect(await rowsOf(client, await runToEnd(client, sql))).toEqual([['x'], [expected]]);
});
