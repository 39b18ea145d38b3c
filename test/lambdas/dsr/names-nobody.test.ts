import { erasuresOf } from '../../../core/dsr/ports.ts';
import { task as receiveRequest } from '../../../lambdas/dsr/receive-request.ts';
import { erase, event, identity, refusingLake } from './refusing-lake.ts';
import { writtenDuring } from './written-during.ts';

test('what is written to AWS names the person where it has to, encrypted or in the subjects’ file, and nowhere else', async () => {
  const { lake, run } = refusingLake(-1);
  await writtenDuring(() => erase({ lake, run, errors: [], wasRefused: () => false }));
  const naming = lake.calls.filter(({ input }) => bytesOf(input).includes(identity));
  expect(new Set(naming.map(({ service, operation }) => `${service} ${operation}`))).toEqual(
    // The pseudonym is made of the name, by KMS, which keeps no message; the subjects' file goes with the batch.
    new Set(['kms GenerateMac', 's3 PutObject']),
  );
});

function bytesOf(input: unknown): string {
  return JSON.stringify(input, (_, value: unknown) =>
    value instanceof Uint8Array
      ? Buffer.from(value).toString('latin1')
      : isBuffer(value)
        ? Buffer.from(value.data).toString('latin1')
        : value,
  );
}

function isBuffer(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value;
}

test.each<[string, unknown]>([
  ['no event at all', identity],
  ['an unknown type', { 'detail-type': identity, detail: event.detail }],
  ['a wrong regulation', { ...event, detail: { ...event.detail, regulation: identity } }],
  ['an unknown key', { ...event, detail: { ...event.detail, [identity]: identity } }],
  [
    'a withdrawal that names a person',
    { 'detail-type': 'DeletionWithdrawn', detail: { subject_request_id: identity } },
  ],
  ['names of logged fields', { ...event, detail: {}, run: 7, statement: { text: identity }, table: [identity] }],
])('an event with %s leaves no trace of whom it names but among the dead letters', async (_, malformed) => {
  const { lake, run } = refusingLake(-1);
  let answer: unknown;
  const written = await writtenDuring(async () => {
    answer = await run(receiveRequest, malformed);
  });
  expect(written).not.toContain(identity);
  expect(JSON.stringify(answer)).not.toContain(identity);
  const { store } = erasuresOf(lake.runtime);
  expect(JSON.stringify(await store.refusals())).not.toContain(identity);
  const naming = lake.calls.filter(({ input }) => bytesOf(input).includes(identity)).map(({ service }) => service);
  expect(naming.filter((service) => service !== 'sqs')).toEqual([]);
});
