import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';
import { parseConfig, readConfig } from '../../lib/config.ts';

const folder = join(__dirname, '..', '..', 'config');

test('every environment of the repository is valid', () => {
  for (const file of readdirSync(folder)) expect(() => readConfig(join(folder, file))).not.toThrow();
});

test('an empty configuration deploys a lake without Kafka whose data is kept', () => {
  expect(parseConfig({}, 'here')).toMatchObject({
    name: 'lethe',
    throwAway: false,
    production: false,
    retentionDays: 45,
    kafka: { kind: 'none' },
    schedule: { enabled: true, timeZone: 'UTC' },
  });
});

test.each([
  ['an unknown key', { retentiondays: 3 }, /retentiondays/],
  ['topics that outlive the promise of erasure', { topicLayout: { retentionDays: 8 } }, /retentionDays|<=7/],
  ['a name that no bucket could have', { name: 'Lethe!' }, /lower-case/],
  ['an account that is none', { account: '123' }, /12 digits/],
  ['an ARN of another service', { kafka: { kind: 'existing', clusterArn: 'arn:aws:s3:::events' } }, /kafka/],
  ['a tag that the budget counts by', { tags: { environment: 'production' } }, /"application" or "environment"/],
  ['a time that is none', { schedule: { at: { 'silver-daily': '25:00' } } }, /HH:MM/],
  [
    'an existing cluster without its network',
    { kafka: { kind: 'existing', clusterArn: 'arn:aws:kafka:eu-central-1:111122223333:cluster/a/b' } },
    /network/,
  ],
  [
    'an alarm that commits would raise',
    { kafka: { kind: 'provisioned' }, connector: { commitMinutes: 31 } },
    /bronze may be 98 minutes behind.*bronzeBehindMinutes/,
  ],
  ['more copies than brokers', { kafka: { kind: 'provisioned', brokers: 2 } }, /replicationFactor/],
  ['brokers that subnets cannot share', { kafka: { kind: 'provisioned', brokers: 4 } }, /multiple of the 3 subnets/],
  ['a region with two zones', { kafka: { kind: 'serverless' }, region: 'us-west-1' }, /two zones in us-west-1/],
])('%s is refused in one line that names the file', (_, input, message) => {
  const refused = () => parseConfig(input, 'config/there.json');
  expect(refused).toThrow(InputError);
  expect(refused).toThrow(message);
  expect(refused).toThrow(/^config\/there\.json: [^\n]+$/);
});

test('an environment without a file says what to do', () => {
  expect(() => readConfig(join(folder, 'nowhere.json'))).toThrow(/copy one of the files beside it/);
});
