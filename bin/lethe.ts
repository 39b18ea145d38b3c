#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { main } from '../local/cli/main.ts';
import { placeAt } from '../local/cli/place.ts';
import { terminalOn } from '../local/cli/terminal.ts';

// What a command loads is compiled once, and not again for each: a fifth of a short one's time.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'lethe', 'compiled'));

// Whoever reads us may have seen enough, as `lethe query … | head -1` has: no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

const interruption = new AbortController();
process.on('SIGINT', () => {
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
});

const terminal = terminalOn(process.stdout, process.stderr);
const place = placeAt(
  terminal,
  interruption.signal,
  async (pipelines) => {
    // The CDK takes a second to load, and its result is kept.
    const { synthesizeWorkflows } = await import('../lib/synthesize-workflows.ts');
    return synthesizeWorkflows(pipelines);
  },
  async (environment) => {
    const { readDeployment } = await import('../lib/deployment-of.ts');
    return readDeployment(environment);
  },
);
const status = await main(process.argv.slice(2), place);
// A pipe takes what is written in its own time; exiting before would cut it off.
process.stdout.write('', () => process.exit(status));
