import { InputError } from '../../core/errors.ts';
import type { Deployment } from '../../core/lake/deployment.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { SessionOptions } from '../session.ts';
import type { Terminal } from './terminal.ts';

/** Where commands run: whom they talk to, what they can build, what time it is. */
export interface Place {
  readonly terminal: Terminal;
  /** Asked for by commands when they run: help has to come at once. */
  readonly pipelines: () => Promise<readonly Pipeline[]>;
  /** Folders of their statements, looked through before the project's own. Default: none. */
  readonly sql?: readonly string[];
  /** Makes the workflows from the pipelines, as the app that is deployed does. */
  readonly synthesize: SessionOptions['synthesize'];
  /** What an environment's configuration names. @throws InputError when there is no such environment. */
  readonly deployment: (environment: string) => Promise<Deployment>;
  readonly now: () => Date;
  /** Aborted by Ctrl-C: what is under way stops after its statement. */
  readonly interrupted: AbortSignal;
}

/** The place with the pipelines of this repository, on the machine's clock. */
export function placeAt(
  terminal: Terminal,
  interrupted: AbortSignal,
  synthesize: Place['synthesize'],
  deployment: Place['deployment'] = noDeployment,
): Place {
  return {
    terminal,
    pipelines: async () => [(await import('../../core/chat/pipeline.ts')).chatPipeline],
    synthesize,
    deployment,
    now: () => new Date(),
    interrupted,
  };
}

async function noDeployment(): Promise<Deployment> {
  throw new InputError('There is no deployment to look at from here.');
}
