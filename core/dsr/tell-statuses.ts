import type { Erasures } from './erasures.ts';

/** As many as are read at once. */
const mostTold = 500;

/**
 * Tells of every change of status that nobody has been told of, in order, and strikes it out then: should this end in
 * between, some are told twice and none is lost. Gives how many were told.
 *
 * @throws Error when the bus takes none.
 */
export async function tellStatuses({ store, bus }: Pick<Erasures, 'store' | 'bus'>): Promise<number> {
  if (bus === undefined) return 0;
  let told = 0;
  for (;;) {
    const untold = await store.untold(mostTold);
    if (untold.length === 0) return told;
    const sent = await bus.send(untold);
    await store.told(sent);
    told += sent.length;
    if (sent.length === 0) throw new Error(`The bus takes no event: ${untold.length} or more changes wait to be told`);
  }
}
