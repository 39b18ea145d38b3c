import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatPipeline } from '../../core/chat/pipeline.ts';
import { chatTables } from '../../core/chat/tables.ts';
import { boundType, lakeParameters } from '../../core/lake/parameters.ts';
import { defaultSettings } from '../../core/settings.ts';
import { fillIn, parseStatement } from '../../core/sql/statement.ts';
import { windowAt } from '../../core/window.ts';
import { identifyingOutputs } from './lineage.ts';

const gold = chatPipeline.workflows.flatMap((workflow) =>
  workflow.steps
    .filter(({ table }) => table.layer === 'gold')
    .map((step) => ({ name: `${workflow.name}: ${step.statement}`, workflow, step })),
);

describe('no identifier reaches gold', () => {
  test.each(gold)('through $name', async ({ workflow, step }) => {
    const file = parseStatement(
      step.statement,
      readFileSync(join(import.meta.dirname, `../../sql/${step.statement}.sql`), 'utf8'),
    );
    const context = { workflow, settings: defaultSettings, window: windowAt(workflow.grain, '2026-03-02') };
    const values = { ...lakeParameters(context, boundType(step.table)), ...chatPipeline.parameters(context) };
    expect(await identifyingOutputs(fillIn(file, values), chatTables)).toEqual([]);
  });

  test.each([
    ['the column itself', 'select user_id as platform from silver_messages', ['platform']],
    ['an aggregate that picks one', 'select min(room_id) as platform from silver_messages', ['platform']],
    ['part of it', 'select substr(chat_id, 1, 4) as a, count(*) as b from silver_messages group by 1', ['a']],
    [
      'a subquery',
      'with a as (select user_id as u from silver_user_daily) select x.u as b from (select u from a) x',
      ['b'],
    ],
    ['one side of a union', "select 'a' as b union all select user_id from silver_messages", ['b']],
    ['a window', 'select max(user_id) over (partition by platform) as b from silver_messages', ['b']],
    [
      'a list that is taken apart',
      'with a as (select array_agg(user_id) as l from silver_messages) select u as b from a cross join unnest(l) as t (u)',
      ['b'],
    ],
    ['a star', 'select * from (select dt, user_id from silver_messages) x', ['user_id']],
    [
      'nothing: a count says how many',
      'select dt, count(distinct user_id) as users from silver_messages group by dt',
      [],
    ],
  ])('and it would be seen through %s', async (_, select, expected) => {
    expect(await identifyingOutputs(select, chatTables)).toEqual(expected);
  });
});
