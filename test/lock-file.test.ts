import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8');
const { packages }: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } = JSON.parse(text);

describe('the lock file', () => {
  test('has every native package of every platform, without which npm ci refuses it (npm run lock)', () => {
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    expect(wanted.filter((name) => !(`node_modules/${name}` in packages))).toEqual([]);
  });

  test('names no registry', () => {
    expect(text).not.toContain('"resolved"');
  });
});
