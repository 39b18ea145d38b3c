import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { rebuiltStages } from '../../core/dsr/rebuilt-stages.ts';
import { type Stage, stagesOf } from '../../core/lake/stages.ts';
import { parseStatement } from '../../core/sql/statement.ts';

const stages = chatPipeline.workflows.flatMap((workflow) => {
  const { name, steps, checks, upstream } = workflow;
  const titled = (what: string, made: readonly Stage[]) =>
    made.map((stage, index) => ({ title: `${what}, stage ${index + 1}`, stage, steps }));
  const rebuilt = upstream.kind === 'sources' ? rebuiltStages(chatPipeline, workflow) : [];
  return [...titled(name, stagesOf(steps, checks)), ...titled(`${name} after an erasure`, rebuilt)];
});

function bodyOf(statement: string): string {
  const text = readFileSync(join(import.meta.dirname, `../../sql/${statement}.sql`), 'utf8');
  return parseStatement(statement, text).body;
}

test.each(stages)('$title: no statement reads or writes a table that another of it writes', ({ stage, steps }) => {
  const written = steps.filter(({ statement }) => stage.some((staged) => staged.statement === statement));
  const met = written.flatMap(({ statement, table }) =>
    stage
      .filter((other) => other.statement !== statement)
      .filter(
        (other) =>
          new RegExp(`\\b${table.name}\\b`).test(bodyOf(other.statement)) ||
          written.some((step) => step.statement === other.statement && step.table.name === table.name),
      )
      .map((other) => `${other.statement} while ${statement} writes ${table.name}`),
  );
  expect(met).toEqual([]);
});

test('a stage ends where a step waits for it, and checks of what was built come together at the end', () => {
  const daily = chatPipeline.workflows.find(({ name }) => name === 'gold-daily');
  const names = stagesOf(daily?.steps ?? [], daily?.checks ?? []).map((stage) =>
    stage.map(({ verb, statement }) => `${verb} ${statement.split('/').at(-1)}`),
  );
  expect(names).toEqual([
    [
      'Build gold_time_series',
      'Build gold_bucket_distribution',
      'Build gold_active_user_breakdown',
      'Build gold_tool_call_breakdown',
      'Build gold_model_breakdown',
    ],
    ['Build gold_data_quality'],
    ['Check gold_days_match_silver', 'Check gold_buckets_add_up', 'Check gold_has_no_identifier'],
  ]);
  expect(stagesOf([], [])).toEqual([]);
});

test('a check against the sources comes before the others, which judge what it may have built again', () => {
  const daily = chatPipeline.workflows.find(({ name }) => name === 'silver-daily');
  const names = stagesOf([], daily?.checks ?? []).map((stage) => stage.map(({ statement }) => statement));
  expect(names).toEqual([['chat/checks/silver_matches_bronze'], ['chat/checks/silver_days_match_messages']]);
});
