import type { TableVersion } from '../iceberg/table-state.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import type { LookedAt, TableProver } from './erasures.ts';
import { isToProve } from './finish-stage.ts';
import { batchOf, erasuresOf, roundOf, withRound } from './ports.ts';
import type { FilePart } from './proof-parts.ts';
import { joinLooks, type TableLook } from './table-look.ts';
import { tablesToProve } from './targets.ts';

/** The tables that have to be looked at before a batch can be proven: none where the proof looks at everything at once. */
export async function planProof(runtime: Runtime, pipeline: Pipeline, batchId: string): Promise<string[]> {
  const batch = await batchOf(runtime, batchId);
  return 'look' in erasuresOf(runtime).prover && isToProve(batch) ? tablesToProve(pipeline) : [];
}

/** Looks at everything of a table but its rows, and says in which parts these are to be read. */
export async function lookAtTable(runtime: Runtime, batchId: string, table: string): Promise<LookedAt> {
  return await tableProverOf(runtime).look(await batchOf(runtime, batchId), table);
}

/** Looks for rows in one part of what {@link lookAtTable} has seen. @throws TableChanged, ObjectMissing when some of it is gone. */
export async function readTablePart(
  runtime: Runtime,
  { batch, table, version, part }: { batch: string; table: string; version: TableVersion; part: FilePart },
): Promise<TableLook> {
  return await tableProverOf(runtime).readPart(await batchOf(runtime, batch), table, version, part);
}

/** Keeps what the looks at a table, and at its parts, have come to. */
export async function recordLook(
  runtime: Runtime,
  batchId: string,
  table: string,
  looks: readonly TableLook[],
): Promise<void> {
  const batch = await batchOf(runtime, batchId);
  const before = roundOf(batch).looks;
  await erasuresOf(runtime).store.save(withRound(batch, { looks: { ...before, [table]: joinLooks(looks) } }));
}

function tableProverOf(runtime: Runtime): TableProver {
  const { prover } = erasuresOf(runtime);
  if (!('look' in prover)) throw new Error('The proof looks at everything at once here');
  return prover;
}
