import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { SessionOptions } from '../session.ts';
import type { Terminal } from './terminal.ts';

/** Where commands run: whom they talk to, what they can build, what time it is. */
export interface Place {
  readonly terminal: Terminal;
  /** Asked for by commands when they run: help has to come at once. */
  readonly pipelines: () => Promise<readonly Pipeline[]>;
  /** Makes the workflows from the pipelines, as the app that is deployed does. */
  readonly synthesize: SessionOptions['synthesize'];
  readonly now: () => Date;
  /** Aborted by Ctrl-C: what is under way stops after its statement. */
  readonly interrupted: AbortSignal;
}

/** The place with the pipelines of this repository, on the machine's clock. */
export function placeAt(terminal: Terminal, interrupted: AbortSignal, synthesize: Place['synthesize']): Place {
  return {
    terminal,
    pipelines: async () => [(await import('../../core/chat/pipeline.ts')).chatPipeline],
    synthesize,
    now: () => new Date(),
    interrupted,
  };
}
