import { setTimeout } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { CdkCustomResourceEvent, CdkCustomResourceResponse, Context } from 'aws-lambda';
import { z } from 'zod';
import { jsonTableDdl } from '../../core/catalogue/json-table-ddl.ts';
import { migrateTables } from '../../core/catalogue/migrate-tables.ts';
import { subjectsTable } from '../../core/dsr/subjects-table.ts';
import { pipelines } from '../../core/pipelines.ts';
import { noteUndeclared, observed, tracer } from '../monitoring/observed.ts';
import { AthenaEngine } from './athena-engine.ts';
import { GlueTableStore } from './glue-table-store.ts';

const properties = z.object({
  database: z.string(),
  workGroup: z.string(),
  /** `s3://…/`, below which each table has a folder. */
  location: z.string(),
  /** `s3://…/`, below which the people of open erasures lie. */
  subjects: z.string(),
});

const athena = tracer.captureAWSv3Client(new AthenaClient({}));
const glue = tracer.captureAWSv3Client(new GlueClient({}));
const s3 = tracer.captureAWSv3Client(new S3Client({}));

/** Makes and changes the tables when the app is deployed. Taking the app down leaves them as they are. */
export function handler(event: CdkCustomResourceEvent, context: Context): Promise<CdkCustomResourceResponse> {
  return observed(context, {}, async () => {
    if (event.RequestType === 'Delete') return {};
    const { database, workGroup, location, subjects } = properties.parse(event.ResourceProperties);
    const store = new GlueTableStore({
      engine: new AthenaEngine({ client: athena, workGroup, database }),
      glue,
      s3,
      database,
      sleep: (millis) => setTimeout(millis),
      token: event.RequestId,
    });
    const tables = pipelines.flatMap((pipeline) => pipeline.tables);
    await store.run(jsonTableDdl(subjectsTable, subjects));
    const { changes, undeclared } = await migrateTables(store, tables, (table) => `${location}${table.name}/`);
    noteUndeclared(undeclared);
    const Data = { changes: String(changes.length), undeclared: String(undeclared.length) };
    return { PhysicalResourceId: `tables-of-${database}`, Data };
  });
}
