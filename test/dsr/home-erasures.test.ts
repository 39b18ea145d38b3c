import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileEvidence } from '../../local/dsr/file-evidence.ts';
import { FileKeys } from '../../local/dsr/file-keys.ts';
import { FileVault } from '../../local/dsr/file-vault.ts';
import { filesBelow, searchFiles } from '../../local/dsr/search-files.ts';
import { SqliteRequestStore } from '../../local/dsr/sqlite-request-store.ts';
import { requestStoreBehaviour } from './request-store-behaviour.ts';

const folder = mkdtempSync(join(tmpdir(), 'lethe-erasures-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the ledger of requests in SQLite', () => {
  requestStoreBehaviour(async () => {
    const directory = mkdtempSync(join(folder, 'store-'));
    const store = new SqliteRequestStore(join(directory, 'requests.sqlite'));
    return { store, close: async () => store.disconnect() };
  });
});

test('the vault keeps an identity so that only its key reads it, and forgets it', async () => {
  const directory = join(folder, 'vault');
  const keys = new FileKeys(join(folder, 'keys'));
  const vault = new FileVault(directory, keys.vault());
  await vault.put('request', ['person-4711', 'Zoë']);
  expect(await new FileVault(directory, keys.vault()).get('request')).toEqual(['person-4711', 'Zoë']);
  expect(searchFiles(directory, filesBelow(directory), ['person-4711'])).toEqual([]);
  await expect(new FileVault(directory, Buffer.alloc(32)).get('request')).rejects.toThrow();
  await vault.destroy('request');
  await vault.destroy('request');
  expect([await vault.get('request'), filesBelow(directory)]).toEqual([[], []]);
});

test('a pseudonym is the same each time, and another one with another key', async () => {
  const keys = new FileKeys(join(folder, 'keys'));
  expect(await keys.pseudonym('4711')).toBe(await new FileKeys(join(folder, 'keys')).pseudonym('4711'));
  expect(await keys.pseudonym('4711')).not.toBe(await new FileKeys(join(folder, 'other')).pseudonym('4711'));
});

test('evidence is written once', async () => {
  const evidence = new FileEvidence(join(folder, 'evidence'));
  expect([await evidence.keep('a.json', 'first'), await evidence.keep('a.json', 'second')]).toEqual(['first', 'first']);
  expect(readFileSync(join(folder, 'evidence', 'a.json'), 'utf8')).toBe('first');
});

test('many identities are found at any offset of a file, across its pieces, and none is invented', () => {
  const directory = mkdtempSync(join(folder, 'files-'));
  const piece = 16 * 1024 * 1024;
  const bytes = Buffer.alloc(piece + 1_000, 'person-000');
  const identities = Array.from({ length: 500 }, (_, n) => `identity-${n}-${'x'.repeat(n % 40)}`);
  const at = [0, piece - 3, bytes.length - (identities[499] ?? '').length];
  const planted = [identities[0], identities[250], identities[499]];
  for (const [n, identity] of planted.entries()) bytes.write(identity ?? '', at[n] ?? 0);
  writeFileSync(join(directory, 'a.bin'), bytes);
  writeFileSync(join(directory, 'empty.bin'), '');
  const found = searchFiles(directory, filesBelow(directory), identities).map(({ identity }) => identity);
  expect(found.sort()).toEqual([...planted].sort());
});
