import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { StackError } from './stack-error.ts';

/** Where systems keep their Javas, besides what the environment names. */
const usual = ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines', '/opt'];

/**
 * The newest-enough Java on this machine: the oldest one that has at least `version`, since programs are tried on little
 * that is newer than they are. JAVA_HOME, PATH and the usual folders are looked through, LETHE_JAVA_HOME_<version> first.
 *
 * @returns the path of `java`. @throws StackError that says what to install.
 */
export function findJava(version: number, neededBy: string, environment: NodeJS.ProcessEnv): string {
  const named = environment[`LETHE_JAVA_HOME_${version}`];
  const homes = named === undefined ? javaHomes(environment) : [named];
  const found = homes
    .map((home) => ({ home, version: versionOf(home) }))
    .filter((java) => java.version >= version)
    .toSorted((one, other) => one.version - other.version)[0];
  if (found !== undefined) return join(found.home, 'bin', 'java');
  throw new StackError(
    `${neededBy} needs Java ${version}: install it (package temurin-${version}-jdk or openjdk-${version}-jdk-headless), or set LETHE_JAVA_HOME_${version}.`,
  );
}

function javaHomes({ JAVA_HOME, PATH }: NodeJS.ProcessEnv): string[] {
  const installed = usual.flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => [join(folder, name), join(folder, name, 'Contents', 'Home')]);
  });
  const inPath = (PATH ?? '').split(delimiter).map((folder) => dirname(folder));
  return [...(JAVA_HOME === undefined ? [] : [JAVA_HOME]), ...inPath, ...installed];
}

/** The major version that a Java's folder states, 0 where there is none. */
function versionOf(home: string): number {
  try {
    return Number(/^JAVA_VERSION="(\d+)/m.exec(readFileSync(join(home, 'release'), 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
