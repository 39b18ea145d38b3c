import { randomUUID } from 'node:crypto';
import { GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { jsonTableDdl } from '../../core/catalogue/json-table-ddl.ts';
import { subjectsPrefix, subjectsTable } from '../../core/dsr/subjects-table.ts';
import { S3SubjectFiles } from '../../lambdas/dsr/s3-subject-files.ts';
import { AthenaEngine } from '../../lambdas/lake/athena-engine.ts';
import { rowsOf, runStatement } from '../stack/athena-statement.ts';
import { stackAddresses } from '../stack/stack-addresses.ts';
import { athenaClient } from '../stack/trino-lake.ts';
import { subjectFilesBehaviour } from './subject-files-behaviour.ts';

const s3 = new S3Client({ forcePathStyle: true });
const glue = new GlueClient({});
const bucket = `subjects-${randomUUID()}`;
afterAll(() => {
  s3.destroy();
  glue.destroy();
});

describe('the subjects on S3, as Athena’s dialect sees them on Trino', () => {
  subjectFilesBehaviour(async () => {
    const database = `subjects_${randomUUID().replaceAll('-', '')}`;
    const athena = athenaClient(stackAddresses().athenaUrl);
    const engine = new AthenaEngine({ client: athena, workGroup: 'primary', database });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await runStatement(engine, `create database ${database}`);
    const ddl = jsonTableDdl(subjectsTable, `s3://${bucket}/${subjectsPrefix}`);
    // Each deployment runs it again.
    for (let deployment = 0; deployment < 2; deployment++) await runStatement(engine, ddl);
    return {
      files: new S3SubjectFiles({ s3, glue, bucket, database }),
      query: (sql) => rowsOf(athena, engine, sql),
    };
  });

  test('no version of a destroyed batch is left', async () => {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const keys = Versions.map(({ Key }) => Key);
    expect(keys).toHaveLength(2);
    expect(keys.filter((key) => key?.includes('batch=two'))).toEqual([]);
  });
});
