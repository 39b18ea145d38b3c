import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** What a process cost from its start to its end. */
export interface Cost {
  readonly seconds: number;
  /** The most memory it held at once (VmHWM), DuckDB's included. */
  readonly peakBytes: number;
  /** What it wrote to standard output. */
  readonly output: string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command in a process of its own. @throws Error with the end of what it wrote, when it fails. */
export async function measured({ program, args, cwd, env }: Command): Promise<Cost> {
  const started = performance.now();
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  let ended = false;
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      ended = true;
      resolve(code);
    });
  });
  let peakBytes = 0;
  const watch = async () => {
    while (!ended) {
      peakBytes = Math.max(peakBytes, peakOf(child.pid));
      await setTimeout(50);
    }
  };
  const [code] = await Promise.all([exit, watch()]);
  if (code !== 0)
    throw new Error(`${program} ${args[0] ?? ''} ended with ${code}:\n${output.slice(-2000)}${complaints}`);
  return { seconds: (performance.now() - started) / 1000, peakBytes, output };
}

/** The kernel's own high-water mark, so that looking now and then misses nothing; 0 where there is no /proc. */
function peakOf(pid: number | undefined): number {
  try {
    const kibibytes = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
