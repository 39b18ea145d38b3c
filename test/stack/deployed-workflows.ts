import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

/** The state machines of a deployed environment, by the names of their workflows. */
export class DeployedWorkflows {
  readonly #client = new SFNClient({});
  readonly #environment: string;

  /** @param environment the configured name. */
  constructor(environment: string) {
    this.#environment = environment;
  }

  /** Starts a workflow; returns its execution. */
  async start(workflow: string, input: unknown): Promise<string> {
    const { executionArn = '' } = await this.#client.send(
      new StartExecutionCommand({ stateMachineArn: await this.#machine(workflow), input: JSON.stringify(input) }),
    );
    return executionArn;
  }

  /** Waits for the end of an execution. @throws Error with the execution's error when it fails. */
  async end(executionArn: string, withinSeconds = 600): Promise<void> {
    const deadline = Date.now() + withinSeconds * 1_000;
    while (Date.now() < deadline) {
      const { status, error, cause } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
      if (status === 'SUCCEEDED') return;
      if (status !== 'RUNNING') throw new Error(`${executionArn} ended as ${status}: ${error} ${cause}`);
      await sleep(250);
    }
    throw new Error(`${executionArn} was not done within ${withinSeconds} s`);
  }

  async run(workflow: string, input: unknown): Promise<void> {
    await this.end(await this.start(workflow, input));
  }

  /** How the executions of a workflow that have the input stand. */
  async executions(workflow: string, input: unknown): Promise<string[]> {
    const { executions = [] } = await this.#client.send(
      new ListExecutionsCommand({ stateMachineArn: await this.#machine(workflow) }),
    );
    const described = await Promise.all(
      executions.map(({ executionArn }) => this.#client.send(new DescribeExecutionCommand({ executionArn }))),
    );
    return described
      .filter((execution) => execution.input === JSON.stringify(input))
      .map((execution) => execution.status ?? '');
  }

  close(): void {
    this.#client.destroy();
  }

  async #machine(workflow: string): Promise<string | undefined> {
    const { stateMachines = [] } = await this.#client.send(new ListStateMachinesCommand({}));
    // An erasure's stand beside the others, and have nested ones whose names begin like theirs.
    const named = new RegExp(
      `^${this.#environment}-.*(workflows|erasures)${workflow.replaceAll('-', '')}statemachine`,
      'i',
    );
    const machine = stateMachines.find(({ name }) => named.test(name ?? ''));
    if (machine === undefined) throw new Error(`no state machine of ${workflow} is deployed`);
    return machine.stateMachineArn;
  }
}
