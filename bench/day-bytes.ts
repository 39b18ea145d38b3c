import { parseArgs } from 'node:util';
import { bronzeChatEvents, bronzeToolCalls } from '../core/chat/tables.ts';
import type { StatementRecord } from '../core/lake/run-ledger.ts';
import { addDays, dateOf } from '../core/window.ts';
import { type ErasingTrinoLake, openErasingTrinoLake } from '../test/dsr/erasing-trino-lake.ts';
import endStack from '../test/stack/end-stack.ts';
import startStack from '../test/stack/start-stack.ts';
import { fillDays } from './day/fill-days.ts';
import { sum, times, whole } from './figures.ts';
import { wholeNumber } from './whole-number.ts';

// What a day's run reads from all tables on Trino, in readings of the day's bronze:
// npm run bench:bytes -- --messages 140000

const { values } = parseArgs({ options: { messages: { type: 'string', default: '140000' } } });
const messages = wholeNumber('--messages', values.messages);

/** A Thursday and the two days before it: none is a weekend's, when fewer people come. */
const days = 3;
const endsOn = lastThursday();

function lastThursday(): string {
  let day = addDays(dateOf(Date.now()), -2);
  while (new Date(day).getUTCDay() !== 4) day = addDays(day, -1);
  return day;
}

async function bronzeBytes(lake: ErasingTrinoLake): Promise<number> {
  const bytes: number[] = [];
  for (const { name } of [bronzeChatEvents, bronzeToolCalls]) {
    const [row] = await lake.trino(
      `select sum(file_size_in_bytes) from "${name}$files" where partition.dt = date '${endsOn}'`,
    );
    bytes.push(Number(row?.[0]));
  }
  return sum(bytes);
}

/** The statements of silver and gold of the last day. */
async function dayStatements(lake: ErasingTrinoLake): Promise<StatementRecord[]> {
  await lake.run('backfill', { from: addDays(endsOn, 1 - days), to: addDays(endsOn, -1) });
  const window = { grain: 'day', from: endsOn, to: addDays(endsOn, 1) };
  for (const workflow of ['silver-daily', 'gold-daily']) await lake.run(workflow, { mode: 'named', window });
  const { ledger } = lake.runtime;
  const runs = await ledger.latestRuns(2);
  return (await Promise.all(runs.toReversed().map(({ id }) => ledger.statementsOf(id)))).flat();
}

await startStack();
const lake = await openErasingTrinoLake();
try {
  await fillDays(lake, { endsOn, days, messages: messages * days });
  const bronze = await bronzeBytes(lake);
  const statements = await dayStatements(lake);
  const line = (name: string, bytes: number) => `| ${name} | ${whole(bytes)} | ${times(bytes / bronze)} |`;
  const isCheck = ({ statement }: StatementRecord) => statement.includes('/checks/');
  const read = (of: readonly StatementRecord[]) => sum(of.map(({ bytesScanned }) => bytesScanned));
  const steps = statements.filter((one) => !isCheck(one));
  const [{ messages_cnt: stored } = {}] = await lake.query(
    `select count(*) as messages_cnt from ${bronzeChatEvents.name} where dt = date '${endsOn}'`,
  );
  console.log(`A day of ${whole(Number(stored))} messages\n`);
  console.log('| statement | bytes | readings of the day’s bronze |\n| --- | --- | --- |');
  for (const { statement, bytesScanned } of steps) console.log(line(statement, bytesScanned));
  console.log(line('all steps', read(steps)));
  console.log(line('checks', read(statements.filter(isCheck))));
} finally {
  await lake.close();
  await endStack();
}
