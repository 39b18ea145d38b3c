import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { detailTypes } from '../../core/dsr/receive.ts';
import { InputError } from '../../core/errors.ts';
import { eachOf, piecesOf } from '../../lambdas/lake/side-by-side.ts';
import { deletionEventOf } from '../dsr/submit-request.ts';
import { countOf } from './figures.ts';
import type { ForgetOptions } from './forget.ts';
import { peopleOf, regulationOf } from './named-people.ts';
import type { Place } from './place.ts';

/** EventBridge takes at most so many events in a call. */
const mostEvents = 10;
/** So many calls are on their way at once: the tables behind the bus grow with their load, not ahead of it. */
const mostAtOnce = 4;

interface Entry {
  readonly type: string;
  readonly id: string;
  readonly detail: unknown;
}

/** `lethe forget --env`: puts the same events on the bus of a deployment, whose daily run carries them out. */
export async function forgetThere(
  environment: string,
  userIds: readonly string[],
  options: ForgetOptions,
  place: Place,
): Promise<void> {
  if (options.dryRun === true) throw new InputError('--dry-run counts in a home: leave --env out.');
  const { region, erasures } = await place.deployment(environment);
  const entries = entriesOf(userIds, options, place.now());
  const client = new EventBridgeClient(region === undefined ? {} : { region });
  try {
    await eachOf(piecesOf(entries, mostEvents), mostAtOnce, (piece) => put(client, erasures.busName, piece));
  } finally {
    client.destroy();
  }
  const requests = entries.map(({ id }) => id);
  const done = options.withdraw === undefined ? 'submitted' : 'withdrawn, if it is still pending';
  const text =
    options.json === true
      ? JSON.stringify(options.withdraw === undefined ? { requests } : { withdrawn: options.withdraw }, null, 2)
      : `${countOf(requests.length, 'request')} ${done}:\n${requests.map((id) => `  ${id}`).join('\n')}\n"lethe requests --env ${environment}" shows where they stand.`;
  await place.terminal.print(`${text}\n`);
}

function entriesOf(userIds: readonly string[], options: ForgetOptions, now: Date): Entry[] {
  const { withdraw } = options;
  if (withdraw !== undefined) {
    return [{ type: detailTypes.withdrawal, id: withdraw, detail: { subject_request_id: withdraw } }];
  }
  const regulation = regulationOf(options.regulation);
  return peopleOf(userIds, options.file).map((identity) => {
    const detail = deletionEventOf(identity, regulation, now);
    return { type: detailTypes.request, id: detail.subject_request_id, detail };
  });
}

async function put(client: EventBridgeClient, busName: string, piece: readonly Entry[]): Promise<void> {
  const { FailedEntryCount } = await client.send(
    new PutEventsCommand({
      Entries: piece.map(({ type, detail }) => ({
        EventBusName: busName,
        Source: 'lethe.cli',
        DetailType: type,
        Detail: JSON.stringify(detail),
      })),
    }),
  );
  if (FailedEntryCount !== undefined && FailedEntryCount > 0) {
    throw new Error(
      `The bus ${busName} refused ${FailedEntryCount} events: submit again; a person asked for twice is erased once.`,
    );
  }
}
