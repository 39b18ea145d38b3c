import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { dayCounts } from '../../../core/dsr/day-counts.ts';
import { countStatement, deleteStatement, recountStatement } from '../../../core/dsr/erasure-workflow.ts';
import { cutAtScope, type EarliestScopeEnd, earliestScopeEndOfAll, scopeCondition } from '../../../core/dsr/scope.ts';
import { baseTables, erasureParameters, keepParameters } from '../../../core/dsr/targets.ts';
import { maintenanceParameters } from '../../../core/maintenance/maintenance-workflow.ts';
import { fillIn } from '../../../core/sql/statement.ts';
import { sqlText } from '../../../core/sql/value.ts';
import { addDays, instantOf, type Window } from '../../../core/window.ts';
import { message, toolCall } from '../../dsr/erasing-lake.ts';
import { type EmbeddedLake, openLake, query } from '../../local/embedded-lake.ts';

const bases = baseTables(chatPipeline);
const [chats] = bases;
if (chats === undefined) throw new Error('no table has people');
const days = (from: string, to: string): Window => ({ grain: 'day', from, to });
const noon = '2026-03-05T12:00:00.000Z';

describe('a window', () => {
  test('is cut a day before the first scope ends: up to there no row can be later', () => {
    const cut = [days('2026-03-01', '2026-03-04'), days('2026-03-04', '2026-03-08')];
    expect(cutAtScope(chats, [days('2026-03-01', '2026-03-08')], noon)).toEqual(cut);
    expect(cutAtScope(chats, [days('2026-03-01', '2026-03-08')], '2026-03-05T00:00:00.000Z')).toEqual(cut);
    expect(cutAtScope(chats, cut, noon)).toEqual(cut);
    expect(cut.map((window) => scopeCondition(chats, window, noon))).toEqual([
      'true',
      '"timestamp" <= subjects.scope_ends',
    ]);
  });

  test('that reaches beyond the cut is not settled, nor is any while nobody knows when scopes end', () => {
    const reads = '"timestamp" <= subjects.scope_ends';
    expect(scopeCondition(chats, days('2026-03-01', '2026-03-05'), noon)).toBe(reads);
    expect(scopeCondition(chats, days('2000-01-01', '2000-01-02'), undefined)).toBe(reads);
    expect(cutAtScope(chats, [days('2000-01-01', '2026-03-08')], undefined)).toHaveLength(1);
  });

  test('of a table that does not say how far its days are off is never settled; one kept by instants is so to the instant', () => {
    const { mostDaysOff: _, ...unknown } = chats.table;
    const old = days('2000-01-01', '2000-01-02');
    expect(scopeCondition({ ...chats, table: unknown }, old, noon)).not.toBe('true');
    const byInstant = { ...chats, table: { ...unknown, eventTime: 'timestamp' } };
    expect(scopeCondition(byInstant, days('2026-03-04', '2026-03-05'), noon)).toBe('true');
    expect(scopeCondition(byInstant, days('2026-03-05', '2026-03-06'), noon)).not.toBe('true');
  });
});

test('a batch’s first scope ends with its earliest request', () => {
  const requests = [{ submittedAt: noon }, { submittedAt: '2026-03-04T23:59:59.999Z' }, { submittedAt: noon }];
  expect(earliestScopeEndOfAll(requests)).toEqual({ earliestScopeEnd: '2026-03-04T23:59:59.999Z' });
  expect(earliestScopeEndOfAll([])).toEqual({});
});

describe('on an engine', () => {
  let lake: EmbeddedLake;
  beforeAll(async () => {
    lake = await openLake({}, { at: new Date('2026-03-09T12:00:00Z') });
  });
  afterAll(() => lake.close());

  const ask = (sql: string) => query(lake.session, sql);
  const statement = (name: string, window: Window, earliestScopeEnd: EarliestScopeEnd) =>
    fillIn(lake.session.runtime.statement(name), {
      ...maintenanceParameters(chats.table, window),
      ...erasureParameters(chatPipeline, chats.table, { batch: 'some', window, earliestScopeEnd }),
    });
  const keeps = keepParameters(chatPipeline, ['some'])[`keep_${chats.table.name}`];
  const kept = keeps === undefined ? '' : sqlText(keeps);

  const first = '2026-03-01';
  // So few days and people that in most runs a row lies just beyond a scope, on a day before its end.
  const day = fc.integer({ min: 0, max: 5 });
  const people = ['ada', 'bob', 'stayer'] as const;
  /** Instants of a day, its first and last microsecond among them. */
  const micros = fc.oneof(fc.constantFrom(0, 86_399_999_999), fc.integer({ min: 0, max: 86_399_999_999 }));
  const row = fc.record({ dt: day, off: fc.integer({ min: -1, max: 1 }), micros, person: fc.constantFrom(...people) });
  const end = fc.record({
    day: fc.integer({ min: 1, max: 4 }),
    millis: fc.oneof(fc.constantFrom(0, 86_399_999), fc.nat({ max: 86_399_999 })),
  });
  const dateAt = (index: number) => addDays(first, index);
  const secondsOf = (value: number) => new Date(value / 1_000).toISOString().slice(11, 19);

  test('whatever the scopes and the window, rows in scope are found, left out of builds and deleted, and all others stay', async () => {
    // Of another batch, whose statements these are not.
    const far = { identity: 'stayer', scopeEnds: `${addDays(first, 30)}T00:00:00.000Z` };
    await lake.session.erasures.subjects.write('other', [far]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 15, maxLength: 30 }),
        fc.array(end, { minLength: 1, maxLength: 2 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        async (rows, ends, from, length) => {
          const window = days(dateAt(from), dateAt(from + length));
          const subjects = ends.map((at, n) => ({
            identity: people[n] ?? '',
            scopeEnds: new Date(instantOf(dateAt(at.day)) + at.millis).toISOString(),
          }));
          const endOf = new Map(subjects.map(({ identity, scopeEnds }) => [identity, Date.parse(scopeEnds) * 1_000]));
          // At the very end of each scope, and just after it.
          const edges = ends.flatMap(({ day: dt, millis }, n) =>
            [0, 1].map((more) => ({ dt, off: 0, micros: millis * 1_000 + more, person: people[n] ?? '' })),
          );
          const planted = [...edges, ...rows].map((each, n) => {
            const dt = dateAt(each.dt);
            const instant = instantOf(dateAt(each.dt + each.off)) * 1_000 + each.micros;
            const inScope = instant <= (endOf.get(each.person) ?? -1);
            return { ...each, id: `c${n}`, dt, inScope, gone: inScope && dt >= window.from && dt < window.to };
          });
          await ask('delete from bronze_chat_events');
          const values = planted.map(({ id, person, dt, off, micros: at }) => {
            const clock = `${secondsOf(at)}.${String(at % 1_000_000).padStart(6, '0')}`;
            return `('${id}', '${person}', timestamp '${addDays(dt, off)} ${clock}', date '${dt}')`;
          });
          await ask(`insert into bronze_chat_events (chat_id, user_id, "timestamp", dt) values ${values.join(', ')}`);
          await lake.session.erasures.subjects.write('some', subjects);
          const built = await ask(`select chat_id from bronze_chat_events where ${kept}`);
          expect(built.map(({ chat_id }) => chat_id).sort()).toEqual(
            planted.flatMap(({ id, inScope }) => (inScope ? [] : [id])).sort(),
          );
          const requests = subjects.map(({ scopeEnds }) => ({ submittedAt: scopeEnds }));
          const { earliestScopeEnd } = earliestScopeEndOfAll(requests);
          const windows = cutAtScope(chats, [window], earliestScopeEnd);
          const of = async (name: string) => {
            const found: unknown[] = [];
            for (const part of windows) found.push(...(await ask(statement(name, part, earliestScopeEnd))));
            return dayCounts(found);
          };
          const counted = await of(countStatement);
          await of(deleteStatement);
          const left = await ask('select chat_id from bronze_chat_events');
          expect(left.map(({ chat_id }) => chat_id).sort()).toEqual(
            planted.flatMap(({ id, gone }) => (gone ? [] : [id])).sort(),
          );
          const goneOn: Record<string, number> = {};
          for (const { dt, gone } of planted) if (gone) goneOn[dt] = (goneOn[dt] ?? 0) + 1;
          const found = Object.entries(counted).map(([dt, { subjects: count }]) => [dt, count]);
          expect(Object.fromEntries(found)).toEqual(goneOn);
          for (const [dt, { all, subjects: stay }] of Object.entries(await of(recountStatement))) {
            expect([dt, stay, all]).toEqual([dt, 0, planted.filter((each) => each.dt === dt && !each.gone).length]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('the days of every table that holds people are as near to their rows’ instants as it says', async () => {
    const far = (dt: string, at: string, n: number) => ({ dt, timestamp: `${at}Z`, id: `${randomUUID()}-${n}` });
    const edges = [
      far('2026-03-04', '2026-03-03T00:00:00', 1),
      far('2026-03-04', '2026-03-05T23:59:59.999999', 2),
      far('2026-03-04', '2026-03-02T23:59:59.999999', 3),
      far('2026-03-04', '2026-03-06T00:00:00', 4),
    ];
    await ask('delete from bronze_chat_events');
    const chat = edges.map(({ dt, timestamp, id }) => message(id, 'ada', timestamp, { dt }));
    const tools = edges.map(({ dt, timestamp, id }) =>
      JSON.stringify({ ...JSON.parse(toolCall(`t-${id}`, id, 'ada', timestamp)), dt }),
    );
    await lake.ingest('chat', chat);
    await lake.ingest('tool', tools);
    await lake.session.run('backfill', { from: '2026-03-02', to: '2026-03-06' });
    for (const { table, instant } of bases) {
      const offs = await ask(
        `select date_diff('day', "${table.eventTime}", cast("${instant.name}" as date)) as off, count(*) as cnt from ${table.name} group by 1 order by 1`,
      );
      expect([table.name, table.mostDaysOff, offs]).toEqual([
        table.name,
        1,
        [
          { off: '-1', cnt: '1' },
          { off: '1', cnt: '1' },
        ],
      ]);
    }
  });
});
