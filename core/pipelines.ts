import { chatPipeline } from './chat/pipeline.ts';
import type { Pipeline } from './lake/pipeline.ts';

/** The pipelines of this repository: stacks, functions and commands are made from what is listed here. */
export const pipelines: readonly Pipeline[] = [chatPipeline];
