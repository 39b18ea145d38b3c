import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receiveDeletionEvent } from '../../../core/dsr/receive.ts';
import { pipelines } from '../../../core/pipelines.ts';
import { defaultSettings } from '../../../core/settings.ts';
import { openHomeErasures } from '../../../local/dsr/home-erasures.ts';
import { type Script, scriptedLake } from '../../lambdas/lake/scripted-lake.ts';
import { hourMillis, reported, type Story } from './lake-story.ts';

const closing: (() => void)[] = [];

/** Takes away what the stories of erasures keep on the disk. */
export function endErasures(): void {
  for (const close of closing.splice(0)) close();
}

/** A lake with a ledger of erasures, into which one request comes. */
export async function erasing(script: Script = {}) {
  const home = mkdtempSync(join(tmpdir(), 'lethe-alarms-'));
  const erasures = openHomeErasures({
    home,
    database: defaultSettings.database,
    pipelines,
    engine: scriptedLake().runtime.engine,
    clock: 'real',
  });
  closing.push(() => {
    erasures.disconnect();
    rmSync(home, { recursive: true });
  });
  const lake = scriptedLake({ ...script, erasures });
  const ask = () =>
    receiveDeletionEvent(
      erasures,
      {
        regulation: 'gdpr',
        subject_request_id: randomUUID(),
        subject_request_type: 'erasure',
        subject_identities: [
          { identity_type: 'controller_customer_id', identity_value: 'somebody', identity_format: 'raw' },
        ],
        submitted_time: lake.now.toISOString(),
      },
      lake.now,
    );
  const end = async () => {
    for (const { id } of await erasures.store.requests()) await erasures.store.cancel(id, lake.now.toISOString());
    const at = lake.now.toISOString();
    for (const batch of await erasures.store.batches()) {
      await erasures.store.close({ ...batch, stage: 'closed', closedAt: at }, 'evidence', at);
    }
  };
  return { lake, ask, end, store: erasures.store };
}

/** A request that is looked at every hour from shortly before it matters, and ended two hours after. */
export async function requestOfAge(days: number): Promise<Story> {
  const { lake, ask, end } = await erasing();
  const received = new Date('2026-03-10T00:00:00Z');
  lake.now = received;
  await ask();
  const from = new Date(received.getTime() + (days * 24 - 3) * hourMillis);
  return await reported(lake, from.toISOString(), 8, async (hour) => {
    if (hour === 6) await end();
  });
}

/** A request whose batch has been opened, looked at for 40 hours with something done in each. */
export async function batchOfRequest(
  each: (hour: number, place: Awaited<ReturnType<typeof erasing>>) => Promise<void>,
) {
  const place = await erasing();
  await place.ask();
  const { lake, store } = place;
  const [request] = await store.requests();
  const batch = {
    id: 'batch-1',
    pipeline: 'chat',
    openedAt: lake.now.toISOString(),
    stage: 'opened' as const,
    waitsUntil: lake.now.toISOString(),
    requests: [request?.id ?? ''],
    subjects: 1,
    rounds: [{ kind: 'erasure' as const, before: {}, runs: [] }],
  };
  await store.open(batch, lake.now.toISOString());
  return await reported(lake, lake.now.toISOString(), 40, (hour) => each(hour, place));
}
