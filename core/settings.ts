import { z } from 'zod';

const share = (of: number, what: string) => z.number().min(0).max(1).default(of).describe(what);

/** From where on a finding about the data of a day is worth a look. */
const qualitySchema = z
  .strictObject({
    freshnessHours: z
      .int()
      .min(0)
      .max(23)
      .default(6)
      .describe('Whole hours without a record before a day ended; more is a warning.'),
    volumeWarning: share(
      0.5,
      'Part by which records differ from the same weekday of the four weeks before; more is a warning.',
    ),
    volumeFailure: share(0.9, 'Part of those records that is missing; more is a failure.'),
    rejectedWarning: share(0.02, 'Share of rejected records; more is a warning.'),
    rejectedFailure: share(0.2, 'Share of rejected records; more is a failure.'),
    duplicateShare: share(0.2, 'Share of records that were delivered before; more is a warning.'),
    lateShare: share(0.1, 'Share of records that came after their day was built; more is a warning.'),
    unknownShare: share(0.3, 'Share of users with an unknown value of a dimension; more is a warning.'),
    costJump: z
      .number()
      .min(1)
      .max(100)
      .default(1.5)
      .describe('Factor by which the price of tokens moves from the seven days before; more is a warning.'),
  })
  .prefault({})
  .describe('When the data of a day is worth a look.');

/** What an operator may choose about the data, wherever it runs. Unknown keys are errors. */
export const settingsSchema = z.strictObject({
  database: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,99}$/, 'must be lower-case letters, digits and underscores, beginning with a letter')
    .default('iceberg_athena_analytics')
    .describe('Glue database that holds the tables.'),
  retentionDays: z.int().min(1).max(400).default(45).describe('Days that bronze and silver are kept.'),
  lookbackDays: z
    .int()
    .min(0)
    .max(14)
    .default(3)
    .describe('Days during which late events change what has been built; then a period is final.'),
  weekStart: z.enum(['monday', 'sunday']).default('monday').describe('First day of a week.'),
  minimumUsersPerCell: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('Breakdown cells with fewer users are merged into OTHER; 1 switches that off.'),
  platforms: z
    .array(z.string().min(1).max(64))
    .min(1)
    .readonly()
    .optional()
    .describe('Platforms kept by name; all others become "Other". Default: every platform is kept.'),
  quality: qualitySchema,
  topics: z
    .strictObject({
      chat: z.string().min(1).default('athena-user-chat-analytics-v0').describe('Kafka topic of chat messages.'),
      tool: z
        .string()
        .min(1)
        .default('athena-user-chat-reasoning-steps-analytics-v0')
        .describe('Kafka topic of tool calls.'),
    })
    .prefault({})
    .describe('Names of the Kafka topics.'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** The settings that hold where nobody chose. */
export const defaultSettings: Settings = settingsSchema.parse({});
