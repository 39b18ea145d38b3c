import { z } from 'zod';

/** Name of the environment variable in which the suite's files find the stack. */
export const stackVariable = 'LETHE_STACK';

const stackSchema = z.object({
  athenaUrl: z.url(),
  trinoUrl: z.url(),
  awsUrl: z.url(),
  /** Glue with Iceberg properties. */
  glueUrl: z.url(),
  bootstrapServers: z.string(),
  connectUrl: z.url(),
  artifacts: z.object({
    trino: z.string(),
    kafkaBroker: z.string(),
    connectWorker: z.string(),
    connectPlugin: z.string(),
    python: z.string(),
  }),
  directory: z.string(),
  /** Numbers of the parts' processes, for what stops one of them. */
  processes: z.record(z.enum(['aws-emulator', 'trino', 'kafka-broker', 'connect-worker']), z.int()),
});

export type StackAddresses = z.infer<typeof stackSchema>;

/** Where the parts of the suite's stack are. */
export function stackAddresses(): StackAddresses {
  return stackSchema.parse(JSON.parse(process.env[stackVariable] ?? '{}'));
}
