import {
  condemnedObjects,
  filesWithDeletes,
  lifted,
  oldSnapshots,
  orphans,
  type Search,
  suspectFiles,
  telltaleEntries,
} from '../../../core/dsr/iceberg-findings.ts';
import type { ManifestEntry } from '../../../core/iceberg/manifest.ts';
import type { StoredObject } from '../../../core/iceberg/object-reader.ts';

const person = 'leaver-3f1c9a-with-a-long-name';
const [before, erasedAt, after] = ['01', '02', '03'].map((day) => new Date(`2026-03-${day}T00:00:00Z`));
const affected = '2026-02-10';
const [dayOfIt, otherDay] = [affected, '2026-02-20'].map((day) => Date.parse(`${day}T00:00:00Z`) / 86_400_000);

/** A data file of the affected day that a snapshot has added which is gone by now. */
function entry(change: Partial<ManifestEntry> = {}): ManifestEntry {
  return {
    content: 'data',
    isTombstone: false,
    snapshot: 'gone',
    sequence: 5,
    path: 's3://lake/t/data/a.parquet',
    format: 'PARQUET',
    spec: 0,
    partition: { dt: dayOfIt },
    rows: 1,
    bytes: 1,
    lower: new Map(),
    upper: new Map(),
    deletesFrom: undefined,
    ...change,
  };
}

function object(name: string, modified = before, isSuperseded = false): StoredObject {
  return { address: `s3://lake/t/${name}`, modified: modified ?? new Date(0), isSuperseded };
}

function search(change: { entries?: ManifestEntry[]; objects?: StoredObject[]; named?: string[] } = {}): Search {
  const { entries = [], objects = [], named = [] } = change;
  const live = entries.filter(({ isTombstone }) => !isTombstone);
  return {
    state: {
      metadata: {
        location: 's3://lake/t',
        current: 'now',
        snapshots: [
          { id: 'now', at: before ?? new Date(), manifestList: '' },
          { id: 'newer', at: after ?? new Date(), manifestList: '' },
        ],
        refs: { main: 'now' },
        fields: new Map([['user_id', [2]]]),
        specs: new Map([[0, [{ name: 'dt', transform: 'identity', column: 'dt' }]]]),
        named: [],
      },
      manifests: new Map([['m', entries]]),
      live,
      current: live,
      named: new Set(named),
      objects,
    },
    eventTime: 'dt',
    person: 'user_id',
    condemned: new Set(['s3://lake/t/data/condemned.parquet']),
    days: new Set([affected]),
    erasedAt: erasedAt ?? new Date(),
    identities: [person],
  };
}

const bound = (text: string) => new Map([[2, Buffer.from(text)]]);

test('a condemned object is found in every version', () => {
  const objects = [object('data/condemned.parquet', before, true), object('data/a.parquet')];
  expect(condemnedObjects(search({ objects }))).toEqual(['s3://lake/t/data/condemned.parquet']);
});

test('a snapshot from before the rewrite, and what refers to it, is found; the table as it is now is none', () => {
  const found = search();
  expect(oldSnapshots(found)).toEqual([]);
  const metadata = {
    ...found.state.metadata,
    snapshots: [...found.state.metadata.snapshots, { id: 'old', at: found.erasedAt, manifestList: '' }],
    refs: { main: 'now', kept: 'old' },
  };
  expect(oldSnapshots({ ...found, state: { ...found.state, metadata } })).toEqual(['snapshot old', 'reference kept']);
});

test.each([
  ['abc', 'abd'],
  ['ab\u{10ffff}', 'ac'],
  ['\ud7ff', '\ue000'],
  ['\u{10ffff}\u{10ffff}', '\u{10ffff}\u{10ffff}'],
])('the upper bound of a text cut short, %j, has its last character raised that can be', (text, above) => {
  expect(lifted(text)).toBe(above);
});

test('an object that belongs to nothing is a stray one unless somebody may be at it still', () => {
  const objects = [
    object('metadata/named.json'),
    object('data/stray.parquet'),
    object('data/being-written.parquet', after),
    object('metadata/00001-of-before.metadata.json'),
    object('metadata/named.json', before, true),
  ];
  expect(orphans(search({ objects, named: ['s3://lake/t/metadata/named.json'] }))).toEqual([
    's3://lake/t/data/stray.parquet',
    's3://lake/t/metadata/named.json',
  ]);
});

describe('a data file with a delete', () => {
  const data = entry({ path: 's3://lake/t/data/a.parquet', sequence: 5 });
  const deletes = (change: Partial<ManifestEntry>) =>
    entry({ content: 'position deletes', path: 's3://lake/t/data/d.parquet', sequence: 5, ...change });
  const found = (change: Partial<ManifestEntry>, of: string[] = [data.path], written = before) =>
    filesWithDeletes(
      search({ entries: [data, deletes(change)], objects: [object('data/d.parquet', written)] }),
      async () => new Set(of),
    );

  test('is found by what the file of deletes says of itself, or by what it holds', async () => {
    expect(await found({ deletesFrom: data.path })).toEqual([data.path]);
    expect(await found({})).toEqual([data.path]);
    expect(await found({ content: 'equality deletes', sequence: 6 })).toEqual([data.path]);
  });

  test('is none where the deletes are for others, older, of another day, or have come since the rewrite', async () => {
    expect(await found({ deletesFrom: 's3://lake/t/data/b.parquet' })).toEqual([]);
    expect(await found({}, ['s3://lake/t/data/b.parquet'])).toEqual([]);
    expect(await found({ sequence: 4 })).toEqual([]);
    expect(await found({ content: 'equality deletes' })).toEqual([]);
    expect(await found({ partition: { dt: otherDay } })).toEqual([]);
    expect(await found({}, [data.path], after)).toEqual([]);
  });
});

describe('what manifests tell', () => {
  const tells = (...entries: ManifestEntry[]) => telltaleEntries(search({ entries }));
  const tombstone = (change: Partial<ManifestEntry>) => entry({ isTombstone: true, snapshot: 'newer', ...change });

  test('is a condemned file that is still in the table, and one that was taken out of it', () => {
    const path = 's3://lake/t/data/condemned.parquet';
    expect(tells(entry({ path }), tombstone({ path }))).toEqual({ condemned: 1, tombstones: 1 });
  });

  test('is a tombstone with a person in a bound, as far as bounds go, and with the last character raised', () => {
    const otherDays = { partition: { dt: otherDay } };
    expect(person.slice(0, 16)).toBe('leaver-3f1c9a-wi');
    for (const text of ['leaver-3f1c9a-wi', 'leaver-3f1c9a-wj', person]) {
      expect(tells(tombstone({ ...otherDays, lower: bound(text) })).tombstones).toBe(1);
      expect(tells(tombstone({ ...otherDays, upper: bound(text) })).tombstones).toBe(1);
      // In the table there may be rows of theirs that stay: the file itself is read.
      const kept = search({ entries: [entry({ ...otherDays, lower: bound(text) })] });
      expect([telltaleEntries(kept).tombstones, suspectFiles(kept)]).toMatchObject([0, [{ path: entry().path }]]);
    }
    for (const text of ['leaver-3f1c9a-wh', 'leaver-3f1c9a-wk', 'leaver']) {
      expect(tells(tombstone({ ...otherDays, lower: bound(text) })).tombstones).toBe(0);
    }
  });

  test('is every tombstone of the days in question from before the end of the rewrite, since a room leads to a person too', () => {
    expect(tells(tombstone({ snapshot: 'gone' })).tombstones).toBe(1);
    expect(tells(tombstone({ snapshot: 'now' })).tombstones).toBe(1);
    expect(tells(tombstone({ snapshot: 'newer' })).tombstones).toBe(0);
    expect(tells(tombstone({ snapshot: 'gone', partition: { dt: otherDay } })).tombstones).toBe(0);
    expect(tells(tombstone({ snapshot: 'gone', content: 'position deletes' })).tombstones).toBe(0);
  });
});
