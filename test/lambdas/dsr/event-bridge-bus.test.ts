import type { StatusEvent } from '../../../core/dsr/request-store.ts';
import { EventBridgeBus } from '../../../lambdas/dsr/event-bridge-bus.ts';
import { eventBridgeDouble } from './aws-doubles.ts';

const at = '2026-03-05T00:00:00.000Z';
const events = Array.from({ length: 23 }, (_, n): StatusEvent => ({ at, request: `request-${n}`, status: 'pending' }));
const busThat = (refuses: (detail: string) => boolean) => {
  const asked: unknown[] = [];
  const client = eventBridgeDouble(({ input }) => void asked.push(input), refuses);
  return { bus: new EventBridgeBus({ client, busName: 'lethe-erasures' }), asked };
};

test('status changes go out in order, ten at a time, as events that name the request', async () => {
  const { bus, asked } = busThat(() => false);
  expect(await bus.send(events)).toEqual(events);
  const [first, , last] = asked;
  expect(asked).toHaveLength(3);
  expect(first).toMatchObject({
    Entries: Array.from({ length: 10 }, (_, n) => ({
      EventBusName: 'lethe-erasures',
      Source: 'lethe',
      DetailType: 'DeletionStatusChanged',
      Detail: JSON.stringify({ subject_request_id: `request-${n}`, request_status: 'pending', changed_time: at }),
    })),
  });
  expect(last).toMatchObject({ Entries: [{}, {}, { Detail: expect.stringContaining('request-22') }] });
});

test('an event that EventBridge refuses among others does not pass for sent', async () => {
  const refused = new Set(['request-3', 'request-14']);
  const { bus } = busThat((detail) => refused.has(JSON.parse(detail).subject_request_id));
  expect(await bus.send(events)).toEqual(events.filter(({ request }) => !refused.has(request)));
});
