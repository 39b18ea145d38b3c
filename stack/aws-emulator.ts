import { delimiter, dirname, join } from 'node:path';
import { answers } from './http-probe.ts';
import { emulatorCredentials, emulatorRegion, type Part, type PartProps } from './part.ts';
import { startProcess } from './started-process.ts';

export interface AwsEmulatorProps extends PartProps {
  readonly python: string;
  /** Where functions that run in the emulator find what it does not have, or has only in part. */
  readonly elsewhere: { readonly athenaUrl: string; readonly glueUrl: string };
  /** Whether roles, keys and buckets let through what their policies allow, and nothing else. Default: everything is allowed. */
  readonly policies?: 'enforced' | undefined;
}

/** MiniStack: S3, Glue, Step Functions, Lambda, DynamoDB, KMS, EventBridge and Scheduler in one process. It forgets everything when it ends. */
export async function startAwsEmulator(props: AwsEmulatorProps): Promise<Part> {
  const { port, directory, environment } = props;
  const address = `http://127.0.0.1:${port}`;
  const started = await startProcess({
    name: 'aws-emulator',
    command: props.python,
    args: [join(import.meta.dirname, 'start_emulator.py')],
    cwd: directory,
    env: {
      // Functions run on the first `node` there is: this one.
      PATH: `${dirname(process.execPath)}${delimiter}${environment.PATH ?? ''}`,
      HOME: directory,
      TMPDIR: directory,
      STATE_DIR: directory,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: emulatorRegion,
      AWS_ACCESS_KEY_ID: emulatorCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: emulatorCredentials.secretAccessKey,
      // Functions inherit them.
      AWS_ENDPOINT_URL_ATHENA: props.elsewhere.athenaUrl,
      AWS_ENDPOINT_URL_GLUE: props.elsewhere.glueUrl,
      // What CloudFormation's own functions find in Lambda, and the emulator has not: the SDK.
      NODE_PATH: join(import.meta.dirname, '..', 'node_modules'),
      // It would take port 8883.
      IOT_MTLS_ENABLED: '0',
      LOG_LEVEL: 'WARNING',
      // Buckets take nothing that is not encrypted; what comes here counts as if it had been.
      ...(props.policies === 'enforced' ? { AUTH: 'true', LETHE_EMULATOR_HTTPS: '1' } : {}),
    },
    logFile: props.logFile,
    signal: props.signal,
    isReady: () => answers(`${address}/_ministack/health`),
    readyWithinSeconds: 60,
  });
  return { process: started, address };
}
