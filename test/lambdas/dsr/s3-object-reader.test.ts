import { NoSuchKey, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { ObjectMissing } from '../../../core/iceberg/object-reader.ts';
import { S3ObjectReader } from '../../../lambdas/dsr/s3-object-reader.ts';
import { answering } from '../lake/answering.ts';

const address = 's3://lake/tables/visits/metadata/snap.avro';
const said = { $metadata: {}, message: 'no' };
const forbidden = new S3ServiceException({ ...said, name: 'AccessDenied', $fault: 'client' });

/** A reader of S3 that refuses each reading, and lists these keys. */
function reader(error: Error, keys: readonly string[]) {
  const versions = keys.map((Key) => ({ Key, LastModified: new Date(0), IsLatest: true }));
  const s3 = answering(new S3Client({ region: 'eu-west-1' }), ({ operation }) => {
    if (operation === 'GetObject') throw error;
    return { Versions: versions, IsTruncated: false };
  });
  return new S3ObjectReader(s3);
}

test.each([
  ['that it is not there', new NoSuchKey(said)],
  ['that it is forbidden, as to everybody who may list only below a prefix', forbidden],
])('an object is missing when S3 says of it %s', async (_, error) => {
  await expect(reader(error, []).read(address)).rejects.toThrow(ObjectMissing);
});

test('an object that is there and forbidden is no missing one', async () => {
  await expect(reader(forbidden, ['tables/visits/metadata/snap.avro']).read(address)).rejects.toThrow(forbidden);
});
