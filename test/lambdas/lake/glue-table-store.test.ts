import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { Engine } from '../../../core/lake/engine.ts';
import { GlueTableStore } from '../../../lambdas/lake/glue-table-store.ts';

const statistics = { bytesScanned: 0, engineMillis: 0 };

/** A store whose engine ends every statement so, and the tokens that it started them under. */
function storeOf(token: string, code?: string) {
  const tokens = new Map<string, string>();
  const engine: Engine = {
    start: async (sql, of) => {
      tokens.set(sql, of);
      return 'statement-1';
    },
    status: async () =>
      code === undefined ? { state: 'succeeded', statistics } : { state: 'failed', code, passing: false, statistics },
    rows: async () => [],
    allRows: async () => [],
    rowsChanged: async () => undefined,
  };
  const region = { region: 'eu-west-1' };
  const clients = { glue: new GlueClient(region), s3: new S3Client(region) };
  const store = new GlueTableStore({ engine, ...clients, database: 'd', sleep: async () => undefined, token });
  return { store, tokens };
}

test('a deployment that is started again finds its statements, whichever of them are left to do', async () => {
  const [first, again, other] = [storeOf('request-1'), storeOf('request-1'), storeOf('request-2')];
  for (const sql of ['create a', 'create b']) await first.store.run(sql);
  await again.store.run('create b');
  await other.store.run('create b');
  expect(again.tokens.get('create b')).toBe(first.tokens.get('create b'));
  expect(other.tokens.get('create b')).not.toBe(first.tokens.get('create b'));
  expect(first.tokens.get('create a')).not.toBe(first.tokens.get('create b'));
});

test('a statement that fails is told by its beginning and its code', async () => {
  const { store } = storeOf('request-1', 'DDL_ExecutionError');
  await expect(store.run('CREATE TABLE `a` (\n  `b` string\n)')).rejects.toThrow(
    'CREATE TABLE `a` failed with DDL_ExecutionError: statement statement-1.',
  );
});
