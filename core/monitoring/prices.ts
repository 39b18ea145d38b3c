/**
 * List prices in US dollars, us-east-1, as of November 2025, from the price pages of the services, without free tiers,
 * discounts and taxes. Other regions cost up to a third more.
 */
export const prices = {
  region: 'us-east-1',
  asOf: '2025-11',
  athenaPerTerabyte: 5,
  s3PerGigabyteMonth: 0.023,
  s3PerThousandWrites: 0.005,
  s3PerThousandReads: 0.0004,
  stepFunctionsPerThousandTransitions: 0.025,
  lambdaPerGigabyteSecond: 0.0000133334,
  lambdaPerMillionRequests: 0.2,
  dynamoPerMillionWrites: 0.625,
  dynamoPerMillionReads: 0.125,
  kmsPerKeyMonth: 1,
  kmsPerTenThousandRequests: 0.03,
  logsPerGigabyte: 0.5,
  connectPerMcuHour: 0.11,
  endpointPerZoneHour: 0.01,
  brokerPerHour: 0.204,
  brokerGigabyteMonth: 0.1,
  serverlessPerHour: 0.75,
  serverlessPerPartitionHour: 0.0015,
  serverlessPerGigabyteIn: 0.1,
} as const;
