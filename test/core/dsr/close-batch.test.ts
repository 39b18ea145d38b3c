import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeBatch } from '../../../core/dsr/close-batch.ts';
import { readEvidence } from '../../../core/dsr/evidence.ts';
import type { StatementRecord } from '../../../core/lake/run-ledger.ts';
import { evidenceDirectory } from '../../../local/dsr/home-erasures.ts';
import { openedBatch } from '../../dsr/erasing-lake.ts';
import { openLake } from '../../local/embedded-lake.ts';

const ran = (run: string, statement: string, outcome: StatementRecord['outcome'] = 'succeeded'): StatementRecord => ({
  run,
  workflow: 'dsr-table',
  window: { grain: 'day', from: '2026-03-03', to: '2026-03-04' },
  statement,
  id: `${run} ${statement} ${outcome}`,
  outcome,
  bytesScanned: 0,
  millis: 1,
  finishedAt: '2026-03-05T07:30:00.000Z',
});

test('evidence names the erasing statements that succeeded in the runs of each round, and what was kept first stands', async () => {
  const lake = await openLake({}, { at: new Date('2026-03-20T07:00:00Z') });
  try {
    const { erasures, runtime } = lake.session;
    for (const record of [
      ran('run-1', 'dsr/delete_subjects', 'failed'),
      ran('run-1', 'dsr/delete_subjects', 'cancelled'),
      ran('run-2', 'dsr/delete_subjects'),
      ran('run-2', 'chat/silver_user_daily'),
      ran('run-3', 'dsr/days_with_subjects'),
      ran('run-of-others', 'dsr/delete_subjects'),
    ])
      await runtime.ledger.recordStatement(record);
    const rounds = [
      { kind: 'erasure', before: {}, runs: ['run-1', 'run-2'] },
      { kind: 'sweep', before: {}, runs: ['run-3'] },
    ] as const;
    await erasures.store.save(openedBatch('one', { stage: 'closing', rounds }));
    const evidenceOf = () =>
      readEvidence(readFileSync(join(evidenceDirectory(lake.home), 'one.json'), 'utf8'), 'one.json').evidence;
    expect(await closeBatch(runtime, 'one')).toEqual({ evidence: 'one.json' });
    expect(evidenceOf().rounds.map(({ statements }) => statements.map(({ id }) => id))).toEqual([
      ['run-2 dsr/delete_subjects succeeded'],
      ['run-3 dsr/days_with_subjects succeeded'],
    ]);
    // As after a crash just before its end.
    lake.at = new Date('2026-03-21T07:00:00Z');
    await closeBatch(runtime, 'one');
    const closedAt = '2026-03-20T07:00:00.000Z';
    expect([evidenceOf(), await erasures.store.batch('one')]).toMatchObject([{ closedAt }, { closedAt }]);
  } finally {
    await lake.close();
  }
});
