import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { IcebergProver } from '../../core/dsr/iceberg-prover.ts';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { TaskSettings } from '../../core/lake/task-settings.ts';
import { tracer } from '../monitoring/observed.ts';
import { glueMetadataFile } from './glue-metadata-file.ts';
import { S3CondemnedFiles } from './s3-condemned-files.ts';
import { S3ObjectReader } from './s3-object-reader.ts';
import { S3SubjectFiles } from './s3-subject-files.ts';
import { withPorts } from './with-requests.ts';

/** A runtime that looks at the tables' own files and can change none of them. */
export function withProver(
  runtime: Runtime,
  { erasures, settings }: TaskSettings,
  { s3, glue }: { readonly s3: S3Client; readonly glue: GlueClient },
): Runtime {
  const { database } = settings;
  const { lakeBucket: bucket } = erasures;
  const condemned = new S3CondemnedFiles({ s3, bucket });
  const prover = new IcebergProver({
    objects: new S3ObjectReader(s3),
    metadataFile: glueMetadataFile({ glue, database }),
    pipelines: runtime.pipelines,
    condemned,
    subjects: new S3SubjectFiles({ s3, glue, bucket, database }),
  });
  return withPorts(runtime, { prover });
}

export function extend(runtime: Runtime, settings: TaskSettings): Runtime {
  const s3 = tracer.captureAWSv3Client(new S3Client({}));
  const glue = tracer.captureAWSv3Client(new GlueClient({}));
  return withProver(runtime, settings, { s3, glue });
}
