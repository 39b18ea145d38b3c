import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { openHome } from '../../../local/home/home.ts';
import { clientOf, runToEnd, select, temporaryFolder, visits } from '../athena/visits-lake.ts';

const options = { database: 'lake', tables: [visits] };

/** Another process that opens the home, says where it answers, and keeps it. */
async function ownerProcess(directory: string): Promise<{ child: ChildProcess; url: string }> {
  const module = resolve(__dirname, '../../../local/home/home.ts');
  const program = `const { openHome } = await import(process.argv[1]);
    const { tables, directory } = JSON.parse(process.argv[2]);
    const home = await openHome({ directory, database: 'lake', tables });
    console.log(home.endpointUrl);
    setInterval(() => {}, 1000);`;
  const input = JSON.stringify({ tables: [visits], directory });
  const node = resolve(__dirname, '../../../node_modules/.bin/node');
  const child = spawn(node, ['--input-type=module', '-e', program, module, input], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, url: String(url) };
}

test('a second process attaches to the owner, and takes over what it left when it is killed', async () => {
  const directory = temporaryFolder();
  const owner = await ownerProcess(directory);
  const attached = await openHome({ ...options, directory });
  expect(attached).toMatchObject({ owned: false, endpointUrl: owner.url });
  const client = clientOf(attached.endpointUrl);
  const insert = `insert into visits values (1, 'ada', timestamp '2026-01-01 10:00:00', 0.5, date '2026-01-01')`;
  expect((await runToEnd(client, insert)).Status?.State).toBe('SUCCEEDED');
  client.destroy();
  await attached.close();
  owner.child.kill('SIGKILL');
  await once(owner.child, 'exit');

  const heir = await openHome({ ...options, directory });
  expect(heir.owned).toBe(true);
  const reader = clientOf(heir.endpointUrl);
  expect(await select(reader, 'select user_id from visits')).toEqual([['ada']]);
  reader.destroy();
  await heir.close();
});

test('of several that open a home at once in one process, one owns it', async () => {
  const directory = temporaryFolder();
  const homes = await Promise.all([1, 2, 3].map(() => openHome({ ...options, directory })));
  expect(homes.filter((home) => home.owned)).toHaveLength(1);
  expect(new Set(homes.map((home) => home.endpointUrl)).size).toBe(1);
  expect(statSync(join(directory, 'endpoint.json')).mode & 0o777).toBe(0o600);
  for (const home of homes) await home.close();
  expect(readdirSync(directory).sort()).toEqual(['erasures', 'lake.duckdb', 'tmp']);
});

test('a file, and a folder below a file, are no homes, and nothing is written', async () => {
  const directory = temporaryFolder();
  writeFileSync(join(directory, 'file'), '');
  for (const name of ['file', 'file/below']) {
    await expect(openHome({ ...options, directory: join(directory, name) })).rejects.toMatchObject({
      name: 'InputError',
    });
  }
  expect(readdirSync(directory)).toEqual(['file']);
});

test('a folder that cannot be written is no home', async () => {
  const directory = temporaryFolder();
  mkdirSync(join(directory, 'closed'), { mode: 0o500 });
  // Root may write everywhere.
  const target = process.getuid?.() === 0 ? '/proc/home' : join(directory, 'closed', 'home');
  await expect(openHome({ ...options, directory: target })).rejects.toThrow(/cannot be written/);
});

test('a port that is in use is said so, and the home is free again', async () => {
  const first = await openHome({ ...options, directory: temporaryFolder() });
  const directory = temporaryFolder();
  const port = Number(new URL(first.endpointUrl).port);
  await expect(openHome({ ...options, directory, port })).rejects.toThrow(`port ${port} is in use`);
  const second = await openHome({ ...options, directory });
  expect(second.owned).toBe(true);
  await second.close();
  await first.close();
});
