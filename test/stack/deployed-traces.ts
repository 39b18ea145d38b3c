import {
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { stackAddresses } from './stack-addresses.ts';

const groups = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const page = z.object({
  events: z.array(z.object({ message: z.string() })).default([]),
  nextToken: z.string().optional(),
});

/** Asks the emulator's CloudWatch Logs, for which this project has no client. */
async function askLogs(operation: string, input: unknown): Promise<unknown> {
  const answer = await fetch(stackAddresses().awsUrl, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `Logs_20140328.${operation}`,
      // What the emulator tells the service by; it checks no signature.
      Authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  return await answer.json();
}

/** Every line that a deployed function has logged. */
export async function loggedLines(): Promise<string[]> {
  const lines: string[] = [];
  for (const { logGroupName } of groups.parse(await askLogs('DescribeLogGroups', {})).logGroups) {
    let nextToken: string | undefined;
    do {
      const found = page.parse(await askLogs('FilterLogEvents', { logGroupName, nextToken }));
      lines.push(...found.events.map(({ message }) => message));
      nextToken = found.nextToken;
    } while (nextToken !== undefined);
  }
  return lines;
}

/** Every event of every execution of every state machine, as text. */
export async function historyEvents(client: SFNClient): Promise<string[]> {
  const events: string[] = [];
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  for (const { stateMachineArn } of stateMachines) {
    const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
    for (const { executionArn } of executions) {
      for await (const history of paginateGetExecutionHistory(
        { client },
        { executionArn, includeExecutionData: true },
      )) {
        events.push(...(history.events ?? []).map((event) => JSON.stringify(event)));
      }
    }
  }
  return events;
}
