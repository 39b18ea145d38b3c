import { randomUUID } from 'node:crypto';
import { detailTypes } from '../../../core/dsr/receive.ts';
import { type Call, type Script, scriptedLake } from '../lake/scripted-lake.ts';

/** An event on the bus that asks for somebody to be erased. */
export function deletionRequested(identity: string, id: string = randomUUID()) {
  return {
    'detail-type': detailTypes.request,
    time: '2026-03-10T06:00:00Z',
    detail: {
      regulation: 'gdpr',
      subject_request_id: id,
      subject_request_type: 'erasure',
      subject_identities: [
        { identity_type: 'controller_customer_id', identity_value: identity, identity_format: 'raw' },
      ],
      submitted_time: '2026-03-10T06:00:00Z',
    },
  };
}

/** Answers of the counting statements: rows of somebody on one day, until they are deleted. */
export function countedRows(): NonNullable<Script['rows']> {
  let deleted = false;
  return (sql) => {
    if (sql.startsWith('delete from')) deleted = true;
    if (!sql.includes('subject_rows')) return undefined;
    const day = '2026-03-08';
    if (!sql.includes(' as file')) return [{ day, all_rows: '8', subject_rows: '0' }];
    // Whoever does not ask for the file is told none.
    const file = sql.includes('"$path" as file') ? { file: 's3://lake/tables/x/data/1.parquet' } : {};
    return deleted ? [] : [{ day, ...file, all_rows: '10', subject_rows: '2' }];
  };
}

/** Everything that an erasure on AWS asks of it, from the event to the evidence. */
export async function erasingCalls(): Promise<Call[]> {
  const lake = scriptedLake({ rows: countedRows() });
  lake.now = new Date('2026-03-10T07:00:00Z');
  await lake.machines.run('backfill', { from: '2026-03-01', to: '2026-03-09' });
  const withdrawn = deletionRequested('somebody');
  const twice = deletionRequested('person');
  for (const event of [twice, twice, withdrawn, { ...withdrawn, detail: {} }]) {
    await lake.call('dsr/receive-request', event);
  }
  // As after a crash between the vault and the ledger, or when an event is delivered twice at once: the vault is filled.
  const late = deletionRequested('another');
  await lake.runtime.erasures?.vault.put(late.detail.subject_request_id, ['another']);
  await lake.call('dsr/receive-request', late);
  const { subject_request_id } = withdrawn.detail;
  await lake.call('dsr/receive-request', { 'detail-type': detailTypes.withdrawal, detail: { subject_request_id } });
  await lake.machines.run('dsr', { mode: 'scheduled', dryRun: true });
  await lake.call('monitoring/report-state', { builtWithinHours: 6 });
  await carriedOut(lake);
  await lake.call('dsr/tell-statuses', {});
  // As after a crash just before its end.
  const [batch] = (await lake.runtime.erasures?.store.batches()) ?? [];
  await lake.call('dsr/close-batch', { batch: batch?.id });
  return [...lake.calls, ...(await callsBeforeGold())];
}

/** An erasure of a day of which silver is built and gold is not, so that nothing seals it. */
async function callsBeforeGold(): Promise<Call[]> {
  const lake = scriptedLake();
  lake.now = new Date('2026-03-10T07:00:00Z');
  const window = { grain: 'day', from: '2026-03-09', to: '2026-03-10' };
  await lake.machines.run('silver-daily', { mode: 'named', window });
  await lake.call('dsr/record-rebuild', { pipeline: 'chat', workflow: 'silver-daily', window });
  return lake.calls;
}

/** Runs the workflow again and again, each time when every wait is over. */
async function carriedOut(lake: ReturnType<typeof scriptedLake>): Promise<void> {
  // A dry run ends in the same state.
  const closings = () => lake.entered.filter((state) => state === 'Close the batch').length;
  const before = closings();
  for (let run = 0; run < 6; run++) {
    await lake.machines.run('dsr', { mode: 'scheduled' });
    if (closings() > before) return;
    lake.now = new Date(lake.now.getTime() + 15 * 86_400_000);
  }
  throw new Error('the erasure does not end');
}
