import type { StartedProcess } from './started-process.ts';

/** What every part of the stack is given to start with. */
export interface PartProps {
  readonly port: number;
  /** The part's own folder for settings and data; empty when the stack starts, as it was left when the part is started again. */
  readonly directory: string;
  readonly logFile: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Ends the part while it is starting. */
  readonly signal?: AbortSignal | undefined;
}

/** A part that runs, and where it answers. */
export interface Part {
  readonly process: StartedProcess;
  /** `http://127.0.0.1:PORT`, or for Kafka `127.0.0.1:PORT`. */
  readonly address: string;
}

/** What the emulator takes for credentials: any words. */
export const emulatorCredentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

export const emulatorRegion = 'us-east-1';

/** The environment in which an AWS SDK, of any language, talks to the emulator. */
export function emulatorEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: emulatorRegion,
    AWS_DEFAULT_REGION: emulatorRegion,
    AWS_ACCESS_KEY_ID: emulatorCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulatorCredentials.secretAccessKey,
  };
}
