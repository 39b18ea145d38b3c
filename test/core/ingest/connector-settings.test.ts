import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatTopic, toolTopic } from '../../../core/chat/topics.ts';
import { connectorSettings } from '../../../core/ingest/connector-settings.ts';

const settings = connectorSettings('lake', [
  { topic: chatTopic, name: 'events.chat', table: 'bronze_chat_events', rejectedTable: 'bronze_rejected_records' },
  { topic: toolTopic, name: 'events.tool', table: 'bronze_tool_calls', rejectedTable: 'bronze_rejected_records' },
]);

test('the settings that the transform is tested with are the generated ones (UPDATE=1 writes them)', () => {
  const path = join(__dirname, '..', '..', '..', 'connector', 'src', 'test', 'resources', 'connector.json');
  const generated = `${JSON.stringify(settings, null, 2)}\n`;
  if (process.env.UPDATE === '1') writeFileSync(path, generated);
  expect(readFileSync(path, 'utf8')).toBe(generated);
});

test('each topic passes the transform of its own declaration and each table takes its own route', () => {
  expect(settings['predicates.is-chat.pattern']).toBe('events\\.chat');
  expect(settings['transforms.admit-tool.fields']).toBe(
    'reasoning_steps_id:text:required,chat_id:text:required,user_id:text:required,timestamp:instant:required,dt:day,tool_type:text',
  );
  expect(settings['iceberg.tables']).toBe(
    'lake.bronze_chat_events,lake.bronze_rejected_records,lake.bronze_tool_calls',
  );
  expect(settings['iceberg.table.lake.bronze_tool_calls.route-regex']).toBe('bronze_tool_calls');
});
