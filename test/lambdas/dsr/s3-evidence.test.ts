import { S3Evidence } from '../../../lambdas/dsr/s3-evidence.ts';
import { evidenceBehaviour } from '../../dsr/evidence-behaviour.ts';
import type { Asked } from '../lake/answering.ts';
import { s3Double } from './aws-doubles.ts';

/** Evidence in a bucket that a test looks into. */
function opened(onAsked: (asked: Asked) => void = () => undefined) {
  const objects = new Map<string, string>();
  const store = new S3Evidence({ s3: s3Double(onAsked, objects), bucket: 'evidence' });
  return { store, objects, read: async (name: string) => objects.get(`evidence/${name}`) ?? '' };
}

evidenceBehaviour(async () => opened());

test('evidence that somebody else is just writing is theirs; what S3 refuses for another reason is not taken for kept', async () => {
  const refusals = ['ConditionalRequestConflict', 'AccessDenied'];
  const { store, objects } = opened(({ operation }) => {
    if (operation !== 'PutObject') return;
    objects.set('evidence/a.json', 'theirs');
    throw Object.assign(new Error('refused'), { name: refusals.shift() });
  });
  expect(await store.keep('a.json', 'ours')).toBe('theirs');
  await expect(store.keep('a.json', 'ours')).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('evidence is put with a checksum, without which Object Lock takes nothing', async () => {
  const puts: unknown[] = [];
  const { store } = opened(({ input }) => puts.push(input));
  await store.keep('a.json', 'text');
  expect(puts).toMatchObject([{ ChecksumAlgorithm: 'SHA256' }]);
});
