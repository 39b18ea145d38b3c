import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOf, rowsOf, runToEnd } from '../local/athena/visits-lake.ts';
import { stackAddresses } from './stack-addresses.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'lethe-run-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** `npm run stack` with the suite's Trino and Kafka as those of one's own; ready when this returns. */
async function started() {
  const { trinoUrl, bootstrapServers } = stackAddresses();
  const child = spawn(
    process.execPath,
    ['stack/run.ts', '--dir', directory, '--trino', trinoUrl, '--kafka', bootstrapServers],
    { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], env: process.env },
  );
  const ended = once(child, 'exit');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  while (!said.includes('ready.') && child.exitCode === null) await sleep(100);
  return { child, ended, said: () => said };
}

/** Processes that work in the stack's folder, by the names of their parts. Reads Linux's /proc. */
function parts(): Map<string, number> {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): [string, number][] => {
      const place = folderOf(pid);
      return place.startsWith(`${directory}/`) ? [[place.slice(directory.length + 1), Number(pid)]] : [];
    });
  return new Map(found);
}

function folderOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It has ended in the meantime, or is not ours.
    return '';
  }
}

describe('npm run stack', () => {
  test('uses a Trino and a Kafka of one’s own, and Ctrl-C ends what it has started', async () => {
    const { child, ended, said } = await started();
    expect([...parts().keys()].toSorted()).toEqual(['aws-emulator', 'connect-worker']);
    const athena = clientOf(/athena +(http\S+)/.exec(said())?.[1] ?? '');
    expect(await rowsOf(athena, await runToEnd(athena, 'select 6 * 7 as x'))).toEqual([['x'], ['42']]);
    athena.destroy();
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(parts().size).toBe(0);
  }, 120_000);

  test('reports a part that ends by itself, with the end of its log, and ends the others', async () => {
    const { ended, said } = await started();
    process.kill(parts().get('connect-worker') ?? 0, 'SIGKILL');
    expect(await ended).toEqual([1, null]);
    expect(said()).toMatch(/connect-worker has ended by itself\. \S+connect-worker\.log says:\n\S/);
    expect(parts().size).toBe(0);
  }, 120_000);
});
