import { Executions } from '../../../local/athena/executions.ts';
import { openLake, temporaryFolder } from './visits-lake.ts';

const directory = temporaryFolder();
let lake: Awaited<ReturnType<typeof openLake>>;
beforeAll(async () => {
  lake = await openLake(directory);
});
afterAll(() => lake.close());

const request = (sql: string) => ({
  sql,
  parameters: [],
  database: 'lake',
  catalogue: 'awsdatacatalog',
  workGroup: 'primary',
  outputLocation: undefined,
});

test('long statements make room for others, as long results do', async () => {
  const executions = new Executions({ engine: lake.engine, keptBytes: 1_000 });
  const ids: string[] = [];
  for (const number of [1, 2, 3]) {
    const execution = executions.start(request(`select ${number} /* ${'-'.repeat(600)} */`), undefined);
    await execution.ended;
    ids.unshift(execution.id);
  }
  expect(executions.ids()).toEqual(ids.slice(0, 2));
  executions.start(request('select 4'), undefined);
  expect(executions.ids()).toHaveLength(2);
  await executions.close();
});

test('closing ends those that run and those that wait', async () => {
  const executions = new Executions({ engine: lake.engine, concurrency: 1 });
  const endless = 'select count(*) from range(10000000) a(x) cross join range(10000000) b(y) where x + y < 0';
  const started = [endless, 'select 1', 'select 2'].map((sql) => executions.start(request(sql), undefined));
  await executions.close();
  expect(started.map(({ state }) => state)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
});
