import type { JsonTable } from '../catalogue/json-table-ddl.ts';

/**
 * The people of open batches, as statements join them. No Iceberg table: its snapshots would keep them. A batch is a folder
 * with one object, and a partition of the table; both go with the batch.
 */
export const subjectsTable: JsonTable = {
  name: 'dsr_subjects',
  columns: [
    { name: 'subject', type: 'string', description: 'Who is being erased.' },
    { name: 'scope_ends', type: 'timestamp', description: 'Rows up to this instant (UTC) are in scope.' },
  ],
  partition: { name: 'batch', type: 'string', description: 'The batch that erases them.' },
};

/** Where the subjects lie, below the lake's bucket, with a slash at the end. */
export const subjectsPrefix = 'erasures/subjects/';
