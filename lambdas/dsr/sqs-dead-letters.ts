import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetters } from '../../core/dsr/erasures.ts';

export interface SqsDeadLettersProps {
  readonly client: SQSClient;
  /** URL of the queue, which is encrypted and keeps messages for two weeks at most. */
  readonly queueUrl: string;
}

/** A message holds 1 MiB, and an event on the bus at most 256 KB. */
export class SqsDeadLetters implements DeadLetters {
  readonly #props: SqsDeadLettersProps;

  constructor(props: SqsDeadLettersProps) {
    this.#props = props;
  }

  async keep(event: unknown, reason: string): Promise<void> {
    const { client, queueUrl } = this.#props;
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(event ?? null),
        MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
      }),
    );
  }
}
