import type { Pipeline, Workflow } from './pipeline.ts';
import type { Runtime } from './runtime.ts';

/**
 * Where the periods of a workflow start that take no late records any more, since an erasure has sealed what is made from
 * them: weeks and months would have records that none of their days have.
 */
export async function sealedStarts(
  { ledger }: Pick<Runtime, 'ledger'>,
  { workflows }: Pipeline,
  { name, grain }: Workflow,
): Promise<ReadonlySet<string>> {
  const above = workflows.filter(
    ({ grain: other, upstream }) => other === grain && upstream.kind === 'workflows' && upstream.names.includes(name),
  );
  const built = (await Promise.all(above.map((workflow) => ledger.builtPeriods(workflow.name)))).flat();
  return new Set(built.filter(({ sealed }) => sealed === true).map(({ period }) => period.from));
}
