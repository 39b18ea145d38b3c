import { S3CondemnedFiles } from '../../../lambdas/dsr/s3-condemned-files.ts';
import { s3Double } from './aws-doubles.ts';

test('condemned files are kept by batch and table, each once, whenever they were added, until the batch is closed', async () => {
  const objects = new Map<string, string>();
  const condemned = new S3CondemnedFiles({ s3: s3Double(() => undefined, objects), bucket: 'lake' });
  expect(await condemned.of('one', 'silver_messages')).toEqual([]);
  await condemned.add('one', 'silver_messages', ['b', 'a']);
  await condemned.add('one', 'silver_messages', []);
  // As after a crash between the count and its record: some were found before.
  await condemned.add('one', 'silver_messages', ['c', 'a', 'c']);
  await condemned.add('one', 'bronze_tool_calls', ['d']);
  await condemned.add('one-more', 'silver_messages', ['e']);
  await condemned.add('one-more', 'bronze_tool_calls', []);
  expect(await condemned.of('one', 'silver_messages')).toEqual(['a', 'b', 'c']);
  expect(await condemned.of('one', 'bronze_tool_calls')).toEqual(['d']);
  for (let times = 0; times < 2; times++) await condemned.destroy('one');
  expect(await condemned.of('one', 'silver_messages')).toEqual([]);
  expect([...objects.values()]).toEqual(['["e"]']);
});
