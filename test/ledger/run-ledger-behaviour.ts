import type { BuiltPeriod, RunLedger, StatementRecord } from '../../core/lake/run-ledger.ts';
import { builtDay } from './built-day.ts';

const noon = '2026-03-10T12:00:00.000Z';
const later = '2026-03-10T12:45:00.000Z';
const evening = '2026-03-10T20:00:00.000Z';

function statement(id: string, finishedAt: string): StatementRecord {
  return {
    run: 'run-a',
    workflow: 'silver-daily',
    window: { grain: 'day', from: '2026-03-09', to: '2026-03-10' },
    statement: 'chat/silver_messages',
    id,
    outcome: 'succeeded',
    rowsChanged: 0,
    bytesScanned: 1024,
    millis: 900,
    finishedAt,
  };
}

/** What every run ledger does, wherever it keeps its records. */
export function behavesAsRunLedger(open: () => Promise<{ ledger: RunLedger; close: () => Promise<void> }>): void {
  let ledger: RunLedger;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ ledger, close } = await open());
  });
  afterEach(() => close());

  test('a turn is for one run at a time, and names the run that has it', async () => {
    expect(await ledger.takeTurn('run-a', ['silver_messages', 'silver_tool_calls'], noon, later)).toEqual({});
    expect(await ledger.takeTurn('run-b', ['gold_time_series', 'silver_tool_calls'], noon, later)).toEqual({
      heldBy: 'run-a',
    });
    // The refused run got none of the tables it asked for.
    expect(await ledger.takeTurn('run-c', ['gold_time_series'], noon, later)).toEqual({});
  });

  test('a run renews its own turn, and a turn that is given back is free', async () => {
    await ledger.takeTurn('run-a', ['silver_messages'], noon, later);
    expect(await ledger.takeTurn('run-a', ['silver_messages'], noon, evening)).toEqual({});
    await ledger.giveTurnBack('run-a');
    await ledger.giveTurnBack('run-a');
    expect(await ledger.takeTurn('run-b', ['silver_messages'], noon, later)).toEqual({});
  });

  test('a turn is renewed while it is the run’s, lapsed or not; a run that has given it back gets none', async () => {
    await ledger.takeTurn('run-a', ['silver_messages', 'silver_tool_calls'], noon, later);
    expect(await ledger.renewTurn('run-a', ['silver_messages', 'silver_tool_calls'], evening)).toEqual({
      renewed: true,
    });
    expect(await ledger.takeTurn('run-b', ['silver_messages'], later, evening)).toEqual({ heldBy: 'run-a' });
    await ledger.giveTurnBack('run-a');
    expect(await ledger.renewTurn('run-a', ['silver_messages'], evening)).toEqual({ renewed: false });
    expect(await ledger.takeTurn('run-b', ['silver_messages'], noon, evening)).toEqual({});
    expect(await ledger.renewTurn('run-a', ['silver_messages', 'silver_tool_calls'], evening)).toEqual({
      renewed: false,
      heldBy: 'run-b',
    });
    expect(await ledger.takeTurn('run-c', ['silver_tool_calls'], noon, evening)).toEqual({});
  });

  test('a turn that was not renewed in time can be taken, and its former run does not give it away', async () => {
    await ledger.takeTurn('run-a', ['silver_messages'], noon, later);
    await ledger.giveTurnBack('run-z');
    expect(await ledger.takeTurn('run-b', ['silver_messages'], noon, later)).toEqual({ heldBy: 'run-a' });
    expect(await ledger.takeTurn('run-b', ['silver_messages'], evening, '2026-03-10T21:00:00.000Z')).toEqual({});
    await ledger.giveTurnBack('run-a');
    expect(await ledger.takeTurn('run-c', ['silver_messages'], evening, evening)).toEqual({ heldBy: 'run-b' });
  });

  test('of many runs that start at once exactly one gets the turn', async () => {
    const runs = Array.from({ length: 8 }, (_, index) => `run-${index}`);
    const answers = await Promise.all(
      runs.map((run) => ledger.takeTurn(run, ['silver_messages', 'silver_tool_calls'], noon, later)),
    );
    expect(answers.filter(({ heldBy }) => heldBy === undefined)).toHaveLength(1);
  });

  test('runs are listed newest first with how they ended', async () => {
    await ledger.startRun({ id: 'run-a', workflow: 'silver-daily', mode: 'scheduled', startedAt: noon });
    const window = { grain: 'week', from: '2026-03-02', to: '2026-03-09' } as const;
    await ledger.startRun({ id: 'run-b', workflow: 'gold-weekly', mode: 'named', window, startedAt: later });
    await ledger.finishRun('run-b', { finishedAt: evening, outcome: 'failed', failure: 'StatementFailed' });
    await ledger.finishRun('run-unknown', { finishedAt: evening, outcome: 'succeeded' });
    expect(await ledger.latestRuns(5)).toEqual([
      {
        id: 'run-b',
        workflow: 'gold-weekly',
        mode: 'named',
        window,
        startedAt: later,
        finishedAt: evening,
        outcome: 'failed',
        failure: 'StatementFailed',
      },
      { id: 'run-a', workflow: 'silver-daily', mode: 'scheduled', startedAt: noon },
    ]);
    expect(await ledger.latestRuns(1)).toHaveLength(1);
  });

  test("a run's statements come in the order in which they ended, each once", async () => {
    await ledger.recordStatement(statement('b', noon));
    await ledger.recordStatement(statement('a', later));
    await ledger.recordStatement(statement('a', later));
    expect(await ledger.statementsOf('run-a')).toEqual([statement('b', noon), statement('a', later)]);
    expect(await ledger.statementsOf('run')).toEqual([]);
  });

  test('what maintenance found and did is kept with its run, also when the run ends', async () => {
    const size = { files: 9, bytes: 4096, mostFiles: 7, snapshots: 12 };
    const window = { grain: 'day', from: '2026-03-01', to: '2026-03-02' } as const;
    const done = { table: 'silver_messages', drops: [], rewrites: [window], expires: true, before: size, after: size };
    await ledger.startRun({ id: 'run-m', workflow: 'maintenance-table', mode: 'scheduled', startedAt: noon });
    await ledger.recordMaintenance('run-m', [done]);
    await ledger.recordMaintenance('nobody', [done]);
    await ledger.finishRun('run-m', { finishedAt: later, outcome: 'succeeded' });
    expect(await ledger.latestRuns(5)).toMatchObject([{ id: 'run-m', outcome: 'succeeded', maintenance: [done] }]);
  });

  test('built periods come in order and within bounds, as they were recorded last', async () => {
    await ledger.recordPeriods([builtDay('2026-03-02'), builtDay('2026-03-01'), builtDay('2026-03-03')]);
    await ledger.recordPeriods([builtDay('2026-03-02'), builtDay('2026-03-02', { state: 'final' })]);
    await ledger.recordPeriods([builtDay('2026-03-02', { workflow: 'gold-daily' })]);
    const from = (periods: readonly BuiltPeriod[]) => periods.map(({ period, state }) => `${period.from} ${state}`);
    expect(from(await ledger.builtPeriods('silver-daily'))).toEqual([
      '2026-03-01 provisional',
      '2026-03-02 final',
      '2026-03-03 provisional',
    ]);
    expect(from(await ledger.builtPeriods('silver-daily', '2026-03-02', '2026-03-03'))).toEqual(['2026-03-02 final']);
    expect(await ledger.builtPeriods('gold-weekly')).toEqual([]);
  });

  test('more periods than one transaction takes are recorded all the same', async () => {
    const many = Array.from({ length: 140 }, (_, index) =>
      builtDay(new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)),
    );
    await ledger.recordPeriods(many);
    expect(await ledger.builtPeriods('silver-daily')).toEqual(many);
    await ledger.recordPeriods([]);
  });
}
