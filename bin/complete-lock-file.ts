import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

// npm leaves out of the lock file what the registry at hand does not serve, such as a native package of another
// platform, and then refuses to install from a lock file that lacks it. This writes those entries in: `npm run lock`.

const file = join(import.meta.dirname, '..', 'package-lock.json');

const packageShape = z.looseObject({ optionalDependencies: z.record(z.string(), z.string()).optional() });
const lockShape = z.looseObject({ packages: z.record(z.string(), packageShape) });

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** What a native package of another platform says of itself, read off its name: `esbuild-darwin-arm64` and the like. */
function platformOf(name: string) {
  const words = name.split(/[/-]/);
  const os = systems.filter((system) => words.includes(system) || words.includes(`${system}musl`));
  const cpu = processors.filter((processor) => words.includes(processor));
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(os.length > 0 ? { os } : {}) };
}

const lock = lockShape.parse(JSON.parse(readFileSync(file, 'utf8')));
const missing = Object.values(lock.packages)
  .flatMap(({ optionalDependencies = {} }) => Object.entries(optionalDependencies))
  .filter(([name]) => !(`node_modules/${name}` in lock.packages));
for (const [name, version] of missing) {
  lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), optional: true };
}
const [root, ...others] = Object.entries(lock.packages);
const sorted = others.toSorted(([left], [right]) => left.localeCompare(right, 'en'));
writeFileSync(
  file,
  `${JSON.stringify({ ...lock, packages: Object.fromEntries([root ?? ['', {}], ...sorted]) }, null, 2)}\n`,
);
console.log(`${missing.length} entries added to package-lock.json.`);
