/** What a client of AWS says it is asked to do. */
export interface Asked {
  /** Name of the operation, as `StartQueryExecution`. */
  readonly operation: string;
  readonly input: unknown;
}

interface Stack {
  add(
    middleware: (
      next: unknown,
      context: { commandName?: string },
    ) => (args: { input: object }) => Promise<{ output: unknown; response: unknown }>,
    options: { step: 'initialize'; name: string; override: true },
  ): void;
}

/** Lets a function answer for a client's service: nothing is sent anywhere. */
export function answering<C extends { middlewareStack: unknown }>(client: C, answer: (asked: Asked) => unknown): C {
  const stack = client.middlewareStack;
  if (!isStack(stack)) throw new Error('not a client of the AWS SDK');
  stack.add(
    (_, context) => async (args) => {
      const operation = (context.commandName ?? '').replace(/Command$/, '');
      const output = (await answer({ operation, input: args.input })) ?? {};
      return { output, response: {} };
    },
    { step: 'initialize', name: 'answering', override: true },
  );
  return client;
}

function isStack(value: unknown): value is Stack {
  return typeof value === 'object' && value !== null && 'add' in value;
}
