import { createHash } from 'node:crypto';
import type { Window } from '../window.ts';
import type { Workflow } from './pipeline.ts';
import type { BuiltPeriod } from './run-ledger.ts';
import type { Runtime } from './runtime.ts';

/** Records of each source table in each period: `counts[period.from][table]`. */
export type RecordCounts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a source period would be built from now: the record count of each table that has any. */
export function sourceInputs(counts: RecordCounts, period: Window): Record<string, string> {
  return { ...counts[period.from] };
}

/** What a derived period would be built from now: per upstream workflow, one digest of the revisions of its periods. */
export async function upstreamInputs(
  runtime: Runtime,
  workflow: Workflow,
  period: Window,
): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  if (workflow.upstream.kind === 'sources') return inputs;
  for (const name of workflow.upstream.names) {
    const built = await runtime.ledger.builtPeriods(name, period.from, period.to);
    inputs[name] = digest(built.map((upstream) => `${upstream.period.from} ${upstream.revision}`));
  }
  return inputs;
}

export function sameInputs(left: BuiltPeriod['inputs'], right: BuiltPeriod['inputs']): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => left[name] === right[name]);
}

/** A short digest of a list of texts. */
export function digest(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 32);
}
