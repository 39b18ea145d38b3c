import { textOf } from '../policies.ts';
import { ofType, synthesizedApp } from '../synthesized-app.ts';

const { lakehouse, storage } = synthesizedApp('created-cluster');
const keyOfVault = `<${ofType(storage, 'AWS::KMS::Key').find(([id]) => id.startsWith('KeysVault'))?.[0]}>`;

test('the bus of requests is encrypted under the vault’s key, keeps no archive and writes no log', () => {
  const buses = ofType(lakehouse, 'AWS::Events::EventBus').map(([, { Properties }]) => Properties);
  expect(buses).toHaveLength(1);
  expect(buses[0]).toMatchObject({ Name: 'lethe-erasures', LogConfig: { Level: 'OFF', IncludeDetail: 'NONE' } });
  expect(textOf(buses[0]?.KmsKeyIdentifier, storage)).toBe(keyOfVault);
  const types = Object.values(lakehouse.Resources).map(({ Type }) => Type);
  expect(types.filter((type) => /Archive|EventSchemas|Discoverer|Pipes/.test(type))).toEqual([]);
});

test('its dead letters are encrypted under the same key and kept for 14 days', () => {
  const [, queue] = ofType(lakehouse, 'AWS::SQS::Queue').find(([id]) => id.startsWith('ErasureBus')) ?? [];
  expect(queue?.Properties).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
  expect(textOf(queue?.Properties.KmsMasterKeyId, storage)).toBe(keyOfVault);
});

test('only requests and withdrawals are taken in, and what cannot be delivered or taken in is kept', () => {
  const rules = ofType(lakehouse, 'AWS::Events::Rule').filter(([id]) => id.startsWith('ErasureRequests'));
  expect(rules).toHaveLength(1);
  const [[, rule] = []] = rules;
  expect(rule?.Properties.EventPattern).toEqual({ 'detail-type': ['DeletionRequested', 'DeletionWithdrawn'] });
  expect(JSON.stringify(rule?.Properties.EventBusName)).toContain('lethe-erasures');
  const deadLetters = /ErasureBusDeadLetters/;
  expect(JSON.stringify(rule?.Properties.Targets)).toMatch(deadLetters);
  const receives = ofType(lakehouse, 'AWS::Lambda::Function').filter(
    ([, { Metadata }]) => Metadata['lethe:handler'] === 'dsr/receive-request',
  );
  expect(receives).toHaveLength(1);
  expect(JSON.stringify(receives[0]?.[1].Properties.DeadLetterConfig)).toMatch(deadLetters);
});
