import type { z } from 'zod';
import type { taskSettingsSchema } from '../../../core/lake/task-settings.ts';

const settings: z.input<typeof taskSettingsSchema> = {
  environment: 'e',
  settings: {},
  workGroup: 'w',
  ledgerTable: 't',
  erasures: {
    requestsTable: 'r',
    vaultTable: 'v',
    vaultKeyArn: 'k',
    pseudonymKeyArn: 'k',
    signingKeyArn: 'k',
    lakeBucket: 'b',
    evidenceBucket: 'b',
    busName: 'n',
    deadLettersUrl: 'https://sqs.invalid/q',
  },
};

/** What a task's bundle needs in its environment to be run as Lambda runs it, with names of nothing that is there. */
export const functionSettings = {
  AWS_LAMBDA_FUNCTION_NAME: 'f',
  AWS_REGION: 'eu-central-1',
  POWERTOOLS_TRACE_ENABLED: 'false',
  LETHE_SETTINGS: JSON.stringify(settings),
};
