import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '../../lib/configuration-page.ts';

test('docs/configuration.md is what the schema says (UPDATE=1 writes it)', () => {
  const path = join(__dirname, '..', '..', 'docs', 'configuration.md');
  if (process.env.UPDATE === '1') writeFileSync(path, configurationPage());
  expect(readFileSync(path, 'utf8')).toBe(configurationPage());
});

test('every key has a sentence', () => {
  const silent = configurationPage()
    .split('\n')
    .filter((line) => line.startsWith('| `') && /^\| `[^`]+`(: `[^`]+`)? \| +\|/.test(line));
  expect(silent).toEqual([]);
});
