import { endTick } from '../../../core/dsr/end-tick.ts';
import { workOn } from '../../../core/dsr/table-work.ts';

test('a tick fails after every batch had its turn, with a line for each that failed and nothing of what an engine says', () => {
  const failure = (name: string, Cause: string) => ({ Error: name, Cause });
  expect(() => endTick([{ batch: 'one' }, { batch: 'two' }])).not.toThrow();
  const nested = failure('CheckFailed', 'silver_messages on 2026-03-05: 2 rows of others are missing.');
  const outcomes = [
    { batch: 'one' },
    // As a state machine is told of the end of another one that it has started.
    { batch: 'two', failure: failure('States.TaskFailed', JSON.stringify({ ...nested, Input: '{"batch":"two"}' })) },
    { batch: 'three', failure: failure('SomeEngineError', 'conflicting files … in ("leaver-3f1c9a")') },
    { batch: 'four', failure: { Error: 'States.Timeout' } },
  ];
  expect(() => endTick(outcomes)).toThrow(
    expect.objectContaining({
      name: 'CheckFailed',
      message:
        'two: silver_messages on 2026-03-05: 2 rows of others are missing. ' +
        'three: SomeEngineError: see the log of the task that failed. four: States.Timeout: see the log of the task that failed.',
    }),
  );
});

test('work on a table is empty but for what is said, so that a state machine may ask for every list', () => {
  const windows = [{ grain: 'day', from: '2026-03-05', to: '2026-03-06' }] as const;
  expect(workOn('bronze_x', { rewrites: windows })).toEqual({
    table: 'bronze_x',
    counts: [],
    deletions: [],
    rewrites: windows,
    expiries: [],
    manifests: [],
  });
});
