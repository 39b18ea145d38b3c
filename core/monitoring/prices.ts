/**
 * List prices in US dollars, without free tiers, discounts and taxes. Checked in November 2026 against copies of AWS's price
 * pages and of pages that quote them; docs/cost.md names each. Other regions cost up to a third more.
 */
export const prices = {
  region: 'us-east-1',
  asOf: '2026-11',
  athenaPerTerabyte: 5,
  s3PerGigabyteMonth: 0.023,
  s3PerThousandWrites: 0.005,
  s3PerThousandReads: 0.0004,
  stepFunctionsPerThousandTransitions: 0.025,
  /** ARM, the first 7.5 billion GB-seconds. */
  lambdaPerGigabyteSecond: 0.0000133334,
  lambdaPerMillionRequests: 0.2,
  dynamoPerMillionWrites: 0.625,
  dynamoPerMillionReads: 0.125,
  kmsPerKeyMonth: 1,
  kmsPerTenThousandRequests: 0.03,
  logsPerGigabyte: 0.5,
  /** The first 10,000; one that is measured every hour is billed whole. */
  metricPerMonth: 0.3,
  /** For each metric that an alarm looks at. */
  alarmMetricPerMonth: 0.1,
  dashboardPerMonth: 3,
  connectPerMcuHour: 0.11,
  endpointPerZoneHour: 0.01,
  /** kafka.m7g.large. */
  brokerPerHour: 0.204,
  brokerGigabyteMonth: 0.1,
  serverlessPerHour: 0.75,
  serverlessPerPartitionHour: 0.0015,
  serverlessPerGigabyteIn: 0.1,
  serverlessPerGigabyteOut: 0.05,
  serverlessGigabyteMonth: 0.1,
} as const;
