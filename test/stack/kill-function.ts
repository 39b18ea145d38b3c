import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends the processes of a deployed function at once, as Lambda does with one that runs out of memory, as soon as there is
 * a reason to. Reads Linux's /proc.
 *
 * @param name beginning of the function's name, and a part of its end.
 * @returns how many were ended: none when there was no reason within a minute.
 */
export async function killFunction(
  emulator: number,
  [start, part]: readonly [string, string],
  when: () => Promise<boolean>,
): Promise<number> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(10)) {
    if (!(await when())) continue;
    const processes = childrenOf(emulator).filter((pid) => {
      const name = /AWS_LAMBDA_FUNCTION_NAME=([^\0]+)/.exec(readProc(pid, 'environ'))?.[1] ?? '';
      return name.startsWith(start) && name.includes(part);
    });
    for (const pid of processes) process.kill(pid, 'SIGKILL');
    return processes.length;
  }
  return 0;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => new RegExp(`^PPid:\\s+${parent}$`, 'm').test(readProc(pid, 'status')));
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended in the meantime.
    return '';
  }
}
