import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileEvidence } from '../../local/dsr/file-evidence.ts';
import { FileKeys } from '../../local/dsr/file-keys.ts';
import { FileVault } from '../../local/dsr/file-vault.ts';
import { filesBelow, searchFiles } from '../../local/dsr/search-files.ts';
import { SqliteRequestStore } from '../../local/dsr/sqlite-request-store.ts';
import { LocalSubjectFiles } from '../../local/dsr/subject-files.ts';
import { type EmbeddedLake, openLake, query } from '../local/embedded-lake.ts';
import { openedBatch } from './erasing-lake.ts';
import { evidenceBehaviour } from './evidence-behaviour.ts';
import { keysBehaviour } from './keys-behaviour.ts';
import { requestStoreBehaviour } from './request-store-behaviour.ts';
import { subjectFilesBehaviour } from './subject-files-behaviour.ts';
import { vaultBehaviour } from './vault-behaviour.ts';

const folder = mkdtempSync(join(tmpdir(), 'lethe-erasures-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the ledger of requests in SQLite', () => {
  requestStoreBehaviour(async () => {
    const directory = mkdtempSync(join(folder, 'store-'));
    const store = new SqliteRequestStore(join(directory, 'requests.sqlite'));
    return { store, close: async () => store.disconnect() };
  });
});

test('what ended 24 months ago is removed, and nothing else', async () => {
  const store = new SqliteRequestStore(join(folder, 'old.sqlite'));
  const request = (id: string) =>
    ({
      id,
      regulation: 'gdpr',
      submittedAt: '2024-01-01T00:00:00.000Z',
      receivedAt: '2024-01-01T00:00:00.000Z',
      due: '2024-02-01T00:00:00.000Z',
      status: 'pending',
      pseudonyms: [],
    }) as const;
  for (const id of ['old', 'recent', 'open']) await store.add(request(id));
  await store.cancel('old', '2024-01-02T00:00:00.000Z');
  await store.cancel('recent', '2024-01-04T00:00:00.000Z');
  for (const [id, closedAt] of Object.entries({ 'old batch': '2024-01-02', 'recent batch': '2024-01-04' }))
    await store.save(openedBatch(id, { stage: 'closed', closedAt: `${closedAt}T00:00:00.000Z` }));
  // Opened long ago, and not closed yet.
  await store.save(openedBatch('open batch', { openedAt: '2024-01-01T00:00:00.000Z' }));
  for (const day of ['2024-01-02', '2024-01-04']) await store.refuse(`${day}T00:00:00.000Z`, 'event: invalid_type');
  await store.removeEnded('2024-01-03T00:00:00.000Z');
  expect((await store.requests()).map(({ id }) => id)).toEqual(['recent', 'open']);
  expect((await store.batches()).map(({ id }) => id)).toEqual(['open batch', 'recent batch']);
  expect((await store.refusals()).map(({ at }) => at)).toEqual(['2024-01-04T00:00:00.000Z']);
  const told = (await store.untold(10)).map(({ at, request: id, status }) => `${at.slice(0, 10)} ${id} ${status}`);
  expect(told).toEqual(['2024-01-04 recent cancelled']);
  store.disconnect();
});

describe('the vault of a home', () => {
  const directory = join(folder, 'vault');
  const keys = new FileKeys(join(folder, 'keys'));
  vaultBehaviour(async () => new FileVault(directory, keys.vault()));

  test('holds no identity that a reader of its files could see, and is read by its own key alone', async () => {
    const vault = new FileVault(directory, keys.vault());
    await vault.put('request', ['person-4711']);
    expect(searchFiles(directory, filesBelow(directory), ['person-4711'])).toEqual([]);
    await expect(new FileVault(directory, Buffer.alloc(32)).get(['request'])).rejects.toThrow();
    await vault.destroy(['request']);
    expect(filesBelow(directory).filter((file) => file.startsWith('request'))).toEqual([]);
  });
});

describe('the keys of a home', () => {
  keysBehaviour(async () => ({
    keys: new FileKeys(join(folder, 'keys')),
    others: new FileKeys(join(folder, 'other')),
  }));
});

describe('the evidence of a home', () => {
  const directory = join(folder, 'evidence');
  evidenceBehaviour(async () => ({
    store: new FileEvidence(directory),
    read: async (name) => readFileSync(join(directory, name), 'utf8'),
  }));
});

describe('the subjects of a home', () => {
  let lake: EmbeddedLake;
  afterAll(() => lake.close());
  subjectFilesBehaviour(async () => {
    lake = await openLake();
    const { session } = lake;
    return { files: session.erasures.subjects, query: (sql) => query(session, sql) };
  });
});

test('many identities are found at any offset of a file, across its pieces, and none is invented', () => {
  const directory = mkdtempSync(join(folder, 'files-'));
  const piece = 64 * 1024;
  const bytes = Buffer.alloc(piece + 1_000, 'person-000');
  const identities = Array.from({ length: 500 }, (_, n) => `identity-${n}-${'x'.repeat(n % 40)}`);
  const at = [0, piece - 3, bytes.length - (identities[499] ?? '').length];
  const planted = [identities[0], identities[250], identities[499]];
  for (const [n, identity] of planted.entries()) bytes.write(identity ?? '', at[n] ?? 0);
  writeFileSync(join(directory, 'a.bin'), bytes);
  writeFileSync(join(directory, 'empty.bin'), '');
  const found = searchFiles(directory, filesBelow(directory), identities, piece).map(({ identity }) => identity);
  expect(found.sort()).toEqual([...planted].sort());
});

test('people whom a killed process had asked about are not kept, those of a batch are', async () => {
  const directory = mkdtempSync(join(folder, 'asked-'));
  // No process has it: the kernel's ids end before.
  for (const name of ['probe-4194999.json', 'dry-run-4194999.draft', `probe-${process.pid}.json`, 'batch-one.json'])
    writeFileSync(join(directory, name), '{}\n');
  new LocalSubjectFiles(directory);
  expect(readdirSync(directory).sort()).toEqual(['batch-one.json', `probe-${process.pid}.json`]);
});
