import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackError } from './stack-error.ts';

export interface ProcessProps {
  /** The part's name, as messages and its log's file have it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Whether the part does its work, not just listens. Errors count as no. */
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinSeconds: number;
  /** Ends it while it is starting. Default: nothing does. */
  readonly signal?: AbortSignal | undefined;
}

export interface StartedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Ends when the process does, however; whether anybody asked for it is told apart by `stopping`. */
  readonly ended: Promise<void>;
  readonly stopping: boolean;
  /** Asks it to end, and after ten seconds makes it. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Ends it at once without waiting for it. */
  abandon(): void;
  /** Its last lines. */
  tail(): string;
}

const tailLines = 25;
const probeMillis = 250;
const graceMillis = 10_000;

/** Starts a part and waits until it works. @throws StackError with the end of its log when it ends before, or takes too long. */
export async function startProcess(props: ProcessProps): Promise<StartedProcess> {
  const { name, logFile } = props;
  const log = openSync(logFile, 'a');
  // A group of its own: Ctrl-C goes to the group in the foreground, and parts are to end in order, not all at once.
  const child = spawn(props.command, props.args, {
    cwd: props.cwd,
    env: props.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const started = describe(props, child);
  const deadline = Date.now() + props.readyWithinSeconds * 1_000;
  let hasEnded = false;
  void started.ended.then(() => {
    hasEnded = true;
  });
  while (!(await props.isReady().catch(() => false))) {
    if (hasEnded) throw new StackError(`${name} ended while it was starting. ${logFile} says:\n${started.tail()}`);
    if (props.signal?.aborted === true) {
      await started.stop();
      throw new StackError(`${name} was stopped while it was starting.`);
    }
    if (Date.now() > deadline) {
      await started.kill();
      throw new StackError(
        `${name} was not ready within ${props.readyWithinSeconds} s. ${logFile} says:\n${started.tail()}`,
      );
    }
    await sleep(probeMillis);
  }
  return started;
}

function describe({ name, logFile }: ProcessProps, child: ChildProcess): StartedProcess {
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  let stopping = false;
  const signal = (what: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(child.pid, what);
  };
  const end = async (what: NodeJS.Signals) => {
    stopping = true;
    signal(what);
    const late = setTimeout(() => signal('SIGKILL'), graceMillis);
    await ended;
    clearTimeout(late);
  };
  return {
    name,
    pid: child.pid ?? 0,
    logFile,
    ended,
    get stopping() {
      return stopping;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    abandon: () => signal('SIGKILL'),
    tail: () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-tailLines).join('\n'),
  };
}
