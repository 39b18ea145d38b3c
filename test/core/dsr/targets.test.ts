import { athenaTableProperties } from '../../../core/catalogue/athena-ddl.ts';
import { icebergProperties } from '../../../core/catalogue/iceberg-properties.ts';
import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { standingWaits } from '../../../core/dsr/erasures.ts';
import { baseTables, derivedTables } from '../../../core/dsr/targets.ts';
import { snapshotAgeSeconds } from '../../../core/maintenance/measure.ts';

const targets = [...baseTables(chatPipeline).map(({ table }) => table), ...derivedTables(chatPipeline)];

test('an erasure has work on all of silver, and on what names a person in bronze', () => {
  expect(targets.map(({ name }) => name).sort()).toEqual([
    'bronze_chat_events',
    'bronze_tool_calls',
    'silver_active_user_breakdown_daily',
    'silver_messages',
    'silver_room_daily',
    'silver_tool_calls',
    'silver_tool_daily',
    'silver_user_daily',
  ]);
});

test.each(targets.map((table) => [table.name, table] as const))(
  '%s lets go of old files in the time that a proof waits, and of its manifests’ entries',
  (_, table) => {
    expect(snapshotAgeSeconds(table) * 1000).toBeLessThan(standingWaits.expiryMillis);
    expect(athenaTableProperties(table)).toMatchObject({
      optimize_rewrite_delete_file_threshold: '1',
      optimize_rewrite_data_file_threshold: '1',
    });
    expect(icebergProperties(table)).toMatchObject({ 'commit.manifest.min-count-to-merge': '2' });
  },
);
