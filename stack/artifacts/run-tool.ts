import { spawn } from 'node:child_process';
import { StackError } from '../stack-error.ts';

const shownLines = 15;

/** Runs a program to its end, quietly. @throws StackError with the last lines it printed, when it fails or is not there. */
export async function runTool(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      lines.splice(0, lines.length - shownLines);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () => reject(new StackError(`${command} is not installed, or not in PATH.`)));
    child.once('close', resolve);
  });
  if (code !== 0) throw new StackError(`${command} ${args[0] ?? ''} ended with ${code}:\n${lines.join('\n')}`);
}
