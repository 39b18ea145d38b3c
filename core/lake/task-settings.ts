import { z } from 'zod';
import { settingsSchema } from '../settings.ts';

/** Name of the environment variable in which a deployed task finds its {@link TaskSettings}, as JSON. */
export const taskSettingsVariable = 'LETHE_SETTINGS';

/** Name of the index of the run ledger's table in which runs stand by their start. */
export const runsByStart = 'runs-by-start';

/** What erasures have on AWS. */
const erasureSettingsSchema = z.strictObject({
  requestsTable: z.string(),
  vaultTable: z.string(),
  vaultKeyArn: z.string(),
  pseudonymKeyArn: z.string(),
  signingKeyArn: z.string(),
  lakeBucket: z.string(),
  evidenceBucket: z.string(),
  /** The bus that requests come in on, and changes of their status go out on. */
  busName: z.string(),
  deadLettersUrl: z.string(),
});

export type ErasureSettings = z.infer<typeof erasureSettingsSchema>;

/** What a deployed task is told about its deployment. Synthesis writes it, the task reads it. */
export const taskSettingsSchema = z.strictObject({
  /** The configured name, under which it measures. */
  environment: z.string(),
  settings: settingsSchema,
  /** The pipeline's Athena workgroup. */
  workGroup: z.string(),
  /** Table of the run ledger. */
  ledgerTable: z.string(),
  erasures: erasureSettingsSchema,
  /** Where the lag of the sink's consumers is measured. Default: nowhere, and the sink's own record of how far it came has to do. */
  sinkLag: z
    .strictObject({
      clusterName: z.string(),
      consumerGroup: z.string(),
      topics: z.array(z.string()),
      commitMinutes: z.int(),
    })
    .optional(),
});

export type TaskSettings = z.infer<typeof taskSettingsSchema>;
