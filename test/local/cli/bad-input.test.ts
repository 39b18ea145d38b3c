import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lethe, scratchFolder } from './command-line.ts';

const folder = scratchFolder();
const home = join(folder, 'home');
const file = join(folder, 'events.ndjson');
writeFileSync(file, '{}\n');
mkdirSync(join(folder, 'directory'));
writeFileSync(join(folder, 'utf-16.txt'), Buffer.from('\ufeffleaver', 'utf16le'));
const config = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return ['--config', join(folder, name)];
};

const cases: [string, string[], RegExp][] = [
  ['a span that ends before it begins', ['backfill', '--from', '2026-02-01', '--to', '2026-01-01'], /exchange/],
  ['a day that no calendar has', ['backfill', '--from', '2026-02-01', '--to', '2026-02-30'], /--to "2026-02-30"/],
  ['a span of a mistyped year', ['backfill', '--from', '0202-02-01', '--to', '2026-02-01'], /2000 to 2099/],
  ['a span of decades', ['backfill', '--from', '2002-02-01', '--to', '2026-02-01'], /ten years/],
  ['a day after which there is none', ['run', 'gold-daily', '--date', '9999-12-31'], /2000 to 2099/],
  ['a topic that is unknown', ['ingest', '--topic', 'chats', file], /chat or tool/],
  ['a file that is not there', ['ingest', '--topic', 'chat', file, `${file}.gz`], /no such file/],
  ['a directory', ['ingest', '--topic', 'chat', join(folder, 'directory')], /directory/],
  ['a file named twice', ['ingest', '--topic', 'chat', file, file], /twice/],
  ['a workflow that is unknown', ['run', 'silver'], /silver-daily, gold-daily/],
  ['a date that is none', ['run', 'gold-daily', '--date', 'today'], /YYYY-MM-DD/],
  ['a date where none belongs', ['run', 'maintenance', '--date', '2026-01-01'], /leave --date out/],
  ['a format that is unknown', ['query', 'select 1', '--format', 'xml'], /table, csv or json/],
  ['a question to an empty home', ['query', 'select 1'], /nothing there yet/],
  ['a setting that is unknown', ['run', 'gold-daily', ...config('key.json', '{"retention": 5}')], /key "retention"/],
  ['a nested setting that is unknown', ['status', ...config('nested.json', '{"topics":{"x":1}}')], /"topics.x"/],
  [
    'a setting with a wrong value',
    ['status', ...config('value.json', '{"weekStart": "friday"}')],
    /value.json: "weekStart"/,
  ],
  ['settings that are no JSON', ['status', ...config('text.json', 'retentionDays: 5')], /not JSON/],
  ['settings that are not there', ['status', '--config', join(folder, 'none.json')], /no such file/],
  ['a demonstration of no days', ['demo', '--days', '0'], /--days "0"/],
  ['a command that is unknown', ['statsu'], /Did you mean status/],
  ['an option that is unknown', ['status', '--jsno'], /--jsno/],
  ['an argument that is missing', ['query'], /sql/],
  ['a person to forget in an empty home', ['forget', '4711'], /nothing there yet/],
  ['nobody to forget', ['forget'], /user id/],
  ['people in UTF-16', ['forget', '--file', join(folder, 'utf-16.txt')], /not in UTF-8/],
  [
    'a withdrawal that is only tried',
    ['forget', '--withdraw', 'some-id', '--dry-run'],
    /--withdraw takes a request id alone/,
  ],
  [
    'a withdrawal of a file',
    ['forget', '--withdraw', 'some-id', '--file', file],
    /--withdraw takes a request id alone/,
  ],
  ['settings of a command that needs none', ['verify-evidence', file, ...config('bad.json', '{bad')], /not JSON/],
  ['settings of a look at a deployment', ['doctor', ...config('worse.json', '{"retention": 5}')], /key "retention"/],
  ['a law that is unknown', ['forget', '4711', '--regulation', 'eu'], /gdpr or ccpa/],
  ['evidence that is not there', ['verify-evidence', join(folder, 'none.json')], /no such file/],
  ['evidence that is none', ['verify-evidence', file], /no evidence/],
  ['days that Athena does not remember', ['cost', '--days', '46'], /from 1 to 45/],
  ['the cost of nowhere', ['cost', '--env', 'nowhere'], /no deployment/],
];

test.each(cases)('%s gets one line and status 2, and writes nothing', async (_, args, line) => {
  const { status, out, err } = await lethe([...args, '--home', home]);
  expect(err).toMatch(/^lethe: [^\n]+\n$/);
  expect(err).toMatch(line);
  expect({ status, out, written: existsSync(home) }).toEqual({ status: 2, out: '', written: false });
});

test('a home that is a file, or lies in one, gets one line and status 2', async () => {
  for (const place of [file, join(file, 'home')]) {
    const { status, err } = await lethe(['run', 'gold-daily', '--home', place]);
    expect(err).toMatch(/^lethe: --home [^\n]+\n$/);
    expect(status).toBe(2);
  }
});

test('status of an empty home says what to do, and makes none', async () => {
  const { status, out } = await lethe(['status', '--home', home]);
  expect({ status, written: existsSync(home) }).toEqual({ status: 0, written: false });
  expect(out).toMatch(/lethe ingest/);
});

test('a demonstration does not go into a home that holds something else', async () => {
  const { status, err } = await lethe(['demo', '--home', folder]);
  expect(status).toBe(2);
  expect(err).toMatch(/something else/);
});
