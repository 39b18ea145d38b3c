import { scriptedLake } from '../../lambdas/lake/scripted-lake.ts';
import { batchOfRequest, erasing, requestOfAge } from './erasing-story.ts';
import { maintained, reported, running, type Story, scheduled } from './lake-story.ts';
import { callsOf, measuredByService, runsOf } from './service-story.ts';

const gibibyte = 1024 ** 3;
/** Answers counts: of records, and of those that were rejected. */
export const countOf = (rejected: number) => (sql: string) => {
  if (!sql.startsWith('select count(*)')) return undefined;
  return [{ records: sql.includes('rejected') ? String(rejected) : '50' }];
};

/** What makes each alarm fire, and what ends it. */
export const stories: Record<string, () => Promise<Story>> = {
  'state-not-reported': async () => {
    const lake = scriptedLake();
    const story = await reported(lake, '2026-03-10T02:00:00Z', 9, async () => undefined);
    // The schedule was off from the third hour to the sixth.
    const key = 'Lethe StateReports environment=lethe';
    const kept = (story.series.get(key) ?? []).filter((_, hour) => hour < 2 || hour > 5);
    return { ...story, series: new Map([[key, kept]]) };
  },
  'period-late': async () => {
    const lake = scriptedLake();
    await lake.machines.run('backfill', { from: '2026-03-01', to: '2026-03-09' });
    // A day later nothing has started by itself until, nine hours after its end, somebody starts it.
    return await reported(lake, '2026-03-11T04:00:00Z', 8, async (hour) => {
      if (hour !== 5) return;
      await lake.machines.run('silver-daily', scheduled);
      await lake.machines.run('gold-daily', scheduled);
    });
  },
  'statement-slow': () => running({ takes: () => ({ bytes: 10, millis: 25 * 60_000 }) }, [2], 6),
  'statement-large': () => running({ takes: () => ({ bytes: 150 * gibibyte, millis: 10 }) }, [2], 6),
  'cost-per-day': () => running({ takes: () => ({ bytes: 400 * gibibyte, millis: 10 }) }, [2], 30),
  'records-rejected': async () => {
    let rejected = 0;
    const lake = scriptedLake({ rows: (sql) => countOf(rejected)(sql) });
    return await reported(lake, '2026-03-10T02:00:00Z', 8, async (hour) => {
      rejected = hour >= 2 && hour < 5 ? 10 : 1;
    });
  },
  'bronze-behind': async () => {
    let committed = '';
    const rows = (sql: string) => (sql.includes('valid-through') ? [{ valid_through: committed }] : undefined);
    const lake = scriptedLake({ rows });
    return await reported(lake, '2026-03-10T02:00:00Z', 9, async (hour) => {
      // The connector stands still from the second hour to the fifth.
      if (hour < 2 || hour > 5) committed = lake.now.toISOString();
    });
  },
  'erasure-due-soon': () => requestOfAge(31 * 0.7),
  'erasure-old': () => requestOfAge(25),
  'erasure-failed': async () => {
    const place = await erasing({
      course: (sql, before) => (sql.includes('dsr_subjects') && before === 0 ? ['SYNTAX_ERROR'] : undefined),
    });
    const { lake, ask } = place;
    await ask();
    return await reported(lake, lake.now.toISOString(), 8, async (hour) => {
      if (hour === 2) await expect(lake.machines.run('dsr', scheduled)).rejects.toThrow();
      if (hour === 4) await place.end();
      if (hour === 5) await lake.machines.run('dsr', scheduled);
    });
  },
  'erasure-stuck': () =>
    batchOfRequest(async (hour, { end }) => {
      if (hour === 38) await end();
    }),
  'workflow-failed': () => runsOf('workflow-failed', [undefined, () => ['SYNTAX_ERROR'], undefined]),
  'retention-held': async () => {
    const lake = scriptedLake();
    await lake.machines.run('backfill', { from: '2026-02-01', to: '2026-03-09' });
    // The month of March is never built: its first day is due on the 15th of April, and has been held for a week on the 22nd.
    return await maintained(lake, ['2026-04-21', '2026-04-22']);
  },
  'data-quality': async () => {
    const findings = (sql: string) =>
      sql.includes("'failure'") ? [{ dt: '2026-03-11', warnings: '2', failures: failures }] : undefined;
    let failures = '0';
    const lake = scriptedLake({ rows: findings });
    return await maintained(lake, ['2026-03-11', '2026-03-12'], (day) => {
      failures = day === '2026-03-12' ? '1' : '0';
    });
  },
  'workflow-timed-out': async () => measuredByService('workflow-timed-out', [0, 1, 0]),
  'function-errors': () => callsOf([0, 5, 2]),
  'function-throttles': async () => measuredByService('function-throttles', [0, 3, 0]),
  'dead-letters-runs': async () => measuredByService('dead-letters-runs', [0, 2, 2, 0]),
  'dead-letters-erasures': async () => measuredByService('dead-letters-erasures', [0, 1, 0]),
  // A broker whose disk is full measures nothing until it is helped.
  'kafka-disk': async () => measuredByService('kafka-disk', [84, 85, undefined, undefined, 61]),
  'connector-failed': async () => measuredByService('connector-failed', [0, 1, 1, 0]),
  'connector-stopped': async () => measuredByService('connector-stopped', [2, 2, undefined, undefined, undefined, 2]),
  'sink-commits-nothing': async () =>
    measuredByService('sink-commits-nothing', [8, 90, 8, 90, 90, 90, 90, 90, 90, 120, 8]),
  'connector-lag': async () => measuredByService('connector-lag', [5, 4e5, 5, 4e5, 4e5, 4e5, 4e5, 4e5, 4e5, 4e5, 5, 5]),
};
