import { type Pipeline, tablesWritten } from '../lake/pipeline.ts';
import { metricUnits } from './metrics.ts';
import { prices } from './prices.ts';
import { leastBytesPerStatement } from './statement-cost.ts';

/** What the cost depends on. */
export interface Load {
  readonly eventsPerDay: number;
  readonly retentionDays: number;
  readonly lookbackDays: number;
  /** Minutes between the connector's commits. */
  readonly commitMinutes: number;
  readonly kafka: 'none' | 'existing' | 'provisioned' | 'serverless';
  /** Loads of a dashboard on a day, of nine queries each. */
  readonly dashboardLoads: number;
}

export interface CostLine {
  readonly service: string;
  readonly why: string;
  /** US dollars a month of 30 days. */
  readonly dollars: number;
}

const daysPerMonth = 30;
const hoursPerMonth = 24 * daysPerMonth;
const gigabyte = 1e9;

/** Bytes of an event on storage as Parquet with zstd: two random ids of 128 bits do not compress, the rest does. */
const bytesPerEvent = 110;
/** Bytes of an event on its way through Kafka, as JSON and without its texts. */
const bytesOnWire = 600;
/** Silver's cleaned rows are about as large as bronze's, and its daily tables about a third of them together. */
const storedFactor = 2.35;
/** States that a workflow passes for each of its statements, and Lambda calls among them. */
const transitionsPerStatement = 4;
const callsPerStatement = 2;
const transitionsPerRun = 12;
/** A call stays with its statement for some seconds: half a gigabyte for three of them. */
const gigabyteSecondsPerCall = 0.5 * 3;
/** Metrics that all alarms of a deployment together look at: two for each function and three for each state machine, mostly. */
export const alarmMetrics = 140;
/** Days that Kafka keeps a record. */
const topicDays = 7;
/** A commit to Iceberg writes data, a manifest, its list and the metadata. */
const writesPerCommit = 6;

/** What a deployment costs in a month, by service. An estimate from declared statements and assumed sizes, not a bill. */
export function monthlyCost(pipeline: Pipeline, load: Load): CostLine[] {
  const dayBytes = load.eventsPerDay * bytesPerEvent;
  const runs = pipeline.workflows.map((workflow) => ({
    statements: workflow.steps.length + workflow.checks.length + 1,
    // Days look at late events each day; weeks and months run on the days after their end.
    perMonth: workflow.grain === 'day' ? daysPerMonth : (1 + load.lookbackDays) * (workflow.grain === 'week' ? 4.3 : 1),
    daysRead: workflow.grain === 'day' ? 1.5 : workflow.grain === 'week' ? 7 : 30,
    tables: tablesWritten(workflow).length,
  }));
  const statements = sum(runs.map((run) => run.statements * run.perMonth));
  const scanned = sum(
    runs.map((run) => run.perMonth * run.statements * Math.max(leastBytesPerStatement, (run.daysRead * dayBytes) / 2)),
  );
  const dashboards = load.dashboardLoads * daysPerMonth * 9 * leastBytesPerStatement;
  const stored = (dayBytes * load.retentionDays * storedFactor) / gigabyte;
  const commits = load.kafka === 'none' ? 0 : (daysPerMonth * 1440) / load.commitMinutes;
  const tableCommits = commits * pipeline.sources.length + sum(runs.map((run) => run.tables * run.perMonth));
  const calls = statements * callsPerStatement + sum(runs.map((run) => run.perMonth * 5));
  const transitions = statements * transitionsPerStatement + sum(runs.map((run) => run.perMonth)) * transitionsPerRun;
  return [
    line('Athena', 'statements of the pipeline', (scanned / 1e12) * prices.athenaPerTerabyte),
    line('Athena', 'queries of dashboards', (dashboards / 1e12) * prices.athenaPerTerabyte),
    line('S3', `${stored.toFixed(1)} GB kept`, stored * prices.s3PerGigabyteMonth),
    line(
      'S3',
      'requests',
      ((tableCommits * writesPerCommit) / 1000) * prices.s3PerThousandWrites +
        ((statements * 40) / 1000) * prices.s3PerThousandReads,
    ),
    line('Step Functions', 'state transitions', (transitions / 1000) * prices.stepFunctionsPerThousandTransitions),
    line(
      'Lambda',
      'tasks',
      calls * gigabyteSecondsPerCall * prices.lambdaPerGigabyteSecond + (calls / 1e6) * prices.lambdaPerMillionRequests,
    ),
    line(
      'DynamoDB',
      'run ledger',
      ((statements * 20) / 1e6) * prices.dynamoPerMillionWrites +
        ((statements * 20) / 1e6) * prices.dynamoPerMillionReads,
    ),
    line(
      'KMS',
      'five keys and their use',
      5 * prices.kmsPerKeyMonth + ((statements * 20) / 10_000) * prices.kmsPerTenThousandRequests,
    ),
    line('CloudWatch', 'logs', ((calls * 3000 + transitions * 700) / gigabyte) * prices.logsPerGigabyte),
    line(
      'CloudWatch',
      'metrics, alarms, a dashboard',
      Object.keys(metricUnits).length * prices.metricPerMonth +
        alarmMetrics * prices.alarmMetricPerMonth +
        prices.dashboardPerMonth,
    ),
    ...kafkaLines(load),
  ];
}

function kafkaLines({ kafka, eventsPerDay }: Load): CostLine[] {
  if (kafka === 'none') return [];
  const connect = line('MSK Connect', 'one worker of one unit', prices.connectPerMcuHour * hoursPerMonth);
  const endpoint = line('VPC', 'endpoint of Glue in three zones', 3 * prices.endpointPerZoneHour * hoursPerMonth);
  const wire = (eventsPerDay * bytesOnWire) / gigabyte;
  switch (kafka) {
    case 'existing':
      return [connect];
    case 'provisioned':
      return [
        connect,
        endpoint,
        line('MSK', 'three brokers of kafka.m7g.large', 3 * prices.brokerPerHour * hoursPerMonth),
        line('MSK', 'disks of 100 GB', 3 * 100 * prices.brokerGigabyteMonth),
      ];
    case 'serverless':
      return [
        connect,
        endpoint,
        line(
          'MSK',
          'serverless cluster',
          (prices.serverlessPerHour + 7 * prices.serverlessPerPartitionHour) * hoursPerMonth,
        ),
        line(
          'MSK',
          'records',
          wire *
            (daysPerMonth * (prices.serverlessPerGigabyteIn + prices.serverlessPerGigabyteOut) +
              topicDays * prices.serverlessGigabyteMonth),
        ),
      ];
  }
}

function line(service: string, why: string, dollars: number): CostLine {
  return { service, why, dollars };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
