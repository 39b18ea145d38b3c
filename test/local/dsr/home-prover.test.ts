import { homeChecks } from '../../../core/dsr/proof-checks.ts';
import { type EmbeddedLake, openLake, query } from '../embedded-lake.ts';

// Too short to be searched for in files, which takes a while.
const person = 'ada';
const scopeEnds = '2026-03-05T07:00:00.000Z';
let lake: EmbeddedLake;
beforeAll(async () => {
  lake = await openLake();
  await lake.session.erasures.subjects.write('one', [{ identity: person, scopeEnds }]);
});
afterAll(() => lake.close());

const ask = (sql: string) => query(lake.session, sql);
const prove = () => lake.session.erasures.prover.prove('one', [{ identity: person, scopeEnds }]);
/** What each check that finds something has found. */
const found = async () =>
  Object.fromEntries((await prove()).flatMap(({ check, passed, detail }) => (passed ? [] : [[check, detail]])));

test('a derived row of a person is found once no row that it is made from is left', async () => {
  await ask(`insert into bronze_chat_events (chat_id, user_id, dt) values ('c1', '${person}', date '2026-03-03')`);
  await ask(`insert into silver_user_daily (dt, platform, user_id) values (date '2026-03-03', 'web', '${person}')`);
  // As of what the person did after the scope.
  expect(await found()).toEqual({});
  await ask("update bronze_chat_events set user_id = 'stayer'");
  expect(await found()).toMatchObject({ [homeChecks.derived]: 'silver_user_daily has 1' });
});

test('a deleted row is found in its block until the table is written anew', async () => {
  const day = "date '2026-03-03'";
  await ask(`insert into bronze_tool_calls (chat_id, user_id, dt) values ('c2', 'b', ${day}), ('c3', 'b', ${day})`);
  await ask("delete from bronze_tool_calls where chat_id = 'c2'");
  expect(await found()).toMatchObject({ [homeChecks.blocks]: 'bronze_tool_calls has 1 rows and stores 2' });
  await ask('optimize bronze_tool_calls rewrite data using bin_pack');
  const proof = new Map((await prove()).map(({ check, passed, detail }) => [check, [passed, detail]]));
  expect(proof.get(homeChecks.blocks)).toEqual([true, '8 tables']);
  expect(proof.get(homeChecks.bytes)).toEqual([true, expect.stringContaining('1 shorter than 8 bytes')]);
});
