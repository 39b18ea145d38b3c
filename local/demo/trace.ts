import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pairs of (prompt tokens, completion tokens), one behind the other. */
export interface TokenPairs {
  readonly count: number;
  prompt(at: number): number;
  completion(at: number): number;
}

/** The real token pairs of the two services in trace/. */
export function readTrace(): { readonly conversation: TokenPairs; readonly code: TokenPairs } {
  return { conversation: read('AzureLLMInferenceTrace_conv.csv'), code: read('AzureLLMInferenceTrace_code.csv') };
}

function read(file: string): TokenPairs {
  const [, ...rows] = readFileSync(join(import.meta.dirname, 'trace', file), 'utf8')
    .trimEnd()
    .split(/\r?\n/);
  const flat = new Uint32Array(rows.flatMap((row) => row.split(',').slice(1).map(Number)));
  return {
    count: rows.length,
    prompt: (at) => flat[2 * at] ?? 0,
    completion: (at) => flat[2 * at + 1] ?? 0,
  };
}
