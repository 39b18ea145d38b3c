import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { Erasures } from '../../core/dsr/erasures.ts';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { TaskSettings } from '../../core/lake/task-settings.ts';
import { tracer } from '../monitoring/observed.ts';
import { S3CondemnedFiles } from './s3-condemned-files.ts';
import { S3Evidence } from './s3-evidence.ts';
import { S3SubjectFiles } from './s3-subject-files.ts';
import { withPorts } from './with-requests.ts';

/** What is kept of a batch in files: its people, the files that held them, and in the end its evidence. */
export function batchFilesOf(
  { erasures, settings }: TaskSettings,
  { s3, glue }: { readonly s3: S3Client; readonly glue: GlueClient },
): Pick<Erasures, 'subjects' | 'condemned' | 'evidence'> {
  const { lakeBucket: bucket, evidenceBucket } = erasures;
  return {
    subjects: new S3SubjectFiles({ s3, glue, bucket, database: settings.database }),
    condemned: new S3CondemnedFiles({ s3, bucket }),
    evidence: new S3Evidence({ s3, bucket: evidenceBucket }),
  };
}

export function extend(runtime: Runtime, settings: TaskSettings): Runtime {
  const s3 = tracer.captureAWSv3Client(new S3Client({}));
  const glue = tracer.captureAWSv3Client(new GlueClient({}));
  return withPorts(runtime, batchFilesOf(settings, { s3, glue }));
}
