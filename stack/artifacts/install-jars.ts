import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack-error.ts';
import { checkSha256 } from './checksum.ts';
import { installOnce } from './install-once.ts';
import { runTool } from './run-tool.ts';

/**
 * The jars that `NAME.pom.xml` of this folder asks for, below `cache`. `NAME.sha256` pins them: exactly these, with these
 * contents. Returns the folder of jars.
 */
export async function installJars(
  cache: string,
  name: 'kafka-broker' | 'connect-worker' | 'spark-iceberg',
): Promise<string> {
  const list = readFileSync(join(import.meta.dirname, `${name}.sha256`), 'utf8');
  const pins = list
    .trim()
    .split('\n')
    .map((line) => ({ sha256: line.slice(0, 64), jar: line.slice(66) }));
  const key = createHash('sha256').update(list).digest('hex').slice(0, 12);
  return installOnce(join(cache, `${name}-${key}`), async (draft) => {
    await runTool('mvn', [
      '-q',
      '-B',
      '-f',
      join(import.meta.dirname, `${name}.pom.xml`),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${draft}`,
    ]);
    for (const { jar, sha256 } of pins) await checkSha256(join(draft, jar), sha256);
    const unknown = readdirSync(draft).filter((jar) => !pins.some((pin) => pin.jar === jar));
    if (unknown.length > 0) {
      throw new StackError(`${name}.pom.xml brings ${unknown.join(', ')}, which ${name}.sha256 does not list.`);
    }
  });
}
