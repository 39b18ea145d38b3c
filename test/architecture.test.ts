import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { chatPipeline } from '../core/chat/pipeline.ts';
import { parseStatement } from '../core/sql/statement.ts';

const root = join(import.meta.dirname, '..');

function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The modules of this project that a file imports, as paths from the root. */
function importsOf(file: string): string[] {
  const from = [...read(file).matchAll(/(?:from|import\()\s*[`'"](\.[^`'"]+)[`'"]/g)].map((match) => match[1] ?? '');
  return from.map((path) => relative(root, join(root, file, '..', path)));
}

const folders = ['bin', 'lib', 'lambdas', 'core', 'local', 'dashboards', 'bench'] as const;

/** Which folders a folder may import from, besides itself. */
const arrows: Record<(typeof folders)[number], readonly string[]> = {
  bin: ['lib', 'local', 'core'],
  lib: ['core'],
  lambdas: ['core'],
  core: [],
  local: ['core', 'lambdas', 'dashboards'],
  dashboards: ['core'],
  bench: ['local', 'lib', 'core', 'bin', 'dashboards', 'test'],
};

describe('the layout', () => {
  test.each(folders)('%s imports only along the arrows', (folder) => {
    const wrong = filesBelow(folder, '.ts').flatMap((file) =>
      importsOf(file)
        .filter((path) => ![folder, ...arrows[folder]].includes(path.split('/')[0] ?? ''))
        .map((path) => `${file} imports ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  test('core knows neither AWS nor an engine, and reads neither clock nor environment', () => {
    const wrong = filesBelow('core', '.ts').filter((file) =>
      /from '(aws-cdk-lib|constructs|@aws-sdk|@duckdb)|process\.env|Date\.now\(|new Date\(\)|Math\.random/.test(
        read(file),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test('what is true of any lakehouse does not mention chat', () => {
    const general = [
      ...filesBelow('core/lake', '.ts'),
      ...filesBelow('core/sql', '.ts'),
      ...filesBelow('core/catalogue', '.ts'),
      ...filesBelow('lib/lake', '.ts'),
      ...filesBelow('lambdas/lake', '.ts'),
      ...filesBelow('core/maintenance', '.ts'),
      ...filesBelow('lib/maintenance', '.ts'),
    ];
    expect(general.filter((file) => /\bchat\b/i.test(read(file)))).toEqual([]);
  });

  test('no file is named for nothing', () => {
    const all = folders.flatMap((folder) => filesBelow(folder, '.ts'));
    expect(all.filter((file) => /(utils?|common|shared|helpers?|manager|misc)(\.ts$|\/)/.test(file))).toEqual([]);
  });

  test('no SQL stands in TypeScript outside the renderer and the engines', () => {
    const renderers = [
      'core/sql/',
      'core/catalogue/',
      'core/lake/parameters.ts',
      'local/athena/',
      'local/ingest/',
      'local/ledger/',
    ];
    const wrong = ['core', 'lib', 'lambdas'].flatMap((folder) =>
      filesBelow(folder, '.ts').filter(
        (file) =>
          !renderers.some((renderer) => file.startsWith(renderer)) &&
          /[`'"]\s*(select .* from |insert into |merge into |delete from |update .* set )/i.test(read(file)),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the statements', () => {
  const files = filesBelow('sql', '.sql').map((file) => file.slice('sql/'.length, -'.sql'.length));

  test('each have a header that fits them', () => {
    for (const name of files) expect(parseStatement(name, read(`sql/${name}.sql`)).sentence).toMatch(/\.$/);
  });

  test('of chat are all run by a workflow, and so by the cases of test/sql', () => {
    const declared = chatPipeline.workflows.flatMap(({ steps, checks, upstream, periodStatus }) => [
      ...steps.map(({ statement }) => statement),
      ...checks.map(({ statement }) => statement),
      ...(upstream.kind === 'sources' ? [upstream.counts] : []),
      ...(periodStatus === undefined ? [] : [periodStatus.statement]),
    ]);
    expect(files.filter((name) => name.startsWith('chat/'))).toEqual([...new Set(declared)].sort());
  });

  test('keep to casts and identifiers that Athena knows', () => {
    const wrong = files.filter((name) => /::|`|\bilike\b|\bqualify\b|\bexclude\b/i.test(read(`sql/${name}.sql`)));
    expect(wrong).toEqual([]);
  });

  test.each(chatPipeline.tables.filter(({ layer }) => layer === 'gold'))('$name has no identifying column', (table) => {
    expect(table.columns.filter((column) => 'identifies' in column)).toEqual([]);
  });
});

test('the package, the connector and the evidence name one version', () => {
  const named = [
    ['package.json', /"version": "([^"]+)"/],
    ['connector/pom.xml', /<version>([^<]+)<\/version>/],
    ['connector/plugin/pom.xml', /<version>([^<]+)<\/version>/],
    ['core/dsr/close-batch.ts', /'lethe ([^']+)'/],
  ] as const;
  const versions = named.map(([file, pattern]) => [file, pattern.exec(read(file))?.[1]]);
  expect(versions).toEqual(named.map(([file]) => [file, JSON.parse(read('package.json')).version]));
});
