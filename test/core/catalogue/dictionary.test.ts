import { dataDictionary } from '../../../core/catalogue/dictionary.ts';
import type { Table } from '../../../core/catalogue/table.ts';
import { chatTables } from '../../../core/chat/tables.ts';

const rooms: Table = {
  name: 'silver_rooms',
  layer: 'silver',
  description: 'Rooms.',
  grain: ['hour', 'room_id'],
  columns: [
    { name: 'hour', type: 'timestamp', description: 'The hour | UTC.' },
    { name: 'room_id', type: 'string', description: 'The room.', identifies: { kind: 'room', onErasure: 'recompute' } },
  ],
  eventTime: 'hour',
  partition: [
    { transform: 'day', column: 'hour' },
    { transform: 'bucket', column: 'room_id', buckets: 16 },
  ],
  retention: 'days',
};

describe('the data dictionary', () => {
  test('says of a table its grain, partition, retention, and what erasure does to it', () => {
    const page = dataDictionary([rooms], 30);
    expect(page).toContain('- Grain: one row per `hour`, `room_id`');
    expect(page).toContain('- Partitioned by: day(`hour`), bucket(16, `room_id`)');
    expect(page).toContain('- Kept: 30 days (`retentionDays`), by `hour`');
    expect(page).toContain('- Erasure: built again from tables that lost the rows');
    expect(page).toContain('| `room_id` | string | The room. | room: recompute |');
  });

  test('keeps a bar inside its cell and leaves out layers without tables', () => {
    const page = dataDictionary([rooms], 30);
    expect(page).toContain('The hour \\| UTC.');
    expect(page).not.toContain('## Gold');
  });

  test('lists every table once and every column under it', () => {
    const page = dataDictionary(chatTables, 45);
    for (const table of chatTables) {
      expect(page.match(new RegExp(`^### ${table.name}$`, 'gm'))).toHaveLength(1);
      const section = page.split(`### ${table.name}\n`)[1]?.split('\n#')[0] ?? '';
      for (const { name, type } of table.columns) expect(section).toContain(`| \`${name}\` | ${type} |`);
    }
  });
});
