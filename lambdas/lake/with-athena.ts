import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import type { Runtime } from '../../core/lake/runtime.ts';
import type { TaskSettings } from '../../core/lake/task-settings.ts';
import { parseStatement } from '../../core/sql/statement.ts';
import { tracer } from '../monitoring/observed.ts';
import { AthenaEngine } from './athena-engine.ts';

export interface AthenaParts {
  readonly athena: AthenaClient;
  /** The text of a file at a path below `sql/`, without the ending. */
  readonly readStatement: (name: string) => string;
}

/** A runtime whose engine is Athena. */
export function withAthena(runtime: Runtime, settings: TaskSettings, { athena, readStatement }: AthenaParts): Runtime {
  const { workGroup } = settings;
  return {
    ...runtime,
    namesFiles: true,
    engine: new AthenaEngine({ client: athena, workGroup, database: settings.settings.database }),
    statement: (name) => parseStatement(name, readStatement(name)),
  };
}

export function extend(runtime: Runtime, settings: TaskSettings): Runtime {
  return withAthena(runtime, settings, {
    athena: tracer.captureAWSv3Client(new AthenaClient({})),
    // Synthesis puts the statements beside the bundles of those that fill them in.
    readStatement: (name) => readFileSync(join(import.meta.dirname, 'sql', `${name}.sql`), 'utf8'),
  });
}
