/**
 * Everything that Lethe measures about itself, with its unit in CloudWatch. Whatever CloudWatch has no unit for carries it
 * in its name. Names and values alone: nothing here may lead to a person.
 */
export const metricUnits = {
  /** Tasks that ended in an error. */
  TaskFailed: 'Count',
  /** Reports of the lake's state: one an hour. */
  StateReports: 'Count',
  /** How far bronze is behind Kafka. */
  SourceDelayMinutes: 'None',
  /** Periods that have ended and should have been built by now. */
  PeriodsLate: 'Count',
  /** The engine's time for a statement. */
  StatementTime: 'Seconds',
  StatementBytes: 'Bytes',
  /** What the statements of the last 24 hours cost at Athena's list price. */
  AthenaDollarsPerDay: 'None',
  /** Rejected records among those of yesterday and today. */
  RejectedShare: 'Percent',
  /** Days that stay beyond their retention, since dashboards made from them are not final; after seven they go all the same. */
  RetentionDaysHeld: 'Count',
  /** Files of the partition that has most of them, and snapshots of the table that has most, as maintenance found them. */
  MostFilesInPartition: 'Count',
  MostSnapshots: 'Count',
  /** Findings of the data quality checks of the newest day. */
  DataQualityWarnings: 'Count',
  DataQualityFailures: 'Count',
  /** Events on the bus of erasures that were malformed, or that withdrew what cannot be withdrawn. */
  EventsRefused: 'Count',
  RequestsOpen: 'Count',
  /** Open requests that have used up 70 % of their time. */
  RequestsDueSoon: 'Count',
  OldestRequestHours: 'None',
  /** Pipelines whose last erasing run failed, or whose proof keeps failing. */
  ErasuresFailed: 'Count',
  /** Batches that nothing has taken further since long after their wait was over. */
  BatchesStuck: 'Count',
  RowsErased: 'Count',
  /** Rows of others on the days that were rewritten: as many as an erasure has moved at most. */
  RowsRewritten: 'Count',
  /** What the rewrites of erasures have read. */
  BytesRewritten: 'Bytes',
  /** From a request to the end of the deletion: from then on no query finds the person. */
  LogicalErasureHours: 'None',
  /** From a request to the proof that no file holds the person. */
  PhysicalErasureHours: 'None',
} as const satisfies Record<string, 'Count' | 'Seconds' | 'Bytes' | 'Percent' | 'None'>;

export type MetricName = keyof typeof metricUnits;

/** Takes one measurement, in the unit of {@link metricUnits}. */
export type Measure = (name: MetricName, value: number) => void;

/** Where the metrics stand in CloudWatch; their one dimension is `environment`, the configured name. */
export const metricNamespace = 'Lethe';
