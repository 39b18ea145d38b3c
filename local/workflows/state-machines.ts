import { randomBytes } from 'node:crypto';
import { ExecutionError, StateMachine } from 'aws-local-stepfunctions';
import { z } from 'zod';

/** What the app synthesizes: definitions in Amazon States Language, and what the ARNs in them stand for. */
export const workflowsShape = z.object({
  machines: z.record(z.string(), z.string()),
  workflowByArn: z.record(z.string(), z.string()),
  handlerByArn: z.record(z.string(), z.string()),
});

export type Workflows = z.infer<typeof workflowsShape>;

/** Calls the handler at a path below `lambdas/` with a state's payload. */
export type CallHandler = (handler: string, payload: unknown) => Promise<unknown>;

export interface StateEntered {
  readonly workflow: string;
  readonly run: string;
  readonly state: string;
}

export interface StateMachinesProps {
  readonly workflows: Workflows;
  readonly call: CallHandler;
  readonly now: () => Date;
  /** Stands in for a service that a state calls by itself, by its resource. Default: there is none. */
  readonly service?: (resource: string, payload: unknown) => Promise<unknown>;
  /** Told before each task state's work, which waits for it. Default: nobody is told. */
  readonly onState?: (event: StateEntered) => void | Promise<void>;
  /** Stops a run before its next task. Default: nothing does. */
  readonly signal?: AbortSignal;
}

const startExecution = 'arn:aws:states:::states:startExecution.sync:2';

const nestedPayload = z.object({ StateMachineArn: z.string(), Input: z.record(z.string(), z.unknown()) });

type Definition = ConstructorParameters<typeof StateMachine>[0];
type JsonValue = Parameters<StateMachine['run']>[0];

const taskShape = z.object({ Type: z.literal('Task'), Resource: z.string() });

type Machine = { readonly machine: StateMachine; readonly tasks: ReadonlyMap<string, string> };

/** A run of a workflow ended in an error. `name` is the error's name in the workflow, the message its cause. */
export class RunFailed extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** Runs the synthesized state machines in this process, calling the handlers that Lambda would. */
export class StateMachines {
  readonly #props: StateMachinesProps;
  readonly #machines = new Map<string, Machine>();

  constructor(props: StateMachinesProps) {
    this.#props = props;
  }

  /** The names of the workflows that can be run. */
  names(): string[] {
    return Object.keys(this.#props.workflows.machines);
  }

  /** Runs a workflow to its end. @throws RunFailed with the error that the state machine ended in. */
  async run(workflow: string, input: unknown): Promise<void> {
    const { machine, tasks } = this.#machine(workflow);
    const now = this.#props.now();
    const run = executionName(workflow, now);
    const working = new Set<Promise<unknown>>();
    const handlers = [...tasks].map(([state, resource]) => [
      state,
      (payload: unknown) => {
        const task = this.#task({ workflow, run, state }, resource, payload);
        // A nested run waits for its own.
        if (resource === startExecution) return task;
        const ended = task.then(ignore, ignore);
        working.add(ended);
        void ended.then(() => working.delete(ended));
        return task;
      },
    ]);
    const execution = machine.run(jsonOf(input), {
      overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) },
      context: { Execution: { Name: run, Id: run, Input: jsonOf(input), StartTime: now.toISOString() } },
    });
    try {
      await execution.result;
    } catch (error) {
      // What ran beside the task that failed may still write, and the caller may close what it writes to.
      await Promise.all(working);
      throw runFailure(error);
    }
  }

  async #task(event: StateEntered, resource: string, payload: unknown): Promise<JsonValue> {
    this.#props.signal?.throwIfAborted();
    await this.#props.onState?.(event);
    if (resource === startExecution) {
      const { StateMachineArn, Input } = nestedPayload.parse(payload);
      const nested = this.#props.workflows.workflowByArn[StateMachineArn];
      if (nested === undefined) throw new Error(`No workflow has the ARN ${StateMachineArn}`);
      await this.run(nested, Input);
      return jsonOf({});
    }
    const handler = this.#props.workflows.handlerByArn[resource];
    if (handler === undefined && this.#props.service !== undefined && !resource.startsWith('arn:aws:lambda:')) {
      return jsonOf(await this.#props.service(resource, payload));
    }
    if (handler === undefined) throw new Error(`No handler has the ARN ${resource}`);
    return jsonOf(await this.#props.call(handler, payload));
  }

  #machine(workflow: string): Machine {
    const before = this.#machines.get(workflow);
    if (before !== undefined) return before;
    const text = this.#props.workflows.machines[workflow];
    if (text === undefined) throw new Error(`There is no workflow ${workflow}`);
    const definition: Definition = JSON.parse(text, withTimeout);
    // Validating takes half a second a definition; it was done when the definition was synthesized.
    const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
    const known = { machine, tasks: new Map(tasksOf(definition)) };
    this.#machines.set(workflow, known);
    return known;
  }
}

/**
 * Gives a task without a time-out one of a week: the interpreter's own default is a minute, Step Functions' is three
 * years, which is more than a timer can count.
 */
function withTimeout(_key: string, value: unknown): unknown {
  return taskShape.safeParse(value).success ? { TimeoutSeconds: 604_800, ...Object(value) } : value;
}

/** Checks definitions against Amazon States Language. @throws Error that says what is wrong with the first invalid one. */
export function validateWorkflows({ machines }: Workflows): void {
  for (const definition of Object.values(machines)) new StateMachine(JSON.parse(definition));
}

/** Every Task state below a definition, with what it calls; names are unique within a state machine. */
function* tasksOf(value: unknown): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    const task = taskShape.safeParse(child);
    if (task.success) yield [name, task.data.Resource];
    else yield* tasksOf(child);
  }
}

const ignore = () => undefined;

function executionName(workflow: string, now: Date): string {
  return `${workflow}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}-${randomBytes(4).toString('hex')}`;
}

/** What a value becomes on its way through a state machine: JSON and back. */
function jsonOf(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null));
}

function runFailure(error: unknown): Error {
  const cause = error instanceof ExecutionError ? error.cause : error;
  return cause instanceof Error ? new RunFailed(cause.name, cause.message) : new Error(String(cause));
}
