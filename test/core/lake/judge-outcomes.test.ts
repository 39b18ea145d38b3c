import { judgeOutcomes } from '../../../core/lake/judge-outcomes.ts';

test('a run fails after every part had its turn, with what each that failed says, and nothing of what an engine says', () => {
  const failure = (name: string, Cause: string) => ({ Error: name, Cause });
  expect(() => judgeOutcomes([{ part: 'one' }, { part: 'two' }])).not.toThrow();
  const nested = failure('CheckFailed', 'silver_messages on 2026-03-05: 2 rows of others are missing.');
  const outcomes = [
    { part: 'one' },
    // As a state machine is told of the end of another one that it has started.
    { part: 'two', failure: failure('States.TaskFailed', JSON.stringify({ ...nested, Input: '{"batch":"two"}' })) },
    { part: 'three', failure: failure('SomeEngineError', 'conflicting files … in ("leaver-3f1c9a")') },
    { part: 'four', failure: { Error: 'States.Timeout' } },
  ];
  expect(() => judgeOutcomes(outcomes)).toThrow(
    expect.objectContaining({
      name: 'CheckFailed',
      message:
        'two: silver_messages on 2026-03-05: 2 rows of others are missing. ' +
        'three: SomeEngineError: see the log of the task that failed. four: States.Timeout: see the log of the task that failed.',
    }),
  );
});
