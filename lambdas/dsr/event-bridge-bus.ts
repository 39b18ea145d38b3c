import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { StatusBus } from '../../core/dsr/erasures.ts';
import { detailTypes } from '../../core/dsr/receive.ts';
import type { StatusEvent } from '../../core/dsr/request-store.ts';
import { piecesOf } from '../lake/side-by-side.ts';

export interface EventBridgeBusProps {
  readonly client: EventBridgeClient;
  /** Name or ARN of the bus that requests come in on. */
  readonly busName: string;
}

/** EventBridge takes at most so many events at once. */
const mostEvents = 10;

/** Changes of requests as events on the bus that the requests came in on. */
export class EventBridgeBus implements StatusBus {
  readonly #props: EventBridgeBusProps;

  constructor(props: EventBridgeBusProps) {
    this.#props = props;
  }

  async send(events: readonly StatusEvent[]): Promise<StatusEvent[]> {
    const sent: StatusEvent[] = [];
    for (const piece of piecesOf(events, mostEvents)) {
      const { Entries = [] } = await this.#props.client.send(
        new PutEventsCommand({ Entries: piece.map((event) => this.#entryOf(event)) }),
      );
      // Each is taken or refused by itself.
      sent.push(...piece.filter((_, at) => Entries[at]?.EventId !== undefined));
    }
    return sent;
  }

  #entryOf({ request, status, at }: StatusEvent) {
    return {
      EventBusName: this.#props.busName,
      Source: 'lethe',
      DetailType: detailTypes.status,
      Detail: JSON.stringify({ subject_request_id: request, request_status: status, changed_time: at }),
    };
  }
}
