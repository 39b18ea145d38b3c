import { AthenaClient } from '@aws-sdk/client-athena';
import { AthenaEngine } from '../../../lambdas/lake/athena-engine.ts';
import { answering } from './answering.ts';

/** How a statement stands of which Athena says so. */
function statusOf(query: string, state: string, reason: string) {
  const client = answering(new AthenaClient({ region: 'eu-west-1' }), () => ({
    QueryExecution: {
      Query: query,
      Status: {
        State: state,
        StateChangeReason: reason,
        AthenaError: { ErrorCategory: 1, ErrorType: 206, Retryable: false },
      },
    },
  }));
  return new AthenaEngine({ client, workGroup: 'w', database: 'd' }).status('id');
}

test.each([
  ['vacuum visits', 'ICEBERG_VACUUM_MORE_RUNS_NEEDED'],
  ['optimize visits rewrite data using bin_pack', 'ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED'],
  ['select count(*) from visits', 'ATHENA_ERROR_1_206'],
])('when its thirty minutes are over, "%s" ends with %s', async (query, code) => {
  expect(await statusOf(query, 'FAILED', 'Query timeout')).toMatchObject({ state: 'failed', code, passing: false });
});

test('a statement that reads more than its workgroup allows is not tried again, one that somebody stopped is', async () => {
  const limit = 'Query cancelled! : Bytes scanned limit was exceeded';
  expect(await statusOf('select 1', 'CANCELLED', limit)).toMatchObject({
    state: 'failed',
    code: 'SCAN_LIMIT_EXCEEDED',
    passing: false,
  });
  expect(await statusOf('select 1', 'CANCELLED', 'Query cancelled by user')).toMatchObject({ state: 'cancelled' });
});
