import { z } from 'zod';

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
