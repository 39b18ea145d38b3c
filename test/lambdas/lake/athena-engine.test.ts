import { AthenaClient, InvalidRequestException, TooManyRequestsException } from '@aws-sdk/client-athena';
import { StatementRefused } from '../../../core/errors.ts';
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
  ['optimize visits rewrite data using bin_pack', 'ICEBERG_OPTIMIZE_TIMED_OUT'],
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

/** What comes of a start that Athena answers with an error. */
function startAnswered(error: Error) {
  const client = answering(new AthenaClient({ region: 'eu-west-1' }), () => {
    throw error;
  });
  return new AthenaEngine({ client, workGroup: 'w', database: 'd' }).start('select secret', 'token').catch((e) => e);
}

test('a statement is started in its own database, so that Athena asks for no right to `default`', async () => {
  const asked: unknown[] = [];
  const client = answering(new AthenaClient({ region: 'eu-west-1' }), ({ input }) => {
    asked.push(input);
    return { QueryExecutionId: 'id' };
  });
  await new AthenaEngine({ client, workGroup: 'w', database: 'd' }).start('select 1', 'token');
  expect(asked).toEqual([expect.objectContaining({ QueryExecutionContext: { Database: 'd' } })]);
});

const invalid = (message: string, AthenaErrorCode?: string) =>
  new InvalidRequestException({
    message,
    $metadata: {},
    ...(AthenaErrorCode === undefined ? {} : { AthenaErrorCode }),
  });

test.each([
  invalid(`line 1:8: mismatched input 'secret'. Expecting: <query>`, 'MALFORMED_QUERY'),
  invalid('Only one sql statement is allowed. Got: select secret; select 2', 'MALFORMED_QUERY'),
  invalid(`line 1:8: mismatched input 'secret'. Expecting: <query>`),
  invalid('Queries of this type are not supported', 'INVALID_INPUT'),
])('a text that Athena does not start is refused by a code alone: %s', async (error) => {
  const refused = await startAnswered(error);
  expect(refused).toBeInstanceOf(StatementRefused);
  expect(refused).toMatchObject({ name: 'StatementFailed', code: 'SYNTAX_ERROR' });
  expect(`${refused.message} ${refused.stack}`).not.toContain('secret');
});

test.each([
  invalid('Idempotent parameters do not match', 'INVALID_INPUT'),
  invalid('No output location provided.'),
  new TooManyRequestsException({ message: 'slow down', $metadata: {} }),
])('no other refusal is blamed on the statement: %s', async (error) => {
  expect(await startAnswered(error)).toBe(error);
});

test('two environments that ask the same question have each their own token, and each the same one again', async () => {
  const tokens: unknown[] = [];
  const client = answering(new AthenaClient({ region: 'eu-west-1' }), ({ input }) => {
    tokens.push(Object(input).ClientRequestToken);
    return { QueryExecutionId: 'id' };
  });
  for (const workGroup of ['lethe', 'lethe', 'other']) {
    await new AthenaEngine({ client, workGroup, database: 'd' }).start('select 1', 'question');
  }
  expect(tokens[0]).toBe(tokens[1]);
  expect(tokens[2]).not.toBe(tokens[0]);
});

test.each([
  'ICEBERG_COMMIT_ERROR',
  'THROTTLING_EXCEPTION',
  'TOO_MANY_REQUESTS_EXCEPTION',
  'EXCEEDED_RESOURCES_AT_THIS_SCALE_FACTOR',
  'GENERIC_INTERNAL_ERROR',
  'CLUSTER_OUT_OF_MEMORY',
  'NO_NODES_AVAILABLE',
  'SLOW_DOWN',
])('%s can pass', async (code) => {
  expect(await statusOf('select 1', 'FAILED', `${code}: of something`)).toMatchObject({ code, passing: true });
});
