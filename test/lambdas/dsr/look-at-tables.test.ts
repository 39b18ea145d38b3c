import { chatPipeline } from '../../../core/chat/pipeline.ts';
import type { TableProver } from '../../../core/dsr/erasures.ts';
import { erasuresOf } from '../../../core/dsr/ports.ts';
import { tablesToProve } from '../../../core/dsr/targets.ts';
import { ObjectMissing } from '../../../core/iceberg/object-reader.ts';
import { scriptedLake } from '../lake/scripted-lake.ts';
import { countedRows, deletionRequested } from './erasing-calls.ts';

/** A batch whose rows are gone, and whose proof is next. */
async function erased(prover: Partial<TableProver>) {
  const lake = scriptedLake({ rows: countedRows() });
  lake.now = new Date('2026-03-10T07:00:00Z');
  await lake.call('dsr/receive-request', deletionRequested('person'));
  await lake.machines.run('dsr', { mode: 'scheduled' });
  lake.now = new Date('2026-03-11T09:00:00Z');
  const { store, prover: before } = erasuresOf(lake.runtime);
  Object.assign(before, prover);
  return {
    tick: () => lake.machines.run('dsr', { mode: 'scheduled' }),
    batch: async () => (await store.batches())[0],
  };
}

const nothing = { checks: {}, late: 0, noneCondemned: false };
const parts = [0, 1, 2].map((from) => ({ from, to: from + 1 }));
const version = { snapshot: '7', snapshots: 3 };

test('every table is looked at, and every part of it read; what is found in any of them keeps the batch from being proven', async () => {
  const looked: string[] = [];
  const read: string[] = [];
  const { tick, batch } = await erased({
    look: async (_batch, table) => {
      looked.push(table);
      const found = table === 'gold_time_series' ? 1 : 0;
      return { version, parts, found: { ...nothing, checks: { gold: { found, looked: 9 } } } };
    },
    readPart: async (_batch, table, of, part) => {
      read.push(`${table} ${part.from} ${of.snapshot}`);
      const found = table === 'silver_messages' && part.from === 2 ? 1 : 0;
      return { ...nothing, checks: { rows: { found, looked: 1 } } };
    },
  });
  await tick();
  expect(looked).toEqual(tablesToProve(chatPipeline));
  expect(read.sort()).toEqual(
    looked.flatMap((table) => [0, 1, 2].map((part) => `${table} ${part} ${version.snapshot}`)).sort(),
  );
  const { stage, rounds } = (await batch()) ?? {};
  expect([stage, rounds?.[0]?.failedProofs]).toEqual(['opened', 1]);
  expect(rounds?.[0]?.proof?.filter(({ passed }) => !passed)).toEqual([
    { check: 'no live file holds a row in scope', passed: false, detail: 'silver_messages has 1' },
    { check: 'gold has no identifying column', passed: false, detail: 'gold_time_series has 1' },
  ]);
});

test('a table that somebody changes while it is read is looked at again, and nothing of the first look counts', async () => {
  let looks = 0;
  const { tick, batch } = await erased({
    look: async (_batch, table) => {
      if (table === 'silver_messages') looks += 1;
      // Of the first look, whose part is never read to its end.
      const found = table === 'silver_messages' && looks === 1 ? 1 : 0;
      return { version, parts: parts.slice(0, 2), found: { ...nothing, checks: { strays: { found, looked: 1 } } } };
    },
    readPart: async (_batch, table, _version, part) => {
      if (table === 'silver_messages' && looks === 1 && part.from === 1)
        throw new ObjectMissing('s3://lake/gone.parquet');
      return nothing;
    },
  });
  await tick();
  expect(looks).toBe(2);
  expect((await batch())?.stage).toBe('proven');
});
