import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { validateWorkflows, type Workflows, workflowsShape } from './state-machines.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
const cacheDirectory = join(projectRoot, 'node_modules', '.cache', 'lethe');
/** What a definition is made from. */
const sources = ['lib', 'core', 'package-lock.json'];

/**
 * The synthesized workflows of some pipelines. Synthesis takes seconds, so its result is kept until a source file or a
 * pipeline changes.
 */
export async function synthesized(
  pipelines: readonly Pipeline[],
  synthesize: (pipelines: readonly Pipeline[]) => Promise<Workflows>,
): Promise<Workflows> {
  const file = join(cacheDirectory, `workflows-${keyOf(pipelines)}.json`);
  const kept = read(file);
  if (kept !== undefined) return kept;
  const workflows = await synthesize(pipelines);
  validateWorkflows(workflows);
  keep(file, workflows);
  return workflows;
}

function keyOf(pipelines: readonly Pipeline[]): string {
  const hash = createHash('sha256').update(JSON.stringify(pipelines));
  for (const source of sources) {
    const path = join(projectRoot, source);
    const files = source.includes('.') ? [path] : filesBelow(path);
    for (const file of files) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function read(file: string): Workflows | undefined {
  try {
    return workflowsShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not there, or left half written by something else: it is made again.
    return undefined;
  }
}

function keep(file: string, workflows: Workflows): void {
  try {
    mkdirSync(cacheDirectory, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(workflows));
    renameSync(draft, file);
  } catch {
    // A read-only installation synthesizes each time.
  }
}
