import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { runTool } from './artifacts/run-tool.ts';
import { answers } from './http-probe.ts';
import { emulatorRegion, type Part, type PartProps } from './part.ts';
import { startProcess } from './started-process.ts';

export interface SupersetProps extends PartProps {
  /** An interpreter with what `superset-requirements.txt` pins. */
  readonly python: string;
  /** The Athena endpoint that PyAthena reads. */
  readonly athenaUrl: string;
  /** Of the user `admin`. */
  readonly password: string;
}

/** Superset 6.1 with an empty database of its own in `directory`, and one user, `admin`. Takes about 25 s on two cores. */
export async function startSuperset(props: SupersetProps): Promise<Part> {
  const { port, directory, environment, python, password } = props;
  const address = `http://127.0.0.1:${port}`;
  const env = {
    PATH: environment.PATH,
    HOME: directory,
    SUPERSET_HOME: directory,
    SUPERSET_CONFIG_PATH: join(import.meta.dirname, 'superset_config.py'),
    LETHE_SUPERSET_SECRET: randomBytes(32).toString('base64'),
    FLASK_APP: 'superset.app:create_app()',
    AWS_ENDPOINT_URL_ATHENA: props.athenaUrl,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: emulatorRegion,
    // What the pages load is theirs; nobody is told that they run.
    SCARF_ANALYTICS: 'false',
  };
  const command = join(dirname(python), 'superset');
  const superset = (...args: string[]) => runTool(command, args, { cwd: directory, env });
  await superset('db', 'upgrade');
  await superset(
    ...['fab', 'create-admin', '--username', 'admin', '--password', password],
    ...['--firstname', 'Local', '--lastname', 'Admin', '--email', 'admin@localhost'],
  );
  await superset('init');
  const started = await startProcess({
    name: 'superset',
    command: python,
    args: [
      ...['-m', 'gunicorn', '--bind', `127.0.0.1:${port}`, '--workers', '1', '--worker-class', 'gthread'],
      ...['--threads', '8', '--timeout', '120', 'superset.app:create_app()'],
    ],
    cwd: directory,
    env,
    logFile: props.logFile,
    signal: props.signal,
    isReady: () => answers(`${address}/health`),
    readyWithinSeconds: 90,
  });
  return { process: started, address };
}
